#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The same as root.sh on QEMU 10.0.
set -eu
. "$(dirname "$0")/row.sh"

QEMU=$("$rig/debian.sh" qemu10) || skip "$QEMU"
export QEMU
exec "$(dirname "$0")/root.sh"
