#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Two Linux guests at once, with two VPs each, under load for DURATION seconds;
# no 10 ms timer may be LATEST microseconds late, and no wake-up take as long.
set -eu
. "$(dirname "$0")/row.sh"
. "$rig/lib.sh"
. "$rig/linux/row.sh"

TIMEOUT=$((${DURATION:-30} + 900))
CMD="sh stress.sh ${DURATION:-30} ${LATEST:-1000000}"
export EXTRA TIMEOUT CMD
exec "$rig/boot.sh"
