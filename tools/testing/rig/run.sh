#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# run.sh: the whole thing at work: the sample VMM runs Debian's SeaBIOS and our
# own 64-bit guest in a root partition on testhv.
set -eu
. "$(dirname "$0")/lib.sh"

EXTRA=$O/run/vmm
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
cp "$O/vmm/mshv-vmm" "$O/vmm/guest64.bin" "$EXTRA"
cp /usr/share/seabios/bios.bin "$EXTRA"
CMD='set -e
echo "== SeaBIOS, from the reset vector to its HLT"
mshv-vmm --firmware bios.bin
echo "== our own 64-bit guest"
mshv-vmm --mode 64 --challenge guest64.bin
echo "== both ended as they should"'
export CMD EXTRA
exec "$TOP/tools/testing/rig/boot.sh"
