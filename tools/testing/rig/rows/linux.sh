#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Debian's unmodified cloud kernel as a guest with VPS processors in one root
# partition, once with each of FEATURES: the Hyper-V features, and none.
set -eu
. "$(dirname "$0")/row.sh"
. "$rig/lib.sh"
. "$rig/linux/row.sh"

# Four boots of boots.sh's patience; they take a tenth of it.
TIMEOUT=1300
CMD="sh boots.sh ${VPS:-1} ${FEATURES:-0xffb 0}"
export EXTRA TIMEOUT CMD
exec "$rig/boot.sh"
