#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# measure.sh [quiet]: boot a Linux guest with VPS processors (2) and FEATURES
# (0xffb) to its power-off, once with all its messages and once with "quiet", or
# only that, and print how long that took and what it exited for, as testhv counts
# it.
set -eu
. "$(dirname "$0")/lib.sh"

rig=$TOP/tools/testing/rig
. "$rig/linux/row.sh"

# table WORDS: from "took CENTISECONDS" and testhv's counters.
table()
{
	awk -v words="$1" '
	/^took / { took = $2 / 100 }
	/counter child_/ { number = $NF; sub(/.*counter child_/, ""); count[$1] = number }
	END {
		printf "%s: %.1f s from the VMM'\''s start to its end, %d exits, %d a second\n",
		       words, took, count["exits"], count["exits"] / took
		for (kind in count)
			if (kind !~ /exits|entries/ && count[kind])
				printf "  %-10s %8d %8d/s\n", kind, count[kind],
				       count[kind] / took | "sort -rnk2"
	}'
}

OUT=$O/run/measure
export EXTRA CMD OUT
[ $# != 0 ] || set -- 'all messages' quiet
for words; do
	CMD="set -e
now() { awk '{ print int(\$1 * 100) }' /proc/uptime; }
begun=\$(now)
mshv-vmm --kernel bzImage --initrd initrd --cpus ${VPS:-2} --features ${FEATURES:-0xffb} \
	--cmdline 'console=ttyS0 ${words#all messages}' </dev/null >/tmp/log 2>&1
echo took \$((\$(now) - begun))"
	"$rig/boot.sh" >"$O/run/measure.log" || { cat "$O/run/measure.log"; exit 1; }
	tr -d '\r' <"$OUT/console.log" | cat - "$OUT/hv.log" | table "$words"
done
