#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# run.sh: the whole thing at work: guests of the sample VMM in a root partition
# on testhv. GUEST names them:
#
#	linux	Debian's unmodified cloud kernel on two VPs, to its power-off
#	bios	Debian's SeaBIOS, from the reset vector to its HLT
#	flat	our own 64-bit guest, which checks its exits
set -eu
. "$(dirname "$0")/lib.sh"

GUEST=${GUEST:-linux}
EXTRA=$O/run/vmm
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
cp "$O/vmm/mshv-vmm" "$EXTRA"
strip "$EXTRA/mshv-vmm"
CMD='set -e -o pipefail
echo "== the root partition: $(uname -sr), $(nproc) processors"
dmesg | sed -n "s/^.*\(Hyper-V: running\)/== \1/p"'

for guest in $GUEST; do
	case $guest in
	linux)
		"$(dirname "$0")/linux_guest.sh" "$EXTRA"
		word=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
		CMD="$CMD
echo '== Linux, given $word'
dd if=/dev/zero of=/tmp/disk bs=1M count=8 2>/dev/null
mshv-vmm --kernel bzImage --initrd initrd --cpus 2 --disk /tmp/disk \
	--cmdline 'console=ttyS0 guest.disk guest.word=$word' | tee /tmp/log
grep -q 'guest: given $word' /tmp/log
grep -q 'guest: off' /tmp/log" ;;
	bios)
		cp /usr/share/seabios/bios.bin "$EXTRA"
		CMD="$CMD
echo '== SeaBIOS, from the reset vector to its HLT'
mshv-vmm --firmware bios.bin" ;;
	flat)
		cp "$O/vmm/guest64.bin" "$EXTRA"
		CMD="$CMD
echo '== our own 64-bit guest'
mshv-vmm --mode 64 --challenge guest64.bin" ;;
	*)
		die "GUEST is linux, bios or flat, not $guest" ;;
	esac
done
CMD="$CMD
echo '== ended as it should'"
export CMD EXTRA
exec "$TOP/tools/testing/rig/boot.sh"
