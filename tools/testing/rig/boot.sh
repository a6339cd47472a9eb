#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# boot.sh: boot testhv and a root partition on it, run CMD there, and exit with
# its status, or with what went wrong instead:
#
#	239 CMD itself exited with 240 or more   243 time-out
#	240 QEMU died                            244 the hypervisor failed
#	241 the root partition's kernel died     245 the hypervisor found a leak
#	242 the kernel reported a defect
#
# Everything comes by the environment; what initramfs.sh takes is passed on.
#
#	KIND		plain or debug: which kernel, driver and patience
#	HV		testhv.elf, or "none": Linux alone on QEMU
#	HVOPTS		words for testhv
#	KERNEL		another bzImage; the driver is then not loaded
#	APPEND		words for the kernel
#	SMP MEM MACHINE QEMU	the machine
#	TIMEOUT		seconds on the plain kernel, 0: no limit
#	OUT		directory for logs; by default kept after a failure
#	VERBOSE		1: the whole kernel log on the console
#	INTERACTIVE	1: CMD has the console's input, and no time limit
set -eu
. "$(dirname "$0")/lib.sh"

KIND=${KIND:-plain}
HV=${HV:-$O/testhv/testhv.elf}
QEMU=${QEMU:-qemu-system-x86_64}
MACHINE=${MACHINE:-pc}
SMP=${SMP:-2}
MEM=${MEM:-1024}
TIMEOUT=${TIMEOUT:-600}
# The debug kernel runs the tests some ten times slower.
[ "$KIND" = plain ] || TIMEOUT=$((TIMEOUT * 4))

if [ -n "${KERNEL:-}" ]; then
	MODULE=${MODULE:-none}
else
	KERNEL=$O/kernel/$KIND/arch/x86/boot/bzImage
	MODULE=${MODULE:-$O/$KIND/mshv.ko}
fi
INIT=${INIT:-$O/rig/init}
export KIND MODULE INIT
for file in "$HV" "$KERNEL" "$MODULE" "$INIT"; do
	[ "$file" = none ] || [ -e "$file" ] || die "there is no $file"
done

if [ -z "${OUT:-}" ]; then
	mkdir -p "$O/run"
	OUT=$(mktemp -d "$O/run/boot.XXXXXX")
	trap 'rm -rf "$OUT"' EXIT
fi
mkdir -p "$OUT"
OUT=$(cd "$OUT" && pwd)
rm -f "$OUT"/{status,console.log,hv.log}

kernel_words()
{
	local level=5

	[ "${VERBOSE:-0}" = 0 ] || level=8
	echo "console=ttyS0,115200 loglevel=$level panic=-1 reboot=t" \
		"msr.allow_writes=on kunit.enable=1"
	[ "$KIND" != debug ] || echo "panic_on_warn=1"
	echo "${APPEND:-}"
}

# QEMU splits a multiboot module's name at spaces and commas: plain names in
# the working directory, and no comma in the kernel's command line.
machine_words()
{
	local words

	words=$(kernel_words | tr '\n' ' ')
	ln -sfn "$(realpath "$KERNEL")" "$OUT/bzImage"
	if [ "$HV" = none ]; then
		image=(-kernel bzImage -append "$words" -initrd initrd.gz)
		return
	fi
	words=${words/ttyS0,115200/ttyS0}
	case $words in *,*) die "comma in the kernel's command line" ;; esac
	ln -sfn "$(realpath "$HV")" "$OUT/testhv.elf"
	image=(-kernel testhv.elf -append "${HVOPTS:-}"
		-initrd "bzImage $words,initrd.gz")
}

run_qemu()
{
	local console code begun=$SECONDS cpus=$SMP interactive=${INTERACTIVE:-}

	[ -n "${CMD:-}" ] || interactive=1
	machine_words
	# testhv keeps one processor back.
	[ "$HV" = none ] || cpus=$((SMP + 1))
	console=stdio,id=console,logfile=console.log
	[ -z "$interactive" ] || console=$console,signal=off
	set -- "$QEMU" -accel tcg -cpu max,-x2apic -machine "$MACHINE" \
		-smp "$cpus" -m "$MEM" -display none -monitor none -no-reboot \
		-nodefaults -chardev "$console" -serial chardev:console \
		-serial file:status -debugcon file:hv.log \
		-global hpet.msi=on -global hpet.timers=8 \
		-device isa-debug-exit,iobase=0xf4,iosize=4 "${image[@]}"
	cd "$OUT"
	if [ -n "$interactive" ]; then
		"$@"
		return
	fi
	timeout -k 5 "$TIMEOUT" "$@" </dev/null &
	qemu=$!
	trap 'kill $qemu 2>/dev/null; wait $qemu || :; exit 130' INT TERM
	code=0
	wait $qemu || code=$?
	# 137 may be a QEMU killed by somebody, or one that had to be.
	[ "$code" != 137 ] || [ $((SECONDS - begun)) -lt "$TIMEOUT" ] ||
		code=124
	return $code
}

# A report stands behind the kernel's time stamp: what CMD prints is not one.
stamp='\[ *[0-9]+\.[0-9]{6}\](\[ *[TC][0-9]+\])? '
reports='BUG:|WARNING:|INFO: (possible|task|rcu)|rcu: INFO|watchdog: BUG'
reports="$reports|suspicious RCU usage|Invalid wait context|.*\\bKASAN\\b"
reports="$reports|Uhhuh|UBSAN|kmemleak: .*suspected|unchecked MSR|Oops"
reports="$reports|.*general protection fault"

on_console()
{
	grep -qaE "$stamp($1)" "$OUT/console.log"
}

reported()
{
	sed -n "s/^$1 //p" "$OUT/status" 2>/dev/null | tail -n 1 | tr -d '\r'
}

# fail CODE TEXT: the verdict; with testhv, what it said last. The logs stay.
fail()
{
	say "rig: $2"
	if [ "$HV" != none ] && [ -s "$OUT/hv.log" ]; then
		say "rig: the hypervisor's last words:"
		tail -n 12 "$OUT/hv.log" >&2
	fi
	trap - EXIT
	rm -f "$OUT/initrd.gz"
	say "rig: logs are in $OUT"
	exit "$1"
}

judge_qemu()
{
	case $HV:$1 in
	*:124)
		! on_console 'Kernel panic' || fail 241 "kernel panic"
		fail 243 "time-out after $TIMEOUT s" ;;
	none:0 | *:33 | *:35) ;;
	*:37) fail 244 "testhv panic" ;;
	*:0) fail 244 "the machine reset itself outside testhv" ;;
	*) fail 240 "QEMU died with status $1" ;;
	esac
}

judge_root()
{
	! on_console 'Kernel panic' || fail 241 "kernel panic"
	! on_console "$reports" || fail 242 "the kernel reported a defect"
	[ -n "$(reported EXIT)" ] || fail 241 "the root partition died"
	[ -z "$(reported LEAKS)" ] || fail 242 "kmemleak found leaks"
	[ -z "$(reported LOCKS)" ] || fail 242 "lockdep has switched itself off"
	[ -z "$(reported TAINT)" ] || fail 242 "kernel taint $(reported TAINT)"
}

"$(dirname "$0")/initramfs.sh" "$OUT"
code=0
run_qemu || code=$?
judge_qemu "$code"
judge_root
[ "$code" != 35 ] || fail 245 "testhv found a leak"

status=$(reported EXIT)
if [ "$status" -ge 240 ]; then
	say "rig: CMD exited with $status"
	status=239
fi
exit "$status"
