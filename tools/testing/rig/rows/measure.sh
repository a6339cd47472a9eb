#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# make measure's table of a quiet boot: there are exits of each kind that Linux
# can't do without, and the kinds add up.
set -eu
TIMEOUT=600
. "$(dirname "$0")/row.sh"

table=$("$rig/measure.sh" quiet) || { status=$?; echo "$table"; exit $status; }
echo "$table"
echo "$table" | awk '
/^quiet: / { seconds = $2; total = $11 }
/^  / { kind[$1] = $2; sum += $2 }
END {
	split("io apic msr cpuid hlt", needed)
	for (i in needed)
		if (!kind[needed[i]]) {
			print "no exits of the kind " needed[i]
			wrong = 1
		}
	if (seconds <= 0 || total <= 0 || sum != total) {
		print total + 0 " exits, and " sum + 0 " by kind"
		wrong = 1
	}
	exit wrong
}'
