#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Anywhere but in the root partition of a hypervisor that isn't nested, loading the
# driver fails with ENODEV: without a hypervisor beneath (HV=none), in a guest of
# one (HVOPTS=guest), and in the root partition of a nested one (HVOPTS=nested).
set -eu
. "$(dirname "$0")/row.sh"

MODULE=none
EXTRA=$O/run/refused
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
cp "$O/plain/mshv.ko" "$EXTRA"
# What Linux must have taken its place for, or nothing is shown.
place=' Microsoft Hyper-V:'
case ${HV:-}:${HVOPTS:-} in
none:*) place=: ;;
*:nested) place="${place}as root partition,on a nested hypervisor," ;;
esac
CMD="place=\$(dmesg | sed -n 's/.*Hypervisor detected://p'):\$(
	dmesg | sed -n 's/.*Hyper-V: running //p' | tr '\n' ,)
echo \"the place: \$place\"
insmod mshv.ko 2>error
cat error
[ \"\$place\" = '$place' ] &&
grep -q 'No such device' error && test ! -e /dev/mshv"
export MODULE EXTRA CMD
exec "$rig/boot.sh"
