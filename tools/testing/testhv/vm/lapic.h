/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The local APICs of the VPs of a partition with LAPIC_ENABLED (vp->lapic; NULL in others): the
 * model, its timer, and what has arrived at the VP beside fixed interrupts. A page of the
 * partition's pool, for as long as the VP. Protected by the big lock.
 */
#ifndef TESTHV_LAPIC_H
#define TESTHV_LAPIC_H

#include "lapic_model.h"
#include "status.h"
#include "timer.h"

struct cpu;
struct partition;
struct vp;

#define LAPIC_STATE_WORDS	44	/* of GET and SET_VP_STATE, 176 bytes */
#define LAPIC_MAX_VPS		255u	/* ids are VP indexes, and 255 is everybody */

struct lapic {
	struct lapic_model model;
	u64 base;			/* MSR 0x1b */
	struct vp_timer timer;

	bool nmi_pending;
	bool extint_pending;
	u8 extint_vector;
	/* INIT comes first, whatever came with it; a SIPI counts only behind one. */
	bool init_pending, sipi_pending;
	u8 sipi_vector;
	bool wait_sipi;			/* startup suspend */

	/* EOIs of level-triggered interrupts that the parent must hear of (synic.c) */
	struct list eoi_link;
	u32 eoi[LAPIC_BITS];
};

struct lapic_request {
	enum lapic_mode type;
	bool level, logical;
	u32 dest;
	u32 vector;
};

/* Reset, as CREATE_VP leaves it: VP 0 runs, the others wait for a SIPI. */
void lapic_create(struct vp *vp, struct lapic *l);
void lapic_destroy(struct vp *vp);
/* What an INIT does to it. */
void lapic_init(struct vp *vp);
/* The model has a new deadline, or none. */
void lapic_arm_timer(struct vp *vp);

/* A fixed interrupt arrives: the VP is woken, or kicked out of its guest, if need be. */
void lapic_raise(struct vp *vp, u8 vector, bool level);
/* Edge-triggered, and never in service. False: not accepted. */
bool lapic_auto_eoi_raise(struct vp *vp, u8 vector);
/* ASSERT_VIRTUAL_INTERRUPT. */
hv_status lapic_assert(struct partition *p, const struct lapic_request *r);
/* CLEAR_VIRTUAL_INTERRUPT: what was asserted as EXTINT and not taken yet is taken back. */
hv_status lapic_clear(struct partition *p);

/* The guest's own accesses; also those by the synthetic MSRs EOI, ICR, TPR. */
u32 lapic_read(struct vp *vp, u32 reg);
void lapic_write(struct vp *vp, u32 reg, u32 value);
void lapic_eoi(struct vp *vp);
u8 lapic_tpr(struct vp *vp);
void lapic_set_tpr(struct vp *vp, u8 tpr);
u64 lapic_icr(const struct vp *vp);
/* False: reserved bits. */
bool lapic_write_icr(struct vp *vp, u64 icr);
/* MSR 0x1b; false: #GP. */
bool lapic_set_base(struct vp *vp, u64 value);
bool lapic_enabled(const struct vp *vp);
/* Whether anything is in IRR. */
bool lapic_has_pending(const struct vp *vp);

/* lapic_send.c: what was written to ICR goes out. */
void lapic_send(struct vp *vp);
/* A request has arrived at @vp. */
void lapic_arrive(struct vp *vp, const struct lapic_request *r);

void lapic_get_state(const struct vp *vp, u32 state[LAPIC_STATE_WORDS]);
hv_status lapic_set_state(struct vp *vp, const u32 state[LAPIC_STATE_WORDS]);

/*
 * Callbacks of the floor above; NULL: nobody wants to know. A vector's service is over; a SIPI is
 * about to be sent by @vp, and the parent has asked for it (true: it goes no further).
 */
extern void (*lapic_eoi_callback)(struct vp *vp, u8 vector);
extern bool (*lapic_sipi_callback)(struct vp *vp, struct vp *target, u8 vector);

#endif
