#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kernel.sh KIND...: build the kernels (plain, debug) that the cache lacks,
# and let build/kernel point at them.
#
# A cache entry is named by what went into it: the source, the patches and the
# configuration, but not the driver, which each clone builds against it.
#
#   $CACHE/KEY/src          patched source
#   $CACHE/KEY/src/KIND     build output; below src, so that kbuild's paths
#                           are relative
#   $CACHE/KEY/KIND.done    there when that kernel is complete
set -eu
. "$(dirname "$0")/../testing/rig/lib.sh"

SRC=${SRC:-/usr/src/linux-source-6.12.tar.xz}
overlay=$TOP/tools/overlay
marker=mshv-kernel
# To be counted up when what is built changes by this script alone.
recipe=1

key()
{
	(
		cd "$overlay"
		echo "recipe $recipe"
		sha256sum <"$SRC"
		cat patches/series patches/*.patch config/*.config
	) | sha256sum | cut -c1-16
}

fragments()
{
	echo "$overlay/config/plain.config"
	[ "$1" = plain ] || echo "$overlay/config/$1.config"
}

# Every option of the fragments must be in the result as the last fragment
# that names it says: Kconfig drops silently what lacks a dependency.
check_config()
{
	# shellcheck disable=SC2046 # a list of files
	awk '
	/^CONFIG_/ { name = $0; sub(/=.*/, "", name); value = $0 }
	/^# CONFIG_.* is not set/ { name = $2; value = "" }
	name != "" && FILENAME != config { want[name] = value }
	name != "" && FILENAME == config { have[name] = value }
	{ name = "" }
	END {
		for (n in want) {
			if (want[n] == have[n])
				continue
			print "option lost: " (want[n] ? want[n] : n "=n")
			bad = 1
		}
		exit bad
	}' config="$2/.config" $(fragments "$1") "$2/.config"
}

configure()
{
	mkdir -p "$1"
	# shellcheck disable=SC2046 # a list of files
	scripts/kconfig/merge_config.sh -n -O "$1" $(fragments "$1") \
		>"../$1.config.log" 2>&1 ||
		die "configuring failed, see $PWD/../$1.config.log"
	check_config "$1" "$1" >&2 ||
		die "the $1 kernel's configuration lost options"
}

unpack()
{
	[ -f "$entry/unpacked" ] && return
	rm -rf "$entry"
	mkdir -p "$entry/src"
	touch "$entry/$marker"
	logged "unpacking $SRC" "$entry/unpack.log" \
		tar -xaf "$SRC" -C "$entry/src" --strip-components=1
	"$overlay/apply.sh" patches "$entry/src" || die "patching failed"
	touch "$entry/unpacked"
}

build()
{
	[ -f "$entry/$1.done" ] && return
	cd "$entry/src"
	configure "$1"
	logged "building the $1 kernel (minutes)" "$entry/$1.log" \
		nice make -j"$JOBS" O="$1" bzImage modules
	touch "$entry/$1.done"
}

# Keep the two entries used last.
prune()
{
	ls -1td "$CACHE"/*/"$marker" 2>/dev/null | tail -n +3 |
	while read -r old; do
		say "removing ${old%/*} from the cache"
		rm -rf "${old%/*}"
	done
}

[ -f "$SRC" ] || die "no kernel source at $SRC"
mkdir -p "$CACHE" "$O"
exec 9>"$CACHE/lock"
flock -n 9 || { say "waiting for another build in $CACHE"; flock 9; }
entry=$CACHE/$(key)
unpack
touch "$entry/$marker"
for kind; do
	build "$kind"
done
prune
ln -sfn "$entry/src" "$O/kernel"
