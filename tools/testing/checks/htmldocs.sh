#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The documentation in a kernel tree, by the kernel's own make htmldocs: no
# warning that is about ours. And what it says twice is the same: statuses in
# errors.rst and the driver's table, errnos in api.rst and the uapi header.
set -eu
. "$(dirname "$0")/check.sh"

docs=$TOP/Documentation/virt/mshv

htmldocs()
{
	tree=$O/check/doctree
	rm -rf "$tree"
	mkdir -p "$tree"
	for f in "$kernel"/*; do
		case ${f##*/} in
		plain | debug) ;;
		Documentation | drivers | include | arch | tools)
			cp -as "$(realpath "$f")" "$tree/" ;;
		*) ln -s "$(realpath "$f")" "$tree/" ;;
		esac
	done
	"$TOP/tools/overlay/apply.sh" files "$tree"
	log=$O/check/htmldocs.log
	make -C "$tree" SPHINXDIRS=virt/mshv htmldocs >"$log" 2>&1 ||
		{ echo "the build failed"; tail -n 5 "$log"; }
	grep -E 'virt/mshv|mshv.*\.h' "$log" | grep -E 'WARNING|ERROR|warning|error' || :
	[ -f "$tree/Documentation/output/virt/mshv/api.html" ] ||
		echo "api.html was not built"
}

# NAME value errno, of the table and of the page.
statuses()
{
	sed -nE 's/^MSHV_STATUS\((.*), 0x(..), (.*)\),$/\1 \2 \3/p' \
		"$TOP/drivers/hv/mshv/status.tbl" |
		sed 's/ 0$/ none/' >"$O/check/statuses.table"
	sed -nE 's/^([A-Z_]+) +0x(..) +(``)?([A-Za-z]+)(``)?$/\1 \2 \4/p' \
		"$docs/errors.rst" | tr A-F a-f >"$O/check/statuses.lower"
	tr A-F a-f <"$O/check/statuses.table" |
		diff - "$O/check/statuses.lower" || :
}

# IOCTL ERRNO, of the header.
errnos_of_header()
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
	}' "$TOP/include/uapi/linux/mshv.h" | sort -u
}

# IOCTL ERRNO, of the page: lines that begin with an errno, below a heading.
errnos_of_page()
{
	awk '
	/^MSHV_[A-Z_]+$/ { name = $1 }
	name != "" && /^``E[A-Z]+``(, ``E[A-Z]+``)*,?$/ {
		gsub(/[^A-Z]+/, " ")
		for (i = 1; i <= NF; i++)
			print name, $i
	}' "$docs"/api*.rst | sort -u
}

errnos()
{
	errnos_of_header >"$O/check/errnos.header"
	errnos_of_page >"$O/check/errnos.page"
	diff "$O/check/errnos.header" "$O/check/errnos.page" || :
}

mkdir -p "$O/check"
result "make htmldocs" "$(htmldocs)"
result "statuses of errors.rst and status.tbl" "$(statuses)"
result "errnos of api.rst and linux/mshv.h" "$(errnos)"
