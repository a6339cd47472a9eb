// SPDX-License-Identifier: GPL-2.0
/* MSHV_ASSERT_INTERRUPT: each type, destination and trigger; whom it waits for: nobody. */
#include <errno.h>

#include "lapic.h"

#define VECTOR		0x51
#define VECTOR_NMI	2
#define LVT_FIXED	0x000
#define LVT_NMI		0x400
#define LVT_EXTINT	0x700
#define STARTUP_SUSPEND	1

static int assert_irq(struct guest *guest, __u32 type, __u32 flags, __u64 dest, __u32 vector)
{
	const struct irq irq = { .type = type, .flags = flags, .dest = dest, .vector = vector };

	return __interrupt(guest->part, &irq);
}

/* All VPs take what is pending: returns, as a mask, who got @vector, once each. */
static unsigned int who(struct agent *agents, __u8 vector)
{
	unsigned int i, mask = 0;

	for (i = 0; i < LAPIC_VPS; i++) {
		__u32 count = take(&agents[i], vector);

		die_if(count > 1, "VP %u got vector %#x %u times", i, vector, count);
		mask |= count << i;
		agents[i].area->counts[vector] = 0;
	}
	return mask;
}

TEST_F(lapics, fixed_physical)
{
	unsigned int i;

	for (i = 0; i < LAPIC_VPS; i++) {
		ASSERT_EQ(0, assert_irq(&self->guest, IRQ_FIXED, 0, i, VECTOR + i));
		EXPECT_EQ(1 << i, who(self->agent, VECTOR + i));
	}
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_FIXED, 0, 0xff, VECTOR));
	EXPECT_EQ((1 << LAPIC_VPS) - 1, who(self->agent, VECTOR));
}

TEST_F(lapics, every_vector)
{
	struct agent *agent = &self->agent[1];
	int vector;

	for (vector = 16; vector < 256; vector++)
		ASSERT_EQ(0, assert_irq(&self->guest, IRQ_FIXED, 0, 1, vector));
	/* An exception's vector would be the agent's end: those above only */
	reg_set(agent->vp, HV_X64_REGISTER_CR8, 1);
	take(agent, VECTOR);
	for (vector = 32; vector < 256; vector++)
		EXPECT_EQ(1, agent->area->counts[vector]) TH_LOG("vector %d", vector);
	EXPECT_EQ(224, agent->area->logged);
	for (vector = 1; vector < 224; vector++)
		EXPECT_LT(agent->area->log[vector], agent->area->log[vector - 1]);
}

/* Flat: a bit a VP. Cluster: groups of four */
TEST_F(lapics, logical)
{
	struct guest *guest = &self->guest;
	unsigned int i, mask;

	for (i = 0; i < LAPIC_VPS; i++)
		agent_lapic_write(&self->agent[i], REG_LDR, 1u << (24 + i));
	for (mask = 1; mask < 1 << LAPIC_VPS; mask++) {
		ASSERT_EQ(0, assert_irq(guest, IRQ_FIXED, IRQ_LOGICAL, mask, VECTOR));
		EXPECT_EQ(mask, who(self->agent, VECTOR)) TH_LOG("destination %#x", mask);
	}
	for (i = 0; i < LAPIC_VPS; i++) {
		agent_lapic_write(&self->agent[i], REG_DFR, 0x0fffffff);
		agent_lapic_write(&self->agent[i], REG_LDR, (i / 2) << 28 | 1u << (24 + i % 2));
	}
	ASSERT_EQ(0, assert_irq(guest, IRQ_FIXED, IRQ_LOGICAL, 0x03, VECTOR));
	EXPECT_EQ(0x3, who(self->agent, VECTOR));
	ASSERT_EQ(0, assert_irq(guest, IRQ_FIXED, IRQ_LOGICAL, 0x12, VECTOR));
	EXPECT_EQ(0x8, who(self->agent, VECTOR));
}

/* One of those that are meant, and no other */
TEST_F(lapics, lowest_priority)
{
	unsigned int i, got;

	for (i = 0; i < LAPIC_VPS; i++)
		agent_lapic_write(&self->agent[i], REG_LDR, 1u << (24 + i));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, assert_irq(&self->guest, IRQ_LOWEST, IRQ_LOGICAL, 0x6, VECTOR));
		got = who(self->agent, VECTOR);
		EXPECT_TRUE(got == 0x2 || got == 0x4) TH_LOG("got %#x", got);
	}
}

/* Asserted twice before it is taken, it comes once; afterwards once more. */
TEST_F(lapics, edge_coalesces)
{
	struct agent *agent = &self->agent[0];

	interrupt_fixed(self->guest.part, 0, VECTOR);
	interrupt_fixed(self->guest.part, 0, VECTOR);
	EXPECT_EQ(1, take(agent, VECTOR));
	EXPECT_EQ(1, take(agent, VECTOR));
	interrupt_fixed(self->guest.part, 0, VECTOR);
	EXPECT_EQ(2, take(agent, VECTOR));
}

/* TMR says level; its EOI is told to the driver, and never to who runs the VP. */
TEST_F(lapics, level)
{
	struct agent *agent = &self->agent[0];
	struct lapic_state s;
	unsigned long i, n = rounds(500, 50);

	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_FIXED, IRQ_LEVEL, 0, VECTOR));
	lapic_get(agent->vp, &s);
	EXPECT_EQ(1u << (VECTOR & 31), s.tmr[VECTOR / 32]);
	EXPECT_EQ(1u << (VECTOR & 31), s.irr[VECTOR / 32]);
	window_zero();
	EXPECT_EQ(1, take(agent, VECTOR));
	for (i = 1; i < n; i++) {
		ASSERT_EQ(0, assert_irq(&self->guest, IRQ_FIXED, IRQ_LEVEL, 0, VECTOR));
		/* take() would fail on any message but the port's. */
		ASSERT_EQ(i + 1, take(agent, VECTOR));
	}
	/* An exit and an EOI a round */
	EXPECT_LE(2 * n, window_counter(COUNT_MESSAGES));
	/* Edge again: TMR goes, and no EOI is told. */
	window_zero();
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_FIXED, 0, 0, VECTOR));
	lapic_get(agent->vp, &s);
	EXPECT_EQ(0, s.tmr[VECTOR / 32]);
	EXPECT_EQ(n + 1, take(agent, VECTOR));
	EXPECT_EQ(1, window_counter(COUNT_MESSAGES));
}

/* Both at once: the VP that runs exits by itself only. */
TEST_F(lapics, level_while_it_runs)
{
	struct agent *agent = &self->agent[1];
	__u32 i, n = rounds(300, 30);
	struct runner r;

	agent_run(agent, &r, agent_spin);
	for (i = 1; i <= n; i++) {
		ASSERT_EQ(0, assert_irq(&self->guest, IRQ_FIXED, IRQ_LEVEL, 1, VECTOR));
		ASSERT_TRUE(count_reaches(agent, VECTOR, i)) TH_LOG("round %u", i);
		ASSERT_FALSE(runner_done(&r));
	}
	agent_stop(agent, &r);
}

/* Whatever RFLAGS.IF and the task priority say */
TEST_F(lapics, nmi)
{
	struct agent *agent = &self->agent[1];
	struct runner r;

	agent_lapic_write(agent, REG_SPURIOUS, 0xff);
	reg_set(agent->vp, HV_X64_REGISTER_CR8, 15);
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_NMI, 0, 1, 0));
	EXPECT_EQ(0, agent_do(agent, agent_out));
	EXPECT_EQ(0, agent_do(agent, agent_out));
	EXPECT_EQ(1, agent->area->counts[VECTOR_NMI]);
	EXPECT_EQ(0, self->agent[0].area->counts[VECTOR_NMI]);
	/* And it wakes. */
	agent_goto(agent, agent_halt_off);
	runner_start(&r, agent->vp, -1);
	EXPECT_FALSE(runner_wait(&r, 50));
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_NMI, 0, 1, 0));
	EXPECT_EQ(0, runner_join(&r));
	EXPECT_EQ(0, agent_end(agent, &r.msg));
	EXPECT_EQ(2, agent->area->counts[VECTOR_NMI]);
}

/* A VP waits for SIPI, and starts where that says, once. */
TEST_F(lapics, init_sipi)
{
	const struct mshv_hv_x64_io_port_intercept_message *io;
	struct agent *agent = &self->agent[2];
	struct mshv_hv_message msg;
	struct runner r;

	io = (const void *)msg.payload;
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_INIT, 0, 2, 0));
	runner_start(&r, agent->vp, -1);
	EXPECT_FALSE(runner_wait(&r, 50));
	vp_cancel(agent->vp);
	EXPECT_EQ(-EINTR, runner_join(&r));
	EXPECT_EQ(STARTUP_SUSPEND, reg_get(agent->vp, HV_REGISTER_INTERNAL_ACTIVITY_STATE));
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_SIPI, 0, 2, GUEST_CODE >> 12));
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_SIPI, 0, 2, 0x77));
	/* The agent's first instructions are the same in real mode. */
	vp_run(agent->vp, &msg);
	ASSERT_EQ(MSHV_HVMSG_X64_IO_PORT_INTERCEPT, msg.header.message_type);
	EXPECT_EQ(GUEST_CODE, io->header.cs_segment.base);
	EXPECT_EQ(GUEST_CODE >> 4, io->header.cs_segment.selector);
	EXPECT_EQ(1, io->header.rip);
	EXPECT_EQ(2, io->header.vp_index);
	EXPECT_BITS(0, io->header.execution_state.cr0_pe);
	EXPECT_EQ(0, reg_get(agent->vp, HV_REGISTER_INTERNAL_ACTIVITY_STATE));
	EXPECT_EQ(0, reg_get(self->agent[1].vp, HV_REGISTER_INTERNAL_ACTIVITY_STATE));
}

/* From the VMM's PIC: no request, no service, no EOI */
TEST_F(lapics, extint)
{
	struct agent *agent = &self->agent[0];
	struct lapic_state s;

	agent_lapic_write(agent, REG_LINT0, LVT_EXTINT);
	agent->area->flags = AGENT_NO_EOI;
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_EXTINT, 0, 0, VECTOR));
	EXPECT_EQ(1, take(agent, VECTOR));
	lapic_get(agent->vp, &s);
	EXPECT_EQ(0, s.isr[VECTOR / 32]);
	EXPECT_EQ(0, s.irr[VECTOR / 32]);
}

/* The PIC's own way: LINT0 is another one. */
TEST_F(lapics, extint_beside_lint0)
{
	struct agent *agent = &self->agent[0];

	agent_lapic_write(agent, REG_LINT0, LVT_MASKED | LVT_EXTINT);
	agent->area->flags = AGENT_NO_EOI;
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_EXTINT, 0, 0, VECTOR));
	EXPECT_EQ(1, take(agent, VECTOR));
	EXPECT_EQ(1, agent->area->logged);
	/* And the last one says which vector it is. */
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_EXTINT, 0, 0, VECTOR));
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_EXTINT, 0, 0, VECTOR + 1));
	EXPECT_EQ(1, take(agent, VECTOR + 1));
	EXPECT_EQ(2, agent->area->logged);
}

/* LINT0 of the PIC: the vector is the one asserted, not that of the table, and there is no EOI. */
TEST_F(lapics, lint0_extint)
{
	struct agent *agent = &self->agent[0];
	struct lapic_state s;

	agent->area->flags = AGENT_NO_EOI;
	agent_lapic_write(agent, REG_LINT0, LVT_EXTINT | 0x33);
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_LINT0, 0, 0, VECTOR));
	EXPECT_EQ(1, take(agent, VECTOR));
	EXPECT_EQ(0, agent->area->counts[0x33]);
	lapic_get(agent->vp, &s);
	EXPECT_EQ(0, s.isr[VECTOR / 32] | s.irr[VECTOR / 32] | s.isr[1] | s.irr[1]);
	EXPECT_EQ(0, self->agent[1].area->logged);
}

TEST_F(lapics, lint0_masked)
{
	static const __u32 modes[] = { LVT_FIXED, LVT_NMI, LVT_EXTINT };
	struct agent *agent = &self->agent[0];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		agent_lapic_write(agent, REG_LINT0, LVT_MASKED | modes[i] | VECTOR);
		ASSERT_EQ(0, assert_irq(&self->guest, IRQ_LINT0, 0, 0, VECTOR));
		EXPECT_EQ(0, take(agent, VECTOR));
	}
	EXPECT_EQ(0, agent->area->logged);
	EXPECT_EQ(0, agent->area->counts[VECTOR_NMI]);
	/* It is lost, not kept until the mask goes. */
	agent_lapic_write(agent, REG_LINT0, LVT_FIXED | VECTOR);
	EXPECT_EQ(0, take(agent, VECTOR));
}

/* There is no system-management mode, and nobody reads remotely: taken, and nothing happens. */
TEST_F(lapics, without_effect)
{
	static const __u32 types[] = { IRQ_SMI, IRQ_REMOTE_READ };
	struct agent *agent = &self->agent[1];
	struct lapic_state before, after;
	__u64 cs[2], rip;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		agent_goto(agent, agent_window);
		rip = reg_get(agent->vp, HV_X64_REGISTER_RIP);
		cs[0] = reg_get(agent->vp, HV_X64_REGISTER_CS);
		lapic_get(agent->vp, &before);
		ASSERT_EQ(0, assert_irq(&self->guest, types[i], 0, 1, VECTOR));
		lapic_get(agent->vp, &after);
		EXPECT_EQ(0, memcmp(&before, &after, sizeof(before))) TH_LOG("type %u", types[i]);
		cs[1] = reg_get(agent->vp, HV_X64_REGISTER_CS);
		EXPECT_EQ(cs[0], cs[1]);
		EXPECT_EQ(rip, reg_get(agent->vp, HV_X64_REGISTER_RIP));
		EXPECT_EQ(0, take(agent, VECTOR));
		EXPECT_EQ(0, agent->area->logged);
		EXPECT_EQ(0, agent->area->counts[VECTOR_NMI]);
	}
}

/* The pins, by what the local vector table makes of them */
TEST_F(lapics, local_pins)
{
	struct agent *agent = &self->agent[0];

	agent_lapic_write(agent, REG_LINT1, LVT_NMI);
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_LINT1, 0, 0, 0));
	EXPECT_EQ(0, agent_do(agent, agent_out));
	EXPECT_EQ(1, agent->area->counts[VECTOR_NMI]);
	agent_lapic_write(agent, REG_LINT0, LVT_FIXED | VECTOR);
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_LINT0, 0, 0, 0));
	EXPECT_EQ(1, take(agent, VECTOR));
	agent_lapic_write(agent, REG_LINT0, LVT_MASKED | VECTOR);
	ASSERT_EQ(0, assert_irq(&self->guest, IRQ_LINT0, 0, 0, 0));
	EXPECT_EQ(1, take(agent, VECTOR));
}

/* A disabled local APIC takes no fixed interrupt, and a high priority lets none through. */
TEST_F(lapics, not_taken)
{
	struct agent *agent = &self->agent[0];

	agent_lapic_write(agent, REG_TPR, VECTOR & 0xf0);
	interrupt_fixed(self->guest.part, 0, VECTOR);
	EXPECT_EQ(0, take(agent, VECTOR));
	agent_lapic_write(agent, REG_TPR, 0);
	EXPECT_EQ(1, take(agent, VECTOR));
	agent_lapic_write(agent, REG_SPURIOUS, 0xff);
	assert_irq(&self->guest, IRQ_FIXED, 0, 0, VECTOR);
	EXPECT_EQ(1, take(agent, VECTOR));
}

TEST_F(lapics, invalid_fields)
{
	static const __u32 types[] = { IRQ_MAXIMUM, 0xb, 0x10, 0x80000000, 0xffffffff };
	struct guest *guest = &self->guest;
	__u32 flag;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		EXPECT_ERR(MSHV_ASSERT_INTERRUPT, EINVAL,
			   assert_irq(guest, types[i], 0, 0, VECTOR)) TH_LOG("type %#x", types[i]);
	for (flag = 4; flag; flag <<= 1) {
		/* Which the clients set */
		if (flag == 0x40000000)
			continue;
		EXPECT_ERR(MSHV_ASSERT_INTERRUPT, EINVAL,
			   assert_irq(guest, IRQ_FIXED, flag, 0, VECTOR)) TH_LOG("flag %#x", flag);
	}
	for (i = 0; i < 16; i++)
		EXPECT_ERR(MSHV_ASSERT_INTERRUPT, EINVAL, assert_irq(guest, IRQ_FIXED, 0, 0, i))
			TH_LOG("vector %zu", i);
	EXPECT_ERR(MSHV_ASSERT_INTERRUPT, EINVAL, assert_irq(guest, IRQ_FIXED, 0, 0, 256));
	EXPECT_EQ(0, assert_irq(guest, IRQ_FIXED, 0x40000000, 0, VECTOR));
	EXPECT_EQ(1, take(&self->agent[0], VECTOR));
}

TEST_F(lapics, bad_pointer)
{
	__u8 *pages = pages_alloc(2 * GUEST_PAGE);
	int part = self->guest.part;

	ASSERT_EQ(0, munmap(pages + GUEST_PAGE, GUEST_PAGE));
	EXPECT_ERR(MSHV_ASSERT_INTERRUPT, EFAULT,
		   ioctl(part, MSHV_ASSERT_INTERRUPT, NULL) ? -errno : 0);
	EXPECT_ERR(MSHV_ASSERT_INTERRUPT, EFAULT,
		   ioctl(part, MSHV_ASSERT_INTERRUPT, pages + GUEST_PAGE - 16) ? -errno : 0);
	munmap(pages, GUEST_PAGE);
}

TEST_F(guest, no_lapic)
{
	EXPECT_ERR(MSHV_ASSERT_INTERRUPT, EBADFD,
		   assert_irq(&self->guest, IRQ_FIXED, 0, 0, VECTOR));
}

TEST_F(guest, wrong_fd_or_size)
{
	struct mshv_assert_interrupt args = { .vector = VECTOR };
	const int other[] = { self->guest.dev, self->guest.vp };
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(other); i++)
		EXPECT_EQ(-ENOTTY, ioctl(other[i], MSHV_ASSERT_INTERRUPT, &args) ? -errno : 0);
	for (size = 0; size < 64; size++) {
		if (size == sizeof(args))
			continue;
		EXPECT_EQ(-ENOTTY, ioctl(self->guest.part, _IOC(_IOC_WRITE, 0xb8, 9, size), &args) ?
			  -errno : 0);
	}
}

/* A VP that runs gets it as it runs, one that sleeps is woken, and nobody's exit is needed. */
TEST_F(lapics, running_and_sleeping)
{
	struct runner spin, sleep;
	__u32 i, n = rounds(200, 30);

	agent_run(&self->agent[0], &spin, agent_spin);
	agent_run(&self->agent[1], &sleep, agent_sleep);
	for (i = 1; i <= n; i++) {
		interrupt_fixed(self->guest.part, 0, VECTOR);
		interrupt_fixed(self->guest.part, 1, VECTOR);
		ASSERT_TRUE(count_reaches(&self->agent[0], VECTOR, i));
		ASSERT_TRUE(count_reaches(&self->agent[1], VECTOR, i));
	}
	EXPECT_FALSE(runner_done(&spin) || runner_done(&sleep));
	agent_stop(&self->agent[0], &spin);
	__atomic_store_n(&self->agent[1].area->stop, 1, __ATOMIC_RELEASE);
	interrupt_fixed(self->guest.part, 1, VECTOR);
	agent_stop(&self->agent[1], &sleep);
}

static void *asserter_main(void *arg)
{
	const struct irq irq = { .type = IRQ_FIXED, .vector = VECTOR };
	int part = *(int *)arg;
	int ret;

	do {
		ret = __interrupt(part, &irq);
	} while (!ret);
	return (void *)(long)ret;
}

TEST_F(device, concurrent_close)
{
	unsigned long n = rounds(50, 8), i;
	pthread_t thread;
	void *ret;
	int part, vp;

	random_init();
	for (i = 0; i < n; i++) {
		part = part_create(self->dev, MSHV_PARTITION_LAPIC_ENABLED);
		vp = vp_create(part, 0);
		interrupt_fixed(part, 0, VECTOR);
		ASSERT_EQ(0, pthread_create(&thread, NULL, asserter_main, &part));
		sleep_us(random_below(2000));
		close(vp);
		close(part);
		pthread_join(thread, &ret);
		/* A local APIC that nobody has enabled may refuse it. */
		EXPECT_EQ(-EBADF, (long)ret);
	}
}

TEST_HARNESS_MAIN
