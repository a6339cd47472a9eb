// SPDX-License-Identifier: GPL-2.0
/* MSHV_SET_MSI_ROUTING: what tables there can be, and what interrupts they name. */
#include <errno.h>

#include "lapic.h"

#define GSI		9
#define VECTOR		0x51
#define MSI_LOGICAL	0x4
#define MSI_HINT	0x8
#define MSI_LOWEST	0x100
#define MSI_NMI		0x400
#define VECTOR_NMI	2
#define MSI_ADDRESS(id)	(LAPIC_BASE | (id) << 12)

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

TEST_F(lapics, destinations)
{
	int part = self->guest.part, fd = event_new();
	unsigned int i, got;

	for (i = 0; i < LAPIC_VPS; i++)
		agent_lapic_write(&self->agent[i], REG_LDR, 1u << (24 + i));
	irqfd_assign(part, fd, GSI);
	for (i = 0; i < LAPIC_VPS; i++) {
		msi_route(part, GSI, MSI_ADDRESS(i), VECTOR + i);
		event_signal(fd);
		EXPECT_EQ(1 << i, who(self->agent, VECTOR + i));
	}
	msi_route(part, GSI, MSI_ADDRESS(0x6) | MSI_LOGICAL, VECTOR);
	event_signal(fd);
	EXPECT_EQ(0x6, who(self->agent, VECTOR));
	msi_route(part, GSI, MSI_ADDRESS(0x6) | MSI_LOGICAL, VECTOR | MSI_LOWEST);
	event_signal(fd);
	got = who(self->agent, VECTOR);
	EXPECT_TRUE(got == 2 || got == 4) TH_LOG("got %#x", got);
	msi_route(part, GSI, MSI_ADDRESS(0x6) | MSI_LOGICAL | MSI_HINT, VECTOR);
	event_signal(fd);
	got = who(self->agent, VECTOR);
	EXPECT_TRUE(got == 2 || got == 4) TH_LOG("got %#x", got);
	close(fd);
}

TEST_F(lapics, nmi)
{
	int part = self->guest.part, fd = event_new();
	struct agent *agent = &self->agent[1];

	irqfd_assign(part, fd, GSI);
	msi_route(part, GSI, MSI_ADDRESS(1), MSI_NMI);
	event_signal(fd);
	EXPECT_EQ(0, agent_do(agent, agent_out));
	EXPECT_EQ(0, agent_do(agent, agent_out));
	EXPECT_EQ(1, agent->area->counts[VECTOR_NMI]);
	close(fd);
}

/* Bits 14:8 of a destination lead past VP 0, to nobody. */
TEST_F(lapics, extended_destination)
{
	int part = self->guest.part, fd = event_new();

	irqfd_assign(part, fd, GSI);
	msi_route(part, GSI, MSI_ADDRESS(0) | 0x20, VECTOR);
	event_signal(fd);
	EXPECT_EQ(0, who(self->agent, VECTOR));
	close(fd);
}

/* Such as clients put where they have none; to raise them is no error. */
TEST_F(lapics, no_interrupts)
{
	static const __u32 data[] = { 0, 0xf, MSI_LOWEST, 0x300 | VECTOR, 0x600 | VECTOR };
	int part = self->guest.part, fd = event_new();
	size_t i;

	irqfd_assign(part, fd, GSI);
	window_zero();
	for (i = 0; i < ARRAY_SIZE(data); i++) {
		msi_route(part, GSI, i ? MSI_ADDRESS(0) : 0, data[i]);
		event_signal(fd);
	}
	EXPECT_EQ(0, window_calls(CALL_ASSERT_INTERRUPT));
	EXPECT_EQ(0, who(self->agent, VECTOR));
	close(fd);
}

/* The largest table works, in any order. */
TEST_F(lapics, largest)
{
	struct mshv_msi_routing_entry *e = calloc(MSHV_MAX_GSIS + 1, sizeof(*e));
	int part = self->guest.part, fd = event_new(), i;

	for (i = 0; i < MSHV_MAX_GSIS; i++)
		e[i] = (struct mshv_msi_routing_entry){
			.gsi = i * 1237 % MSHV_MAX_GSIS,
			.address_lo = MSI_ADDRESS(1),
			.data = 0x20 + i * 1237 % MSHV_MAX_GSIS % 200,
		};
	ASSERT_EQ(0, __msi_routing(part, e, MSHV_MAX_GSIS));
	for (i = 0; i < MSHV_MAX_GSIS; i += 455) {
		irqfd_assign(part, fd, i);
		event_signal(fd);
		EXPECT_EQ(1 << 1, who(self->agent, 0x20 + i % 200)) TH_LOG("%d", i);
		irqfd_deassign(part, fd, i);
	}
	e[MSHV_MAX_GSIS].gsi = 1;
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, EINVAL, __msi_routing(part, e, MSHV_MAX_GSIS + 1));
	free(e);
	close(fd);
}

/* Refused whole: the table is as it was. */
TEST_F(lapics, invalid_fields)
{
	struct mshv_msi_routing_entry e[2] = {
		{ .gsi = 1, .address_lo = MSI_ADDRESS(0), .data = VECTOR + 1 },
		{ .gsi = 2, .address_lo = MSI_ADDRESS(0), .data = VECTOR + 2 },
	};
	int part = self->guest.part, fd = event_new();
	struct mshv_msi_routing head = { .pad = 1 };

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR);
	irqfd_assign(part, fd, GSI);
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, EINVAL,
		   ioctl(part, MSHV_SET_MSI_ROUTING, &head) ? -errno : 0);
	head = (struct mshv_msi_routing){ .nr = MSHV_MAX_GSIS + 1 };
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, EINVAL,
		   ioctl(part, MSHV_SET_MSI_ROUTING, &head) ? -errno : 0);
	head.nr = ~0u;
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, EINVAL,
		   ioctl(part, MSHV_SET_MSI_ROUTING, &head) ? -errno : 0);
	e[1].gsi = 1;
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, EINVAL, __msi_routing(part, e, 2));
	e[1].gsi = MSHV_MAX_GSIS;
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, EINVAL, __msi_routing(part, e, 2));
	e[1].gsi = ~0u;
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, EINVAL, __msi_routing(part, e, 2));
	e[1] = (struct mshv_msi_routing_entry){ .gsi = 2, .address_hi = 1, .data = VECTOR };
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, EINVAL, __msi_routing(part, e, 2));
	event_signal(fd);
	EXPECT_EQ(1, who(self->agent, VECTOR));
	close(fd);
}

TEST_F(guest, bad_pointer)
{
	__u8 *pages = pages_alloc(2 * GUEST_PAGE);
	struct mshv_msi_routing *args = (void *)(pages + GUEST_PAGE - sizeof(*args));
	int part = self->guest.part;

	ASSERT_EQ(0, munmap(pages + GUEST_PAGE, GUEST_PAGE));
	*args = (struct mshv_msi_routing){ .nr = 1 };
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, EFAULT,
		   ioctl(part, MSHV_SET_MSI_ROUTING, NULL) ? -errno : 0);
	EXPECT_ERR(MSHV_SET_MSI_ROUTING, EFAULT,
		   ioctl(part, MSHV_SET_MSI_ROUTING, args) ? -errno : 0);
	args->nr = 0;
	EXPECT_EQ(0, ioctl(part, MSHV_SET_MSI_ROUTING, args));
	munmap(pages, GUEST_PAGE);
}

struct setter {
	int part;
	bool stop;
	unsigned long sets;
};

/* Always the same vector, to the one VP or to the other */
static void *setter_main(void *arg)
{
	struct setter *setter = arg;

	while (!__atomic_load_n(&setter->stop, __ATOMIC_ACQUIRE)) {
		msi_route(setter->part, GSI, MSI_ADDRESS(0), VECTOR);
		msi_route(setter->part, GSI, MSI_ADDRESS(1), VECTOR + 1);
		setter->sets++;
	}
	return NULL;
}

/* Each signal finds one table or the other, whole; what has been replaced raises nothing. */
TEST_F(lapics, replaced_while_raised)
{
	struct setter setter = { .part = self->guest.part };
	int part = self->guest.part, fd = event_new();
	__u32 i, n = rounds(2000, 200);
	pthread_t thread;

	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR);
	irqfd_assign(part, fd, GSI);
	ASSERT_EQ(0, pthread_create(&thread, NULL, setter_main, &setter));
	for (i = 0; i < n; i++)
		event_signal(fd);
	__atomic_store_n(&setter.stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	EXPECT_LT(0, setter.sets);
	EXPECT_EQ(0, who(self->agent, VECTOR) & ~1);
	EXPECT_EQ(0, who(self->agent, VECTOR + 1) & ~2);
	msi_route(part, GSI, MSI_ADDRESS(0), VECTOR + 2);
	event_signal(fd);
	EXPECT_EQ(1, who(self->agent, VECTOR + 2));
	EXPECT_EQ(0, who(self->agent, VECTOR) | who(self->agent, VECTOR + 1));
	close(fd);
}

TEST_HARNESS_MAIN
