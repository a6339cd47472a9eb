#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every errno that the uapi header lists for an ioctl is produced by a test, and
# every errno that a test expects is listed. Prints what one of them lacks.
#
# The header: "MSHV_X - " begins an ioctl, "Return:" its errnos. The tests:
# EXPECT_ERR(MSHV_X, EY, and the sweep's ioctls times the errnos of all statuses;
# that of INSUFFICIENT_MEMORY only where no deposit pays for it.
cd "$(dirname "$0")" || exit 2
header=../../../../include/uapi/linux/mshv.h
statuses=../../../../drivers/hv/mshv/status.tbl

# What no test can have, each with its reason.
untestable()
{
	# Root, as which the tests run, may open more files than there are.
	sed -n '/ ENFILE$/p' "$1"
	# Only for a signal that kills, so that nobody sees it.
	sed -n '/ EINTR$/{/^MSHV_RUN_VP /!p}' "$1"
}

documented()
{
	awk '
	/^ \* MSHV_[A-Z_]+ - / { name = $2; returns = 0 }
	/^ \* Return:/ { returns = 1 }
	/^ \*\// { returns = 0 }
	returns {
		gsub(/[^A-Z]+/, " ")
		for (i = 1; i <= NF; i++)
			if ($i ~ /^E[A-Z]+$/)
				print name, $i
	}' "$header" | sort -u
}

tested()
{
	{
		cat ./*.c | tr '\n\t' '  ' |
		grep -oE '(EXPECT|ASSERT)_ERR\(MSHV_[A-Z_]+, *E[A-Z]+' |
		sed 's/.*(//; s/,//'

		awk '
		FILENAME ~ /tbl$/ {
			if (sub(/^MSHV_STATUS\(.*, E/, "E") && sub(/\),$/, ""))
				errnos[$0]
			next
		}
		/^FIXTURE_VARIANT_ADD/ { paid = 0 }
		/\.paid = true/ { paid = 1 }
		/\.ioctls = "/ {
			gsub(/.*= "|".*/, "")
			for (i = 1; i <= NF; i++)
				for (errno in errnos)
					if ($i ~ /^MSHV_/ && !(paid && errno == "ENOMEM"))
						print $i, errno
		}' "$statuses" fault_sweep.c
	} | sort -u
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
documented >"$work/documented"
tested >"$work/tested"
untestable "$work/documented" | sort -u >"$work/untestable"
sort -u "$work/tested" "$work/untestable" >"$work/accounted"

comm -23 "$work/documented" "$work/accounted" | sed 's/^/documented, not tested: /' >"$work/out"
comm -13 "$work/documented" "$work/tested" | sed 's/^/tested, not documented: /' >>"$work/out"
cat "$work/out"
[ -s "$work/documented" ] && [ ! -s "$work/out" ]
