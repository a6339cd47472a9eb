#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Exits on one processor while another one reloads its FPU.
set -eu
. "$(dirname "$0")/row.sh"

MODULE=none
EXTRA=$O/run/fpu
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
gcc -static -O2 -Wall -Wextra -Werror -o "$EXTRA/fpu_exits" "$rig/fpu_exits.c"
CMD='/extra/fpu_exits 10'
export MODULE EXTRA CMD
exec "$rig/boot.sh"
