// SPDX-License-Identifier: GPL-2.0
/*
 * The root VPs' SynICs as they are, with the event rings behind them: what is announced, in which
 * slot, by which interrupt. Other tests have stubs for both, so here they have other names.
 */
#include <pthread.h>
#include <string.h>

#include "../hw/apic.h"
#include "../hw/cpu.h"
#include "../hw/memory.h"

#define this_cpu()		(&cpus[0])
#define faults			tested_faults
#define synic_init_cpu		tested_synic_init_cpu
#define synic_armed		tested_synic_armed
#define synic_ring		tested_synic_ring
#define synic_signal		tested_synic_signal
#define synic_post		tested_synic_post
#define synic_post_eoi		tested_synic_post_eoi
#define synic_purge		tested_synic_purge
#define synic_purge_eois	tested_synic_purge_eois
#define synic_retry		tested_synic_retry
#define synic_raw_message	tested_synic_raw_message
#define synic_read_msr		tested_synic_read_msr
#define synic_write_msr		tested_synic_write_msr
#define event_ring_init_cpu	tested_event_ring_init_cpu
#define event_ring_post		tested_event_ring_post
#define event_ring_refill	tested_event_ring_refill
#define event_ring_rescan	tested_event_ring_rescan
#include "../vm/port.h"
#include "machine.h"
#include "unit.h"

#define target_of ring_target_of
#include "../vm/event_ring.c"
#undef target_of
#include "../vm/synic.c"

#define DOORBELL	5u
#define VECTOR		0xf3u
#define AS_INTERCEPT	(VECTOR | SINT_AS_INTERCEPT)
#define PORTS		80u

static u8 pages[MACHINE_CPUS * 4][4096] __aligned(4096);
static unsigned int pages_used;
/* What the processors got: interrupts of testhv, and the last one's vector. */
static unsigned int interrupts[MACHINE_CPUS];
static u8 last_vector;
static struct port ports[PORTS];
static struct vp vps[2];

void *memory_overlay_page(void)
{
	return memset(pages[pages_used++], 0, 4096);
}

void run_show_overlay(const void *page)
{
	(void)page;
}

void apic_self_interrupt(u8 vector)
{
	last_vector = vector;
	__atomic_fetch_add(&interrupts[0], 1, __ATOMIC_SEQ_CST);
}

void apic_send(u32 dest, u32 icr_low)
{
	last_vector = (u8)icr_low;
	interrupts[dest]++;
}

bool apic_vector_busy(u8 vector)
{
	(void)vector;
	return true;
}

u32 apic_read(u32 reg)
{
	return reg;
}

u64 apic_read_icr(void)
{
	return 0;
}

void apic_write_tpr(u8 tpr)
{
	(void)tpr;
}

static void enable(unsigned int n, bool sint0)
{
	struct cpu *cpu = &cpus[n];

	EXPECT(synic_write_msr(cpu, MSR_SIMP, 1));
	EXPECT(synic_write_msr(cpu, MSR_SIRBP, 1));
	EXPECT(synic_write_msr(cpu, MSR_SCONTROL, 1));
	EXPECT(synic_write_msr(cpu, MSR_SINT0 + DOORBELL, AS_INTERCEPT));
	if (sint0)
		EXPECT(synic_write_msr(cpu, MSR_SINT0, VECTOR));
}

/* Processor 0 takes doorbells, 1 doesn't yet. */
static void begin(void)
{
	pages_used = 0;
	memset(synics, 0, sizeof(synics));
	for (unsigned int i = 0; i < cpu_count; i++) {
		list_init(&cpus[i].messages);
		list_init(&cpus[i].eois);
		synic_init_cpu(&cpus[i]);
		interrupts[i] = 0;
	}
	for (unsigned int i = 0; i < PORTS; i++) {
		ports[i] = (struct port){ .id = i + 1, .vp = PORT_VP_ANY, .sint = DOORBELL };
		list_init(&ports[i].waiting);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(vps); i++) {
		vps[i].home = &cpus[0];
		*(u32 *)vps[i].message = 0x80010000 + i;
		list_init(&vps[i].message_link);
	}
	enable(0, true);
}

static struct event_ring *ring_of(unsigned int n)
{
	return &synics[n].rings[DOORBELL];
}

static u32 *slot(unsigned int n)
{
	return (u32 *)synics[n].message_page;
}

/* The root takes the message, which must be of @type. True: something waits behind it. */
static bool take(unsigned int n, u32 type)
{
	u8 flags = synics[n].message_page[MESSAGE_FLAGS];

	EXPECT_EQ(type, slot(n)[0]);
	if (type == MESSAGE_SINT_INTERCEPT) {
		EXPECT_EQ(4, synics[n].message_page[4]);
		EXPECT_EQ(DOORBELL, slot(n)[4]);
	}
	slot(n)[0] = 0;
	if (flags & MESSAGE_PENDING)
		EXPECT(synic_write_msr(&cpus[n], MSR_EOM, 0));
	return flags & MESSAGE_PENDING;
}

static void announced_once(void)
{
	begin();
	event_ring_post(&ports[6], &cpus[0]);
	EXPECT_EQ(7, ring_of(0)->entry[0]);
	EXPECT_EQ(1, ring_of(0)->masked);
	EXPECT_EQ(1, interrupts[0]);
	EXPECT_EQ(VECTOR, last_vector);
	EXPECT_EQ(0x80000061, slot(0)[0]);
	/* The ring is masked: no more to be said. */
	event_ring_post(&ports[6], &cpus[0]);
	event_ring_post(&ports[7], &cpus[0]);
	EXPECT_EQ(1, interrupts[0]);
	EXPECT(!take(0, MESSAGE_SINT_INTERCEPT));
	synic_retry(&cpus[0]);
	EXPECT_EQ(0, slot(0)[0]);
	/* Unmasked, the next one is announced. */
	ring_of(0)->masked = 0;
	event_ring_post(&ports[8], &cpus[0]);
	EXPECT_EQ(2, interrupts[0]);
	EXPECT(!take(0, MESSAGE_SINT_INTERCEPT));
}

static void behind_messages(void)
{
	begin();
	synic_post(&vps[0]);
	event_ring_post(&ports[0], &cpus[0]);
	synic_post(&vps[1]);
	EXPECT_EQ(1, interrupts[0]);
	EXPECT(take(0, 0x80010000));
	EXPECT(take(0, 0x80010001));
	EXPECT(!take(0, MESSAGE_SINT_INTERCEPT));
	EXPECT_EQ(3, interrupts[0]);
	EXPECT_EQ(0, slot(0)[0]);
	/* The root has freed the slot and not looked at msg_pending: the next exit helps. */
	ring_of(0)->masked = 0;
	synic_post(&vps[0]);
	event_ring_post(&ports[0], &cpus[0]);
	slot(0)[0] = 0;
	synic_retry(&cpus[0]);
	EXPECT(!take(0, MESSAGE_SINT_INTERCEPT));
}

static void masked_sints(void)
{
	begin();
	EXPECT(synic_write_msr(&cpus[0], MSR_SINT0, SINT_MASKED));
	event_ring_post(&ports[0], &cpus[0]);
	EXPECT_EQ(1, ring_of(0)->entry[0]);
	EXPECT_EQ(0, slot(0)[0]);
	EXPECT(synic_write_msr(&cpus[0], MSR_SINT0, VECTOR));
	EXPECT(!take(0, MESSAGE_SINT_INTERCEPT));
	/* Turned off before it was announced: said when it is on again. */
	ring_of(0)->masked = 0;
	synic_post(&vps[0]);
	event_ring_post(&ports[1], &cpus[0]);
	EXPECT(synic_write_msr(&cpus[0], MSR_SINT0 + DOORBELL, AS_INTERCEPT | SINT_MASKED));
	take(0, 0x80010000);
	EXPECT_EQ(0, slot(0)[0]);
	EXPECT(synic_write_msr(&cpus[0], MSR_SINT0 + DOORBELL, AS_INTERCEPT));
	EXPECT(!take(0, MESSAGE_SINT_INTERCEPT));
	EXPECT_EQ(2, ring_of(0)->entry[1]);
}

static void processor_goes_offline(void)
{
	begin();
	/* Nobody has a ring; then one has. */
	EXPECT(synic_write_msr(&cpus[0], MSR_SCONTROL, 0));
	event_ring_post(&ports[0], &cpus[0]);
	event_ring_post(&ports[0], &cpus[0]);
	EXPECT_EQ(0, ring_of(0)->entry[0]);
	enable(1, true);
	EXPECT_EQ(1, ring_of(1)->entry[0]);
	EXPECT_EQ(0, ring_of(1)->entry[1]);
	EXPECT(!take(1, MESSAGE_SINT_INTERCEPT));
	/* Those of the one that goes are for the other from now on. */
	event_ring_post(&ports[1], &cpus[0]);
	EXPECT_EQ(2, ring_of(1)->entry[1]);
	EXPECT(synic_write_msr(&cpus[0], MSR_SCONTROL, 1));
	event_ring_post(&ports[2], &cpus[0]);
	EXPECT_EQ(3, ring_of(0)->entry[0]);
	EXPECT(synic_write_msr(&cpus[0], MSR_SIRBP, 0));
	event_ring_post(&ports[3], &cpus[0]);
	EXPECT_EQ(4, ring_of(1)->entry[2]);
	/* A port with a VP of its own waits for that one. */
	ports[4].vp = 0;
	event_ring_post(&ports[4], &cpus[1]);
	EXPECT_EQ(0, ring_of(1)->entry[3]);
	EXPECT(synic_write_msr(&cpus[0], MSR_SIRBP, 1));
	EXPECT_EQ(5, ring_of(0)->entry[1]);
}

static void other_signals(void)
{
	begin();
	EXPECT(synic_write_msr(&cpus[0], MSR_SINT0 + DOORBELL, 0x51));
	event_ring_post(&ports[0], &cpus[0]);
	EXPECT_EQ(1, interrupts[0]);
	EXPECT_EQ(0x51, last_vector);
	EXPECT_EQ(0, slot(0)[0]);
	EXPECT(synic_write_msr(&cpus[0], MSR_SINT0 + DOORBELL, 0x51 | SINT_POLLING));
	ring_of(0)->masked = 0;
	event_ring_post(&ports[0], &cpus[0]);
	EXPECT_EQ(1, interrupts[0]);
	EXPECT_EQ(1, ring_of(0)->entry[1]);
	/* From another processor. */
	enable(1, true);
	ports[0].vp = 1;
	event_ring_post(&ports[0], &cpus[0]);
	EXPECT_EQ(1, interrupts[1]);
	EXPECT_EQ(VECTOR, last_vector);
	EXPECT(!take(1, MESSAGE_SINT_INTERCEPT));
}

static void ring_page(void)
{
	u64 value, again;

	begin();
	EXPECT(synic_read_msr(&cpus[0], MSR_SIRBP, &value));
	EXPECT_EQ(1, value & 0xfff);
	EXPECT_EQ((u64)synics[0].rings, value & ~0xfffUL);
	EXPECT(synic_write_msr(&cpus[0], MSR_SIRBP, ~1UL));
	EXPECT(synic_read_msr(&cpus[0], MSR_SIRBP, &again));
	EXPECT_EQ(value & ~1UL, again);
	EXPECT(synic_read_msr(&cpus[1], MSR_SIRBP, &again));
	EXPECT(again != value);
	EXPECT(!synic_write_msr(&cpus[0], MSR_SINT0 + DOORBELL, 15 | SINT_AS_INTERCEPT));
	EXPECT(!synic_write_msr(&cpus[0], MSR_SINT0 + DOORBELL, BIT(21) | VECTOR));
}

/*
 * A reader on another processor, as Linux has it: woken by the interrupt, it takes messages, and
 * empties the ring. What it asks of testhv it asks under the lock.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned int seen[PORTS + 1], tail;
static bool stop;

static u32 next_event(struct event_ring *r)
{
	u32 id = __atomic_load_n(&r->entry[tail], __ATOMIC_ACQUIRE);

	if (!id && __atomic_load_n(&r->full, __ATOMIC_ACQUIRE)) {
		__atomic_store_n(&r->full, 0, __ATOMIC_SEQ_CST);
		pthread_mutex_lock(&lock);
		event_ring_refill(&cpus[0], DOORBELL);
		pthread_mutex_unlock(&lock);
		id = __atomic_load_n(&r->entry[tail], __ATOMIC_ACQUIRE);
	}
	if (!id) {
		__atomic_store_n(&r->masked, 0, __ATOMIC_SEQ_CST);
		id = __atomic_load_n(&r->entry[tail], __ATOMIC_SEQ_CST);
		if (!id)
			return 0;
		__atomic_store_n(&r->masked, 1, __ATOMIC_SEQ_CST);
	}
	__atomic_store_n(&r->entry[tail], 0, __ATOMIC_SEQ_CST);
	tail = (tail + 1) % RING_ENTRIES;
	return id;
}

static void isr(void)
{
	struct event_ring *r = ring_of(0);
	u32 id;

	if (!__atomic_load_n(slot(0), __ATOMIC_ACQUIRE))
		return;
	while ((id = next_event(r)))
		__atomic_fetch_add(&seen[id <= PORTS ? id : 0], 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(slot(0), 0, __ATOMIC_SEQ_CST);
	if (!(READ_ONCE(synics[0].message_page[MESSAGE_FLAGS]) & MESSAGE_PENDING))
		return;
	pthread_mutex_lock(&lock);
	synic_write_msr(&cpus[0], MSR_EOM, 0);
	pthread_mutex_unlock(&lock);
}

static void *reader(void *unused)
{
	unsigned int taken = 0;

	(void)unused;
	while (!__atomic_load_n(&stop, __ATOMIC_SEQ_CST)) {
		unsigned int now = __atomic_load_n(&interrupts[0], __ATOMIC_SEQ_CST);

		if (now == taken)
			continue;
		taken = now;
		isr();
	}
	return NULL;
}

static bool all_seen(const unsigned int *before)
{
	/* However busy the host is; a lost one never comes. */
	u64 end = rdtsc() + 20 * tsc_hz;

	for (unsigned int i = 0; i < PORTS; i++)
		while (__atomic_load_n(&seen[i + 1], __ATOMIC_SEQ_CST) == before[i + 1])
			if (rdtsc() > end)
				return false;
	return true;
}

/* Every port's event comes, at once or when others have; nothing is left that nobody announces. */
static void races_its_reader(void)
{
	unsigned int before[PORTS + 1], rounds = 0;
	bool fine = true;
	pthread_t thread;

	begin();
	tail = 0;
	stop = false;
	memset(seen, 0, sizeof(seen));
	EXPECT_EQ(0, pthread_create(&thread, NULL, reader, NULL));
	while (fine && rounds++ < 500) {
		unsigned int pause = rounds % 64;

		memcpy(before, seen, sizeof(seen));
		for (unsigned int i = 0; i < PORTS; i++) {
			pthread_mutex_lock(&lock);
			event_ring_post(&ports[i], &cpus[0]);
			pthread_mutex_unlock(&lock);
			for (unsigned int p = 0; p < pause * 4; p++)
				cpu_relax();
		}
		fine = all_seen(before);
	}
	__atomic_store_n(&stop, true, __ATOMIC_SEQ_CST);
	pthread_join(thread, NULL);
	EXPECT(fine);
	EXPECT_EQ(0, seen[0]);
	for (unsigned int i = 0; i < PORTS; i++)
		EXPECT(list_empty(&ports[i].waiting));
	EXPECT(counters[CNT_RING_FULL] > 0);
	EXPECT(counters[CNT_MESSAGES] > 1);
}

/* What the root must not leave behind; other SINTs send nothing without these. */
static void left_armed(void)
{
	static const struct { u32 msr; u64 on, off; } parts[] = {
		{ MSR_SCONTROL, 1, 0 }, { MSR_SIMP, 1, 0 }, { MSR_SINT0, VECTOR, SINT_MASKED },
	};

	begin();
	EXPECT(synic_armed(&cpus[0]));
	EXPECT(!synic_armed(&cpus[1]));
	for (unsigned int i = 0; i < ARRAY_SIZE(parts); i++) {
		about("MSR", parts[i].msr);
		EXPECT(synic_write_msr(&cpus[1], parts[i].msr, parts[i].on));
		EXPECT(synic_armed(&cpus[1]));
		EXPECT(synic_write_msr(&cpus[1], parts[i].msr, parts[i].off));
		EXPECT(!synic_armed(&cpus[1]));
	}
	EXPECT(synic_write_msr(&cpus[1], MSR_SINT0 + DOORBELL, VECTOR));
	EXPECT(!synic_armed(&cpus[1]));
}

const struct test synic_tests[] = {
	{ "synic: an event ring is announced once", announced_once },
	{ "synic: behind messages of VPs", behind_messages },
	{ "synic: SINTs are masked", masked_sints },
	{ "synic: a processor goes offline", processor_goes_offline },
	{ "synic: signals that aren't messages", other_signals },
	{ "synic: the page of SIRBP", ring_page },
	{ "synic: events race their reader", races_its_reader },
	{ "synic: left armed", left_armed },
	{ }
};
