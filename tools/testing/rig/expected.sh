#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# expected.sh ROW: how many tests a row of layers.list must have at least, by
# what the sources hold. They are counted otherwise than the row finds them, so
# that a row which overlooks some is noticed.
set -eu
. "$(dirname "$0")/lib.sh"
cd "$TOP"

# tracked PATTERN: files of the clone whose path matches
tracked()
{
	git -c safe.directory="$TOP" ls-files | grep -E "$1" | while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done
}

number()
{
	tracked "$1" | wc -l
}

# lines PATTERN FILES: that match, of all files whose path matches
lines()
{
	tracked "$2" | xargs cat | grep -cE "$1"
}

# Rows of the tables of tests.
unit_rows()
{
	tracked '^tools/testing/testhv/unit/.*_test\.c$' | xargs awk '
	/^const struct test / { inside = 1 }
	/^}/ { inside = 0 }
	inside && /^\t\{ "/ { n++ }
	END { print n + 0 }'
}

# Of each test what its list or its source has, whichever is more: a fixture of
# several variants runs its tests once with each.
selftest_rows()
{
	dir=tools/testing/selftests/mshv
	awk 'FNR == 1 { sub(/.*\//, "", FILENAME); sub(/\.c$/, "", FILENAME) }
	/^TEST(_F|_F_TIMEOUT|_SIGNAL|_F_SIGNAL)?\(/ { rows[FILENAME]++ }
	FILENAME == "tests.list" && !/^#/ && NF {
		n += $2 > rows[$1] ? $2 : rows[$1]
		delete rows[$1]
	}
	END {
		for (name in rows)
			n += rows[name]
		print n + 0
	}' $dir/*.c $dir/tests.list
}

uapi='^(arch/x86/)?include/uapi/.*\.h$'
floors='^(drivers/hv/mshv|tools/mshv|tools/testing/testhv|tools/testing/guests/lib)/.*\.[ch]$'
case $1 in
checkpatch)
	# One is for checkpatch itself.
	n=$(number '\.[chS]$|^tools/overlay/patches/.*\.patch$')
	n=$((n + 1)) ;;
shellcheck)
	n=$(number '\.sh$|^\.ci/run$') ;;
size)
	n=$(number '\.([chS]|sh|rst)$|(^|/)Makefile$') ;;
floors)
	n=$(number "$floors") ;;
headers)
	# The uapi headers in two languages, and the example.
	n=$(($(number '\.h$') + $(number "$uapi") + 1)) ;;
kernel-doc)
	n=$(number '^(drivers|include|arch)/.*\.h$') ;;
kunit)
	n=$(lines '^\s*KUNIT_CASE\(' '^drivers/hv/mshv/.*\.c$') ;;
testhv-units)
	n=$(unit_rows) ;;
vmm-units)
	# Some are in loops.
	n=$(lines '\bCHECK\(' '^tools/mshv/check.*\.c$') ;;
selftests)
	n=$(selftest_rows) ;;
*)
	die "no row $1" ;;
esac
[ "$n" -gt 1 ] || die "nothing found for $1: no clone, or its files have moved"
echo "$n"
