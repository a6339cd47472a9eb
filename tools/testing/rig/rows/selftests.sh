#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The kselftests, with testhv's test window open; leaks are looked for at the
# end on the debug kernel.
set -eu
. "$(dirname "$0")/row.sh"

EXTRA=$O/selftests
HVOPTS="test"
KMEMLEAK=1
# Seconds; boot.sh makes four times as many of them on the debug kernel.
TIMEOUT=480
[ "$KIND" = plain ] || TIMEOUT=240
CMD='sh /extra/run.sh'
export EXTRA HVOPTS KMEMLEAK TIMEOUT CMD
exec "$rig/boot.sh"
