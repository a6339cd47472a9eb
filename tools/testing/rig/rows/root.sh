#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Linux comes up as the root partition with all processors, and the driver
# loads and unloads.
set -eu
. "$(dirname "$0")/row.sh"

CMD="set -e
dmesg | grep -q 'Hyper-V: running as root partition'
test \$(nproc) = $SMP
test -c /dev/mshv
rmmod mshv
test ! -e /dev/mshv
insmod \$MSHV_KO
test -c /dev/mshv"
export CMD
exec "$rig/boot.sh"
