#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# run.sh: the whole thing at work: guests of the sample VMM in a root partition
# on testhv. GUEST names them:
#
#	linux	Debian's unmodified cloud kernel on two VPs, to its power-off
#	shell	the same, with a shell on the console
#	bios	Debian's SeaBIOS, from the reset vector to its HLT
#	flat	our own 64-bit guest, which checks its exits
set -eu
. "$(dirname "$0")/lib.sh"

begun=$(date +%s)
GUEST=${GUEST:-linux}
EXTRA=$O/run/vmm
rm -rf "$EXTRA"
mkdir -p "$EXTRA"
cp "$O/vmm/mshv-vmm" "$EXTRA"
strip "$EXTRA/mshv-vmm"
CMD='set -e -o pipefail
echo "== the root partition: $(uname -sr), $(nproc) processors"
dmesg | sed -n "s/^.*\(Hyper-V: running\)/== \1/p"'

# The guest's log ends with what it found; the shell is its last process.
linux()
{
	word=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
	CMD="$CMD
echo '== Linux, given $word'
dd if=/dev/zero of=/tmp/disk bs=1M count=8 2>/dev/null
mshv-vmm --kernel bzImage --initrd initrd --cpus 2 --disk /tmp/disk \
	--cmdline 'console=ttyS0 guest.disk guest.word=$word' 2>&1 |
	awk -v begun=$begun '{ print; fflush() }
	/^guest: Linux/ { took = systime() - begun }
	END { print \"== its first process ran \" took \" s after the start\" }' |
	tee /tmp/log
for line in 'Linux .*cloud' 'processors 2' 'hypervisor .*Microsoft Hyper-V' \
	'given $word' 'disk second half' off; do
	grep -q \"^guest: \$line\" /tmp/log
done"
}

# Every key is for the guest, Ctrl-C too.
shell()
{
	INTERACTIVE=1
	export INTERACTIVE
	CMD="$CMD
echo '== Linux with a shell; exit, or Ctrl-D, powers off'
dd if=/dev/zero of=/tmp/disk bs=1M count=8 2>/dev/null
stty raw -echo
status=0
mshv-vmm --kernel bzImage --initrd initrd --cpus 2 --disk /tmp/disk \
	--cmdline 'console=ttyS0 quiet guest.shell' || status=\$?
stty sane
[ \$status = 0 ]"
}

for guest in $GUEST; do
	case $guest in
	linux | shell)
		"$(dirname "$0")/linux_guest.sh" "$EXTRA"
		$guest ;;
	bios)
		cp /usr/share/seabios/bios.bin "$EXTRA"
		CMD="$CMD
echo '== SeaBIOS, from the reset vector to its HLT'
mshv-vmm --firmware bios.bin" ;;
	flat)
		cp "$O/vmm/guest64.bin" "$EXTRA"
		CMD="$CMD
echo '== our own 64-bit guest'
mshv-vmm --mode 64 --challenge guest64.bin" ;;
	*)
		die "GUEST is linux, shell, bios or flat, not $guest" ;;
	esac
done
CMD="$CMD
echo '== ended as it should'"
export CMD EXTRA
exec "$TOP/tools/testing/rig/boot.sh"
