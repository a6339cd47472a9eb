// SPDX-License-Identifier: GPL-2.0
/* Guests that do what no guest does: testhv stays whole, and its messages are one at a time. */
#include <string.h>

#include "../hw/cpu.h"
#include "../serve/intercept.h"
#include "../serve/message.h"
#include "../serve/serve.h"
#include "../vm/event.h"
#include "../vm/lapic.h"
#include "../vm/registers.h"
#include "../vm/slat.h"
#include "machine.h"
#include "unit.h"

#define APIC_PAGE	0xfee00000UL
#define RFLAGS_TF	BIT(8)
#define ICR_SIPI	0x000c4610u	/* to all others */

/* VP 0 of a partition with a local APIC, in 16-bit code at @code. */
static struct vp *with_lapic(const char *code, size_t size)
{
	struct vp *vp = partition_vp(machine_partition(PARTITION_FLAG_LAPIC_ENABLED), 0);

	memcpy(machine_page(40), code, size);
	vp->vmcb->cs.base = 0;
	vp->vmcb->rip = 0;
	vp->explicit_suspend = false;
	lapic_sipi_callback = child_sipi;
	return vp;
}

/* A SIPI and a single step, both the parent's to know, by one instruction. */
static void two_messages(void)
{
	struct vp *vp = with_lapic("\x66\x67\x89\x03", 4);	/* mov %eax, (%ebx) */
	struct vmcb *c = vp->vmcb;

	EXPECT_EQ(HV_SUCCESS, intercepts_set(vp->partition, INTERCEPT_INIT_SIPI,
					     INTERCEPT_EXECUTE, 0));
	EXPECT_EQ(HV_SUCCESS, intercepts_set(vp->partition, INTERCEPT_EXCEPTION,
					     INTERCEPT_EXECUTE, 1));
	c->rflags |= RFLAGS_TF;
	c->rax = ICR_SIPI;
	vp->gprs.rbx = APIC_PAGE + LAPIC_ICR;
	c->exitcode = EXIT_NPF;
	c->exitinfo1 = NPF_WRITE;
	c->exitinfo2 = APIC_PAGE + LAPIC_ICR;
	serve_child_exit(&cpus[0], vp);
	EXPECT_EQ(1, posted);
	EXPECT_EQ(MESSAGE_SIPI, *(u32 *)vp->message);
	/* The guest gets the exception itself. */
	EXPECT_EQ(EVENTINJ_VALID | EVENTINJ_TYPE_EXCEPTION | 1, c->eventinj);
	EXPECT_EQ(4, c->rip);
}

/* The HLT behind its STI counts as executed: the step that this ends is the parent's. */
static void step_of_a_hlt(void)
{
	struct vp *vp = with_lapic("\xf4", 1);

	EXPECT_EQ(HV_SUCCESS, intercepts_set(vp->partition, INTERCEPT_EXCEPTION,
					     INTERCEPT_EXECUTE, 1));
	vp->vmcb->rflags |= RFLAGS_TF | RFLAGS_IF;
	vp->vmcb->int_state = INT_STATE_SHADOW;
	lapic_arrive(vp, &(struct lapic_request){ .type = LAPIC_INIT });
	EXPECT(!serve_child_entry(vp));
	EXPECT_EQ(1, posted);
	EXPECT_EQ(MESSAGE_EXCEPTION, *(u32 *)vp->message);
	/* What has come meanwhile is for later. */
	EXPECT_EQ(1, vp->vmcb->rip);
	EXPECT(vp->lapic->init_pending);
}

/* Its timer has a vector that doesn't exist: the error interrupt is what wakes it. */
static void illegal_vector(void)
{
	struct vp *vp = with_lapic("\xf4", 1);

	vp->vmcb->rflags |= RFLAGS_IF;
	lapic_write(vp, LAPIC_SVR, 0x1ff);
	lapic_write(vp, LAPIC_LVT_ERROR, 0x61);
	vp->vmcb->exitcode = EXIT_HLT;
	serve_child_exit(&cpus[0], vp);
	EXPECT(!serve_child_entry(vp));
	lapic_raise(vp, 5, false);
	EXPECT_EQ(1, resumed);
	EXPECT(serve_child_entry(vp));
	EXPECT_EQ(EVENTINJ_VALID | 0x61, vp->vmcb->eventinj);
}

/* Elsewhere there may be memory of the guest's. */
static void apic_moves(void)
{
	struct vp *vp = with_lapic("", 0);
	struct register_value v = { .low = vp->lapic->base + PAGE_SIZE };

	EXPECT_EQ(HV_INVALID_REGISTER_VALUE, register_set(vp, REG_APIC_BASE, &v));
	v.low = vp->lapic->base & ~APIC_BASE_ENABLE;
	EXPECT_EQ(HV_SUCCESS, register_set(vp, REG_APIC_BASE, &v));
	EXPECT(!lapic_enabled(vp));
}

/* Pages of the hypervisor don't get into the way of the local APIC. */
static void overlay_on_apic(void)
{
	static const struct {
		u32 msr;
		bool taken;
	} rows[] = { { 0x40000001, false }, { 0x40000021, true }, { 0x40000073, false },
		     { 0x40000082, true }, { 0x40000083, true } };
	u64 value = 1;
	struct vp *vp;

	machine_features = 0xffb;
	vp = with_lapic("", 0);
	EXPECT(child_msr_access(vp, 0x40000000, true, &value));
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		about("MSR", rows[i].msr);
		value = APIC_PAGE | 1;
		EXPECT_EQ(rows[i].taken, child_msr_access(vp, rows[i].msr, true, &value));
		EXPECT_EQ(SLAT_UNMAPPED, slat_check(vp->partition, APIC_PAGE, SLAT_READ));
	}
}

static u64 next_random(u64 *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return *seed >> 11;
}

static void random_state(struct vp *vp, u64 *seed)
{
	struct vmcb *c = vp->vmcb;

	for (unsigned int i = 0; i < 512; i++)
		((u64 *)machine_page(40))[i] = next_random(seed) << 16 ^ next_random(seed);
	for (unsigned int i = 0; i < sizeof(vp->gprs) / 8; i++)
		((u64 *)&vp->gprs)[i] = next_random(seed) >> next_random(seed) % 48;
	c->rax = next_random(seed) >> next_random(seed) % 48;
	c->rip = next_random(seed) & 0xff;
	c->cs.base = 0;
	c->cs.attrib = next_random(seed) & 0xfff;
	c->cr0 = CR0_PE * (next_random(seed) & 1);
	c->efer = EFER_SVME;
	c->cpl = 0;
	c->rflags = next_random(seed) & 0x3f7fd7;
	c->int_state = next_random(seed) & INT_STATE_SHADOW;
	c->exitintinfo = next_random(seed) % 4 ? 0 : EVENTINJ_VALID | (next_random(seed) & 0x7ff);
	c->eventinj = c->exitintinfo;
}

/* An access to the local APIC by one of the usual instructions, or whatever random bytes are. */
static void random_access(struct vp *vp, u64 *seed)
{
	static const u8 forms[][3] = { { 0x67, 0x89, 0x03 }, { 0x67, 0x8b, 0x03 },
				       { 0x67, 0x87, 0x03 }, { 0x67, 0x09, 0x03 } };

	if (next_random(seed) % 4)
		memcpy(machine_page(40) + vp->vmcb->rip, forms[next_random(seed) % 4], 3);
	vp->vmcb->exitcode = EXIT_NPF;
	vp->vmcb->exitinfo1 = next_random(seed) & NPF_WRITE;
	vp->vmcb->exitinfo2 = APIC_PAGE + (next_random(seed) & 0xff0);
}

static void random_exits(void)
{
	static const u64 codes[] = { EXIT_HLT, EXIT_MSR, EXIT_VINTR, EXIT_CR8_WRITE, EXIT_IRET,
				     EXIT_CPUID, EXIT_EXCEPTION + 1 };
	struct vp *vp = with_lapic("", 0);
	u64 seed = 98765;

	for (unsigned int i = 0; i < 50000; i++) {
		random_state(vp, &seed);
		if (!(i % 16))
			intercepts_set(vp->partition, next_random(&seed) % 12,
				       next_random(&seed) % 8, next_random(&seed) % 32);
		if (next_random(&seed) % 2)
			random_access(vp, &seed);
		else
			vp->vmcb->exitcode = codes[next_random(&seed) % ARRAY_SIZE(codes)];
		vp->explicit_suspend = false;
		vp->intercept_suspend = false;
		posted = 0;
		event_after_exit(vp);
		serve_child_exit(&cpus[0], vp);
		if (!vp->intercept_suspend)
			serve_child_entry(vp);
		EXPECT(posted <= 1);
		EXPECT_EQ(posted, vp->intercept_suspend);
	}
}

const struct test hostile_tests[] = {
	{ "hostile: two messages", two_messages },
	{ "hostile: step of a HLT", step_of_a_hlt },
	{ "hostile: illegal vector", illegal_vector },
	{ "hostile: APIC_BASE elsewhere", apic_moves },
	{ "hostile: overlays on the local APIC", overlay_on_apic },
	{ "hostile: local APIC at random", random_exits },
	{ }
};
