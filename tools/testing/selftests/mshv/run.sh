#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# run.sh [NAME...]: run the tests of tests.list, all by default, in its order.
# KERNEL_KIND (plain or debug) is found out if it isn't given. The last line is
# "selftests: N passed, N failed, N skipped"; the status is 0 if none failed.

dir=$(cd "$(dirname "$0")" && pwd) || exit 1
log=$(mktemp)
trap 'rm -f "$log" "$log.status"' EXIT

if [ -z "$KERNEL_KIND" ]; then
	KERNEL_KIND=plain
	[ ! -e /proc/lockdep ] || KERNEL_KIND=debug
fi
patience=3
[ "$KERNEL_KIND" = plain ] || patience=30
passed=0 failed=0 skipped=0

# skip NAME TESTS REASON: a file's tests, all of them
skip()
{
	echo "ok - $1 # SKIP $3"
	skipped=$((skipped + $2))
}

# Of the lines on stdin, which are passed on: how many passed, failed, skipped.
# One process, as each costs a tenth of a second on the debug kernel.
count()
{
	awk -v results="$log" '
	{ print; fflush() }
	/^ok .*# SKIP/ { skip++; next }
	/^ok / { pass++ }
	/^not ok / { fail++ }
	END { print pass + 0, fail + 0, skip + 0 >results }'
}

# run_file NAME TESTS SECONDS
run_file()
{
	local status pass fail skip begun now limit=$(($3 * patience))

	echo "# $1"
	read -r begun _ </proc/uptime
	{
		KILLED_AFTER=$limit timeout -s KILL $limit "$dir/$1" 2>&1
		status=$?
		echo $status >"$log.status"
		# What outlived its parent would hold on to partitions, and to the pipe.
		[ $status = 0 ] || killall -9 "$1" 2>/dev/null
	} | count
	read -r pass fail skip <"$log"
	read -r status <"$log.status"
	read -r now _ </proc/uptime

	if [ $((pass + fail + skip)) -lt "$2" ]; then
		echo "not ok - $1 ran $((pass + fail + skip)) tests of $2, status $status"
		fail=$((fail + 1))
	elif [ "$fail" = 0 ] && [ "$status" != 0 ] && [ "$status" != 4 ]; then
		echo "not ok - $1 ended with status $status"
		fail=1
	fi
	passed=$((passed + pass))
	failed=$((failed + fail))
	skipped=$((skipped + skip))
	echo "# $1: $pass passed, $fail failed, $skip skipped, ${begun} s to ${now} s"
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

while read -r name tests kernels cpus seconds <&3; do
	case $name in '' | '#'*) continue ;; esac
	wanted "$name" "$@" || continue
	if [ "$kernels" != both ] && [ "$kernels" != "$KERNEL_KIND" ]; then
		skip "$name" "$tests" "not on the $KERNEL_KIND kernel"
	elif [ "$cpus" -gt "$(grep -c ^processor /proc/cpuinfo)" ]; then
		skip "$name" "$tests" "needs $cpus processors"
	else
		run_file "$name" "$tests" "$seconds"
	fi
done 3<"$dir/tests.list"

echo "selftests: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ $((passed + skipped)) != 0 ]
