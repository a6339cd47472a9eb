#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# stress.sh SECONDS LATEST: in the root partition, two Linux guests at once
# under load: forks, 10 ms timers, wake-ups and disk I/O. No timer may be LATEST
# microseconds late, and no wake-up take as long. Results as TAP.
set -u
seconds=$1
latest=$2

# How the guest's last account must look: something done by each kind of task,
# no wake-up lost, no block wrong.
some='[1-9][0-9]*'
good="worked [0-9]* s: $some forks, $some timers, [0-9]* over 100 ms"
good="$good, latest [0-9]* us, $some wake-ups, slowest [0-9]* us, 0 lost"
good="$good, $some blocks, 0 wrong"

# in_time LOG WORD: nothing took too long; WORD stands before the longest.
in_time()
{
	us=$(sed -n "s/^guest: worked.* $2 \([0-9]*\) us.*/\1/p" "$1")
	[ "${us:-$latest}" -lt "$latest" ]
}

for guest in 1 2; do
	dd if=/dev/zero of=/tmp/disk$guest bs=1M count=8 2>/dev/null
	{
		./mshv-vmm --kernel bzImage --initrd initrd --disk /tmp/disk$guest \
			--cpus 2 --timeout $((seconds + 600)) \
			--cmdline "console=ttyS0 quiet guest.work=$seconds" \
			</dev/null >/tmp/raw.$guest 2>&1
		echo "status $?" >>/tmp/raw.$guest
	} &
done
# If the guests' timers are late, are the root's?
echo "# timers of the root meanwhile: $(./work timers "$seconds")"
wait

failed=0
for guest in 1 2; do
	log=/tmp/log.$guest
	tr -d '\r' </tmp/raw.$guest >$log
	if grep -qE "^guest: $good" $log && grep -q '^guest: log clean' $log &&
	   grep -q '^guest: off' $log && ! grep -qE -f complaints $log &&
	   grep -qx 'status 0' $log && in_time $log latest && in_time $log slowest; then
		echo "ok - guest $guest: $(sed -n 's/^guest: worked/worked/p' $log)"
	else
		echo "not ok - guest $guest under load"
		failed=1
	fi
	sed 's/^/# /' $log
done
exit $failed
