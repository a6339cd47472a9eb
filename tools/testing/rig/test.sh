#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test.sh [LAYER...]: run the layers of layers.list, all by default. The last
# line is "N passed, N failed, N skipped".
set -eu
. "$(dirname "$0")/lib.sh"

export O CACHE
# One stream, so that the last line is the last.
exec 2>&1
cd "$TOP"
logs=$O/test
mkdir -p "$logs"
passed=0 failed=0 skipped=0

# Results of one row: npass, nfail, nskip.
count_tap()
{
	local lines='^(not )?ok\b'

	nskip=$(grep -cE "$lines.*# SKIP" "$1") || :
	nfail=$(grep -E '^not ok\b' "$1" | grep -vc '# SKIP') || :
	npass=$(grep -E '^ok\b' "$1" | grep -vc '# SKIP') || :
}

count_sum()
{
	local sum

	sum=$(grep -oE '[0-9]+ passed, [0-9]+ failed.*' "$1" | tail -n 1)
	# shellcheck disable=SC2086 # the words are what we want
	set -- $sum
	npass=${1:-0} nfail=${3:-0} nskip=${5:-0}
}

# A number, a list that says how many tests it holds in its second column, or a
# row that expected.sh knows.
minimum_of()
{
	case $1 in
	@*) awk '!/^#/ { n += $2 } END { print n + 0 }' "${1#@}" ;;
	*[!0-9]*) tools/testing/rig/expected.sh "$1" ;;
	*) echo "$1" ;;
	esac
}

# A skip is a test that was run only if somebody decided it: the row itself, or
# the list behind a sum.
count_ran()
{
	case $1 in
	tap) echo $((npass + nfail)) ;;
	*) echo $((npass + nfail + nskip)) ;;
	esac
}

count_status()
{
	npass=0 nfail=0 nskip=0
	case $2 in
	0) npass=1 ;;
	4) nskip=1
	   echo "skipped: $(tail -n 1 "$1")" >>"$logs/skips" ;;
	*) nfail=1 ;;
	esac
}

# For a reader who has nothing but this output: each failure with what was said
# right before it, no line twice, and the end.
show_failures()
{
	awk '
	function show(most,	i) {
		i = NR - 25 > shown ? NR - 25 : shown + 1
		if (i > shown + 1)
			print "..."
		for (; i <= NR && printed < most; printed++)
			print line[i++]
		shown = NR
	}
	{ line[NR] = $0 }
	/^(not ok|FAIL) / && !/# SKIP/ { show(400) }
	END { show(430) }' "$1" | sed 's/^/    | /' >&2
}

# run_row NAME MINIMUM HOW COMMAND
run_row()
{
	local log=$logs/${1//\//-}.log status=0 begun=$SECONDS ticker minimum ran

	: >"$log"
	: >"$logs/skips"
	progress "$1" "$log" $$ &
	ticker=$!
	(set -o pipefail
	 bash -c "$4" </dev/null 2>&1 | stdbuf -oL tr -d '\r' >"$log") || status=$?
	kill "$ticker" 2>/dev/null || :
	"count_$3" "$log" "$status"
	grep -E '^not ok\b' "$log" | grep -v '# SKIP' | sed 's/^/    /' || :
	grep -E '^(not )?ok\b.*# SKIP' "$log" >>"$logs/skips" || :
	sed 's/^/    /' "$logs/skips"
	sed "s|^|$1: |" "$logs/skips" >>"$logs/all-skips"

	if [ "$nfail" = 0 ] && [ "$status" != 0 ] && [ "$status" != 4 ]; then
		say "    exit status $status"
		nfail=1
	fi
	minimum=$(minimum_of "$2") || { minimum=0 nfail=$((nfail + 1)); }
	ran=$(count_ran "$3")
	if [ "$ran" -lt "$minimum" ]; then
		say "    ran $ran tests of $minimum"
		nfail=$((nfail + 1))
	fi
	say "$1: $npass passed, $nfail failed, $nskip skipped" \
		"($((SECONDS - begun)) s)"
	[ "$nfail" = 0 ] || show_failures "$log"
	passed=$((passed + npass))
	failed=$((failed + nfail))
	skipped=$((skipped + nskip))
}

wanted()
{
	local layer=$1 w

	shift
	[ $# != 0 ] || return 0
	for w; do
		[ "$w" != "$layer" ] || return 0
	done
	return 1
}

: >"$logs/all-skips"
while read -r -u 3 layer name minimum how command; do
	case $layer in '' | '#'*) continue ;; esac
	wanted "$layer" "$@" || continue
	run_row "$layer/$name" "$minimum" "$how" "$command"
done 3<tools/testing/rig/layers.list

# Once more with their reasons, where the last line counts them.
cat "$logs/all-skips"
[ "$failed" = 0 ] || say "logs are in $logs"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
