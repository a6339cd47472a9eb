#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# run.sh DIR [GUEST...]: run those guests of guests.list that QEMU's own machine
# can hold, without any hypervisor; all by default.
set -eu

list=$(dirname "$0")/../guests.list
dir=$1
shift
failed=0

wanted()
{
	name=$1
	shift
	[ $# != 0 ] || return 0
	for w; do
		[ "$w" != "$name" ] || return 0
	done
	return 1
}

while read -r guest _ cpus _ _ seconds qemu _ <&3; do
	case $guest in '' | '#'*) continue ;; esac
	[ "$qemu" = qemu ] && wanted "$guest" "$@" || continue
	echo "# $guest, $cpus processors"
	status=0
	timeout "$((seconds * 4))" qemu-system-x86_64 -accel tcg -cpu max,-x2apic \
		-smp "$cpus" -m 64 -display none -monitor none -no-reboot -nodefaults \
		-debugcon stdio -device isa-debug-exit,iobase=0xf4,iosize=4 \
		-kernel "$dir/$guest.qemu" </dev/null || status=$?
	# The device makes 2 N + 1 of it.
	if [ "$status" != 1 ]; then
		echo "# $guest: status $status"
		failed=$((failed + 1))
	fi
done 3<"$list"
echo "$failed guests failed"
[ "$failed" = 0 ]
