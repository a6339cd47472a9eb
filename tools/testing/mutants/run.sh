#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Prove the tests: put one defect at a time back into the driver, or into the test hypervisor
# (DEFECT.patch in this directory), and see that the tests named in the patch's head turn red.
# Usage: run.sh [DEFECT...]
#
# The head of a patch says what the defect is, then has lines
#
#	tests: NAME...		selftests that must notice; at least one fails
#	guests: NAME...		small guests (tools/testing/guests) that must; at least one fails
#	kunit: yes		the driver's KUnit suites must; at least one case fails
#	kind: plain|debug	the kernel they run on (plain if not given)
#	hangs: yes		a time-out of the whole boot is how it is noticed
#	panics: yes		so is a panic of the test hypervisor
#
# Noticed is what a named test says ("not ok"), a panic or a report of the kernel, or a leak that
# the test hypervisor found. That the boot failed in another way proves nothing.
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
	sed -n "/^---/q; s/^$2: //p" "$here/$1.patch" | head -n 1
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

# boot_tests|boot_guests|boot_kunit KIND LOG NAMES...: with $module and $HV
# The first test that fails is enough: what comes behind it may hang, too, until its time is over.
boot_tests()
{
	kind=$1 log=$2
	shift 2
	KIND=$kind MODULE=$module HV=$HV EXTRA=$O/selftests HVOPTS=test SMP=2 TIMEOUT=400 \
		CMD="mkfifo /tmp/lines
sh /extra/run.sh $* >/tmp/lines &
awk '{ print; fflush() } /^not ok/ { bad = 1; exit } END { exit bad }' </tmp/lines && wait \$!" \
		"$rig/boot.sh" >"$log" 2>&1
}

boot_guests()
{
	kind=$1 log=$2
	shift 2
	KIND=$kind MODULE=$module HV=$HV SMP=2 GUESTS=$* "$rig/rows/guests.sh" >"$log" 2>&1
}

boot_kunit()
{
	MODULE=$module HV=$HV KUNIT=${module%/*}/mshv_kunit.ko "$rig/rows/kunit.sh" >"$2" 2>&1
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

# noticed NAME STATUS LOG: whether a boot that ended so has noticed the defect; sets how
noticed()
{
	how="status $2$(sed -n 's/^not ok [0-9 -]*/; /p' "$3" | head -n 1 | tr -d '\r')"
	case $2 in
	0)
		how="survived"
		return 1 ;;
	241 | 242 | 245) ;;
	243)
		[ "$(head_of "$1" hangs)" = yes ] ;;
	244)
		[ "$(head_of "$1" panics)" = yes ] ;;
	*)
		[ "$2" -lt 240 ] && grep -q '^not ok' "$3" ;;
	esac
}

# try NAME KIND WHAT: boots what the head's line WHAT names; false if it is the mutant's end
try()
{
	names=$(head_of "$1" "$3")
	[ -n "$names" ] || return 0
	log=$work/$1/$3.log status=0
	# shellcheck disable=SC2086
	"boot_$3" "$2" "$log" $names || status=$?
	if ! noticed "$1" "$status" "$log"; then
		not_ok "$1: $how, $3: $names; see $log"
		return 1
	fi
	killed="$killed, $how"
}

mutant()
{
	kind=$(head_of "$1" kind)
	kind=${kind:-plain}
	if [ -z "$(head_of "$1" tests)$(head_of "$1" guests)$(head_of "$1" kunit)" ]; then
		not_ok "$1: names no test"
		return
	fi
	if ! build "$1" "$kind"; then
		not_ok "$1: does not apply or build, see $work/$1"
		return
	fi
	killed=
	try "$1" "$kind" tests || return 0
	try "$1" "$kind" guests || return 0
	try "$1" "$kind" kunit || return 0
	ok "$1: killed$killed"
}

# names_of WHAT KIND DEFECT...: the names that the heads have on that kernel
names_of()
{
	what=$1 kind=$2
	shift 2
	for n; do
		k=$(head_of "$n" kind)
		[ "${k:-plain}" != "$kind" ] || head_of "$n" "$what"
	done | tr ' ' '\n' | sort -u | tr '\n' ' '
}

# A test that fails anyway proves nothing: first all of them without a defect.
baseline()
{
	HV=$O/testhv/testhv.elf
	for kind in plain debug; do
		module=$O/$kind/mshv.ko
		for what in tests guests kunit; do
			names=$(names_of $what $kind "$@")
			[ -n "${names% }" ] || continue
			log=$work/baseline.$kind.$what
			# shellcheck disable=SC2086
			if boot_$what $kind "$log" $names; then
				ok "without a defect, $kind kernel, $what: $names"
			else
				not_ok "without a defect, $kind kernel, $what: see $log"
			fi
		done
	done
}

if [ $# = 0 ]; then
	# shellcheck disable=SC2046
	set -- $(cd "$here" && for p in *.patch; do echo "${p%.patch}"; done)
fi
mkdir -p "$work"
# The guests, and what runs them.
make -s -C "$TOP/tools/mshv" O="$O/vmm"
make -s -C "$TOP/tools/testing/guests" O="$O/guests"
baseline "$@"
for name; do
	mutant "$name"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
