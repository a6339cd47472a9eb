#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Each header compiles alone: the uapi headers in C and C++, the driver's as
# kernel code, testhv's and the guests' as freestanding code, the others as their
# programs are compiled.
set -eu
. "$(dirname "$0")/check.sh"

work=$O/check/headers
rm -rf "$work"
mkdir -p "$work"

compile()
{
	"$@" -fsyntax-only -Wall -Wextra -Werror -Iinclude/uapi \
		-Iarch/x86/include/uapi 2>&1 || :
}

for header in $(files 'include/uapi/*.h' 'arch/x86/include/uapi/*.h'); do
	result "$header in C" "$(compile gcc -std=gnu11 -x c "$header")"
	result "$header in C++" "$(compile g++ -x c++ "$header")"
done

result "the documentation's example" \
	"$(compile gcc -std=gnu11 Documentation/virt/mshv/example-vmm.c)"

for header in $(files 'tools/testing/testhv/*.h'); do
	result "$header" "$(compile gcc -std=gnu11 -ffreestanding -m64 \
		-Itools/testing/testhv -x c "$header")"
done

for header in $(files 'tools/testing/guests/*.h' 'tools/mshv/guest/*.h'); do
	result "$header" "$(compile gcc -std=gnu17 -ffreestanding -m64 -mgeneral-regs-only \
		-Itools/testing/guests/lib -x c "$header")"
done

for header in $(files 'tools/mshv/*.h' 'tools/testing/rig/*.h' | grep -v '^tools/mshv/guest/'); do
	result "$header" "$(compile gcc -std=gnu17 -x c "$header")"
done

# The kernel's harness has warnings of its own.
for header in $(files 'tools/testing/selftests/*.h'); do
	result "$header" "$(compile gcc -D_GNU_SOURCE -isystem "$kernel/tools/testing/selftests" \
		-Wno-missing-field-initializers -x c "$header")"
done

# The driver's: a module of one empty file for each header.
drivers_headers=$(files 'drivers/hv/mshv/*.h')
objects=
for header in $drivers_headers; do
	name=$(basename "$header" .h)
	# A tracepoint header may be read again, and is meant to be.
	printf '#include "%s"\n' "$TOP/$header" >"$work/alone_$name.c"
	objects="$objects alone_$name.o"
done
echo "obj-m := alone.o
alone-y := $objects" >"$work/Makefile"
if [ -n "$objects" ]; then
	make -k -s -C "$kernel/plain" M="$work" -j"$JOBS" \
		KCFLAGS="-Werror -I$TOP/drivers/hv/mshv -I$TOP/include/uapi \
		-I$TOP/arch/x86/include/uapi" >"$work/log" 2>&1 || :
fi
for header in $drivers_headers; do
	name=$(basename "$header" .h)
	text=
	[ -f "$work/alone_$name.o" ] ||
		text=$(grep -A5 "alone_$name\|$name.h" "$work/log" | head -n 20)
	[ -f "$work/alone_$name.o" ] || text=${text:-does not compile}
	result "$header" "$text"
done
