// SPDX-License-Identifier: GPL-2.0
/* What a child executes: hypercalls, MOV to CR4, CPUID. */
#include <string.h>

#include "../hw/cpu.h"
#include "../serve/intercept.h"
#include "../serve/serve.h"
#include "../vm/hv.h"
#include "../vm/lapic.h"
#include "../vm/registers.h"
#include "../vm/status.h"
#include "machine.h"
#include "unit.h"

#define UD		(6 | EVENTINJ_TYPE_EXCEPTION | EVENTINJ_VALID)
#define GP		(13 | EVENTINJ_TYPE_EXCEPTION | EVENTINJ_ERROR | EVENTINJ_VALID)
#define CLIENT_FEATURES	0xffbUL

static void exits(struct vp *vp, u64 code)
{
	vp->vmcb->exitcode = code;
	vp->vmcb->eventinj = 0;
	serve_child_exit(&cpus[0], vp);
}

/* A VP with @features in 64-bit code at 0, where page 40 is, that may make hypercalls. */
static struct vp *ready_with(u64 features, u64 flags)
{
	struct vp *vp;

	machine_reset();
	machine_features = features;
	vp = partition_vp(machine_partition(flags), 0);
	vp->explicit_suspend = false;
	vp->vmcb->cs.base = 0;
	vp->vmcb->rip = 0;
	vp->vmcb->cr0 |= CR0_PE;
	vp->vmcb->efer |= EFER_LMA;
	vp->vmcb->cs.attrib |= SEG_L;
	child_msr_access(vp, 0x40000000, true, &(u64){ 1 });
	child_msr_access(vp, 0x40000001, true, &(u64){ 0x7001 });
	return vp;
}

static struct vp *ready(u64 features)
{
	return ready_with(features, 0);
}

static u64 call(struct vp *vp, u64 control, u64 in, u64 out)
{
	vp->gprs.rcx = control;
	vp->gprs.rdx = in;
	vp->gprs.r8 = out;
	exits(vp, EXIT_VMMCALL);
	EXPECT_EQ(0, vp->vmcb->eventinj);
	return vp->vmcb->rax;
}

static void statuses(void)
{
	struct vp *vp = ready(CLIENT_FEATURES);

	EXPECT_EQ(HV_INVALID_HYPERCALL_CODE, call(vp, 0x3fff, 0, 0));
	EXPECT_EQ(3, vp->vmcb->rip);
	EXPECT_EQ(HV_INVALID_HYPERCALL_INPUT, call(vp, 0x40 | BIT(27), 0, 0));
	/* None of the root's, whatever the arguments. */
	for (u64 code = 0x40; code <= 0xe6; code++) {
		bool known = code <= 0xa1 || (code >= 0xaf && code <= 0xb2) ||
			     (code >= 0xbf && code <= 0xc2) || code >= 0xdb;
		hv_status status = known ? HV_ACCESS_DENIED : HV_INVALID_HYPERCALL_CODE;

		about("call", code);
		EXPECT_EQ(status, call(vp, code, 0, 0));
		EXPECT_EQ(status, call(vp, code | REPS(5), 1, ~0UL));
		EXPECT_EQ(status, call(vp, code | BIT(16), vp->partition->id, ~0UL));
		EXPECT_EQ(status, call(vp, code | BIT(16) | REPS(1), vp->partition->id, 0));
	}
	EXPECT_EQ(HV_ACCESS_DENIED, call(vp, 2, 0, 0));
	EXPECT_EQ(HV_ACCESS_DENIED, call(vp, 0x8001, 0, 0));
	vp = ready(CLIENT_FEATURES | SYNTHETIC_TB_FLUSH | SYNTHETIC_LONG_SPIN);
	EXPECT_EQ(HV_SUCCESS, call(vp, 2, 0, 0));
	EXPECT_EQ(HV_SUCCESS | REPS(3), call(vp, 3 | REPS(3), 0, 0));
	EXPECT_EQ(HV_INVALID_HYPERCALL_INPUT, call(vp, 2 | REPS(1), 0, 0));
	EXPECT_EQ(HV_INVALID_HYPERCALL_INPUT, call(vp, 3 | REPS(3) | REP_START(3), 0, 0));
	EXPECT_EQ(HV_INVALID_ALIGNMENT, call(vp, 2, 4, 0));
	EXPECT_EQ(HV_INVALID_ALIGNMENT, call(vp, 2, 0xff0, 0));
	/* Where nothing is, and in a page of the hypervisor. */
	EXPECT_EQ(HV_INVALID_PARAMETER, call(vp, 2, 0x5000, 0));
	EXPECT_EQ(HV_INVALID_PARAMETER, call(vp, 2, 0x7000, 0));
	EXPECT_EQ(HV_SUCCESS, call(vp, 8 | BIT(16), 77, 0));
	EXPECT_EQ(HV_ACCESS_DENIED, call(vp, 0x13, 0, 0));
	EXPECT_EQ(0, posted);
}

static bool requested(const struct vp *vp, u8 vector)
{
	return lapic_has_pending(vp) && lapic_read((struct vp *)vp, 0x200 + 16 * (vector / 32)) &
	       BIT(vector % 32);
}

static void cluster_ipi(void)
{
	u64 *input = (u64 *)machine_page(40);
	struct vp *vp = ready_with(CLIENT_FEATURES | SYNTHETIC_CLUSTER_IPI |
				   SYNTHETIC_EXTENDED_MASKS, PARTITION_FLAG_LAPIC_ENABLED);

	lapic_write(vp, 0xf0, 0x1ff);
	input[32] = 0x41;
	input[33] = 2;
	EXPECT_EQ(HV_SUCCESS, call(vp, 0xb, 0x100, 0));
	EXPECT(!requested(vp, 0x41));
	input[33] = 3;
	EXPECT_EQ(HV_SUCCESS, call(vp, 0xb, 0x100, 0));
	EXPECT(requested(vp, 0x41));
	EXPECT_EQ(HV_SUCCESS, call(vp, 0xb | BIT(16), 0x42, 1));
	EXPECT(requested(vp, 0x42));
	EXPECT_EQ(HV_INVALID_PARAMETER, call(vp, 0xb | BIT(16), 15, 1));
	EXPECT_EQ(HV_INVALID_PARAMETER, call(vp, 0xb | BIT(16), 0x142, 1));
	input[32] = 0x43;
	input[33] = 0;		/* sparse */
	input[34] = 3;
	input[35] = 1;
	input[36] = ~0UL;
	EXPECT_EQ(HV_INVALID_PARAMETER, call(vp, 0x15 | BIT(17), 0x100, 0));
	EXPECT_EQ(HV_SUCCESS, call(vp, 0x15 | 2 * BIT(17), 0x100, 0));
	EXPECT(requested(vp, 0x43));
	input[32] = 0x44;
	input[33] = 1;		/* all */
	EXPECT_EQ(HV_SUCCESS, call(vp, 0x15, 0x100, 0));
	EXPECT(requested(vp, 0x44));
	input[33] = 2;
	EXPECT_EQ(HV_INVALID_PARAMETER, call(vp, 0x15, 0x100, 0));
}

static void in_32_bit_code(void)
{
	struct vp *vp = ready(CLIENT_FEATURES);

	vp->vmcb->cs.attrib = (vp->vmcb->cs.attrib & ~SEG_L) | SEG_DB;
	vp->vmcb->rax = 0x40;
	vp->gprs.rdx = 0xffffffff00000000;
	vp->gprs.rbx = 1;
	vp->gprs.rcx = 2;
	exits(vp, EXIT_VMMCALL);
	EXPECT_EQ(HV_ACCESS_DENIED, vp->vmcb->rax);
	vp->vmcb->rax = 0x40;
	exits(vp, EXIT_VMMCALL);
	EXPECT_EQ(HV_ACCESS_DENIED, vp->vmcb->rax);
	EXPECT_EQ(0, vp->gprs.rdx);
	EXPECT_EQ(1, vp->gprs.rbx);
	EXPECT_EQ(2, vp->gprs.rcx);
	EXPECT_EQ(6, vp->vmcb->rip);
}

static void undefined(void)
{
	struct vp *vp = ready(CLIENT_FEATURES);

	vp->vmcb->cpl = 3;
	exits(vp, EXIT_VMMCALL);
	EXPECT_EQ(UD, vp->vmcb->eventinj);
	EXPECT_EQ(0, vp->vmcb->rip);
	vp->vmcb->cpl = 0;
	vp->vmcb->cr0 &= ~CR0_PE;
	exits(vp, EXIT_VMMCALL);
	EXPECT_EQ(UD, vp->vmcb->eventinj);
	vp->vmcb->cr0 |= CR0_PE;
	child_msr_access(vp, 0x40000000, true, &(u64){ 0 });
	exits(vp, EXIT_VMMCALL);
	EXPECT_EQ(UD, vp->vmcb->eventinj);
	vp = ready(0);
	exits(vp, EXIT_VMMCALL);
	EXPECT_EQ(UD, vp->vmcb->eventinj);
}

static u64 write_cr4(struct vp *vp, const char *code, size_t size)
{
	vp->vmcb->rip = 0;
	memcpy(machine_page(40), code, size);
	exits(vp, EXIT_CR4_WRITE);
	return vp->vmcb->eventinj;
}

static void cr4(void)
{
	struct vp *vp = ready(0);

	/* No paging: code is where its address says. */
	vp->vmcb->cr0 &= ~CR0_PG;
	vp->vmcb->cr4 = CR4_PAE;
	vp->vmcb->rax = CR4_PAE | BIT(7);
	EXPECT_EQ(0, write_cr4(vp, "\x0f\x22\xe0", 3));
	EXPECT_EQ(CR4_PAE | BIT(7), vp->vmcb->cr4);
	EXPECT_EQ(3, vp->vmcb->rip);
	EXPECT(vp->flush);
	vp->gprs.r15 = CR4_PAE;
	EXPECT_EQ(0, write_cr4(vp, "\x66\x41\x0f\x22\xe7", 5));
	EXPECT_EQ(CR4_PAE, vp->vmcb->cr4);
	EXPECT_EQ(5, vp->vmcb->rip);
	vp->vmcb->rax = CR4_PAE | BIT(12);		/* LA57 */
	EXPECT_EQ(GP, write_cr4(vp, "\x0f\x22\xe0", 3));
	vp->vmcb->rax = CR4_PAE | CR4_PKE;
	EXPECT_EQ(GP, write_cr4(vp, "\x0f\x22\xe0", 3));
	vp->vmcb->rax = 0;				/* long mode needs PAE */
	EXPECT_EQ(GP, write_cr4(vp, "\x0f\x22\xe0", 3));
	EXPECT_EQ(CR4_PAE, vp->vmcb->cr4);
	EXPECT_EQ(0, vp->vmcb->rip);
	/* A feature that creation took away. */
	vp->partition->disabled_xsave = BIT(0);
	vp->vmcb->rax = CR4_PAE | CR4_OSXSAVE;
	EXPECT_EQ(GP, write_cr4(vp, "\x0f\x22\xe0", 3));
}

static u32 cpuid_of(struct vp *vp, u32 leaf, u32 subleaf, u64 *rbx)
{
	vp->vmcb->rax = leaf;
	vp->gprs.rcx = subleaf;
	exits(vp, EXIT_CPUID);
	if (rbx)
		*rbx = vp->gprs.rbx;
	return (u32)vp->vmcb->rax;
}

static void hypervisor_leaves(void)
{
	struct vp *vp = ready(CLIENT_FEATURES);
	u64 rbx;

	EXPECT_EQ(0x40000006, cpuid_of(vp, 0x40000000, 0, &rbx));
	EXPECT_EQ(0x7263694d, rbx);
	EXPECT_EQ(0xe7e, cpuid_of(vp, 0x40000003, 0, &rbx));
	EXPECT_EQ(0, rbx);
	EXPECT_EQ(0x220, cpuid_of(vp, 0x40000004, 0, &rbx));
	EXPECT_EQ(0xffffffff, rbx);
	EXPECT_EQ(0, cpuid_of(vp, 0x40000007, 0, NULL));
	EXPECT_EQ(0, cpuid_of(vp, 0x40000081, 0, NULL));
	vp = ready(CLIENT_FEATURES | SYNTHETIC_TB_FLUSH);
	EXPECT_EQ(0x224, cpuid_of(vp, 0x40000004, 0, NULL));
	/* Without Hv#1 nothing follows from the others. */
	vp = ready(0);
	for (u32 leaf = 0x40000000; leaf < 0x40000110; leaf++) {
		about("leaf", leaf);
		EXPECT_EQ(0, cpuid_of(vp, leaf, 0, &rbx));
		EXPECT_EQ(0, rbx);
	}
}

/* What each feature shows, beside Hv#1 itself: a bit or two in leaves 3 and 4. */
static void features_seen(void)
{
	static const struct { u8 feature; u32 leaf3[4], leaf4[2]; } seen[] = {
		{ 2, { 0x1 }, { 0 } }, { 3, { 0x2 }, { 0 } }, { 4, { 0x4 }, { 0 } },
		{ 5, { 0x8 }, { 0 } }, { 6, { 0x10 }, { 0x8 } }, { 7, { 0x20 }, { 0 } },
		{ 8, { 0x40 }, { 0 } }, { 9, { 0x200 }, { 0 } },
		{ 10, { 0x400, 0, 0, BIT(5) }, { 0 } }, { 11, { 0x800, 0, 0, BIT(8) }, { 0 } },
		{ 15, { 0, 0, 0, BIT(14) }, { 0 } }, { 18, { 0, 0, 0, BIT(15) }, { 0 } },
		{ 22, { 0, 0, 0, BIT(19) }, { 0 } }, { 24, { 0 }, { BIT(11) } },
		{ 25, { 0 }, { BIT(2) } }, { 26, { 0 }, { BIT(10) } },
		{ 27, { 0 }, { 0, 0xfffff000 } }, { 29, { 0, BIT(5) }, { 0 } },
	};
	struct vp *vp;
	u64 rbx;

	for (unsigned int i = 0; i < ARRAY_SIZE(seen); i++) {
		vp = ready_with(SYNTHETIC_PRESENT | SYNTHETIC_HV1 | BIT(seen[i].feature),
				PARTITION_FLAG_LAPIC_ENABLED);
		about("feature", seen[i].feature);
		EXPECT_EQ(seen[i].leaf3[0], cpuid_of(vp, 0x40000003, 0, &rbx));
		EXPECT_EQ(seen[i].leaf3[1], rbx);
		EXPECT_EQ(0, vp->gprs.rcx);
		EXPECT_EQ(seen[i].leaf3[3], vp->gprs.rdx);
		EXPECT_EQ(0x220 | seen[i].leaf4[0], cpuid_of(vp, 0x40000004, 0, &rbx));
		EXPECT_EQ(0xffffffff ^ seen[i].leaf4[1], rbx);
	}
}

static void xsave_leaf(void)
{
	struct vp *vp = ready(0);
	struct cpuid_result avx = cpuid(0xd, 2);
	u64 size;

	vp->ext.xcr0 = 3;
	EXPECT_EQ(7, cpuid_of(vp, 0xd, 0, &size));
	EXPECT_EQ(576, size);
	EXPECT_EQ(avx.eax + avx.ebx, vp->gprs.rcx);
	vp->ext.xcr0 = 7;
	cpuid_of(vp, 0xd, 0, &size);
	EXPECT_EQ(avx.eax + avx.ebx, size);
	EXPECT_EQ(0, cpuid_of(vp, 0xd, 1, &size) & ~5u);
	EXPECT_EQ(0, size);
	vp->partition->disabled_xsave = BIT(2);
	EXPECT_EQ(3, cpuid_of(vp, 0xd, 0, &size));
	EXPECT_EQ(576, vp->gprs.rcx);
	vp->partition->disabled_xsave = BIT(0);
	EXPECT_EQ(0, cpuid_of(vp, 0xd, 0, &size));
	EXPECT_EQ(0, size);
}

/* How many there are and how wide their ids: fields of 8 and 4 bits (APM 3, E.4.7). */
static void core_counts(void)
{
	static const struct { u32 vps, ecx, logical; } want[] = {
		{ 1, 0x0000, 1 }, { 2, 0x1001, 2 }, { 255, 0x80fe, 255 }, { 256, 0x80ff, 255 },
		{ 257, 0x90ff, 255 }, { 2048, 0xb0ff, 255 },
	};
	struct vp *vp = ready(0);
	u64 rbx;

	for (unsigned int i = 0; i < ARRAY_SIZE(want); i++) {
		about("VPs", want[i].vps);
		vp->partition->vp_count = want[i].vps;
		cpuid_of(vp, 0x80000008, 0, NULL);
		EXPECT_EQ(want[i].ecx, vp->gprs.rcx);
		cpuid_of(vp, 1, 0, &rbx);
		EXPECT_EQ(want[i].logical, rbx >> 16 & 0xff);
		EXPECT_EQ(0, rbx >> 24);
		cpuid_of(vp, 0xb, 1, &rbx);
		EXPECT_EQ(want[i].vps, rbx);
	}
	vp->partition->vp_count = 1;
}

static u64 msr_exit(struct vp *vp, u32 msr, bool write)
{
	vp->vmcb->rip = 0;
	vp->gprs.rcx = msr;
	vp->vmcb->rax = 0x11111111;
	vp->gprs.rdx = 0x22222222;
	vp->vmcb->exitinfo1 = write;
	exits(vp, EXIT_MSR);
	return vp->vmcb->eventinj;
}

static void expect_gp(struct vp *vp, u32 msr, bool write)
{
	EXPECT_EQ(GP, msr_exit(vp, msr, write));
	EXPECT_EQ(0, vp->vmcb->rip);
	EXPECT_EQ(0x11111111, vp->vmcb->rax);
	EXPECT_EQ(0x22222222, vp->gprs.rdx);
}

/* What nobody has is #GP, or by the property 0 that ignores writes; an intercept comes first. */
static void unknown_msrs(void)
{
	static const u32 unknown[] = { 0x400, 0x12345678, 0x40001000, 0x4f000000, 0xc0001000,
				       0xc0010200, MSR_VM_HSAVE_PA };
	static const u32 always[] = { 0x40000003, 0x40000105, 0x40000118, 0x40000fff };
	struct vp *vp = ready(CLIENT_FEATURES);
	u64 *action = &vp->partition->properties.unimplemented_msr_action;

	for (unsigned int i = 0; i < ARRAY_SIZE(unknown); i++) {
		about("MSR", unknown[i]);
		*action = 0;
		expect_gp(vp, unknown[i], false);
		expect_gp(vp, unknown[i], true);
		*action = UNIMPLEMENTED_MSR_IGNORE;
		EXPECT_EQ(0, msr_exit(vp, unknown[i], true));
		EXPECT_EQ(2, vp->vmcb->rip);
		EXPECT_EQ(0x11111111, vp->vmcb->rax);
		EXPECT_EQ(0, msr_exit(vp, unknown[i], false));
		EXPECT_EQ(2, vp->vmcb->rip);
		EXPECT_EQ(0, vp->vmcb->rax);
		EXPECT_EQ(0, vp->gprs.rdx);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(always); i++) {
		about("MSR", always[i]);
		expect_gp(vp, always[i], false);
		expect_gp(vp, always[i], true);
	}
	/* What there is, but takes no such value, is #GP all the same. */
	expect_gp(vp, 0xfe, true);
	expect_gp(vp, MSR_VM_CR, true);
	EXPECT_EQ(0, posted);
	EXPECT_EQ(HV_SUCCESS, intercepts_set(vp->partition, 1, 3, 0));
	msr_exit(vp, 0x400, false);
	EXPECT_EQ(1, posted);
	EXPECT(vp->intercept_suspend);
}

const struct test child_tests[] = {
	{ "child: statuses of hypercalls", statuses },
	{ "child: cluster IPI", cluster_ipi },
	{ "child: hypercalls of 32-bit code", in_32_bit_code },
	{ "child: VMMCALL that is undefined", undefined },
	{ "child: MOV to CR4", cr4 },
	{ "child: hypervisor leaves", hypervisor_leaves },
	{ "child: what each feature shows", features_seen },
	{ "child: XSAVE leaf", xsave_leaf },
	{ "child: MSRs that nobody has", unknown_msrs },
	{ "child: how many VPs there are", core_counts },
	{ }
};
