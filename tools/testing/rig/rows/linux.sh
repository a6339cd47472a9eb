#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Debian's unmodified cloud kernel as a guest with VPS processors in one root
# partition, once with each of FEATURES: the Hyper-V features, and none.
set -eu
. "$(dirname "$0")/row.sh"
. "$rig/lib.sh"

EXTRA=$O/run/linux
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
reason=$("$rig/linux_guest.sh" "$EXTRA" 2>&1) || skip "$reason"
cp "$O/vmm/mshv-vmm" "$rig/linux/boots.sh" "$rig/linux/complaints" "$EXTRA"
strip "$EXTRA/mshv-vmm"

# Four boots of boots.sh's patience; they take a tenth of it.
TIMEOUT=1300
CMD="sh boots.sh ${VPS:-1} ${FEATURES:-0xffb 0}"
export EXTRA TIMEOUT CMD
exec "$rig/boot.sh"
