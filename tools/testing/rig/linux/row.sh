# SPDX-License-Identifier: GPL-2.0
# What the rows with Linux guests share: EXTRA with all that they need in the
# root partition. To be sourced behind lib.sh.
# shellcheck shell=sh disable=SC2154

EXTRA=$O/run/linux
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
reason=$("$rig/linux_guest.sh" "$EXTRA" 2>&1) || { echo "$reason"; exit 4; }
cp "$O/vmm/mshv-vmm" "$O/rig/ask" "$O/rig/work" "$rig"/linux/*.sh "$rig/linux/complaints" "$EXTRA"
strip "$EXTRA/mshv-vmm" "$EXTRA/ask" "$EXTRA/work"
