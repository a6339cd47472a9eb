#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The driver without a warning of gcc at W=1 or of sparse, on both kernels;
# and with the overlay's files in a tree CONFIG_MSHV can be chosen and built.
set -eu
. "$(dirname "$0")/check.sh"

# Guards with a return inside confuse the context check of Debian's sparse.
warnings()
{
	dir=$O/check/driver-$1
	rm -rf "$dir"
	log=$("$TOP/tools/testing/rig/module.sh" "$1" "$dir" \
		W=1 C=2 CF=-Wno-context 2>&1) || echo "the build failed"
	printf '%s\n' "$log" | grep -E 'warning|error|\*\*\*' || :
}

# The configuration of a whole tree with our files on it, and the driver built
# there.
overlay()
{
	tree=$O/check/tree
	rm -rf "$tree"
	mkdir -p "$tree/out"
	for f in "$kernel"/*; do
		case ${f##*/} in
		plain | debug) ;;
		drivers | include | arch | Documentation | tools)
			cp -as "$(realpath "$f")" "$tree/" ;;
		*) ln -s "$(realpath "$f")" "$tree/" ;;
		esac
	done
	"$TOP/tools/overlay/apply.sh" files "$tree"
	cp "$kernel/plain/.config" "$tree/out/.config"
	printf 'CONFIG_MSHV=%s\nCONFIG_MSHV_KUNIT_TEST=%s\n' m m \
		>>"$tree/out/.config"
	make -s -C "$tree" O="$tree/out" olddefconfig 2>&1 |
		grep -i mshv || :
	for option in MSHV MSHV_KUNIT_TEST; do
		grep -qx "CONFIG_$option=m" "$tree/out/.config" ||
			echo "CONFIG_$option=m was lost"
	done
	make -s -C "$tree" O="$tree/out" -j"$JOBS" W=1 drivers/hv/mshv/ 2>&1 |
		grep -E 'mshv.*(warning|error)|\*\*\*' || :
	[ -f "$tree/out/drivers/hv/mshv/mshv.o" ] || echo "mshv.o was not built"
}

for kind in plain debug; do
	result "driver on the $kind kernel, W=1 and sparse" "$(warnings $kind)"
done
result "the driver in a kernel tree" "$(overlay)"
