#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kselftests, with testhv's test window open; leaks are looked for at the
# end on the debug kernel. TESTS names some of them, else all run.
set -eu -o pipefail
. "$(dirname "$0")/row.sh"

# Stripped: what isn't unpacked needn't be waited for.
EXTRA=$O/run/selftests
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
find "$O/selftests" -type f ! -name '*.[od]' -exec cp {} "$EXTRA" ';'
strip "$EXTRA"/* 2>/dev/null || :

HVOPTS="test"
KMEMLEAK=1
# Seconds; boot.sh makes four times as many of them on the debug kernel.
TIMEOUT=1800
[ "$KIND" = plain ] || TIMEOUT=480
# Without the device or the window (MSR 0x4f000000) every test would skip.
CMD="[ -c /dev/mshv ] || { echo 'not ok - no /dev/mshv'; exit 1; }
word=\$(dd if=/dev/cpu/0/msr bs=8 count=1 skip=$((0x4f000000 / 8)) 2>/dev/null | od -An -tx8)
case \$word in
*7465737468760001) ;;
*) echo 'not ok - no test window'; exit 1 ;;
esac
sh /extra/run.sh ${TESTS:-}"
export EXTRA HVOPTS KMEMLEAK TIMEOUT CMD

# What is skipped here is what tests.list says, or what the emulated processor lacks, and nothing
# else.
"$rig/boot.sh" | awk '
{ print; fflush() }
/^ok - [a-z_0-9]+ # SKIP not on the [a-z]+ kernel\r?$/ { next }
/^ok - [a-z_0-9]+ # SKIP needs [0-9]+ processors\r?$/ { next }
/^ok .*# SKIP the processor / { next }
/^(not )?ok .*# SKIP/ {
	undecided = undecided "not ok - skipped, but not by tests.list: " $0 "\n"
}
END {
	printf "%s", undecided
	exit undecided != ""
}'
