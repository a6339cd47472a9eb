#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# linux_guest.sh DIR: make DIR/bzImage and DIR/initrd, for a Linux guest of
# mshv-vmm: Debian's cloud kernel as it is, busybox, and linux/init.sh, which
# says what its command line can ask for.
#
# Exits with 4, the reason as last line, if there is no such kernel.
set -eu
. "$(dirname "$0")/lib.sh"

dir=$1
root=$dir/root

kernel=$("$(dirname "$0")/debian.sh" cloud) || { echo "$kernel"; exit 4; }
rm -rf "$root"
mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/etc" "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in $(busybox --list); do
	[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done
xz -dc "$kernel"/lib/modules/*/kernel/drivers/block/virtio_blk.ko.xz \
	>"$root/virtio_blk.ko"
cp "$(dirname "$0")/linux/init.sh" "$root/init"
cp "$(dirname "$0")/linux/complaints" "$root"
cp "$O/rig/work" "$root"
strip "$root/work"
chmod +x "$root/init"
(cd "$root" && find . | LC_ALL=C sort |
	cpio -o -H newc -R 0:0 --quiet) | gzip -1 >"$dir/initrd"
cp "$kernel"/boot/vmlinuz-* "$dir/bzImage"
rm -rf "$root"
