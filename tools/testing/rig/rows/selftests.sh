#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The kselftests, with testhv's test window open; leaks are looked for at the
# end on the debug kernel.
set -eu
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
CMD='sh /extra/run.sh'
export EXTRA HVOPTS KMEMLEAK TIMEOUT CMD
exec "$rig/boot.sh"
