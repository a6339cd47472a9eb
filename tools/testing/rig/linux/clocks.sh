#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# clocks.sh SECONDS: in the root partition, compare the clocks of three Linux
# guests with the root's, all at once. Results as TAP.
set -u
seconds=$1
khz=$(dmesg | sed -n 's/.*tsc: Detected \([0-9]*\)\.\([0-9]*\) MHz.*/\1\2/p')
guests=''

# guest NAME BOUND VPS FEATURES WORDS: BOUND in parts per million.
guest()
{
	./ask "$seconds" "$2" ./mshv-vmm --kernel bzImage --initrd initrd \
		--cpus "$3" --features "$4" --timeout $((seconds + 600)) \
		--cmdline "console=ttyS0 quiet guest.clock $5" \
		>"/tmp/log.$1" 2>&1 &
	guests="$guests $1=$!"
}

guest with-features 1000 2 0xffb ''
guest without-features 50000 1 0 ''
guest told-its-frequency 1000 1 0 "tsc_early_khz=$khz tsc=reliable"

failed=0
for guest in $guests; do
	log=/tmp/log.${guest%=*}
	line="the clock of the guest ${guest%=*}"
	if wait "${guest#*=}" && grep -q 'guest: log clean' "$log"; then
		echo "ok - $line: $(sed -n 's/^# over/over/p' "$log")"
	else
		echo "not ok - $line"
		failed=1
	fi
done
cat /tmp/log.*
exit $failed
