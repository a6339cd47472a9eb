#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# linux_guest.sh DIR: make DIR/bzImage and DIR/initrd, for a Linux guest of
# mshv-vmm: Debian's cloud kernel as it is, busybox, and an init that says who
# it is and what is asked for by its command line, then powers off.
#
#	guest.shell	a shell on the console first
#	guest.disk	write to the disk and read it back
#	guest.time=N	compare the clock with the timers' for N seconds
#
# Exits with 4, the reason as last line, if there is no such kernel.
set -eu
. "$(dirname "$0")/lib.sh"

dir=$1
root=$dir/root

write_init()
{
	cat >"$root/init" <<-'EOF'
	#!/bin/sh
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mount -t devtmpfs devtmpfs /dev
	asked()
	{
		grep -q "guest\.$1" /proc/cmdline
	}
	echo "guest: $(uname -a)"
	echo "guest: processors $(nproc)"
	echo "guest: clock $(cat /sys/devices/system/clocksource/*/current_clocksource)"
	dmesg | sed -n 's/^.*Hypervisor detected/guest: hypervisor/p'
	echo "guest: given $(sed -n 's/.*guest\.word=\([^ ]*\).*/\1/p' /proc/cmdline)"
	if asked disk; then
		insmod /virtio_blk.ko
		dd if=/dev/urandom of=/random bs=64k count=16 2>/dev/null
		dd if=/random of=/dev/vda bs=64k conv=fsync 2>/dev/null
		echo 3 >/proc/sys/vm/drop_caches
		dd if=/dev/vda of=/back bs=64k count=16 2>/dev/null
		cmp /random /back && echo "guest: disk $(cat /sys/block/vda/size) sectors"
	fi
	if asked shell; then
		setsid cttyhack sh
	fi
	echo "guest: off"
	poweroff -f
	EOF
	chmod +x "$root/init"
}

kernel=$("$(dirname "$0")/debian.sh" cloud) || { echo "$kernel"; exit 4; }
rm -rf "$root"
mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/etc"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in $(busybox --list); do
	[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done
xz -dc "$kernel"/lib/modules/*/kernel/drivers/block/virtio_blk.ko.xz \
	>"$root/virtio_blk.ko"
write_init
(cd "$root" && find . | LC_ALL=C sort |
	cpio -o -H newc -R 0:0 --quiet) | gzip -1 >"$dir/initrd"
cp "$kernel"/boot/vmlinuz-* "$dir/bzImage"
rm -rf "$root"
