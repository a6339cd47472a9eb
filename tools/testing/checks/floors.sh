#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A room includes only headers of rooms on lower floors, or to its right on
# its own. A room is what a .c and a .h of one name hold; the order is data:
# floors/NAME.list has the directory in its first line, then the floors from
# the top, each with its rooms from left to right.
set -eu
. "$(dirname "$0")/check.sh"

# check_floors LIST FILE: what FILE includes against the order.
check_floors()
{
	awk -v file="$2" '
	function room(path) {
		sub(/.*\//, "", path)
		sub(/\.[chS]$/, "", path)
		return path
	}
	FNR == NR && /^[0-9]/ {
		for (i = 2; i <= NF; i++) {
			floor[$i] = $1
			place[$i] = i
		}
		next
	}
	FNR == NR { next }
	FNR == 1 {
		me = room(file)
		if (!(me in floor)) {
			print "room " me " stands on no floor"
			exit
		}
	}
	/^#[ \t]*include[ \t]+"/ {
		split($0, part, "\"")
		you = room(part[2])
		if (you == me)
			next
		if (!(you in floor))
			print FNR ": room " you " stands on no floor"
		else if (floor[you] > floor[me])
			print FNR ": " me " includes " you ", a floor above"
		else if (floor[you] == floor[me] && place[you] < place[me])
			print FNR ": " me " includes " you ", to its left"
	}' "$1" "$2"
}

for list in "$checks"/floors/*.list; do
	dir=$(sed -n 's/^dir //p' "$list")
	for file in $(files "$dir/*.c" "$dir/*.h"); do
		case $file in "$dir"/unit/*) continue ;; esac
		result "$file" "$(check_floors "$list" "$file")"
	done
done
