// SPDX-License-Identifier: GPL-2.0
/* Memory exits: unmapped GPA and GPA permission violation, every field. */
#include "fixture.h"

GUEST_SNIPPET(code_demand64);
GUEST_SNIPPET(code_access64);
GUEST_SNIPPET(code_landing64);
GUEST_SNIPPET(code_walk64);
GUEST_SNIPPET(code_spinhole64);

#define READ	0
#define WRITE	1
#define EXECUTE	2

#define RW	(HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE)
#define RX	(HV_MAP_GPA_READABLE | HV_MAP_GPA_EXECUTABLE)
#define RWX	(RW | HV_MAP_GPA_EXECUTABLE)

/* Where in the hole the accesses go; room below for a push */
#define TARGET	(GUEST_HOLE + 0x100)

static enum guest_mode mode_of(__u8 bits)
{
	return bits == 16 ? MODE_REAL : bits == 32 ? MODE_32_PAGED : MODE_64;
}

/* The linear address that the guest uses for @gpa */
static __u64 gva_of(__u8 bits, __u64 gpa)
{
	return bits == 16 ? gpa : gpa + GUEST_ALIAS;
}

/* All data segments at the hole: real mode reaches only 64 KiB from its base. */
static void real_segments(int vp)
{
	static const __u32 names[] = {
		HV_X64_REGISTER_DS, HV_X64_REGISTER_ES, HV_X64_REGISTER_SS,
	};
	struct mshv_hv_register_assoc regs[3] = {};
	int i;

	for (i = 0; i < 3; i++) {
		regs[i].name = names[i];
		regs[i].value.segment.base = GUEST_HOLE;
		regs[i].value.segment.selector = GUEST_HOLE >> 4;
		regs[i].value.segment.limit = 0xffff;
		regs[i].value.segment.attributes = 0x93;
	}
	regs_set(vp, regs, 3);
}

static void load_case(struct guest *guest, const struct mem_case *c)
{
	__u64 target = c->bits == 16 ? TARGET - GUEST_HOLE : gva_of(c->bits, TARGET);
	struct mshv_hv_register_assoc regs[] = {
		{ .name = HV_X64_REGISTER_RBX, .value.reg64 = target },
		{ .name = HV_X64_REGISTER_RSI, .value.reg64 = target },
		{ .name = HV_X64_REGISTER_RDI, .value.reg64 = target },
		{ .name = HV_X64_REGISTER_RSP, .value.reg64 = target },
		{ .name = HV_X64_REGISTER_RCX, .value.reg64 = 2 },
		{ .name = HV_X64_REGISTER_CR4, .value.reg64 = 0x630 },
	};

	guest_load(guest, mode_of(c->bits), c->code, c->code + c->length);
	if (c->bits == 16)
		real_segments(guest->vp);
	/* CR4: OSFXSR, OSXMMEXCPT, PAE, PSE, for the SSE forms */
	regs_set(guest->vp, regs, c->bits == 64 ? 6 : 5);
}

static void check_memory(struct __test_metadata *_metadata, const struct mshv_hv_message *msg,
			 __u32 type, int access, __u64 gpa)
{
	const struct mshv_hv_x64_memory_intercept_message *mem = (const void *)msg->payload;

	ASSERT_EQ(type, msg->header.message_type);
	EXPECT_EQ(sizeof(*mem), msg->header.payload_size);
	EXPECT_EQ(0, mem->header.vp_index);
	EXPECT_EQ(access, mem->header.intercept_access_type);
	EXPECT_EQ(gpa, mem->guest_physical_address);
	EXPECT_LE(mem->cache_type, 6);
	EXPECT_LE(mem->instruction_byte_count, 16);
}

static void check_data(struct __test_metadata *_metadata, const struct mem_case *c,
		       const struct mshv_hv_message *msg)
{
	const struct mshv_hv_x64_memory_intercept_message *mem = (const void *)msg->payload;
	__u64 gpa = TARGET + c->offset;

	check_memory(_metadata, msg, MSHV_HVMSG_UNMAPPED_GPA, c->write, gpa);
	EXPECT_BITS(1, mem->memory_access_info.gva_valid);
	EXPECT_BITS(1, mem->memory_access_info.gva_gpa_valid);
	EXPECT_EQ(gva_of(c->bits, gpa), mem->guest_virtual_address);
	EXPECT_GE(mem->instruction_byte_count, 1);
	EXPECT_EQ(0, memcmp(mem->instruction_bytes, c->code,
			    mem->instruction_byte_count < c->length ?
			    mem->instruction_byte_count : c->length));
	EXPECT_GE(mem->instruction_byte_count, c->length);
	EXPECT_EQ(c->bits == 16 ? 0 : GUEST_CODE, mem->header.rip);
	EXPECT_BITS(c->bits != 16, mem->header.execution_state.cr0_pe);
	EXPECT_BITS(c->bits == 64, mem->header.execution_state.efer_lma);
	EXPECT_EQ(c->bits == 16 ? GUEST_CODE : 0, mem->header.cs_segment.base);
	EXPECT_EQ(2, mem->header.rflags);
	if (_metadata->exit_code)
		TH_LOG("%u bits, %s, code %02x %02x %02x %02x", c->bits,
		       c->write ? "write" : "read", c->code[0], c->code[1], c->code[2],
		       c->code[3]);
}

FIXTURE(unmapped) {
	struct books books;
	struct guest guest;
};

FIXTURE_VARIANT(unmapped) {
	int bits;
};

FIXTURE_VARIANT_ADD(unmapped, code16) { .bits = 16 };
FIXTURE_VARIANT_ADD(unmapped, code32) { .bits = 32 };
FIXTURE_VARIANT_ADD(unmapped, code64) { .bits = 64 };

FIXTURE_SETUP(unmapped)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	guest_create(&self->guest, 0);
}

FIXTURE_TEARDOWN(unmapped)
{
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

TEST_F(unmapped, read_and_write)
{
	struct mshv_hv_message msg;
	const struct mem_case *c;
	int count = 0;

	for (c = __start_guest_mem; c < __stop_guest_mem; c++) {
		if (c->bits != variant->bits)
			continue;
		load_case(&self->guest, c);
		vp_run(self->guest.vp, &msg);
		check_data(_metadata, c, &msg);
		EXPECT_TRUE(vp_suspended(self->guest.vp));
		count++;
	}
	EXPECT_GE(count, 12);
}

TEST_F(unmapped, execute)
{
	struct mshv_hv_x64_memory_intercept_message *mem;
	struct mshv_hv_message msg;
	int bits = variant->bits;

	mem = (void *)msg.payload;
	guest_start(&self->guest, mode_of(bits), code_landing64);
	if (bits == 16) {
		struct mshv_hv_register_assoc cs = { .name = HV_X64_REGISTER_CS };

		cs.value.segment.base = GUEST_HOLE;
		cs.value.segment.selector = GUEST_HOLE >> 4;
		cs.value.segment.limit = 0xffff;
		cs.value.segment.attributes = 0x9b;
		regs_set(self->guest.vp, &cs, 1);
		reg_set(self->guest.vp, HV_X64_REGISTER_RIP, TARGET - GUEST_HOLE);
	} else {
		reg_set(self->guest.vp, HV_X64_REGISTER_RIP, gva_of(bits, TARGET));
	}
	vp_run(self->guest.vp, &msg);
	check_memory(_metadata, &msg, MSHV_HVMSG_UNMAPPED_GPA, EXECUTE, TARGET);
	EXPECT_BITS(1, mem->memory_access_info.gva_valid);
	EXPECT_BITS(1, mem->memory_access_info.gva_gpa_valid);
	EXPECT_EQ(gva_of(bits, TARGET), mem->guest_virtual_address);
	EXPECT_EQ(bits == 16 ? TARGET - GUEST_HOLE : gva_of(bits, TARGET), mem->header.rip);
	/* There is nothing to fetch. */
	EXPECT_EQ(0, mem->instruction_byte_count);
}

static void expect_port_value(struct __test_metadata *_metadata, struct guest *guest, __u32 value)
{
	struct mshv_hv_x64_io_port_intercept_message *io;
	struct mshv_hv_message msg;

	io = (void *)msg.payload;
	vp_run(guest->vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
	EXPECT_EQ(value, (__u32)io->rax);
	guest_skip(guest, &msg);
}

/* An access that exits is carried out once memory is there. */
TEST_F(guest, demand_mapping)
{
	struct guest *guest = &self->guest;
	struct mshv_user_mem_region region;
	struct mshv_hv_message msg;
	__u32 *page = pages_alloc(GUEST_PAGE);

	*page = 0xfeed;
	guest_start(guest, MODE_64, code_demand64);
	vp_run(guest->vp, &msg);
	check_memory(_metadata, &msg, MSHV_HVMSG_UNMAPPED_GPA, READ, GUEST_HOLE);
	region = mem_region(page, GUEST_HOLE, GUEST_PAGE, RW);
	mem_map(guest->part, &region);
	expect_port_value(_metadata, guest, 0xfeed);

	/* And after it has gone again it exits again. */
	mem_unmap(guest->part, &region);
	vp_run(guest->vp, &msg);
	check_memory(_metadata, &msg, MSHV_HVMSG_UNMAPPED_GPA, WRITE, GUEST_HOLE);
	mem_map(guest->part, &region);
	expect_port_value(_metadata, guest, 0xfeed);
	EXPECT_EQ(0x600d, *page);
}

/* Maps the landing page with @flags, lets the guest use it, says what went well. */
static int accesses_allowed(struct __test_metadata *_metadata, struct guest *guest, __u32 flags)
{
	struct mshv_hv_x64_io_port_intercept_message *io;
	struct mshv_user_mem_region region;
	struct mshv_hv_message msg;
	__u8 *page = pages_alloc(GUEST_PAGE);
	int allowed = 0;

	io = (void *)msg.payload;
	memcpy(page, code_landing64, code_landing64_end - code_landing64);
	region = mem_region(page, GUEST_HOLE, GUEST_PAGE, flags);
	mem_map(guest->part, &region);
	guest_start(guest, MODE_64, code_access64);
	for (;;) {
		vp_run(guest->vp, &msg);
		if (msg.header.message_type != MSHV_HVMSG_X64_IO_PORT_INTERCEPT)
			break;
		allowed = (__u32)io->rax;
		if (allowed == 3)
			break;
		guest_skip(guest, &msg);
	}
	if (allowed < 3)
		check_memory(_metadata, &msg, MSHV_HVMSG_GPA_INTERCEPT, allowed,
			     allowed == WRITE ? GUEST_HOLE + 8 : GUEST_HOLE);
	mem_unmap(guest->part, &region);
	munmap(page, GUEST_PAGE);
	return allowed;
}

TEST_F(guest, permissions)
{
	EXPECT_EQ(3, accesses_allowed(_metadata, &self->guest, RWX));
	EXPECT_EQ(2, accesses_allowed(_metadata, &self->guest, RW));
	EXPECT_EQ(1, accesses_allowed(_metadata, &self->guest, RX));
	EXPECT_EQ(1, accesses_allowed(_metadata, &self->guest, HV_MAP_GPA_READABLE));
	EXPECT_EQ(0, accesses_allowed(_metadata, &self->guest, 0));
}

/* Page by page: the GVA that a message gives is the one the guest used. */
TEST_F(guest, small_pages)
{
	struct mshv_hv_x64_memory_intercept_message *mem;
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	__u64 *pt;

	mem = (void *)msg.payload;
	guest_start(guest, MODE_64, code_walk64);
	pt = (void *)(guest->mem + GUEST_PT);
	pt[5] = (GUEST_HOLE + 0x7000) | 7;
	reg_set(guest->vp, HV_X64_REGISTER_RBX, GUEST_PT_BASE + 0x5123);
	vp_run(guest->vp, &msg);
	check_memory(_metadata, &msg, MSHV_HVMSG_UNMAPPED_GPA, READ, GUEST_HOLE + 0x7123);
	EXPECT_BITS(1, mem->memory_access_info.gva_valid);
	EXPECT_BITS(1, mem->memory_access_info.gva_gpa_valid);
	EXPECT_EQ(GUEST_PT_BASE + 0x5123, mem->guest_virtual_address);
}

/* A page table that isn't there: the GPA is the entry's, not that of the GVA. */
TEST_F(guest, page_walk)
{
	struct mshv_hv_x64_memory_intercept_message *mem;
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;

	mem = (void *)msg.payload;
	guest_start(guest, MODE_64, code_walk64);
	((__u64 *)(guest->mem + GUEST_PDPT))[2] = GUEST_HOLE | 7;
	reg_set(guest->vp, HV_X64_REGISTER_RBX, 0x80000000 + (3 << 21));
	vp_run(guest->vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_UNMAPPED_GPA, msg.header.message_type);
	EXPECT_EQ(GUEST_HOLE + 3 * 8, mem->guest_physical_address);
	EXPECT_BITS(0, mem->memory_access_info.gva_gpa_valid);
}

/* The guest stores to @page from now on. */
static void await_stores(const __u32 *page, __u32 before)
{
	__u64 end = now_ns() + 20000000000ull * time_scale();

	while (__atomic_load_n(page, __ATOMIC_ACQUIRE) == before) {
		die_if(now_ns() > end, "the guest doesn't store");
		sleep_us(100);
	}
	sleep_us(random_below(5000));
}

/* Memory is taken from a guest in the middle of using it. */
TEST_F(guest, unmap_under_a_running_guest)
{
	const struct mshv_hv_x64_memory_intercept_message *mem;
	struct guest *guest = &self->guest;
	struct mshv_user_mem_region region;
	__u32 *page = pages_alloc(GUEST_PAGE);
	struct runner r;
	__u32 last;
	int i;

	random_init();
	mem = (const void *)r.msg.payload;
	region = mem_region(page, GUEST_HOLE, GUEST_PAGE, RW);
	guest_start(guest, MODE_64, code_spinhole64);
	for (i = 0; i < 5; i++) {
		mem_map(guest->part, &region);
		runner_start(&r, guest->vp, i % online_cpus());
		await_stores(page, *page);
		mem_unmap(guest->part, &region);
		last = __atomic_load_n(page, __ATOMIC_ACQUIRE);
		ASSERT_TRUE(runner_wait(&r, 20000));
		ASSERT_EQ(0, runner_join(&r));
		check_memory(_metadata, &r.msg, MSHV_HVMSG_UNMAPPED_GPA,
			     mem->header.intercept_access_type, GUEST_HOLE);
		/* Not one store after the unmapping */
		EXPECT_EQ(last, *page);
		EXPECT_GT(last, 0);
	}
	munmap(page, GUEST_PAGE);
}

TEST_HARNESS_MAIN
