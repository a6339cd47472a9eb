#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A room includes only headers of rooms on lower floors, or to its right on
# its own. A room is what a .c and a .h of one name hold, or a directory whose
# files have no order among themselves. The order is data: floors/NAME.list
# has the directory in its first line, then the floors from the top, each with
# its rooms from left to right; a name that ends in / is a directory.
set -eu
. "$(dirname "$0")/check.sh"

# check_floors LIST DIR FILE: what DIR/FILE includes against the order.
check_floors()
{
	awk -v file="$3" '
	function room(path) {
		sub(/\.[chS]$/, "", path)
		if (!(path in floor))
			sub(/\/[^\/]*$/, "/", path)
		return path
	}
	# The path from DIR of what FILE names in an include.
	function included(name) {
		if (name ~ /^\.\.\//)
			return substr(name, 4)
		if (name ~ /\// || file !~ /\//)
			return name
		return substr(file, 1, index(file, "/")) name
	}
	FNR == NR && /^[0-9]/ {
		for (i = 2; i <= NF; i++) {
			floor[$i] = $1
			place[$i] = i
		}
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
		you = room(included(part[2]))
		if (you == me)
			next
		if (!(you in floor))
			print FNR ": room " you " stands on no floor"
		else if (floor[you] > floor[me])
			print FNR ": " me " includes " you ", a floor above"
		else if (floor[you] == floor[me] && place[you] < place[me])
			print FNR ": " me " includes " you ", to its left"
	}' "$1" "$2/$3"
}

for list in "$checks"/floors/*.list; do
	dir=$(sed -n 's/^dir //p' "$list")
	for file in $(files "$dir/*.c" "$dir/*.h"); do
		file=${file#"$dir"/}
		result "$dir/$file" "$(check_floors "$list" "$dir" "$file")"
	done
done
