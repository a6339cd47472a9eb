#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The small guests of tools/testing/guests, in the sample VMM; GUESTS names some
# of them, else all run.
set -eu
. "$(dirname "$0")/row.sh"
. "$rig/lib.sh"

EXTRA=$O/run/guests
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
cp "$O"/guests/*.bin "$O/vmm/mshv-vmm" "$TOP/tools/testing/guests/guests.list" \
	"$TOP/tools/testing/guests/run.sh" "$EXTRA"
strip "$EXTRA/mshv-vmm"

# The window is open, and no guest gets there.
HVOPTS="test"
TIMEOUT=600
CMD="sh /extra/run.sh ${GUESTS:-}"
export EXTRA HVOPTS TIMEOUT CMD
exec "$rig/boot.sh"
