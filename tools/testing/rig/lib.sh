# SPDX-License-Identifier: GPL-2.0
# What the rig's shell scripts share. To be sourced; needs only POSIX sh.
# shellcheck shell=sh

# The top is where Kconfig is: git may not be there yet.
TOP=$(cd "$(dirname "$0")" && pwd)
while [ ! -f "$TOP/Kconfig" ]; do
	TOP=${TOP%/*}
done
O=${O:-$TOP/build}
CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mshv}
JOBS=${JOBS:-$(nproc)}

# The flags of a make that called us are not for the makes that we call.
unset MAKEFLAGS MFLAGS MAKELEVEL

say()
{
	printf '%s\n' "$*" >&2
}

die()
{
	say "${0##*/}: $*"
	exit 1
}

# as_root COMMAND...: run it as root, by sudo if need be.
as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "neither root nor sudo: cannot run: $*"
	fi
}

# A line every half minute: what is being done, for how long, and how many
# lines its log has. Stops when the caller does.
progress()
{
	what=$1 log=$2 caller=$3 start=$(date +%s)
	while sleep 30 && kill -0 "$caller" 2>/dev/null; do
		say "$what: $(($(date +%s) - start)) s, $(wc -l <"$log") steps"
	done
}

# logged WHAT LOG COMMAND...: run a long step with its output in LOG, showing
# progress, and the end of LOG if it fails.
logged()
{
	what=$1 log=$2
	shift 2
	say "$what ..."
	begun=$(date +%s)
	: >"$log"
	progress "$what" "$log" $$ &
	ticker=$!
	status=0
	"$@" >"$log" 2>&1 </dev/null || status=$?
	kill "$ticker" 2>/dev/null || :
	if [ "$status" != 0 ]; then
		tail -n 30 "$log" >&2
		die "$what failed (status $status), see $log"
	fi
	say "$what: done in $(($(date +%s) - begun)) s"
}
