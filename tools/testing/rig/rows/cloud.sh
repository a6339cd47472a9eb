#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Debian's unmodified 6.12 cloud kernel comes up as the root partition.
set -eu
. "$(dirname "$0")/row.sh"

dir=$("$rig/debian.sh" cloud) || skip "$dir"
KERNEL=$(echo "$dir"/boot/vmlinuz-*)
CMD="dmesg | grep 'Hyper-V: running as root partition' &&
uname -r && test \$(nproc) = $SMP"
export KERNEL CMD
exec "$rig/boot.sh"
