# SPDX-License-Identifier: GPL-2.0
# The project's commands; README.md says what each does. Everything is built
# below build/, except the kernels, which all clones share ($(CACHE)).

O := $(CURDIR)/build
export O

KIND ?= plain

# For make boot and make shell. Command lines keep them out of sub-makes.
export GUEST CMD EXTRA SMP MEM KERNEL MODULES KIND MACHINE QEMU HV HVOPTS APPEND
export TIMEOUT VERBOSE KMEMLEAK CACHE SRC JOBS DURATION BOOTS WAKEUPS VPS FEATURES
MAKEOVERRIDES :=
# A dollar in a command is for the shell in the root partition.
override CMD := $(value CMD)

RIG := tools/testing/rig

.DEFAULT_GOAL := help
.PHONY: help packages kernels kernel driver-plain driver-debug testhv vmm guests
.PHONY: selftests init boot shell run check test stress measure mutants clean

help:
	@sed -n '/^| `make/p' README.md | tr -d '|`'

# Nothing but make and a shell is needed up to here.
packages:
	@$(RIG)/packages.sh

kernels: packages
	@tools/overlay/kernel.sh plain debug

driver-plain driver-debug: driver-%: kernels
	@$(RIG)/module.sh $* $(O)/$*/mshv
	@ln -sf mshv/mshv.ko mshv/mshv_kunit.ko $(O)/$*/

kernel: driver-plain driver-debug

# Programs of the rig: PID 1, what Linux guests do, and who asks for their time.
RIG_PROGRAMS := $(addprefix $(O)/rig/,init work ask)
init: packages $(RIG_PROGRAMS)
$(RIG_PROGRAMS):
	@mkdir -p $(@D)
	gcc -static -O2 -Wall -Wextra -Werror -o $@ $(filter %.c,$^)
$(O)/rig/init: $(addprefix $(RIG)/,init.c report.c report.h)
$(O)/rig/work: $(addprefix $(RIG)/linux/,work.c load.c load.h)
$(O)/rig/ask: $(RIG)/linux/ask.c

testhv: packages
	@$(MAKE) -s -C tools/testing/testhv O=$(O)/testhv
vmm: packages
	@$(MAKE) -s -C tools/mshv O=$(O)/vmm
guests: packages
	@$(MAKE) -s -C tools/testing/guests O=$(O)/guests
# The kselftest harness is the kernel source's.
selftests: kernels
	@$(MAKE) -s -C tools/testing/selftests/mshv O=$(O)/selftests \
		KSELFTEST_DIR=$(O)/kernel/tools/testing/selftests

# With another kernel the driver isn't loaded, so neither need be built.
BOOT := init testhv $(if $(KERNEL),,driver-$(KIND))

boot: $(BOOT)
	@test -n "$$CMD" || { echo "make boot needs CMD='...'" >&2; exit 2; }
	@$(RIG)/boot.sh

shell: $(BOOT)
	@CMD= $(RIG)/boot.sh

run: $(BOOT) vmm
	@$(RIG)/run.sh

check: kernels testhv vmm
	@$(RIG)/test.sh check

test: kernel init testhv vmm guests selftests
	@$(RIG)/test.sh

stress: kernel init testhv vmm selftests
	@$(RIG)/stress.sh

measure: $(BOOT) vmm
	@$(RIG)/measure.sh

mutants: kernel init testhv selftests
	@tools/testing/mutants/run.sh

clean:
	rm -rf $(O)
