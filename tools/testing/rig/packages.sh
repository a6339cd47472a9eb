#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# packages.sh: install by apt what packages.list says and the machine lacks.
set -eu
rig=$(dirname "$0")
. "$rig/lib.sh"

missing=$(grep -v '^#' "$rig/packages.list" | while read -r file package; do
	[ -n "${SRC:-}" ] && [ "$package" = linux-source-6.12 ] && continue
	[ -e "$file" ] || echo "$package"
done | sort -u | paste -sd' ')
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null ||
	die "no apt here; these Debian packages are needed: $missing"
say "installing $missing"
# shellcheck disable=SC2086 # a list of packages
{
	as_root apt-get update -q
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -q --no-install-recommends $missing
} >&2 || die "apt could not install: $missing"
