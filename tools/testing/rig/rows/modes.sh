#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The sample VMM with 16- and 32-bit code: what that prints, its exit code, and
# Ctrl-C to a guest that never exits. Results as TAP.
set -eu
. "$(dirname "$0")/row.sh"
. "$rig/lib.sh"

EXTRA=$O/run/modes
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
cp "$O/vmm/mshv-vmm" "$O"/vmm/hello*.bin "$EXTRA"
strip "$EXTRA/mshv-vmm"
# mov al, 5; out 0xf4, al; 1: hlt; jmp 1b
printf '\260\005\346\364\364\353\375' >"$EXTRA/five.bin"
# 1: jmp 1b
printf '\353\376' >"$EXTRA/spin.bin"

CMD='failed=0

# run STATUS TEXT PATTERN COMMAND...: the PATTERN is of a line that it prints
run()
{
	want=$1 text=$2 pattern=$3 status=0
	shift 3
	"$@" >/tmp/log 2>&1 || status=$?
	if [ $status = $want ] && { [ -z "$pattern" ] || grep -qx "$pattern" /tmp/log; }; then
		echo "ok - $text"
		return
	fi
	failed=1
	echo "not ok - $text: status $status"
	sed "s/^/# /" /tmp/log
}

for bits in 16 32; do
	run 0 "$bits-bit code says hello" "hello from $bits-bit code" \
		mshv-vmm --mode $bits hello$bits.bin
	run 5 "$bits-bit code ends with 5" "" mshv-vmm --mode $bits five.bin
	run 130 "Ctrl-C ends $bits-bit code that spins" ".*interrupted after 0 exits" \
		timeout -s INT 2 mshv-vmm --mode $bits spin.bin
done
exit $failed'
export EXTRA CMD
exec "$rig/boot.sh"
