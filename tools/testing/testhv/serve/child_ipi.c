// SPDX-License-Identifier: GPL-2.0
/* SEND_SYNTHETIC_CLUSTER_IPI of children: a fixed interrupt for a set of VPs (TLFS, 10.6). */
#include "../vm/lapic.h"
#include "../vm/partition.h"
#include "../vm/vp.h"
#include "child_call.h"

#define FIRST_VECTOR	16
#define LAST_VECTOR	255
#define BANK_BITS	64u
#define BANKS		64u

/* HV_VP_SET.Format */
#define SPARSE_4K	0
#define ALL		1

/* Offsets in the input of the extended form. */
#define FORMAT		8
#define VALID_BANKS	16
#define CONTENTS	24

/* The first qword: vector, and a VTL, which can only be 0. */
static bool vector_valid(u64 first)
{
	return first >= FIRST_VECTOR && first <= LAST_VECTOR;
}

static void send_bank(struct partition *p, u32 first, u64 mask, u8 vector)
{
	for (u32 i = 0; i < BANK_BITS; i++) {
		struct vp *vp = mask & BIT(i) ? partition_vp(p, first + i) : NULL;

		if (vp && vp->lapic)
			lapic_raise(vp, vector, false);
	}
}

hv_status child_send_ipi(struct vp *vp, struct child_call *c)
{
	u64 first = child_call_u64(c, 0);

	if (!vector_valid(first))
		return HV_INVALID_PARAMETER;
	send_bank(vp->partition, 0, child_call_u64(c, 8), (u8)first);
	return HV_SUCCESS;
}

static void send_all(struct partition *p, u8 vector)
{
	for (u32 bank = 0; bank < PARTITION_MAX_VPS / BANK_BITS; bank++)
		send_bank(p, bank * BANK_BITS, ~0ULL, vector);
}

/* The banks that are there follow one another. */
static hv_status send_sparse(struct vp *vp, const struct child_call *c, u8 vector)
{
	u64 valid = child_call_u64(c, VALID_BANKS);
	u32 at = 0;

	for (u32 bank = 0; bank < BANKS; bank++) {
		if (!(valid & BIT(bank)))
			continue;
		if (at + 8 > c->layout.variable)
			return HV_INVALID_PARAMETER;
		send_bank(vp->partition, bank * BANK_BITS, child_call_u64(c, CONTENTS + at),
			  vector);
		at += 8;
	}
	return HV_SUCCESS;
}

hv_status child_send_ipi_ex(struct vp *vp, struct child_call *c)
{
	u64 first = child_call_u64(c, 0);

	if (!vector_valid(first))
		return HV_INVALID_PARAMETER;
	switch (child_call_u64(c, FORMAT)) {
	case SPARSE_4K:
		return send_sparse(vp, c, (u8)first);
	case ALL:
		send_all(vp->partition, (u8)first);
		return HV_SUCCESS;
	}
	return HV_INVALID_PARAMETER;
}
