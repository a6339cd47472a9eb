#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# apply.sh patches|all TREE: put the project onto a kernel tree.
#
# "patches" changes existing kernel files only; the driver's directory gets an
# empty Kconfig and Makefile, so that a kernel built from the tree does not
# depend on the driver. "all" adds our own files. The top-level Makefile is
# never copied, and the top-level Kconfig becomes the driver's.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
what=$1
tree=$2

version()
{
	sed -n '1,6s/^\(VERSION\|PATCHLEVEL\|SUBLEVEL\) = //p' \
		"$tree/Makefile" | paste -sd.
}

apply_series()
{
	while read -r name; do
		case $name in '' | '#'*) continue ;; esac
		patch -p1 -F0 -s --no-backup-if-mismatch -d "$tree" \
			<"$top/tools/overlay/patches/$name" || {
			echo "$name does not apply to Linux $(version)" >&2
			return 1
		}
	done <"$top/tools/overlay/patches/series"
}

copy()
{
	[ -d "$top/$1" ] || return 0
	mkdir -p "$tree/$1"
	cp -r "$top/$1/." "$tree/$1/"
}

apply_series
mkdir -p "$tree/drivers/hv/mshv"
case $what in
patches)
	for f in Kconfig Makefile; do
		echo '# SPDX-License-Identifier: GPL-2.0' \
			>"$tree/drivers/hv/mshv/$f"
	done
	;;
all)
	for d in drivers include arch Documentation \
		tools/testing/selftests/mshv; do
		copy "$d"
	done
	cp "$top/Kconfig" "$tree/drivers/hv/mshv/Kconfig"
	;;
*)
	echo "usage: apply.sh patches|all TREE" >&2
	exit 2
	;;
esac
