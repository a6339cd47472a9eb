#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# module.sh KIND DIR [MAKE-ARGUMENT...]: build the driver and its KUnit tests
# in DIR against the cached kernel KIND. DRIVER= names another driver source
# than the clone's.
set -eu
. "$(dirname "$0")/lib.sh"

kind=$1
dir=$2
shift 2
driver=${DRIVER:-$TOP/drivers/hv/mshv}

# Links, so that the source stays free of objects and make sees changes.
mkdir -p "$dir"
find "$dir" -type l -delete
(cd "$driver" && find . -type f) | while read -r file; do
	mkdir -p "$dir/$(dirname "$file")"
	ln -sf "$driver/$file" "$dir/$file"
done

exec make -s -C "$O/kernel/$kind" M="$dir" -j"$JOBS" \
	CONFIG_MSHV=m CONFIG_MSHV_KUNIT_TEST=m \
	KCFLAGS="-I$TOP/include/uapi -I$TOP/arch/x86/include/uapi" \
	"$@" modules
