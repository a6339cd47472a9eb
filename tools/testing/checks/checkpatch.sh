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
}

# Not from the top, where it would leave a file; and with no git directory in
# sight, or it wants python for the licence lines.
mkdir -p "$O/check"
checkpatch()
{
	cd "$O/check"
	GIT_DIR=/nonexistent \
	"$kernel/scripts/checkpatch.pl" --root="$kernel" --strict --terse \
		--no-summary --quiet --ignore="$(ignored | paste -sd,)" "$@" |
		sed "s|^$TOP/||"
}

for file in $(files '*.c' '*.h' '*.S'); do
	result "$file" "$(checkpatch -f "$TOP/$file" 2>&1)"
done
for file in $(files 'tools/overlay/patches/*.patch'); do
	result "$file" "$(checkpatch "$TOP/$file" 2>&1)"
done
