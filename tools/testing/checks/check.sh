# SPDX-License-Identifier: GPL-2.0
# What the static checks share: one TAP line a file. To be sourced.
# shellcheck shell=sh disable=SC2034

. "$(dirname "$0")/../rig/lib.sh"
cd "$TOP" || exit 1
checks=$TOP/tools/testing/checks
kernel=$O/kernel
count=0

# files PATTERN...: ours, tracked or about to be; also for root in a clone of
# somebody else's.
files()
{
	git -c safe.directory="$TOP" ls-files -co --exclude-standard -- "$@" | sort -u |
	while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done
}

# result NAME TEXT: fails if there is a text, and shows it.
result()
{
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count $1"
	else
		echo "not ok $count $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}
