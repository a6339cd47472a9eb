#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Debian's unmodified 6.12 cloud kernel comes up as the root partition, with a
# module of its own from MODULES, which may be named in two ways.
set -eu
. "$(dirname "$0")/row.sh"
. "$rig/lib.sh"

dir=$("$rig/debian.sh" cloud) || skip "$dir"
KERNEL=$(echo "$dir"/boot/vmlinuz-*)
release=${KERNEL##*/vmlinuz-}

# One of the kernel's modules: unpacking them all would take longer than the boot.
work=$O/run/cloud
rm -rf "$work"
mkdir -p "$work/lib/modules/$release/kernel"
find "$dir/lib/modules/$release" -name 'dummy.ko.xz' -exec xz -dc {} ';' \
	>"$work/lib/modules/$release/kernel/dummy.ko"
echo 'kernel/dummy.ko:' >"$work/lib/modules/$release/modules.dep"

KIND=plain INIT=$O/rig/init MODULES=$work/lib/modules/$release "$rig/initramfs.sh" "$work"
zcat "$work/initrd.gz" | cpio -t --quiet | grep -qx "lib/modules/$release/modules.dep"

MODULES=$work/lib/modules
CMD="dmesg | grep 'Hyper-V: running as root partition' &&
uname -r && test \$(nproc) = $SMP &&
modprobe dummy && grep '^dummy ' /proc/modules"
export KERNEL MODULES CMD
exec "$rig/boot.sh"
