#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Prove the tests: put one defect at a time back into the driver, or into the test hypervisor
# (DEFECT.patch in this directory), and see that the tests named in the patch's head turn red.
# Usage: run.sh [DEFECT...]
#
# The head of a patch says what the defect is, then has lines
#
#	tests: NAME...		selftests that must notice; at least one fails
#	kind: plain|debug	the kernel they run on (plain if not given)
#
# Output is TAP; the last line is "N passed, N failed", a killed mutant being a pass.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rig=$(cd "$here/../rig" && pwd)
TOP=$(cd "$here/../../.." && pwd)
O=${O:-$TOP/build}
export O
work=$O/mutants
passed=0
failed=0

head_of()
{
	sed -n "s/^$2: //p" "$here/$1.patch" | head -n 1
}

ok()
{
	passed=$((passed + 1))
	echo "ok $((passed + failed)) - $1"
}

not_ok()
{
	failed=$((failed + 1))
	echo "not ok $((passed + failed)) - $1"
}

# boot KIND MODULE LOG TESTS...; HV is another test hypervisor
boot()
{
	kind=$1 module=$2 log=$3
	shift 3
	KIND=$kind MODULE=$module HV=$HV EXTRA=$O/selftests HVOPTS=test SMP=2 \
		TIMEOUT=${TIMEOUT:-100} CMD="sh /extra/run.sh $*" "$rig/boot.sh" >"$log" 2>&1
}

# A patch is of the driver, or of the test hypervisor.
part_of()
{
	if grep -q '^--- a/tools/testing/testhv/' "$here/$1.patch"; then
		echo tools/testing/testhv
	else
		echo drivers/hv/mshv
	fi
}

# build NAME KIND: sets module and HV to what is to be booted
build()
{
	name=$1 kind=$2 part=$(part_of "$1")
	rm -rf "${work:?}/$name"
	mkdir -p "$work/$name"
	cp -r "$TOP/$part" "$work/$name/source"
	patch -s -p4 -F0 -d "$work/$name/source" <"$here/$name.patch" || return 1
	module=$O/$kind/mshv.ko
	HV=$O/testhv/testhv.elf
	if [ "$part" = drivers/hv/mshv ]; then
		module=$work/$name/$kind/mshv.ko
		DRIVER=$work/$name/source "$rig/module.sh" "$kind" "$work/$name/$kind" \
			>"$work/$name/build.log" 2>&1
	else
		HV=$work/$name/testhv/testhv.elf
		make -s -C "$work/$name/source" O="$work/$name/testhv" \
			>"$work/$name/build.log" 2>&1
	fi
}

mutant()
{
	name=$1
	tests=$(head_of "$name" tests)
	kind=$(head_of "$name" kind)
	kind=${kind:-plain}
	if ! build "$name" "$kind"; then
		not_ok "$name: does not apply or build, see $work/$name"
		return
	fi
	status=0
	# shellcheck disable=SC2086
	boot "$kind" "$module" "$work/$name/log" $tests || status=$?
	if [ "$status" = 0 ]; then
		not_ok "$name: survived $tests, see $work/$name/log"
		return
	fi
	ok "$name: killed, status $status$(sed -n 's/^not ok [0-9]* /; /p' "$work/$name/log" | head -n 1)"
}

# A test that fails anyway proves nothing: first all of them without a defect.
baseline()
{
	HV=$O/testhv/testhv.elf
	for kind in plain debug; do
		tests=$(for n in "$@"; do
			k=$(head_of "$n" kind)
			[ "${k:-plain}" != $kind ] || head_of "$n" tests
		done | tr ' ' '\n' | sort -u | tr '\n' ' ')
		[ -n "${tests% }" ] || continue
		# shellcheck disable=SC2086
		if TIMEOUT=400 boot $kind "$O/$kind/mshv.ko" "$work/baseline.$kind" $tests; then
			ok "without a defect, $kind kernel: $tests"
		else
			not_ok "without a defect, $kind kernel, see $work/baseline.$kind"
		fi
	done
}

if [ $# = 0 ]; then
	# shellcheck disable=SC2046
	set -- $(cd "$here" && for p in *.patch; do echo "${p%.patch}"; done)
fi
mkdir -p "$work"
baseline "$@"
for name in "$@"; do
	mutant "$name"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
