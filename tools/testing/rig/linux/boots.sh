#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# boots.sh VPS FEATURES...: in the root partition, boot the Linux guest with so
# many VPs, once with each value of the synthetic features, and look at all
# that it says. Results as TAP; the log of a boot that failed comes at the end.
set -u
vps=$1
shift
patience=300
[ ! -e /proc/lockdep ] || patience=1200
failed=''

sum_of()
{
	md5sum | cut -d ' ' -f 1
}

half()
{
	dd if=/tmp/disk bs=64k skip="$1" count=64 2>/dev/null | sum_of
}

# boot FEATURES WORDS: its output in /tmp/log.FEATURES. Returns: its status.
boot()
{
	# With the features, and where there are enough, each VP has a processor of its own.
	spread=
	[ "$1" = 0 ] || [ "$vps" -gt "$(nproc)" ] || spread=--spread
	# shellcheck disable=SC2086 # one word or none
	./mshv-vmm --kernel bzImage --initrd initrd --disk /tmp/disk \
		--cpus "$vps" $spread --features "$1" --timeout $patience \
		--cmdline "console=ttyS0 $2" </dev/null >"/tmp/log.$1" 2>&1
}

# expect FEATURES WHAT PATTERN: a line of the guest.
expect()
{
	grep -qE "^guest: $3.?$" "/tmp/log.$1" || wrong="$wrong, $2"
}

judge()
{
	expect "$1" "number of processors" "processors $vps"
	if [ "$1" = 0 ]; then
		expect "$1" "no hypervisor's name" 'hypervisor '
		expect "$1" clocksource 'clocksource (tsc|acpi_pm)'
	else
		expect "$1" "hypervisor's name" 'hypervisor .*: Microsoft Hyper-V'
		expect "$1" clocksource 'clocksource hyperv_clocksource_tsc_page'
	fi
	expect "$1" "word of the command line" "given $word"
	expect "$1" "disk as the guest reads it" "disk first half $(half 0)"
	expect "$1" "disk as the guest wrote it" "disk second half $(half 64)"
	expect "$1" "clean log" 'log clean, .*'
	expect "$1" "its last line" off
	! grep -qE -f complaints "/tmp/log.$1" ||
		wrong="$wrong, a report of its kernel"
}

# quote FEATURES: the log, as comments of TAP.
quote()
{
	sed 's/^/# /' "/tmp/log.$1"
}

for features; do
	word=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
	dd if=/dev/urandom of=/tmp/disk bs=64k count=128 2>/dev/null
	begun=$(cut -d . -f 1 /proc/uptime)
	wrong=
	boot "$features" "quiet guest.disk guest.word=$word" ||
		wrong=", status $?"
	judge "$features"
	name="$vps VPs on $(nproc) processors, features $features"
	if [ -z "$wrong" ]; then
		took=$(($(cut -d . -f 1 /proc/uptime) - begun))
		echo "ok - $name ($took s)"
		quote "$features"
	else
		echo "not ok - $name: ${wrong#, }"
		failed="$failed $features"
	fi
done

# What went wrong comes last. A quiet boot that hangs tells little: once more,
# with all messages.
for features in $failed; do
	echo "# the log with features $features:"
	quote "$features"
	! grep -q '^guest: off' "/tmp/log.$features" || continue
	boot "$features" "guest.disk"
	echo "# once more, without quiet: status $?"
	quote "$features"
done
[ -z "$failed" ]
