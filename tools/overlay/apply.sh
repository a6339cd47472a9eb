#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# apply.sh patches|files TREE: put the project onto a kernel tree.
#
# "patches" changes existing kernel files; the driver's directory gets an empty
# Kconfig and Makefile, so that a kernel built from the tree does not depend on
# the driver. "files" adds our own files. The top-level Makefile is never
# copied, and the top-level Kconfig becomes the driver's.
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

# Never through a link of the tree.
copy()
{
	[ -d "$top/$1" ] || return 0
	mkdir -p "$tree/$1"
	cp -r --remove-destination "$top/$1/." "$tree/$1/"
}

case $what in
patches)
	apply_series
	mkdir -p "$tree/drivers/hv/mshv"
	for f in Kconfig Makefile; do
		echo '# SPDX-License-Identifier: GPL-2.0' \
			>"$tree/drivers/hv/mshv/$f"
	done
	;;
files)
	for d in drivers include arch Documentation \
		tools/testing/selftests/mshv; do
		copy "$d"
	done
	cp --remove-destination "$top/Kconfig" "$tree/drivers/hv/mshv/Kconfig"
	;;
*)
	echo "usage: apply.sh patches|files TREE" >&2
	exit 2
	;;
esac
