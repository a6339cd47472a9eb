#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The driver's KUnit suites, as a module in the root partition. A test case is
# a result line indented by four.
set -eu
. "$(dirname "$0")/row.sh"

EXTRA=$O/run/kunit
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
cp "$O/plain/mshv_kunit.ko" "$EXTRA"
CMD='insmod mshv_kunit.ko || exit 1
sed -n "s/^    \(ok\|not ok\) /\1 /p" /sys/kernel/debug/kunit/*/results'
export EXTRA CMD
exec "$rig/boot.sh"
