// SPDX-License-Identifier: GPL-2.0
/* Port I/O exits: every form of IN, OUT, INS and OUTS, every field. */
#include "fixture.h"

#define CASE_STRING	1
#define CASE_REP	2
#define DX_PORT		0xabcd

GUEST_SNIPPET(code_echo64);
GUEST_SNIPPET(code_string64);

/* What is in the registers when the instruction starts */
#define IN_RAX		0x1122334455667788
#define IN_RCX		3
#define IN_RSI		(GUEST_DATA + 0x10)
#define IN_RDI		(GUEST_DATA + 0x20)
#define IN_RFLAGS	0x8d7	/* CF PF AF ZF SF OF and bit 1 */

static enum guest_mode mode_of(__u8 bits)
{
	return bits == 16 ? MODE_REAL : bits == 32 ? MODE_32 : MODE_64;
}

static void load_case(struct guest *guest, const struct io_case *c)
{
	struct mshv_hv_register_assoc regs[] = {
		{ .name = HV_X64_REGISTER_RAX, .value.reg64 = IN_RAX },
		{ .name = HV_X64_REGISTER_RCX, .value.reg64 = IN_RCX },
		{ .name = HV_X64_REGISTER_RDX, .value.reg64 = DX_PORT },
		{ .name = HV_X64_REGISTER_RSI, .value.reg64 = IN_RSI },
		{ .name = HV_X64_REGISTER_RDI, .value.reg64 = IN_RDI },
		{ .name = HV_X64_REGISTER_RFLAGS, .value.reg64 = IN_RFLAGS },
	};

	guest_load(guest, mode_of(c->bits), c->code, c->code + c->length);
	regs_set(guest->vp, regs, ARRAY_SIZE(regs));
}

static void check_header(struct __test_metadata *_metadata, const struct io_case *c,
			 const struct mshv_hv_x64_intercept_message_header *h)
{
	EXPECT_EQ(0, h->vp_index);
	EXPECT_BITS(c->length, h->instruction_length);
	EXPECT_BITS(0, h->cr8);
	EXPECT_EQ(c->write, h->intercept_access_type);
	EXPECT_BITS(0, h->execution_state.cpl);
	EXPECT_BITS(c->bits != 16, h->execution_state.cr0_pe);
	EXPECT_BITS(0, h->execution_state.cr0_am);
	EXPECT_BITS(c->bits == 64, h->execution_state.efer_lma);
	EXPECT_BITS(0, h->execution_state.debug_active);
	EXPECT_BITS(0, h->execution_state.interruption_pending);
	EXPECT_BITS(0, h->execution_state.interrupt_shadow);
	EXPECT_EQ(c->bits == 16 ? GUEST_CODE : 0, h->cs_segment.base);
	EXPECT_EQ(c->bits == 16 ? GUEST_CODE >> 4 : 8, h->cs_segment.selector);
	EXPECT_EQ(c->bits == 16 ? 0 : GUEST_CODE, h->rip);
	EXPECT_EQ(IN_RFLAGS, h->rflags);
}

static void check_io(struct __test_metadata *_metadata, const struct io_case *c,
		     const struct mshv_hv_message *msg)
{
	const struct mshv_hv_x64_io_port_intercept_message *io = (const void *)msg->payload;

	ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg->header.message_type);
	EXPECT_EQ(sizeof(*io), msg->header.payload_size);
	EXPECT_EQ(0, msg->header.message_flags.asu8);
	EXPECT_NE(0, msg->header.sender);
	check_header(_metadata, c, &io->header);

	EXPECT_EQ(c->port, io->port_number);
	EXPECT_BITS(c->size, io->access_info.access_size);
	EXPECT_BITS(!!(c->flags & CASE_STRING), io->access_info.string_op);
	EXPECT_BITS(!!(c->flags & CASE_REP), io->access_info.rep_prefix);
	EXPECT_EQ(IN_RAX, io->rax);
	/* How many bytes it gives is the hypervisor's choice; they must be right. */
	EXPECT_LE(io->instruction_byte_count, 16);
	EXPECT_EQ(0, memcmp(io->instruction_bytes, c->code,
			    io->instruction_byte_count < c->length ?
			    io->instruction_byte_count : c->length));
	if (!(c->flags & CASE_STRING))
		return;
	EXPECT_EQ(IN_RCX, io->rcx);
	EXPECT_EQ(IN_RSI, io->rsi);
	EXPECT_EQ(IN_RDI, io->rdi);
	EXPECT_EQ(0, io->ds_segment.base);
	EXPECT_EQ(0, io->es_segment.base);
	EXPECT_EQ(c->bits == 16 ? 0 : 0x10, io->ds_segment.selector);
	EXPECT_EQ(c->bits == 16 ? 0 : 0x10, io->es_segment.selector);
	EXPECT_BITS(1, io->ds_segment.present);
	EXPECT_BITS(1, io->es_segment.present);
}

static void check_case(struct __test_metadata *_metadata, struct guest *guest,
		       const struct io_case *c)
{
	struct mshv_hv_message msg;

	load_case(guest, c);
	vp_run(guest->vp, &msg);
	check_io(_metadata, c, &msg);
	/* An exit changes nothing: the instruction has not been executed. */
	EXPECT_EQ(c->bits == 16 ? 0 : GUEST_CODE, reg_get(guest->vp, HV_X64_REGISTER_RIP));
	EXPECT_EQ(IN_RAX, reg_get(guest->vp, HV_X64_REGISTER_RAX));
	EXPECT_EQ(IN_RCX, reg_get(guest->vp, HV_X64_REGISTER_RCX));
	EXPECT_TRUE(vp_suspended(guest->vp));
	if (_metadata->exit_code)
		TH_LOG("%u bits, %s, %u bytes, port %#x, flags %u", c->bits,
		       c->write ? "out" : "in", c->size, c->port, c->flags);
}

FIXTURE(io) {
	struct books books;
	struct guest guest;
};

FIXTURE_VARIANT(io) {
	int bits;
	bool string;
};

FIXTURE_VARIANT_ADD(io, scalar16) { .bits = 16 };
FIXTURE_VARIANT_ADD(io, scalar32) { .bits = 32 };
FIXTURE_VARIANT_ADD(io, scalar64) { .bits = 64 };
FIXTURE_VARIANT_ADD(io, string16) { .bits = 16, .string = true };
FIXTURE_VARIANT_ADD(io, string32) { .bits = 32, .string = true };
FIXTURE_VARIANT_ADD(io, string64) { .bits = 64, .string = true };

FIXTURE_SETUP(io)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	guest_create(&self->guest, 0);
}

FIXTURE_TEARDOWN(io)
{
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

TEST_F(io, every_field)
{
	const struct io_case *c;
	int count = 0;

	for (c = __start_guest_io; c < __stop_guest_io; c++) {
		if (c->bits != variant->bits || variant->string != !!(c->flags & CASE_STRING))
			continue;
		check_case(_metadata, &self->guest, c);
		count++;
	}
	EXPECT_EQ(12, count);
}

/* What the VMM puts into RAX is what the guest has read. */
TEST_F(guest, in_value_arrives)
{
	struct guest *guest = &self->guest;
	struct mshv_hv_x64_io_port_intercept_message *io;
	struct mshv_hv_message msg;
	__u32 value;
	int i;

	random_init();
	io = (void *)msg.payload;
	guest_start(guest, MODE_64, code_echo64);
	for (i = 0; i < 100; i++) {
		value = random_u64();
		vp_run(guest->vp, &msg);
		ASSERT_EQ(0, io->header.intercept_access_type);
		reg_set(guest->vp, HV_X64_REGISTER_RAX, value);
		guest_skip(guest, &msg);
		vp_run(guest->vp, &msg);
		ASSERT_EQ(1, io->header.intercept_access_type);
		ASSERT_EQ(~value, (__u32)io->rax);
		guest_skip(guest, &msg);
	}
}

/* The VMM carries out REP OUTSB and REP INSW and says so in the registers. */
TEST_F(guest, string_carried_out)
{
	static const char text[] = "string";
	struct guest *guest = &self->guest;
	struct mshv_hv_x64_io_port_intercept_message *io;
	struct mshv_hv_register_assoc regs[] = {
		{ .name = HV_X64_REGISTER_RCX, .value.reg64 = sizeof(text) },
		{ .name = HV_X64_REGISTER_RDX, .value.reg64 = DX_PORT },
		{ .name = HV_X64_REGISTER_RSI, .value.reg64 = IN_RSI },
		{ .name = HV_X64_REGISTER_RDI, .value.reg64 = IN_RDI },
	};
	struct mshv_hv_message msg;

	io = (void *)msg.payload;
	guest_start(guest, MODE_64, code_string64);
	memcpy(guest->mem + IN_RSI, text, sizeof(text));
	regs_set(guest->vp, regs, ARRAY_SIZE(regs));

	vp_run(guest->vp, &msg);
	ASSERT_EQ(1, io->header.intercept_access_type);
	EXPECT_EQ(sizeof(text), io->rcx);
	EXPECT_STREQ(text, (char *)guest->mem + io->ds_segment.base + io->rsi);
	reg_set(guest->vp, HV_X64_REGISTER_RSI, io->rsi + io->rcx);
	reg_set(guest->vp, HV_X64_REGISTER_RCX, 2);
	guest_skip(guest, &msg);

	vp_run(guest->vp, &msg);
	ASSERT_EQ(0, io->header.intercept_access_type);
	EXPECT_EQ(2, io->rcx);
	EXPECT_EQ(IN_RSI + sizeof(text), io->rsi);
	EXPECT_EQ(IN_RDI, io->rdi);
	reg_set(guest->vp, HV_X64_REGISTER_RCX, 0);
	guest_skip(guest, &msg);

	vp_run(guest->vp, &msg);
	EXPECT_EQ(GUEST_PORT, io->port_number);
	EXPECT_BITS(0, io->access_info.string_op);
}

TEST_HARNESS_MAIN
