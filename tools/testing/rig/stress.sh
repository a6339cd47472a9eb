#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# stress.sh: what takes longer than make test has time for. The root partition
# comes up BOOTS times (50) of as many, with 1, 2 and 4 processors in turn; a VP
# halts WAKEUPS times (a million) and is woken by another one, as often by the VMM
# and by its own timer; then, for DURATION seconds (600) each, two Linux guests under load at once, and three
# Linux guests' clocks against the root's. 0 leaves something out. Prints all
# that they say.
set -eu
. "$(dirname "$0")/lib.sh"

BOOTS=${BOOTS:-50}
WAKEUPS=${WAKEUPS:-1000000}
DURATION=${DURATION:-600}
export DURATION
rows=$TOP/tools/testing/rig/rows
failed=0

boots()
{
	good=0 n=0 begun=$(date +%s)
	while [ $n -lt "$BOOTS" ]; do
		n=$((n + 1))
		if SMP=$((1 << (n % 3))) "$rows/root.sh" >"$O/run/boots.log" 2>&1; then
			good=$((good + 1))
		else
			say "boot $n:"
			cat "$O/run/boots.log"
		fi
	done
	echo "$good boots of $BOOTS succeeded, in $(($(date +%s) - begun)) s"
	[ $good = "$BOOTS" ]
}

wakeups()
{
	EXTRA=$O/run/wakeups
	rm -rf "$EXTRA"
	mkdir -p "$EXTRA"
	cp "$O/selftests/sti_hlt" "$EXTRA"
	EXTRA=$EXTRA SMP=2 HVOPTS=test TIMEOUT=12000 \
		CMD="SECONDS=3600 ROUNDS=$WAKEUPS sti_hlt" "$rows/../boot.sh"
}

mkdir -p "$O/run"
if [ "$BOOTS" != 0 ]; then
	say "== boots: $BOOTS"
	boots || failed=1
fi
if [ "$WAKEUPS" != 0 ]; then
	say "== wake-ups: $WAKEUPS"
	wakeups || failed=1
fi
for row in stress clocks; do
	[ "$DURATION" != 0 ] || break
	say "== $row: $DURATION seconds"
	"$rows/$row.sh" || failed=1
done
exit $failed
