#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# PID 1 of a Linux guest. Says what it is and what it finds, each line with
# "guest: " before it; does what its command line asks for; powers off.
#
#	guest.word=W	is read back
#	guest.disk	the disk's first half is summed up, random data is
#			written to its second half and read back
#	guest.clock	answers with its clock whenever a line comes by the console
#	guest.work=N	N seconds of forks, timers, wake-ups and disk I/O
#	guest.shell	a shell on the console
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp

say()
{
	echo "guest: $*"
}

asked()
{
	grep -q "guest\.$1" /proc/cmdline
}

# value NAME: what stands behind guest.NAME=
value()
{
	sed -n "s/.*guest\.$1=\([^ ]*\).*/\1/p" /proc/cmdline
}

sum_of()
{
	md5sum "$@" | cut -d ' ' -f 1
}

try_disk()
{
	half=$(($(cat /sys/block/vda/size) / 256))
	say "disk first half $(dd if=/dev/vda bs=64k count=$half 2>/dev/null | sum_of)"
	dd if=/dev/urandom of=/tmp/random bs=64k count=$half 2>/dev/null
	dd if=/tmp/random of=/dev/vda bs=64k seek=$half conv=fsync 2>/dev/null
	echo 3 >/proc/sys/vm/drop_caches
	dd if=/dev/vda of=/tmp/back bs=64k skip=$half count=$half 2>/dev/null
	cmp /tmp/random /tmp/back && say "disk second half $(sum_of /tmp/random)"
	rm -f /tmp/random /tmp/back
}

# /complaints: what a kernel says when something is wrong.
look_at_log()
{
	if dmesg | grep -qE -f /complaints; then
		dmesg | grep -E -A 30 -f /complaints | sed 's/^/guest: complaint /'
	else
		say "log clean, $(dmesg | wc -l) lines"
	fi
}

say "$(uname -a)"
say "processors $(nproc)"
say "clocksource $(cat /sys/devices/system/clocksource/*/current_clocksource)"
say "hypervisor $(dmesg | grep 'Hypervisor detected')"
say "given $(value word)"
! asked 'disk\|guest\.work' || insmod /virtio_blk.ko
! asked disk || try_disk
! asked clock || /work clock
! asked work || /work load "$(value work)"
! asked shell || setsid cttyhack sh
look_at_log
say "off"
poweroff -f
