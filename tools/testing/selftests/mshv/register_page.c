// SPDX-License-Identifier: GPL-2.0
/* mmap() of a VP fd: the page of registers that a suspended VP shares. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "agent.h"
#include "fixture.h"

#define GENERAL	0x1
#define IP	0x2
#define XMM	0x4
#define SEGMENT	0x8
#define FLAGS	0x10

#define CR4_OSFXSR	0x200
#define CR4_PAE		0x20

GUEST_SNIPPET(code_vector64);

FIXTURE(page) {
	struct books books;
	struct guest guest;
	struct mshv_hv_vp_register_page *page;
};

FIXTURE_SETUP(page)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	guest_create(&self->guest, 0);
	self->page = register_page_map(self->guest.vp);
}

FIXTURE_TEARDOWN(page)
{
	munmap(self->page, GUEST_PAGE);
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

/* All of it agrees with what MSHV_GET_VP_REGISTERS says. */
static void check_page(struct __test_metadata *_metadata,
		       struct mshv_hv_vp_register_page *page, int vp)
{
	struct mshv_hv_register_assoc reg;
	int i;

	EXPECT_EQ(1, page->version);
	EXPECT_EQ(1, page->isvalid);
	for (i = 0; i < 16; i++)
		EXPECT_EQ(reg_get(vp, HV_X64_REGISTER_RAX + i), page->gprs[i]);
	EXPECT_EQ(reg_get(vp, HV_X64_REGISTER_RIP), page->rip);
	EXPECT_EQ(reg_get(vp, HV_X64_REGISTER_RFLAGS), page->rflags);
	for (i = 0; i < 6; i++) {
		reg.name = HV_X64_REGISTER_XMM0 + i;
		regs_get(vp, &reg, 1);
		EXPECT_EQ(reg.value.reg128.low_part, page->xmm[i].low_part);
		EXPECT_EQ(reg.value.reg128.high_part, page->xmm[i].high_part);
		reg.name = HV_X64_REGISTER_ES + i;
		regs_get(vp, &reg, 1);
		EXPECT_EQ(0, memcmp(&reg.value, &page->segment[i], 16));
	}
	EXPECT_EQ(reg_get(vp, HV_X64_REGISTER_CR0), page->cr0);
	EXPECT_EQ(reg_get(vp, HV_X64_REGISTER_CR3), page->cr3);
	EXPECT_EQ(reg_get(vp, HV_X64_REGISTER_CR4), page->cr4);
	EXPECT_EQ(reg_get(vp, HV_X64_REGISTER_CR8), page->cr8);
	EXPECT_EQ(reg_get(vp, HV_X64_REGISTER_EFER), page->efer);
	EXPECT_EQ(reg_get(vp, HV_X64_REGISTER_DR7), page->dr7);
	EXPECT_EQ(reg_get(vp, HV_X64_REGISTER_XFEM), page->xfem);
	EXPECT_EQ(reg_get(vp, HV_REGISTER_PENDING_INTERRUPTION), page->pending_interruption);
	EXPECT_EQ(reg_get(vp, HV_REGISTER_INTERRUPT_STATE), page->interrupt_state);
}

/* Of a VP that never ran, after an exit, after a cancelled run, after a write by ioctl */
TEST_F(page, shows_the_registers)
{
	struct guest *guest = &self->guest;
	struct mshv_hv_message msg;
	int i;

	check_page(_metadata, self->page, guest->vp);
	guest_start(guest, MODE_64, code_vector64);
	reg_set(guest->vp, HV_X64_REGISTER_CR4, CR4_PAE | CR4_OSFXSR);
	for (i = 0; i < 16; i++) {
		if (i != 4)
			reg_set(guest->vp, HV_X64_REGISTER_RAX + i, 0x101010101010101 * i + 3);
	}
	reg_set(guest->vp, HV_X64_REGISTER_CR8, 5);
	check_page(_metadata, self->page, guest->vp);
	vp_run(guest->vp, &msg);
	check_page(_metadata, self->page, guest->vp);
	EXPECT_EQ(1, self->page->gprs[1]);
}

TEST_F(page, after_a_cancelled_run)
{
	struct guest *guest = &self->guest;
	struct runner r;

	guest_start(guest, MODE_REAL, code_spin16);
	runner_start(&r, guest->vp, -1);
	guest_wait_tick(guest);
	EXPECT_EQ(0, self->page->isvalid);
	vp_cancel(guest->vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
	check_page(_metadata, self->page, guest->vp);
}

/* What is marked dirty is what the guest goes on with, class by class. */
TEST_F(page, dirty_classes)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct guest *guest = &self->guest;
	struct mshv_hv_vp_register_page *page = self->page;
	struct mshv_hv_message msg;

	io = (const void *)msg.payload;
	guest_start(guest, MODE_REAL, code_count16);
	vp_run(guest->vp, &msg);
	EXPECT_EQ(1, (__u32)io->rax);
	page->gprs[0] = 100;
	page->rip = io->header.rip + io->header.instruction_length;
	page->dirty = GENERAL | IP;
	vp_run(guest->vp, &msg);
	EXPECT_EQ(101, (__u32)io->rax);
	EXPECT_EQ(0, page->dirty);
	/* DF and the data segments, which nobody but the message and the page looks at */
	page->rflags |= 0x400;
	page->segment[5].base = 0x12340;
	page->xmm[3].high_part = 0x1122334455667788;
	page->dirty = FLAGS | SEGMENT | XMM;
	vp_run(guest->vp, &msg);
	EXPECT_EQ(0x400, io->header.rflags & 0x400);
	EXPECT_EQ(0x12340, page->segment[5].base);
	EXPECT_EQ(0x1122334455667788, page->xmm[3].high_part);
	EXPECT_EQ(0x12340, ({
		struct mshv_hv_register_assoc gs = { .name = HV_X64_REGISTER_GS };

		regs_get(guest->vp, &gs, 1);
		gs.value.segment.base;
	}));
}

/* One class is not another, and what isn't marked doesn't count. */
TEST_F(page, not_dirty)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct guest *guest = &self->guest;
	struct mshv_hv_vp_register_page *page = self->page;
	struct mshv_hv_message msg;

	io = (const void *)msg.payload;
	guest_start(guest, MODE_REAL, code_out16);
	vp_run(guest->vp, &msg);
	page->gprs[0] = 0x77;
	page->gprs[7] = 0x78;
	page->rip = 0x9999;
	page->dirty = 0;
	vp_run(guest->vp, &msg);
	EXPECT_NE(0x77, io->rax);
	EXPECT_EQ(0, io->header.rip);
	page->gprs[0] = 0x77;
	page->rip = 0x9999;
	page->cr3 = 0x5000;
	page->dirty = GENERAL;
	vp_run(guest->vp, &msg);
	EXPECT_EQ(0x77, io->rax);
	EXPECT_EQ(0, io->header.rip);
	EXPECT_NE(0x5000, reg_get(guest->vp, HV_X64_REGISTER_CR3));
}

/* What has been written there is what MSHV_GET_VP_REGISTERS reads, and a SET comes after it. */
TEST_F(page, with_the_ioctls)
{
	struct mshv_hv_vp_register_page *page = self->page;
	int vp = self->guest.vp;

	page->gprs[3] = 0xb0b0;
	page->gprs[1] = 0xc0c0;
	page->dirty = GENERAL;
	EXPECT_EQ(0xb0b0, reg_get(vp, HV_X64_REGISTER_RBX));
	reg_set(vp, HV_X64_REGISTER_RBX, 0xb1b1);
	EXPECT_EQ(0xb1b1, reg_get(vp, HV_X64_REGISTER_RBX));
	EXPECT_EQ(0xc0c0, reg_get(vp, HV_X64_REGISTER_RCX));
	EXPECT_EQ(0xb1b1, page->gprs[3]);
}

static int try_map(int vp, size_t length, int prot, int flags, off_t offset)
{
	void *at = mmap(NULL, length, prot, flags, vp, offset);

	if (at == MAP_FAILED)
		return -errno;
	munmap(at, length);
	return 0;
}

#define RW	(PROT_READ | PROT_WRITE)

TEST_F(page, flags_and_lengths)
{
	int vp = self->guest.vp;
	off_t offset;

	EXPECT_EQ(0, try_map(vp, GUEST_PAGE, RW, MAP_SHARED, 0));
	EXPECT_EQ(0, try_map(vp, 1, PROT_READ, MAP_SHARED, 0));
	EXPECT_EQ(-EINVAL, try_map(vp, GUEST_PAGE, RW, MAP_PRIVATE, 0));
	EXPECT_EQ(-EINVAL, try_map(vp, GUEST_PAGE, PROT_READ, MAP_PRIVATE, 0));
	EXPECT_EQ(-EINVAL, try_map(vp, GUEST_PAGE, RW | PROT_EXEC, MAP_SHARED, 0));
	EXPECT_EQ(-EINVAL, try_map(vp, 2 * GUEST_PAGE, RW, MAP_SHARED, 0));
	EXPECT_EQ(-EINVAL, try_map(vp, GUEST_PAGE + 1, RW, MAP_SHARED, 0));
	EXPECT_EQ(-EINVAL, try_map(vp, 1 << 30, RW, MAP_SHARED, 0));
	for (offset = GUEST_PAGE; offset > 0; offset <<= 1)
		EXPECT_EQ(-EINVAL, try_map(vp, GUEST_PAGE, RW, MAP_SHARED, offset))
			TH_LOG("offset %#lx", offset);
	EXPECT_GT(0, try_map(self->guest.part, GUEST_PAGE, RW, MAP_SHARED, 0));
	EXPECT_GT(0, try_map(self->guest.dev, GUEST_PAGE, RW, MAP_SHARED, 0));
}

/* Neither longer nor executable by other ways */
TEST_F(page, stays_as_it_is)
{
	struct mshv_hv_vp_register_page *page = self->page;

	EXPECT_EQ(-1, mprotect(page, GUEST_PAGE, RW | PROT_EXEC));
	EXPECT_EQ(MAP_FAILED, mremap(page, GUEST_PAGE, 2 * GUEST_PAGE, MREMAP_MAYMOVE));
	EXPECT_EQ(0, mprotect(page, GUEST_PAGE, PROT_READ));
	EXPECT_EQ(1, self->page->version);
	EXPECT_EQ(0, mprotect(page, GUEST_PAGE, RW));
}

/* Mapped twice is one page, and one state page in the hypervisor. */
TEST_F(page, twice)
{
	struct mshv_hv_vp_register_page *again;

	EXPECT_EQ(self->books.live[LIVE_STATE_PAGES] + 1, window_live(LIVE_STATE_PAGES));
	window_zero();
	again = register_page_map(self->guest.vp);
	EXPECT_EQ(0, window_calls(CALL_MAP_STATE_PAGE));
	self->page->gprs[0] = 0x1234;
	EXPECT_EQ(0x1234, again->gprs[0]);
	EXPECT_EQ(self->books.live[LIVE_STATE_PAGES] + 1, window_live(LIVE_STATE_PAGES));
	munmap(again, GUEST_PAGE);
	EXPECT_EQ(1, self->page->version);
}

/* Other VPs have other pages. */
TEST_F(page, of_one_vp)
{
	int vp = vp_create(self->guest.part, 1);
	struct mshv_hv_vp_register_page *other = register_page_map(vp);

	self->page->gprs[0] = 1;
	other->gprs[0] = 2;
	EXPECT_EQ(1, self->page->gprs[0]);
	EXPECT_EQ(self->books.live[LIVE_STATE_PAGES] + 2, window_live(LIVE_STATE_PAGES));
	munmap(other, GUEST_PAGE);
	close(vp);
}

/* A child process doesn't have it. */
TEST_F(page, fork)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		signal(SIGSEGV, SIG_DFL);
		_exit(self->page->version);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	EXPECT_EQ(1, self->page->version);
}

/* The mapping keeps what it needs: all fds go first, and the page stays. */
TEST_F(device, closed_before_unmapped)
{
	struct guest guest;
	struct mshv_hv_vp_register_page *page;

	guest_create(&guest, 0);
	page = register_page_map(guest.vp);
	guest_destroy(&guest);
	EXPECT_EQ(self->books.live[LIVE_PARTITIONS] + 1, window_live(LIVE_PARTITIONS));
	EXPECT_EQ(1, page->version);
	page->gprs[0] = 1;
	munmap(page, GUEST_PAGE);
	EXPECT_TRUE(books_balanced(&self->books));
}

/* Unmapped, the VP runs on, and what was marked counts no more than it should. */
TEST_F(device, unmapped_and_mapped_again)
{
	struct mshv_hv_message msg;
	struct guest guest;
	struct mshv_hv_vp_register_page *page;
	int i;

	guest_create(&guest, 0);
	guest_start(&guest, MODE_REAL, code_count16);
	for (i = 1; i < 10; i++) {
		page = register_page_map(guest.vp);
		EXPECT_EQ(1, page->isvalid);
		munmap(page, GUEST_PAGE);
		vp_run(guest.vp, &msg);
		EXPECT_EQ(i, (__u32)reg_get(guest.vp, HV_X64_REGISTER_RAX));
		guest_skip(&guest, &msg);
	}
	guest_destroy(&guest);
}

/* A VP that runs is no obstacle: nothing under mmap_lock waits for it. */
TEST_F(guest, mapped_while_it_runs)
{
	struct guest *guest = &self->guest;
	struct mshv_hv_vp_register_page *page;
	struct runner r;
	int i;

	guest_start(guest, MODE_REAL, code_spin16);
	runner_start(&r, guest->vp, -1);
	guest_wait_tick(guest);
	for (i = 0; i < 20; i++) {
		page = register_page_map(guest->vp);
		EXPECT_EQ(0, page->isvalid);
		/* Nothing counts that is written now. */
		page->dirty = GENERAL | IP | XMM | SEGMENT | FLAGS;
		munmap(page, GUEST_PAGE);
	}
	EXPECT_FALSE(runner_done(&r));
	guest_wait_tick(guest);
	vp_cancel(guest->vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
	page = register_page_map(guest->vp);
	check_page(_metadata, page, guest->vp);
	munmap(page, GUEST_PAGE);
}

struct mapper {
	pthread_t thread;
	int vp;
	bool stop;
	unsigned long maps;
};

static void *mapper_main(void *arg)
{
	struct mapper *m = arg;
	struct mshv_hv_vp_register_page *page;

	while (!__atomic_load_n(&m->stop, __ATOMIC_ACQUIRE)) {
		page = register_page_map(m->vp);
		die_if(page->isvalid > 1, "isvalid is %u", page->isvalid);
		munmap(page, GUEST_PAGE);
		m->maps++;
	}
	return NULL;
}

/* Mapped, touched and unmapped all the time beside exits */
TEST_F(guest, concurrent_run)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	unsigned long n = rounds(2000, 200), i;
	struct guest *guest = &self->guest;
	struct mapper mapper = { .vp = guest->vp };
	struct mshv_hv_message msg;

	io = (const void *)msg.payload;
	guest_start(guest, MODE_REAL, code_count16);
	ASSERT_EQ(0, pthread_create(&mapper.thread, NULL, mapper_main, &mapper));
	for (i = 1; i <= n; i++) {
		vp_run(guest->vp, &msg);
		ASSERT_EQ(i, (__u32)io->rax);
		guest_skip(guest, &msg);
	}
	__atomic_store_n(&mapper.stop, true, __ATOMIC_RELEASE);
	pthread_join(mapper.thread, NULL);
	EXPECT_GT(mapper.maps, 0);
}

/* What a refused attempt to go on leaves: a message, and all of the page. */
static void check_refused(struct __test_metadata *_metadata, const struct guest *guest,
			  struct mshv_hv_vp_register_page *page)
{
	struct mshv_hv_message msg;
	__u64 value;

	vp_run(guest->vp, &msg);
	EXPECT_EQ(MSHV_HVMSG_INVALID_VP_REGISTER_VALUE, msg.header.message_type);
	EXPECT_TRUE(vp_suspended(guest->vp));
	EXPECT_EQ(1, page->isvalid);
	EXPECT_EQ(FLAGS, page->dirty);
	EXPECT_EQ(1ull << 40, page->rflags);
	EXPECT_EQ(0x77, page->gprs[0]);
	EXPECT_EQ(0x12340, page->segment[5].base);
	EXPECT_EQ(-EINVAL, __reg_get(guest->vp, HV_X64_REGISTER_RAX, &value));
	EXPECT_EQ(-EINVAL, __reg_set(guest->vp, HV_X64_REGISTER_RAX, 0));
}

/*
 * A value that isn't legal: the VP doesn't go on until it is, or is no longer marked. The other
 * marked classes, before and behind it, are the VP's.
 */
TEST_F(page, illegal_values)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct guest *guest = &self->guest;
	struct mshv_hv_vp_register_page *page = self->page;
	struct mshv_hv_message msg;
	__u64 rflags;

	io = (const void *)msg.payload;
	guest_start(guest, MODE_REAL, code_out16);
	vp_run(guest->vp, &msg);
	rflags = page->rflags;
	page->gprs[0] = 0x77;
	page->segment[5].base = 0x12340;
	page->rflags = 1ull << 40;
	page->dirty = GENERAL | SEGMENT | FLAGS | 0x80000000;
	check_refused(_metadata, guest, page);
	check_refused(_metadata, guest, page);
	page->rflags = rflags | 0x400;
	vp_run(guest->vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
	EXPECT_EQ(0x77, io->rax);
	EXPECT_EQ(0x400, io->header.rflags & 0x400);
	EXPECT_EQ(0x12340, page->segment[5].base);
	EXPECT_EQ(0, page->dirty);
	page->gprs[0] = 0x78;
	page->segment[0].attributes |= 0x100;
	page->dirty = GENERAL | SEGMENT;
	vp_run(guest->vp, &msg);
	EXPECT_EQ(MSHV_HVMSG_INVALID_VP_REGISTER_VALUE, msg.header.message_type);
	EXPECT_EQ(SEGMENT, page->dirty);
	page->dirty = 0;
	vp_run(guest->vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
	EXPECT_EQ(0x78, io->rax);
}

TEST_HARNESS_MAIN
