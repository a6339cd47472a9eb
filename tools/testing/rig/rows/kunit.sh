#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The driver's KUnit suites, as a module in the root partition: KUNIT, by default
# the tree's own. A test case is a result line indented by four.
set -eu
. "$(dirname "$0")/row.sh"

EXTRA=$O/run/kunit
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
cp "${KUNIT:-$O/plain/mshv_kunit.ko}" "$EXTRA/mshv_kunit.ko"
CMD='insmod mshv_kunit.ko || exit 1
sed -n "s/^    \(ok\|not ok\) /\1 /p" /sys/kernel/debug/kunit/*/results >results
cat results
! grep -q "^not ok" results'
export EXTRA CMD
exec "$rig/boot.sh"
