#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Linux guests of the sample VMM in one root partition, one after the other:
# Debian's unmodified cloud kernel with one and two VPs, with the Hyper-V
# features and without. LINUX has lines "VPs FEATURES" to run others.
set -eu
. "$(dirname "$0")/row.sh"
. "$rig/lib.sh"

EXTRA=$O/run/linux
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
reason=$("$rig/linux_guest.sh" "$EXTRA" 2>&1) || skip "$reason"
cp "$O/vmm/mshv-vmm" "$EXTRA"
strip "$EXTRA/mshv-vmm"
printf '%s\n' "${LINUX:-1 0xffb
2 0xffb
1 0
2 0}" >"$EXTRA/list"

# The random word has to come back from the guest, and its disk's data too.
cat >"$EXTRA/run.sh" <<'EOF'
failed=0
dd if=/dev/zero of=/tmp/disk bs=1M count=8 2>/dev/null
while read -r cpus features; do
	word=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
	./mshv-vmm --kernel bzImage --initrd initrd --disk /tmp/disk \
		--cmdline "console=ttyS0 quiet guest.disk guest.word=$word" \
		--cpus "$cpus" --features "$features" --timeout 150 \
		</dev/null >/tmp/log 2>&1
	status=$?
	if [ $status = 0 ] && grep -q "guest: processors $cpus" /tmp/log &&
	   grep -q "guest: given $word" /tmp/log &&
	   grep -q 'guest: disk 16384' /tmp/log; then
		echo "PASS Linux with $cpus VPs, features $features"
	else
		echo "FAIL Linux with $cpus VPs, features $features: $status"
		failed=1
	fi
	cat /tmp/log
done <list
exit $failed
EOF

TIMEOUT=700
CMD="cd /extra && sh run.sh"
export EXTRA TIMEOUT CMD
exec "$rig/boot.sh"
