#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# No kernel-doc warning in our headers.
set -eu
. "$(dirname "$0")/check.sh"

for header in $(files 'drivers/*.h' 'include/*.h' 'arch/*.h'); do
	result "$header" \
		"$("$kernel/scripts/kernel-doc" -none -Werror "$header" 2>&1)"
done
