#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What boot.sh makes of boots that end in each of the ways that it tells apart.
# Results as TAP; the log of one that was judged wrongly follows as comments.
set -eu
. "$(dirname "$0")/row.sh"
. "$rig/lib.sh"

KIND=plain
OUT=$O/run/verdicts
EXTRA=$O/run/leaver
export KIND OUT EXTRA
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
cp "$O/vmm/mshv-vmm" "$O/vmm/hello16.bin" "$EXTRA"
strip "$EXTRA/mshv-vmm"
count=0
failed=0

# verdict STATUS WHAT VARIABLE=VALUE...: boot with these, and compare.
verdict()
{
	local want=$1 what=$2 status=0 log=$O/run/verdict.log

	shift 2
	env "$@" "$rig/boot.sh" >"$log" 2>&1 </dev/null || status=$?
	count=$((count + 1))
	if [ "$status" = "$want" ]; then
		echo "ok $count - $what: $want"
		return
	fi
	failed=1
	echo "not ok $count - $what: $status, not $want"
	sed 's/^/# /' "$log"
}

# The partition can't be deleted: an order to testhv that the first
# HvCallDeletePartition (0x43) fails, by MSR 0x4f002000.
leak="printf '\\103\\0\\1\\0\\7\\0\\0\\0' |
dd of=/dev/cpu/0/msr bs=8 count=1 seek=$((0x4f002000 / 8)) conv=notrunc 2>/dev/null
mshv-vmm --mode 16 hello16.bin"

verdict 0 "a command that prints what a kernel might" \
	CMD="echo 'WARNING: x'; echo '[    1.000000] nothing'"
verdict 7 "a command's status" CMD='exit 7'
verdict 239 "a status that is one of the rig's" CMD='exit 250'
verdict 240 "no QEMU" QEMU=/bin/false CMD=true
verdict 241 "a panic" CMD='echo c >/proc/sysrq-trigger; sleep 99'
verdict 241 "a reset without a word" CMD='echo b >/proc/sysrq-trigger; sleep 99'
verdict 242 "a report on the console" CMD="echo '<4>WARNING: x' >/dev/kmsg"
verdict 242 "a taint flag" CMD='echo 512 >/proc/sys/kernel/tainted'
verdict 243 "a time-out" TIMEOUT=10 CMD='sleep 99'
verdict 244 "a testhv that has no processor for the root" SMP=0 CMD=true
verdict 245 "a partition that can't be deleted" HVOPTS=test CMD="$leak"
[ "$failed" = 0 ]
