#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The clocks of Linux guests against the root's over DURATION seconds.
set -eu
. "$(dirname "$0")/row.sh"
. "$rig/lib.sh"
. "$rig/linux/row.sh"

TIMEOUT=$((${DURATION:-30} + 900))
CMD="sh clocks.sh ${DURATION:-30}"
export EXTRA TIMEOUT CMD
exec "$rig/boot.sh"
