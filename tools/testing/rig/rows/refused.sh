#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Without a hypervisor beneath, loading the driver fails with ENODEV.
set -eu
. "$(dirname "$0")/row.sh"

HV=none
MODULE=none
EXTRA=$O/run/refused
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
cp "$O/plain/mshv.ko" "$EXTRA"
CMD='insmod mshv.ko 2>error
cat error
grep -q "No such device" error && test ! -e /dev/mshv'
export HV MODULE EXTRA CMD
exec "$rig/boot.sh"
