#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make run GUEST=shell as a user has it: wait for the prompt, type commands, see
# their answers, leave. All that the console shows is printed in the end.
set -eu
. "$(dirname "$0")/row.sh"
. "$rig/lib.sh"

dir=$(mktemp -d "$O/run/shell.XXXXXX")
mkfifo "$dir/keys"
trap 'rm -rf "$dir"' EXIT

# shown PATTERN: wait until the console has shown it, or the run is over.
shown()
{
	while kill -0 "$run" 2>/dev/null && [ "$SECONDS" -lt 400 ]; do
		! grep -qaE "$1" "$dir/console" || return 0
		sleep 1
	done
	! grep -qaE "$1" "$dir/console" || return 0
	say "the console never showed $1"
	cat "$dir/console"
	kill -- "-$run" 2>/dev/null || :
	exit 1
}

# A process group of its own: QEMU has no time limit here.
set -m
GUEST=shell "$rig/run.sh" <"$dir/keys" >"$dir/console" 2>&1 &
run=$!
exec 3>"$dir/keys"
shown '^/ # '
prompt=$SECONDS
printf 'echo here $((6 * 7)), $(nproc) processors\r' >&3
shown '^here 42, 2 processors'
# Ctrl-C ends what the guest's shell runs, not the VMM.
printf 'sleep 1000\r' >&3
sleep 3
printf '\003' >&3
sleep 1
printf 'echo $((100 + 28)) > /tmp/a; cat /tmp/a\r' >&3
shown '^128'
printf 'exit\r' >&3
shown '== ended as it should'
status=0
wait "$run" || status=$?
cat "$dir/console"
echo "the guest's prompt came $prompt s after the start"
exit "$status"
