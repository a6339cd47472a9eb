// SPDX-License-Identifier: GPL-2.0
/*
 * Each hypercall of a VM's life fails, with each status, at each of its turns.
 * The ioctl gives the errno of the table, and nothing is left behind.
 */
#include <errno.h>

#include "fixture.h"

/* What user space sees of a status: by the driver's table, and by none of its rows */
static const struct status_row {
	enum status status;
	int err;
	const char *name;
} statuses[] = {
#define MSHV_STATUS(name, value, errno) { value, errno, #name }
#include "../../../../drivers/hv/mshv/status.tbl"
#undef MSHV_STATUS
	{ 0x7abc, ENOTRECOVERABLE, "unknown" },
};

#define RWX	(HV_MAP_GPA_READABLE | HV_MAP_GPA_WRITABLE | HV_MAP_GPA_EXECUTABLE)

/* The steps of a VM's life, each one ioctl */
enum step {
	STEP_CREATE, STEP_MAP, STEP_VP, STEP_INTERCEPT, STEP_GET_PROPERTY, STEP_SET_PROPERTY,
	STEP_BELL, STEP_NO_BELL, STEP_SET, STEP_GET, STEP_GET_STATE, STEP_SET_STATE,
	STEP_TRANSLATE, STEP_PAGE, STEP_ASSERT, STEP_RUN, STEP_UNMAP, STEP_END,
};

static const char * const step_ioctls[STEP_END] = {
	[STEP_CREATE]		= "MSHV_CREATE_PARTITION",
	[STEP_MAP]		= "MSHV_MAP_GUEST_MEMORY",
	[STEP_VP]		= "MSHV_CREATE_VP",
	[STEP_INTERCEPT]	= "MSHV_INSTALL_INTERCEPT",
	[STEP_GET_PROPERTY]	= "MSHV_GET_PARTITION_PROPERTY",
	[STEP_SET_PROPERTY]	= "MSHV_SET_PARTITION_PROPERTY",
	[STEP_BELL]		= "MSHV_IOEVENTFD",
	[STEP_NO_BELL]		= "MSHV_IOEVENTFD",
	[STEP_SET]		= "MSHV_SET_VP_REGISTERS",
	[STEP_GET]		= "MSHV_GET_VP_REGISTERS",
	[STEP_GET_STATE]	= "MSHV_GET_VP_STATE",
	[STEP_SET_STATE]	= "MSHV_SET_VP_STATE",
	[STEP_TRANSLATE]	= "MSHV_TRANSLATE_GVA",
	[STEP_PAGE]		= "mmap",
	[STEP_ASSERT]		= "MSHV_ASSERT_INTERRUPT",
	[STEP_RUN]		= "MSHV_RUN_VP",
	[STEP_UNMAP]		= "MSHV_UNMAP_GUEST_MEMORY",
};

#define CPU_WEIGHT	0x00020003

struct life {
	int dev, part, vp, event;
	__u8 *mem;
	__u64 size;
	enum step step;
	void *state;
	unsigned int failed;
};

/* The register page: a mapping isn't an ioctl, but takes a hypercall too. */
static int map_page(int vp)
{
	void *page = mmap(NULL, GUEST_PAGE, PROT_READ, MAP_SHARED, vp, 0);

	return page == MAP_FAILED ? -errno : munmap(page, GUEST_PAGE);
}

/* An ioeventfd of memory: its hypercalls are those of ports. */
static int bell(struct life *life, __u32 flags)
{
	const struct mshv_ioeventfd args = {
		.addr = GUEST_HOLE, .len = 4, .fd = life->event, .flags = flags,
	};

	return __ioeventfd(life->part, &args);
}

/* Of the parent's other requests each one */
static int life_request(struct life *life)
{
	const struct irq irq = { .type = IRQ_NMI };
	const struct state state = {
		.type = STATE_XSAVE, .size = GUEST_PAGE, .buf = life->state,
	};
	struct translation to;
	__u64 value;

	switch (life->step) {
	case STEP_INTERCEPT:
		return __intercept(life->part, ACCESS_EXECUTE, INTERCEPT_CPUID, 1);
	case STEP_BELL:
		return bell(life, 0);
	case STEP_NO_BELL:
		return bell(life, MSHV_IOEVENTFD_FLAG_DEASSIGN);
	case STEP_GET_PROPERTY:
		return __property_get(life->part, CPU_WEIGHT, &value);
	case STEP_SET_PROPERTY:
		return __property_set(life->part, CPU_WEIGHT, 100);
	case STEP_GET_STATE:
		return __state_get(life->vp, &state);
	case STEP_SET_STATE:
		return __state_set(life->vp, &state);
	case STEP_TRANSLATE:
		return __translate(life->vp, 0, 0, &to);
	case STEP_PAGE:
		return map_page(life->vp);
	default:
		return __interrupt(life->part, &irq);
	}
}

static int life_step(struct life *life)
{
	struct mshv_create_partition args = {
		.flags = MSHV_PARTITION_LAPIC_ENABLED,
		.synthetic_processor_features = CLIENT_SYNTHETIC_FEATURES,
	};
	struct mshv_user_mem_region region = mem_region(life->mem, 0, life->size, RWX);
	struct mshv_hv_message msg;
	__u64 value;

	switch (life->step) {
	case STEP_CREATE:
		return life->part = __part_create(life->dev, &args);
	case STEP_MAP:
		return __mem_map(life->part, &region);
	case STEP_VP:
		return life->vp = __vp_create(life->part, 0);
	case STEP_SET:
		return __reg_set(life->vp, HV_X64_REGISTER_RAX, 1);
	case STEP_GET:
		return __reg_get(life->vp, HV_X64_REGISTER_RAX, &value);
	case STEP_RUN:
		return __vp_run(life->vp, &msg);
	case STEP_UNMAP:
		return __mem_unmap(life->part, &region);
	default:
		return life_request(life);
	}
}

/* One life up to its first failure: returns that */
static int live(struct life *life)
{
	int ret = 0;

	life->part = -1;
	life->vp = -1;
	for (life->step = STEP_CREATE; life->step < STEP_END; life->step++) {
		ret = life_step(life);
		if (ret < 0)
			break;
	}
	return ret < 0 ? ret : 0;
}

static void die_off(struct life *life)
{
	if (life->vp >= 0)
		close(life->vp);
	if (life->part >= 0)
		close(life->part);
}

/**
 * struct order - a fault in a life
 * @call: of which hypercall
 * @nth: of which of them, from 1
 * @ioctls: what can fail then, all of it; NULL for whatever
 */
struct order {
	enum call call;
	unsigned int nth;
	const char *ioctls;
};

/* What has just failed is one of @ioctls, if they are given. */
static bool is_of(enum step step, const char *ioctls)
{
	return !ioctls || (step < STEP_END && strstr(ioctls, step_ioctls[step]));
}

/*
 * A life with one fault.  Says whether it has fired, which it doesn't any more
 * when there are fewer such calls.
 */
static bool faulty_life(struct __test_metadata *_metadata, struct life *life,
			const struct order *order, const struct status_row *row)
{
	bool fired;
	int ret;

	window_fault(order->call, order->nth, row->status, 0);
	ret = live(life);
	fired = window_fault_fired();
	window_fault_clear();
	if (fired && row->err) {
		EXPECT_EQ(-row->err, ret)
			TH_LOG("call %#x no. %u, %s, step %d", order->call, order->nth, row->name,
			       life->step);
		EXPECT_TRUE(is_of(life->step, order->ioctls));
		life->failed |= 1u << life->step;
		/* What failed works at the next try: nothing is half done. */
		if (life->step != STEP_CREATE)
			EXPECT_LE(0, life_step(life))
				TH_LOG("call %#x no. %u, %s, step %d once more", order->call,
				       order->nth, row->name, life->step);
	} else {
		EXPECT_EQ(0, ret);
	}
	die_off(life);
	return fired;
}

FIXTURE(sweep) {
	struct books books;
	struct life life;
};

/* @paid: if the hypervisor lacks memory for it, it gets some and is asked again. */
FIXTURE_VARIANT(sweep) {
	enum call call;
	bool paid;
	const char *ioctls;
};

FIXTURE_VARIANT_ADD(sweep, create_partition) {
	.call = CALL_CREATE_PARTITION,
	.paid = true,
	.ioctls = "MSHV_CREATE_PARTITION",
};

FIXTURE_VARIANT_ADD(sweep, initialize) {
	.call = CALL_INITIALIZE_PARTITION,
	.paid = true,
	.ioctls = "MSHV_CREATE_PARTITION",
};

FIXTURE_VARIANT_ADD(sweep, set_property) {
	.call = CALL_SET_PROPERTY,
	.ioctls = "MSHV_CREATE_PARTITION MSHV_SET_PARTITION_PROPERTY",
};

FIXTURE_VARIANT_ADD(sweep, get_property) {
	.call = CALL_GET_PROPERTY,
	.ioctls = "MSHV_GET_PARTITION_PROPERTY",
};

FIXTURE_VARIANT_ADD(sweep, install_intercept) {
	.call = CALL_INSTALL_INTERCEPT,
	.paid = true,
	.ioctls = "MSHV_INSTALL_INTERCEPT",
};

FIXTURE_VARIANT_ADD(sweep, create_port) {
	.call = CALL_CREATE_PORT,
	.paid = true,
	.ioctls = "MSHV_IOEVENTFD",
};

FIXTURE_VARIANT_ADD(sweep, connect_port) {
	.call = CALL_CONNECT_PORT,
	.paid = true,
	.ioctls = "MSHV_IOEVENTFD",
};

FIXTURE_VARIANT_ADD(sweep, disconnect_port) {
	.call = CALL_DISCONNECT_PORT,
	.ioctls = "MSHV_IOEVENTFD",
};

FIXTURE_VARIANT_ADD(sweep, assert_interrupt) {
	.call = CALL_ASSERT_INTERRUPT,
	.ioctls = "MSHV_ASSERT_INTERRUPT",
};

FIXTURE_VARIANT_ADD(sweep, get_state) {
	.call = CALL_GET_VP_STATE,
	.paid = true,
	.ioctls = "MSHV_GET_VP_STATE",
};

FIXTURE_VARIANT_ADD(sweep, set_state) {
	.call = CALL_SET_VP_STATE,
	.paid = true,
	.ioctls = "MSHV_SET_VP_STATE",
};

FIXTURE_VARIANT_ADD(sweep, translate) {
	.call = CALL_TRANSLATE,
	.ioctls = "MSHV_TRANSLATE_GVA",
};

FIXTURE_VARIANT_ADD(sweep, state_page) {
	.call = CALL_MAP_STATE_PAGE,
	.paid = true,
	.ioctls = "mmap",
};

FIXTURE_VARIANT_ADD(sweep, map) {
	.call = CALL_MAP_GPA_PAGES,
	.paid = true,
	.ioctls = "MSHV_MAP_GUEST_MEMORY",
};

FIXTURE_VARIANT_ADD(sweep, create_vp) {
	.call = CALL_CREATE_VP,
	.paid = true,
	.ioctls = "MSHV_CREATE_VP",
};

FIXTURE_VARIANT_ADD(sweep, set_registers) {
	.call = CALL_SET_REGISTERS,
	.ioctls = "MSHV_SET_VP_REGISTERS MSHV_RUN_VP",
};

FIXTURE_VARIANT_ADD(sweep, get_registers) {
	.call = CALL_GET_REGISTERS,
	.ioctls = "MSHV_GET_VP_REGISTERS",
};

FIXTURE_VARIANT_ADD(sweep, unmap) {
	.call = CALL_UNMAP_GPA_PAGES,
	.ioctls = "MSHV_UNMAP_GUEST_MEMORY",
};

FIXTURE_SETUP(sweep)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	self->life.dev = dev_open();
	self->life.size = 4 * GUEST_PAGE;
	self->life.mem = pages_alloc(self->life.size);
	self->life.state = pages_alloc(GUEST_PAGE);
	self->life.event = event_new();
}

FIXTURE_TEARDOWN(sweep)
{
	window_fault_clear();
	close(self->life.dev);
	munmap(self->life.mem, self->life.size);
	munmap(self->life.state, GUEST_PAGE);
	close(self->life.event);
	EXPECT_TRUE(books_balanced(&self->books));
}

/* Every ioctl that is said to fail so has done it. */
static void expect_all_failed(struct __test_metadata *_metadata, const struct life *life,
			      const char *ioctls)
{
	unsigned int step;

	for (step = 0; step < STEP_END; step++) {
		if (step == STEP_NO_BELL || step == STEP_BELL || !is_of(step, ioctls))
			continue;
		EXPECT_TRUE(life->failed & 1u << step) TH_LOG("%s", step_ioctls[step]);
	}
}

/* Calls of the way up only: after a failed FINALIZE something must stay. */
TEST_F_TIMEOUT(sweep, every_status, 180 * time_scale())
{
	struct order order = { .call = variant->call, .ioctls = variant->ioctls };
	unsigned int stride = debug_kernel() ? 4 : 1, fired = 0, tried = 0;
	bool several = strchr(variant->ioctls, ' ');
	size_t i;

	for (i = 0; i < ARRAY_SIZE(statuses); i += stride) {
		if (!statuses[i].err || statuses[i].err == ENOMEM)
			continue;
		tried++;
		order.nth = 1;
		while (faulty_life(_metadata, &self->life, &order, &statuses[i])) {
			fired++;
			/* Where an ioctl fails matters, but hardly for each status. */
			if (tried > 2 && !several)
				break;
			order.nth++;
		}
	}
	EXPECT_LT(0, tried);
	EXPECT_LE(tried, fired);
	expect_all_failed(_metadata, &self->life, variant->ioctls);
	EXPECT_TRUE(books_balanced(&self->books));
}

/*
 * Out of memory: what can be paid for by a deposit is tried again, the rest is
 * -ENOMEM.
 */
TEST_F(sweep, insufficient_memory)
{
	const struct status_row row = {
		STATUS_INSUFFICIENT_MEMORY, variant->paid ? 0 : ENOMEM, "INSUFFICIENT_MEMORY",
	};
	struct order order = { .call = variant->call, .nth = 1, .ioctls = variant->ioctls };

	while (faulty_life(_metadata, &self->life, &order, &row))
		order.nth++;
	EXPECT_LT(1, order.nth);
	if (!variant->paid)
		expect_all_failed(_metadata, &self->life, variant->ioctls);
}

/* A deposit that the hypervisor refuses, at each place where one is made */
TEST_F_TIMEOUT(device, deposit_fails, 180 * time_scale())
{
	static const struct status_row rows[] = {
		{ STATUS_INVALID_PARAMETER, EINVAL, "INVALID_PARAMETER" },
		{ STATUS_INSUFFICIENT_MEMORY, ENOMEM, "INSUFFICIENT_MEMORY" },
		{ STATUS_ACCESS_DENIED, EACCES, "ACCESS_DENIED" },
	};
	struct life life = { .dev = self->dev, .size = 4 * GUEST_PAGE, .event = event_new() };
	struct order order = { .call = CALL_DEPOSIT_MEMORY };
	unsigned int stride = debug_kernel() ? 5 : 1;
	size_t i;

	life.mem = pages_alloc(life.size);
	life.state = pages_alloc(GUEST_PAGE);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		order.nth = 1;
		while (faulty_life(_metadata, &life, &order, &rows[i]))
			order.nth += stride;
		EXPECT_GT(order.nth, 2);
	}
	munmap(life.state, GUEST_PAGE);
	close(life.event);
	munmap(life.mem, life.size);
}

/* A mapping that fails half-way is undone: no page stays in the guest's reach. */
TEST_F(device, map_fails_half_way)
{
	static const unsigned int reps[] = { 0, 1, 7, 508 };
	const __u64 pages = 1100;
	struct mshv_user_mem_region region;
	__u8 *mem = pages_alloc(pages * GUEST_PAGE);
	int part = part_create(self->dev, 0);
	unsigned int nth;
	size_t i;

	region = mem_region(mem, 0, pages * GUEST_PAGE, RWX);
	/* Once without a fault, so that the page tables are paid for. */
	mem_map(part, &region);
	mem_unmap(part, &region);
	for (nth = 1; nth <= 2; nth++) {
		for (i = 0; i < ARRAY_SIZE(reps); i++) {
			window_fault(CALL_MAP_GPA_PAGES, nth, STATUS_ACCESS_DENIED, reps[i]);
			EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EACCES, __mem_map(part, &region));
			EXPECT_TRUE(window_fault_fired());
			EXPECT_EQ(self->books.live[LIVE_MAPPED], window_live(LIVE_MAPPED))
				TH_LOG("call %u, %u pages", nth, reps[i]);
		}
	}
	mem_map(part, &region);
	EXPECT_EQ(self->books.live[LIVE_MAPPED] + pages, window_live(LIVE_MAPPED));
	close(part);
	munmap(mem, pages * GUEST_PAGE);
}

/* An unmapping that fails half-way keeps the region, and can be tried again. */
TEST_F(device, unmap_fails_half_way)
{
	static const unsigned int reps[] = { 0, 1, 7, 63 };
	const __u64 pages = 64;
	struct mshv_user_mem_region region;
	__u8 *mem = pages_alloc(pages * GUEST_PAGE);
	int part = part_create(self->dev, 0);
	size_t i;

	region = mem_region(mem, 0, pages * GUEST_PAGE, RWX);
	for (i = 0; i < ARRAY_SIZE(reps); i++) {
		mem_map(part, &region);
		window_fault(CALL_UNMAP_GPA_PAGES, 1, STATUS_ACCESS_DENIED, reps[i]);
		EXPECT_ERR(MSHV_UNMAP_GUEST_MEMORY, EACCES, __mem_unmap(part, &region));
		EXPECT_TRUE(window_fault_fired());
		/* The pages are still the guest's: nobody else may have its place. */
		EXPECT_ERR(MSHV_MAP_GUEST_MEMORY, EEXIST, __mem_map(part, &region));
		EXPECT_EQ(0, __mem_unmap(part, &region));
		EXPECT_EQ(self->books.live[LIVE_MAPPED], window_live(LIVE_MAPPED));
	}
	close(part);
	munmap(mem, pages * GUEST_PAGE);
}

TEST_HARNESS_MAIN
