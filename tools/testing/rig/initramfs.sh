#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# initramfs.sh DIR: make DIR/initrd.gz from PID 1, busybox, the driver and the
# caller's files. Environment:
#
#	INIT		PID 1, a static program
#	CMD		command to run; empty: an interactive shell
#	EXTRA		directory whose content becomes /extra
#	MODULE		mshv.ko to load, or "none"
#	MODULES		a kernel's modules, .../lib/modules/RELEASE, or .../lib/modules
#			with those of all kernels
#	KIND		plain or debug
#	KMEMLEAK	1: look for leaks at the end
set -eu
. "$(dirname "$0")/lib.sh"

dir=$1
root=$dir/root

# The libraries that ldd names for a dynamic program, at the same paths.
add_libraries()
{
	ldd "$1" 2>/dev/null |
	grep -o '/[^ ]*' | while read -r lib; do
		[ -e "$root$lib" ] && continue
		mkdir -p "$root${lib%/*}"
		cp -L "$lib" "$root$lib"
	done
}

add_busybox()
{
	busybox=$(command -v busybox) || die "no busybox"
	cp "$busybox" "$root/bin/busybox"
	for applet in $("$busybox" --list); do
		[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
	done
}

add_extra()
{
	[ -n "${EXTRA:-}" ] || return 0
	[ -d "$EXTRA" ] || die "EXTRA=$EXTRA is no directory"
	cp -rL "$EXTRA/." "$root/extra/"
	find "$root/extra" -type f -perm -u+x | while read -r file; do
		add_libraries "$file"
	done
}

add_modules()
{
	if [ "${MODULE:-none}" != none ]; then
		cp "$MODULE" "$root/mshv.ko"
		touch "$root/rig/module"
	fi
	[ -n "${MODULES:-}" ] || return 0
	[ -d "$MODULES" ] || die "MODULES=$MODULES is no directory"
	# The kernel looks below its release, which is a directory's name.
	case $(basename "$MODULES") in
	[0-9]*.[0-9]*) set -- "$MODULES" ;;
	*) set -- "$MODULES"/[0-9]*.[0-9]* ;;
	esac
	[ -d "$1" ] || die "MODULES=$MODULES is no kernel's modules, nor holds any"
	mkdir -p "$root/lib/modules"
	cp -r "$@" "$root/lib/modules/"
}

rm -rf "$root"
for d in bin sbin usr/bin usr/sbin lib proc sys dev tmp etc rig extra root; do
	mkdir -p "$root/$d"
done
cp "$INIT" "$root/init"
add_busybox
add_extra
add_modules
printf '%s\n' "$KIND" >"$root/rig/kind"
[ -z "${CMD:-}" ] || printf '%s\n' "$CMD" >"$root/rig/cmd"
[ "${KMEMLEAK:-0}" = 0 ] || touch "$root/rig/kmemleak"
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"

(cd "$root" && find . | LC_ALL=C sort |
	cpio -o -H newc -R 0:0 --quiet) | gzip -1 >"$dir/initrd.gz"
rm -rf "$root"
