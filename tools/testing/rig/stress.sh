#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# stress.sh: what takes longer than make test has time for, DURATION seconds
# (600) each: two Linux guests under load at once, then three Linux guests'
# clocks against the root's. Prints all that they say.
set -eu
. "$(dirname "$0")/lib.sh"

DURATION=${DURATION:-600}
export DURATION
failed=0
for row in stress clocks; do
	say "== $row: $DURATION seconds"
	"$TOP/tools/testing/rig/rows/$row.sh" || failed=1
done
exit $failed
