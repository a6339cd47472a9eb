// SPDX-License-Identifier: GPL-2.0
/* Doorbell ports, their connections, and the event ring. */
#include <string.h>

#include "../hw/cpu.h"
#include "../lib/counters.h"
#include "../serve/message.h"
#include "../serve/serve.h"
#include "../vm/codes.h"
#include "../vm/event_ring.h"
#include "../vm/port.h"
#include "machine.h"
#include "unit.h"

#define RFLAGS_TF	BIT(8)
#define RFLAGS_RF	BIT(16)
#define SINT	5u
#define GPA	0xd0000000ul

static struct partition *child;

static u16 create_port(u32 id, u32 vp)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, ROOT_PARTITION_ID);
	hypercall_input32(8, id);
	hypercall_input(16, child->id);
	hypercall_input32(24, PORT_TYPE_DOORBELL);
	hypercall_input32(32, SINT);
	hypercall_input32(36, vp);
	return hypercall(CALL_CREATE_PORT, NULL);
}

static u16 connect(u32 id, u64 gpa, u64 value, u64 flags)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, child->id);
	hypercall_input32(8, id);
	hypercall_input(16, ROOT_PARTITION_ID);
	hypercall_input32(24, id);
	hypercall_input32(32, PORT_TYPE_DOORBELL);
	hypercall_input(40, gpa);
	hypercall_input(48, value);
	hypercall_input(56, flags);
	return hypercall(CALL_CONNECT_PORT, NULL);
}

static u16 by_id(u16 code, u64 partition, u32 id, u32 flags)
{
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, partition);
	hypercall_input32(8, id);
	hypercall_input32(12, flags);
	return hypercall(code, NULL);
}

static struct vp *begin(void)
{
	struct vp *vp = machine_vp();

	child = vp->partition;
	deposit(ROOT_PARTITION_ID, 9, 2);
	machine_rings[0][SINT].masked = 0;
	vp->explicit_suspend = false;
	vp->vmcb->cs.base = 0;
	vp->vmcb->cs.attrib |= SEG_L;
	vp->vmcb->efer |= EFER_LMA | EFER_LME;
	vp->gprs.rbx = GPA;
	return vp;
}

/* The guest executes @code, which accesses @gpa. True: the VP goes on. */
static bool access(struct vp *vp, const char *code, u64 info, u64 gpa)
{
	unsigned int before = posted;

	memcpy(machine_page(40), code, 15);
	vp->vmcb->rip = 0;
	vp->vmcb->exitcode = EXIT_NPF;
	vp->vmcb->exitinfo1 = info;
	vp->vmcb->exitinfo2 = gpa;
	serve_child_exit(&cpus[0], vp);
	if (posted == before)
		return true;
	vp->intercept_suspend = false;
	return false;
}

static bool store(struct vp *vp, const char *code, u64 gpa)
{
	return access(vp, code, NPF_FINAL | NPF_WRITE, gpa);
}

#define STORE1	"\x88\x03            "		/* mov %al, (%rbx) */
#define STORE2	"\x66\x89\x03           "
#define STORE4	"\x89\x03            "
#define STORE8	"\x48\x89\x03           "
#define LOAD4	"\x8b\x03            "

static void life(void)
{
	struct vp *vp = machine_vp();
	u64 free = vp->partition->pool.free, root_free;

	child = vp->partition;
	EXPECT_EQ(HV_INSUFFICIENT_MEMORY, create_port(1, PORT_VP_ANY));
	deposit(ROOT_PARTITION_ID, 9, 1);
	root_free = root_partition.pool.free;
	EXPECT_EQ(HV_SUCCESS, create_port(1, PORT_VP_ANY));
	EXPECT_EQ(HV_INVALID_PORT_ID, create_port(1, PORT_VP_ANY));
	EXPECT_EQ(HV_SUCCESS, connect(1, GPA, 0, DOORBELL_ANY_VALUE));
	EXPECT_EQ(HV_INVALID_CONNECTION_ID, connect(1, GPA + 4, 0, DOORBELL_ANY_VALUE));
	EXPECT_EQ(1, live[LIVE_PORTS]);
	EXPECT_EQ(1, live[LIVE_CONNECTIONS]);
	EXPECT_EQ(root_free - 1, root_partition.pool.free);
	EXPECT_EQ(free - 1, child->pool.free);
	EXPECT_EQ(HV_INVALID_CONNECTION_ID, by_id(CALL_DISCONNECT_PORT, child->id, 1, 0));
	EXPECT_EQ(HV_INVALID_PARAMETER, by_id(CALL_DISCONNECT_PORT, child->id, 1, 3));
	EXPECT_EQ(HV_SUCCESS, by_id(CALL_DISCONNECT_PORT, child->id, 1, 1));
	EXPECT_EQ(HV_INVALID_CONNECTION_ID, by_id(CALL_DISCONNECT_PORT, child->id, 1, 1));
	EXPECT_EQ(HV_SUCCESS, by_id(CALL_DELETE_PORT, ROOT_PARTITION_ID, 1, 0));
	EXPECT_EQ(HV_INVALID_PORT_ID, by_id(CALL_DELETE_PORT, ROOT_PARTITION_ID, 1, 0));
	EXPECT_EQ(0, live[LIVE_PORTS]);
	EXPECT_EQ(0, live[LIVE_CONNECTIONS]);
	EXPECT_EQ(root_free, root_partition.pool.free);
	EXPECT_EQ(free, child->pool.free);
}

static void finalize_disconnects(void)
{
	begin();
	EXPECT_EQ(HV_SUCCESS, create_port(1, PORT_VP_ANY));
	for (u32 id = 2; id < 100; id++) {
		EXPECT_EQ(HV_SUCCESS, create_port(id, PORT_VP_ANY));
		EXPECT_EQ(HV_SUCCESS, connect(id, GPA + 4 * id, 0, DOORBELL_ANY_VALUE));
	}
	EXPECT_EQ(HV_SUCCESS, by_id(CALL_FINALIZE_PARTITION, child->id, 0, 0));
	EXPECT_EQ(0, live[LIVE_CONNECTIONS]);
	EXPECT_EQ(child->pool.total, child->pool.free);
	for (u32 id = 1; id < 100; id++)
		EXPECT_EQ(HV_SUCCESS, by_id(CALL_DELETE_PORT, ROOT_PARTITION_ID, id, 0));
	EXPECT_EQ(0, live[LIVE_PORTS]);
}

static void refused(void)
{
	static const struct {
		u32 offset, value;
		u16 status;
	} bad[] = {
		{ 0, 99, HV_INVALID_PARTITION_ID },
		{ 8, 0, HV_INVALID_PORT_ID },
		{ 8, 1 << 24, HV_INVALID_PORT_ID },
		{ 12, 1, HV_INVALID_PARAMETER },
		{ 16, 99, HV_INVALID_PARTITION_ID },
		{ 16, ROOT_PARTITION_ID, HV_ACCESS_DENIED },
		{ 24, 1, HV_OPERATION_DENIED },
		{ 24, 0, HV_INVALID_PARAMETER },
		{ 24, 5, HV_INVALID_PARAMETER },
		{ 32, 16, HV_INVALID_PARAMETER },
		{ 36, 2, HV_INVALID_VP_INDEX },
		{ 40, 1, HV_INVALID_PARAMETER },
	};

	begin();
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		about("field", bad[i].offset);
		create_port(1, PORT_VP_ANY);
		by_id(CALL_DELETE_PORT, ROOT_PARTITION_ID, 1, 0);
		hypercall_input32(8, 1);
		hypercall_input(0, ROOT_PARTITION_ID);
		hypercall_input(16, child->id);
		hypercall_input32(24, PORT_TYPE_DOORBELL);
		hypercall_input32(32, SINT);
		hypercall_input32(36, PORT_VP_ANY);
		hypercall_input32(bad[i].offset, bad[i].value);
		EXPECT_EQ(bad[i].status, hypercall(CALL_CREATE_PORT, NULL));
	}
	about("connect", 0);
	EXPECT_EQ(HV_INVALID_PORT_ID, connect(7, GPA, 0, 0));
	EXPECT_EQ(HV_SUCCESS, create_port(7, 1));
	EXPECT_EQ(HV_INVALID_PARAMETER, connect(7, GPA, 0, 5));
	EXPECT_EQ(HV_INVALID_PARAMETER, connect(7, GPA, 0, 8));
	EXPECT_EQ(HV_INVALID_PARAMETER, connect(7, 1ul << 63, 0, 0));
	EXPECT_EQ(HV_INVALID_PARAMETER, by_id(CALL_NOTIFY_PORT_RING_EMPTY, 16, 0, 0));
	EXPECT_EQ(0, live[LIVE_CONNECTIONS]);
}

static void matching(void)
{
	static const struct {
		u64 value, flags;
		const char *code;
		u64 rax;
		bool hit;
	} rows[] = {
		{ 0, DOORBELL_ANY_VALUE, STORE4, 7, true },
		{ 0, DOORBELL_ANY_VALUE, STORE1, 7, true },
		{ 0, DOORBELL_ANY_VALUE | 3, STORE4, 7, true },
		{ 0, DOORBELL_ANY_VALUE | 3, STORE8, 7, false },
		{ 0, DOORBELL_ANY_VALUE | 1, STORE1, 7, true },
		{ 0, DOORBELL_ANY_VALUE | 2, STORE2, 7, true },
		{ 0, DOORBELL_ANY_VALUE | 4, STORE8, 7, true },
		{ 7, 3, STORE4, 0xff00000007, true },
		{ 7, 3, STORE4, 8, false },
		{ 7, 4, STORE8, 0xff00000007, false },
		{ 7, 0, STORE2, 0x10007, true },
		{ 7, 0, "\xc7\x03\x07\x00\x00\x00       ", 0, true },	/* movl $7, (%rbx) */
		{ 7, 0, "\x87\x03            ", 7, false },		/* xchg: reads too */
		{ 7, 0, "\x01\x03            ", 7, false },		/* add */
		{ 7, 0, "\xab             ", 7, false },			/* stos */
		{ 7, 0, "\x0f\x7f\x03           ", 7, false },		/* movq %mm0, (%rbx) */
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vp *vp;

		machine_reset();
		vp = begin();
		about("row", i);
		EXPECT_EQ(HV_SUCCESS, create_port(9, PORT_VP_ANY));
		EXPECT_EQ(HV_SUCCESS, connect(9, GPA, rows[i].value, rows[i].flags));
		vp->vmcb->rax = rows[i].rax;
		EXPECT_EQ(rows[i].hit, store(vp, rows[i].code, GPA));
		EXPECT_EQ(rows[i].hit, counters[CNT_DOORBELLS]);
		EXPECT_EQ(rows[i].hit ? 9 : 0, machine_rings[0][SINT].entry[0]);
		EXPECT_EQ(rows[i].hit, vp->vmcb->rip != 0);
		vp->gprs.rbx = GPA + 4;
		EXPECT(!store(vp, STORE4, GPA + 4));
	}
}

static void not_a_doorbell(void)
{
	struct vp *vp = begin();

	EXPECT_EQ(HV_SUCCESS, create_port(9, PORT_VP_ANY));
	EXPECT_EQ(HV_SUCCESS, connect(9, GPA, 0, DOORBELL_ANY_VALUE));
	EXPECT_EQ(HV_SUCCESS, create_port(8, PORT_VP_ANY));
	EXPECT_EQ(HV_INVALID_PARAMETER, connect(8, GPA, 5, DOORBELL_ANY_VALUE));
	/* Begun on the page before. */
	vp->gprs.rbx = GPA - 2;
	EXPECT(!store(vp, STORE4, GPA));
	vp->gprs.rbx = GPA;
	EXPECT(store(vp, STORE4, GPA));
	/* Its port has gone. */
	EXPECT_EQ(HV_SUCCESS, by_id(CALL_DELETE_PORT, ROOT_PARTITION_ID, 9, 0));
	EXPECT(!store(vp, STORE4, GPA));
	EXPECT_EQ(1, counters[CNT_DOORBELLS]);
}

/* What the instruction leaves behind it, besides the event. */
static void behind_the_store(void)
{
	struct vp *vp = begin();
	struct vmcb *c = vp->vmcb;

	EXPECT_EQ(HV_SUCCESS, create_port(9, PORT_VP_ANY));
	EXPECT_EQ(HV_SUCCESS, connect(9, GPA, 0, DOORBELL_ANY_VALUE));
	c->rflags = RFLAGS_RF | RFLAGS_IF;
	c->int_state = INT_STATE_SHADOW;
	EXPECT(store(vp, STORE8, GPA));
	EXPECT_EQ(3, c->rip);
	EXPECT_EQ(RFLAGS_IF, c->rflags);
	EXPECT_EQ(0, c->int_state);
	EXPECT_EQ(0, c->eventinj);
	c->rflags |= RFLAGS_TF;
	EXPECT(store(vp, STORE4, GPA));
	EXPECT_EQ(EVENTINJ_VALID | EVENTINJ_TYPE_EXCEPTION | 1, c->eventinj);
	/* The push of an event that is delivered: whatever is at RIP, it isn't that. */
	c->rflags = RFLAGS_IF;
	c->eventinj = EVENTINJ_VALID | 0x30;
	EXPECT(!store(vp, STORE4, GPA));
	EXPECT_EQ(EVENTINJ_VALID | 0x30, c->eventinj);
	EXPECT_EQ(0, c->rip);
	EXPECT_EQ(2, counters[CNT_DOORBELLS]);
}

/* What a doorbell's address is otherwise. */
static void other_accesses(void)
{
	struct vp *vp = begin();

	EXPECT_EQ(HV_SUCCESS, create_port(9, PORT_VP_ANY));
	EXPECT_EQ(HV_SUCCESS, connect(9, GPA, 0, DOORBELL_ANY_VALUE));
	EXPECT_EQ(HV_SUCCESS, create_port(10, PORT_VP_ANY));
	EXPECT_EQ(HV_SUCCESS, connect(10, 0x800, 0, DOORBELL_ANY_VALUE));
	/* Mapped: read-only, so the store is the parent's to know. */
	vp->gprs.rbx = 0x800;
	memset(machine_page(0), 0, 4096);
	hypercall_input(0, child->id);
	hypercall_input32(16, 0xd);
	hypercall_input(24, machine_pfn(40));
	EXPECT_EQ(HV_SUCCESS, hypercall(CALL_MAP_GPA_PAGES | REPS(1), NULL));
	EXPECT(!store(vp, STORE4, 0x800));
	EXPECT_EQ(MESSAGE_GPA_INTERCEPT, *(u32 *)vp->message);
	/* Read; a store to it while its page tables are walked. */
	vp->gprs.rbx = GPA;
	EXPECT(!access(vp, LOAD4, NPF_FINAL, GPA));
	EXPECT_EQ(MESSAGE_UNMAPPED_GPA, *(u32 *)vp->message);
	EXPECT(!access(vp, STORE4, NPF_WALK | NPF_WRITE, GPA));
	EXPECT(!access(vp, STORE4, NPF_FETCH | NPF_FINAL, GPA));
	/* Not its own, but another partition's. */
	EXPECT_EQ(HV_SUCCESS, by_id(CALL_DISCONNECT_PORT, child->id, 9, 1));
	EXPECT(!store(vp, STORE4, GPA));
	EXPECT_EQ(0, counters[CNT_DOORBELLS]);
}

static void ring(void)
{
	struct event_ring *r = &machine_rings[0][SINT];
	struct vp *vp = begin();

	EXPECT_EQ(HV_SUCCESS, create_port(9, PORT_VP_ANY));
	EXPECT_EQ(HV_SUCCESS, create_port(10, PORT_VP_ANY));
	EXPECT_EQ(HV_SUCCESS, connect(9, GPA, 0, DOORBELL_ANY_VALUE));
	EXPECT_EQ(HV_SUCCESS, connect(10, GPA + 8, 0, DOORBELL_ANY_VALUE));
	/* One signal until the reader unmasks it. */
	for (unsigned int i = 0; i < RING_ENTRIES; i++)
		EXPECT(store(vp, STORE4, GPA));
	EXPECT_EQ(1, signalled);
	EXPECT_EQ(1, r->masked);
	EXPECT_EQ(0, r->full);
	EXPECT(store(vp, STORE4, GPA));
	EXPECT_EQ(1, r->full);
	EXPECT(store(vp, STORE4, GPA));
	vp->gprs.rbx = GPA + 8;
	EXPECT(store(vp, STORE4, GPA + 8));
	EXPECT_EQ(RING_ENTRIES + 3, counters[CNT_PORT_EVENTS]);
	EXPECT_EQ(2, counters[CNT_RING_FULL]);
	EXPECT_EQ(1, counters[CNT_PORT_EVENTS_MERGED]);
	for (unsigned int i = 0; i < RING_ENTRIES; i++) {
		EXPECT_EQ(9, r->entry[i]);
		r->entry[i] = 0;
	}
	r->full = 0;
	r->masked = 0;
	EXPECT_EQ(HV_SUCCESS, by_id(CALL_NOTIFY_PORT_RING_EMPTY, SINT, 0, 0));
	EXPECT_EQ(9, r->entry[0]);
	EXPECT_EQ(10, r->entry[1]);
	EXPECT_EQ(0, r->entry[2]);
	EXPECT_EQ(2, signalled);
	EXPECT(store(vp, STORE4, GPA + 8));
	EXPECT_EQ(10, r->entry[2]);
}

static void rings_elsewhere(void)
{
	struct vp *vp = begin();

	EXPECT_EQ(HV_SUCCESS, create_port(9, PORT_VP_ANY));
	EXPECT_EQ(HV_SUCCESS, connect(9, GPA, 0, DOORBELL_ANY_VALUE));
	machine_ring_off[0] = true;
	EXPECT(store(vp, STORE4, GPA));
	EXPECT_EQ(9, machine_rings[1][SINT].entry[0]);
	machine_ring_off[1] = true;
	EXPECT(store(vp, STORE4, GPA));
	EXPECT_EQ(0, machine_rings[1][SINT].entry[1]);
	machine_ring_off[1] = false;
	event_ring_rescan(&cpus[1]);
	EXPECT_EQ(9, machine_rings[1][SINT].entry[1]);
	/* Nobody waits for a port that has gone. */
	machine_ring_off[1] = true;
	EXPECT(store(vp, STORE4, GPA));
	EXPECT_EQ(HV_SUCCESS, by_id(CALL_DELETE_PORT, ROOT_PARTITION_ID, 9, 0));
	machine_ring_off[1] = false;
	event_ring_rescan(&cpus[1]);
	EXPECT_EQ(0, machine_rings[1][SINT].entry[2]);
}

const struct test port_tests[] = {
	{ "ports and connections, created and deleted", life },
	{ "FINALIZE disconnects", finalize_disconnects },
	{ "ports and connections that are refused", refused },
	{ "stores that are doorbells", matching },
	{ "stores that are not", not_a_doorbell },
	{ "what a doorbell leaves behind it", behind_the_store },
	{ "accesses to a doorbell that are none", other_accesses },
	{ "an event ring", ring },
	{ "events for rings that are off", rings_elsewhere },
	{ NULL, NULL }
};
