#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A file is one concept: 500 lines at most. A function has 60 at most; a table
# or a switch of one-line cases may be longer, and is listed here.
set -eu
. "$(dirname "$0")/check.sh"

# FILE:FUNCTION of those that may be longer.
long_by_nature=''

long_functions()
{
	awk -v file="$1" -v allowed="$long_by_nature" '
	/^[a-z].*\(/ && !/;$/ { head = $0; sub(/\(.*/, "", head)
				sub(/.*[ *]/, "", head) }
	/^\{/ { start = NR; inside = 1 }
	/^\}/ && inside {
		inside = 0
		if (NR - start - 1 > 60 &&
		    !index(allowed, file ":" head))
			print file ":" start ": " head " has " \
				NR - start - 1 " lines"
	}' "$1"
}

for file in $(files '*.c' '*.h' '*.S' '*.sh' Makefile '*/Makefile' '*.rst'); do
	text=
	lines=$(wc -l <"$file")
	[ "$lines" -le 500 ] || text="$file has $lines lines"
	case $file in
	*.c | *.h) text=$text$(long_functions "$file") ;;
	esac
	result "$file" "$text"
done
