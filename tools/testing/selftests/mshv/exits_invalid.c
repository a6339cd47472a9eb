// SPDX-License-Identifier: GPL-2.0
/* VPs that cannot go on: registers that fit together no more, and what a guest may not ask for. */
#include "fixture.h"

GUEST_SNIPPET(code_task32);
GUEST_SNIPPET(code_halt64);

#define EFER_LME	0x100
#define CR4_PAE		0x20
#define SEG_LONG	0x2000
#define SEG_DEFAULT	0x4000

/* Which the payloads of these messages begin with: there is no header. */
#define VP_INDEX	3

#define FEATURE_TASK_SWITCH	2

#define TASK_GDT	0x7000
#define TASK_SELECTOR	0x28
#define TASK_TSS	0x9000
#define TASK_ENTRY	0x9800
#define TASK_PORT	0x30

/* Nothing is told but who, and behind it there are zeros; the VP rests. */
static void check_message(struct __test_metadata *_metadata, int vp, __u32 type, __u8 size,
			  const struct mshv_hv_message *msg)
{
	const __u8 *payload = (const __u8 *)msg->payload;
	int i;

	ASSERT_EQ(type, msg->header.message_type);
	EXPECT_EQ(size, msg->header.payload_size);
	EXPECT_EQ(0, msg->header.message_flags.asu8);
	EXPECT_EQ(0, msg->header.reserved[0] | msg->header.reserved[1]);
	for (i = size; i < MSHV_HV_MESSAGE_PAYLOAD_SIZE; i++)
		EXPECT_EQ(0, payload[i]) TH_LOG("byte %d", i);
	EXPECT_EQ(1, reg_get(vp, HV_REGISTER_INTERCEPT_SUSPEND));
}

static void check_invalid(struct __test_metadata *_metadata, int vp, __u64 sender)
{
	const struct mshv_hv_x64_invalid_vp_register_message *m;
	struct mshv_hv_message msg;

	m = (const void *)msg.payload;
	vp_run(vp, &msg);
	check_message(_metadata, vp, MSHV_HVMSG_INVALID_VP_REGISTER_VALUE, 8, &msg);
	EXPECT_EQ(sender, msg.header.sender);
	EXPECT_EQ(VP_INDEX, m->vp_index);
	EXPECT_EQ(0, m->reserved);
}

/* The VP runs: returns who says so. */
static __u64 check_runs(struct __test_metadata *_metadata, int vp)
{
	const struct mshv_hv_x64_intercept_message_header *h;
	struct mshv_hv_message msg;

	h = (const void *)msg.payload;
	vp_run(vp, &msg);
	EXPECT_EQ(MSHV_HVMSG_X64_HALT, msg.header.message_type);
	EXPECT_EQ(VP_INDEX, h->vp_index);
	return msg.header.sender;
}

/* Each value is legal, long mode without PAE is not: told at each run until that is put right. */
TEST_F(guest, long_mode_without_pae)
{
	int vp = vp_create(self->guest.part, VP_INDEX), i;
	__u64 sender;

	guest_start(&self->guest, MODE_64, code_halt64);
	vp_start(vp, MODE_64, GUEST_CODE);
	sender = check_runs(_metadata, vp);
	vp_start(vp, MODE_32_PAGED, GUEST_CODE);
	reg_set(vp, HV_X64_REGISTER_EFER, EFER_LME);
	for (i = 0; i < 3; i++)
		check_invalid(_metadata, vp, sender);
	/* Nothing has been executed, nothing has changed. */
	EXPECT_EQ(GUEST_CODE, reg_get(vp, HV_X64_REGISTER_RIP));
	vp_start(vp, MODE_64, GUEST_CODE);
	EXPECT_EQ(sender, check_runs(_metadata, vp));
	close(vp);
}

/* 64-bit and 32-bit code at once */
TEST_F(guest, code_segment_of_two_sizes)
{
	struct mshv_hv_register_assoc cs = { .name = HV_X64_REGISTER_CS };
	int vp = vp_create(self->guest.part, VP_INDEX);
	__u64 sender;

	guest_start(&self->guest, MODE_64, code_halt64);
	vp_start(vp, MODE_64, GUEST_CODE);
	sender = check_runs(_metadata, vp);
	vp_start(vp, MODE_64, GUEST_CODE);
	regs_get(vp, &cs, 1);
	EXPECT_EQ(SEG_LONG, cs.value.segment.attributes & (SEG_LONG | SEG_DEFAULT));
	cs.value.segment.attributes |= SEG_DEFAULT;
	regs_set(vp, &cs, 1);
	check_invalid(_metadata, vp, sender);
	cs.value.segment.attributes &= ~SEG_DEFAULT;
	regs_set(vp, &cs, 1);
	EXPECT_EQ(sender, check_runs(_metadata, vp));
	close(vp);
}

/* A 32-bit TSS whose task ends at once, and the GDT that leads there */
static void build_task(struct guest *guest)
{
	__u64 *gdt = (__u64 *)(guest->mem + TASK_GDT);
	__u32 *tss = (__u32 *)(guest->mem + TASK_TSS);
	int i;

	memset(gdt, 0, 0x30);
	gdt[1] = 0x00cf9b000000ffffull;
	gdt[2] = 0x00cf93000000ffffull;
	gdt[TASK_SELECTOR / 8] = 0x0000890000000067ull | (__u64)TASK_TSS << 16;
	memset(tss, 0, 0x68);
	tss[0x20 / 4] = TASK_ENTRY;
	tss[0x24 / 4] = 2;
	tss[0x38 / 4] = GUEST_STACK;
	for (i = 0; i < 6; i++)
		tss[0x48 / 4 + i] = i == 1 ? 0x08 : 0x10;
	/* out %al, $TASK_PORT: who gets there has switched. */
	memcpy(guest->mem + TASK_ENTRY, (const __u8[]){ 0xe6, TASK_PORT }, 2);
}

/* A task switch is not carried out: the guest is before it. */
TEST_F(guest, task_switch)
{
	const struct mshv_hv_x64_unsupported_feature_message *m;
	struct mshv_hv_register_assoc gdtr = { .name = HV_X64_REGISTER_GDTR };
	int vp = vp_create(self->guest.part, VP_INDEX);
	struct mshv_hv_message msg;

	m = (const void *)msg.payload;
	guest_start(&self->guest, MODE_32, code_task32);
	build_task(&self->guest);
	vp_start(vp, MODE_32, GUEST_CODE);
	gdtr.value.table.base = TASK_GDT;
	gdtr.value.table.limit = 0x2f;
	regs_set(vp, &gdtr, 1);
	vp_run(vp, &msg);
	if (msg.header.message_type == MSHV_HVMSG_X64_IO_PORT_INTERCEPT &&
	    reg_get(vp, HV_X64_REGISTER_RIP) == TASK_ENTRY) {
		close(vp);
		SKIP(return, "the processor switches tasks without an exit");
	}
	check_message(_metadata, vp, MSHV_HVMSG_UNSUPPORTED_FEATURE, 16, &msg);
	EXPECT_NE(0, msg.header.sender);
	EXPECT_EQ(VP_INDEX, m->vp_index);
	EXPECT_EQ(FEATURE_TASK_SWITCH, m->feature_code);
	EXPECT_EQ(TASK_SELECTOR, m->feature_parameter);
	EXPECT_EQ(GUEST_CODE, reg_get(vp, HV_X64_REGISTER_RIP));
	close(vp);
}

TEST_HARNESS_MAIN
