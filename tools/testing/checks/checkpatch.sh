#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# checkpatch --strict on our files and patches.
set -eu
. "$(dirname "$0")/check.sh"

# Types that cannot hold here, each with its reason.
ignored()
{
	# The series' patches come without the mail around them.
	echo MISSING_SIGN_OFF
	echo NO_AUTHOR_SIGN_OFF
	# MAINTAINERS is the kernel's, and not ours to change.
	echo FILE_PATH_CHANGES
	# A loop macro names its variable more than once, as the kernel's do.
	echo MACRO_ARG_REUSE
}

# Sixteen files a run, as starting it costs as much as a file. Not from the top,
# where it would leave a file; and with no git directory in sight, or it wants
# python for the licence lines.
work=$O/check/checkpatch
rm -rf "$work"
mkdir -p "$work"
run()
{
	(
		cd "$work"
		sed "s|^|$TOP/|" | GIT_DIR=/nonexistent xargs -r -n 16 \
			-P "$JOBS" sh -c '"$0" "$@" >$$.out 2>&1' \
			"$kernel/scripts/checkpatch.pl" --root="$kernel" \
			--strict --terse --no-summary --quiet \
			--ignore="$(ignored | paste -sd,)" "$@"
	) || :
}

files '*.c' '*.h' '*.S' | run -f
files 'tools/overlay/patches/*.patch' | run
# Without kernel headers testhv must define itself what checkpatch prefers.
defined='Prefer __|_Static_assert|volatile'
# Nor have the guests them, whose memory is shared with devices and processors.
shared='guests/.*(volatile|Prefer __)'
cat "$work"/*.out | grep -vE "$shared" |
	grep -vE "testhv/lib/types.h:.*($defined)" >"$work/all" || :

for file in $(files '*.c' '*.h' '*.S' 'tools/overlay/patches/*.patch'); do
	result "$file" "$(sed -n "s|^$TOP/\($file:\)|\1|p" "$work/all")"
done
# What names no file of ours is a failure of checkpatch.
result "checkpatch itself" "$(grep -v "^$TOP/" "$work/all" || :)"
