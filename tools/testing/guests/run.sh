#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# run.sh [GUEST...]: in the root partition, run the guests of guests.list, all
# by default, and count their lines as TAP.
set -u
dir=$(cd "$(dirname "$0")" && pwd) || exit 1
processors=$(grep -c ^processor /proc/cpuinfo)
# The list has seconds for an idle machine.
patience=4
[ ! -e /proc/lockdep ] || patience=24
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT

# translate NAME: of a guest's lines those that are results, as TAP. Prints
# what else there is as it is.
translate()
{
	awk -v name="$1" -v at_least="$2" -v status_file="$failures" '
	{ sub(/\r$/, "") }
	/^PASS: / { sub(/^PASS: /, ""); print "ok - " name ": " $0; tests++; next }
	/^SKIP: / { sub(/^SKIP: /, ""); print "ok - " name ": " $0 " # SKIP"
		    tests++; next }
	/^FAIL: / { sub(/^FAIL: /, ""); print "not ok - " name ": " $0
		    tests++; failed++; next }
	/^SUMMARY: / { ended = 1 }
	/^STATUS / { status = $2; next }
	{ print "# " $0 }
	END {
		if (tests < at_least) {
			print "not ok - " name ": ran " tests + 0 " tests of " at_least
			failed++
		}
		if (!failed && status != 0) {
			print "not ok - " name ": ended with status " status
			failed++
		}
		print failed + 0 >>status_file
	}'
}

wanted()
{
	local name=$1 w

	shift
	[ $# != 0 ] || return 0
	for w; do
		[ "$w" != "$name" ] || return 0
	done
	return 1
}

# Options with an argument are written as two words in the list.
run_guest()
{
	local expected=0 status
	local guest=$1 least=$2 cpus=$3 features=$4 seconds=$5

	shift 5
	case ${1:-} in
	=*)	expected=${1#=}
		shift ;;
	esac
	set -- --cpus "$cpus" --timeout $((seconds * patience)) "$@"
	[ "$features" = - ] || set -- --lapic --features "$features" "$@"
	{
		status=0
		"$dir/mshv-vmm" --mode 64 "$@" "$dir/$guest.bin" 2>&1 || status=$?
		echo "STATUS $((status - expected))"
	} | translate "$guest/$cpus/$features" "$least"
}

while read -r guest least cpus root features seconds where options <&3; do
	case $guest in '' | '#'*) continue ;; esac
	wanted "$guest" "$@" || continue
	[ "$where" != long ] || [ $# != 0 ] || continue
	if [ "$root" -gt "$processors" ]; then
		echo "ok - $guest/$cpus/$features # SKIP needs $root processors"
		continue
	fi
	# shellcheck disable=SC2086 # the words are what we want
	run_guest "$guest" "$least" "$cpus" "$features" "$seconds" $options
done 3<"$dir/guests.list"

! grep -qv '^0$' "$failures"
