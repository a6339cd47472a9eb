// SPDX-License-Identifier: GPL-2.0
/* Guests of the selftests: memory, page tables and starting states. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mshv_test.h"

#define CR0_PE		0x1
#define CR0_ET		0x10
#define CR0_PG		0x80000000
#define CR4_PSE		0x10
#define CR4_PAE		0x20
#define EFER_LME_LMA	0x500
#define RFLAGS_1	0x2
#define RFLAGS_IOPL3	0x3000

#define PTE_TABLE	0x7	/* present, writable, user */
#define PTE_LARGE	0x87
#define PTES		512

/* Segment attributes: type 3:0, S 4, DPL 6:5, P 7, L 13, D 14, G 15 */
#define SEG_DATA16	0x0093
#define SEG_CODE16	0x009b
#define SEG_DATA32	0xc093
#define SEG_CODE32	0xc09b
#define SEG_CODE64	0xa09b
#define SEG_DPL3	0x0060
#define SEG_LDT		0x0082
#define SEG_TSS		0x008b

struct start {
	__u64 cr0, cr3, cr4, efer, rflags;
	__u32 code_base, limit;
	__u16 code_selector, code_attributes, data_selector, data_attributes;
};

static const struct start starts[] = {
	[MODE_REAL] = {
		.cr0 = CR0_ET,
		.rflags = RFLAGS_1,
		.code_base = GUEST_CODE,
		.limit = 0xffff,
		.code_selector = GUEST_CODE >> 4,
		.code_attributes = SEG_CODE16,
		.data_attributes = SEG_DATA16,
	},
	[MODE_32] = {
		.cr0 = CR0_ET | CR0_PE,
		.rflags = RFLAGS_1,
		.limit = 0xffffffff,
		.code_selector = 0x8,
		.code_attributes = SEG_CODE32,
		.data_selector = 0x10,
		.data_attributes = SEG_DATA32,
	},
	[MODE_32_PAGED] = {
		.cr0 = CR0_ET | CR0_PE | CR0_PG,
		.cr3 = GUEST_PD32,
		.cr4 = CR4_PSE,
		.rflags = RFLAGS_1,
		.limit = 0xffffffff,
		.code_selector = 0x8,
		.code_attributes = SEG_CODE32,
		.data_selector = 0x10,
		.data_attributes = SEG_DATA32,
	},
	[MODE_64] = {
		.cr0 = CR0_ET | CR0_PE | CR0_PG,
		.cr3 = GUEST_PML4,
		.cr4 = CR4_PAE,
		.efer = EFER_LME_LMA,
		.rflags = RFLAGS_1,
		.limit = 0xffffffff,
		.code_selector = 0x8,
		.code_attributes = SEG_CODE64,
		.data_selector = 0x10,
		.data_attributes = SEG_DATA32,
	},
	[MODE_64_USER] = {
		.cr0 = CR0_ET | CR0_PE | CR0_PG,
		.cr3 = GUEST_PML4,
		.cr4 = CR4_PAE,
		.efer = EFER_LME_LMA,
		.rflags = RFLAGS_1 | RFLAGS_IOPL3,
		.limit = 0xffffffff,
		.code_selector = 0x1b,
		.code_attributes = SEG_CODE64 | SEG_DPL3,
		.data_selector = 0x23,
		.data_attributes = SEG_DATA32 | SEG_DPL3,
	},
};

/* Identity up to 4 GiB, but for the alias of the first GiB in the second. */
static void build_tables(__u8 *mem)
{
	__u64 *pml4 = (__u64 *)(mem + GUEST_PML4);
	__u64 *pdpt = (__u64 *)(mem + GUEST_PDPT);
	__u64 *pd = (__u64 *)(mem + GUEST_PD);
	__u64 *pt = (__u64 *)(mem + GUEST_PT);
	__u32 *pd32 = (__u32 *)(mem + GUEST_PD32);
	int i;

	pml4[0] = GUEST_PDPT | PTE_TABLE;
	pdpt[0] = GUEST_PD | PTE_TABLE;
	pdpt[1] = PTE_LARGE;
	for (i = 0; i < PTES; i++) {
		pd[i] = (__u64)i << 21 | PTE_LARGE;
		pt[i] = 0;
	}
	pd[PTES - 1] = GUEST_PT | PTE_TABLE;
	for (i = 0; i < 256; i++) {
		pd32[i] = (__u32)i << 22 | PTE_LARGE;
		pd32[256 + i] = pd32[i];
	}
}

void guest_create(struct guest *guest, __u64 flags)
{
	struct mshv_user_mem_region region;

	guest->dev = dev_open();
	guest->part = part_create(guest->dev, flags);
	guest->mem = pages_alloc(GUEST_SIZE);
	region = mem_region(guest->mem, 0, GUEST_SIZE, HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE |
			    HV_MAP_GPA_EXECUTABLE);
	mem_map(guest->part, &region);
	guest->vp = vp_create(guest->part, 0);
}

void guest_destroy(struct guest *guest)
{
	close(guest->vp);
	close(guest->part);
	close(guest->dev);
	munmap(guest->mem, GUEST_SIZE);
}

static struct mshv_hv_register_assoc plain_reg(__u32 name, __u64 value)
{
	struct mshv_hv_register_assoc reg = { .name = name };

	/* Clients leave what lies above a narrow value as it is. */
	memset(&reg.value, POISON, sizeof(reg.value));
	reg.value.reg64 = value;
	return reg;
}

static struct mshv_hv_register_assoc segment_reg(__u32 name, const struct start *start, bool code)
{
	struct mshv_hv_register_assoc reg = { .name = name };

	reg.value.segment.base = code ? start->code_base : 0;
	reg.value.segment.limit = start->limit;
	reg.value.segment.selector = code ? start->code_selector : start->data_selector;
	reg.value.segment.attributes = code ? start->code_attributes : start->data_attributes;
	return reg;
}

static struct mshv_hv_register_assoc system_segment(__u32 name, __u16 attributes)
{
	struct mshv_hv_register_assoc reg = { .name = name };

	reg.value.segment.limit = 0xffff;
	reg.value.segment.attributes = attributes;
	return reg;
}

/* Put @vp into @mode with its next instruction at @entry, in CS. */
void vp_start(int vp, enum guest_mode mode, __u64 entry)
{
	const struct start *s = &starts[mode];
	struct mshv_hv_register_assoc regs[] = {
		plain_reg(HV_X64_REGISTER_EFER, s->efer),
		plain_reg(HV_X64_REGISTER_CR0, s->cr0),
		plain_reg(HV_X64_REGISTER_CR3, s->cr3),
		plain_reg(HV_X64_REGISTER_CR4, s->cr4),
		segment_reg(HV_X64_REGISTER_CS, s, true),
		segment_reg(HV_X64_REGISTER_DS, s, false),
		segment_reg(HV_X64_REGISTER_ES, s, false),
		segment_reg(HV_X64_REGISTER_FS, s, false),
		segment_reg(HV_X64_REGISTER_GS, s, false),
		segment_reg(HV_X64_REGISTER_SS, s, false),
		system_segment(HV_X64_REGISTER_LDTR, SEG_LDT),
		system_segment(HV_X64_REGISTER_TR, SEG_TSS),
		plain_reg(HV_X64_REGISTER_RSP, GUEST_STACK - 16),
		plain_reg(HV_X64_REGISTER_RFLAGS, s->rflags),
		plain_reg(HV_X64_REGISTER_RIP, entry),
	};

	regs_set(vp, regs, ARRAY_SIZE(regs));
}

void guest_load(struct guest *guest, enum guest_mode mode, const __u8 *code, const __u8 *end)
{
	build_tables(guest->mem);
	memcpy(guest->mem + GUEST_CODE, code, end - code);
	memset(guest->mem + GUEST_DATA, 0, GUEST_PAGE);
	vp_start(guest->vp, mode, mode == MODE_REAL ? 0 : GUEST_CODE);
}

/* Go on behind the instruction that @msg tells of. */
void guest_skip(struct guest *guest, const struct mshv_hv_message *msg)
{
	const struct mshv_hv_x64_intercept_message_header *head = (const void *)msg->payload;

	reg_set(guest->vp, HV_X64_REGISTER_RIP, head->rip + head->instruction_length);
}

/* How often code_spin16 went round. */
__u32 guest_ticks(const struct guest *guest)
{
	return __atomic_load_n((__u32 *)(guest->mem + GUEST_DATA), __ATOMIC_ACQUIRE);
}

/* Wait until code_spin16 is seen to run. */
void guest_wait_tick(const struct guest *guest)
{
	__u64 end = now_ns() + 10000000000ull * time_scale();
	__u32 before = guest_ticks(guest);

	while (guest_ticks(guest) == before) {
		die_if(now_ns() > end, "the guest doesn't run");
		sleep_us(100);
	}
}
