#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Our scripts under shellcheck. Quotes in CMD are for another shell.
set -eu
. "$(dirname "$0")/check.sh"

for file in .ci/run $(files '*.sh'); do
	result "$file" "$(shellcheck -x -P SCRIPTDIR -S warning \
		-e SC2089,SC2090 "$file" 2>&1)"
done
