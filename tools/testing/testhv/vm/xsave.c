// SPDX-License-Identifier: GPL-2.0
/* Compacting and expanding extended processor state. */
#include "../hw/cpu.h"
#include "../lib/lib.h"
#include "xsave.h"

#define X87		BIT(0)
#define SSE		BIT(1)
#define AVX		BIT(2)
#define FIRST		2u		/* component with a place of its own */
#define COMPONENTS	63u
#define COMPACTED	BIT(63)
#define COMPONENT_ALIGN	64u
#define CPUID_ALIGNED	BIT(1)

/* The legacy region and the header */
#define X87_SIZE	24u
#define MXCSR		24u
#define MXCSR_SIZE	8u
#define ST		32u
#define ST_SIZE		128u
#define XMM		160u
#define XMM_SIZE	256u
#define XSTATE_BV	512u
#define XCOMP_BV	520u
#define HEADER_RESERVED	528u
#define HEADER_END	576u

#define FCW_INITIAL	0x37f
#define MXCSR_INITIAL	0x1f80
#define MXCSR_KNOWN	0xffffu

struct component {
	u32 standard, compacted, size;
};

static u64 qword(const u8 *area, u32 offset)
{
	return *(const u64 *)(area + offset);
}

/*
 * Where component @i lies if those in @states are stored; the end of those before it is in *@end,
 * which goes on to its own.
 */
static struct component place(u32 i, u32 *end)
{
	struct cpuid_result r = cpuid(0xd, i);
	struct component c = { .standard = r.ebx, .compacted = *end, .size = r.eax };

	if (r.ecx & CPUID_ALIGNED)
		c.compacted = ALIGN_UP(c.compacted, COMPONENT_ALIGN);
	*end = c.compacted + c.size;
	return c;
}

u32 xsave_compacted_size(u64 states)
{
	u32 end = HEADER_END;

	for (u32 i = FIRST; i < COMPONENTS; i++)
		if (states & BIT(i))
			place(i, &end);
	return end;
}

static void copy_legacy(u8 *to, const u8 *from, u64 states, u64 flags)
{
	if (states & X87) {
		memcpy(to, from, X87_SIZE);
		memcpy(to + ST, from + ST, ST_SIZE);
	}
	if (states & (SSE | AVX))
		memcpy(to + MXCSR, from + MXCSR, MXCSR_SIZE);
	if (states & SSE && !(flags & XSAVE_NO_XMM))
		memcpy(to + XMM, from + XMM, XMM_SIZE);
}

void xsave_compact(const u8 *standard, const struct xsave_choice *choice, u8 *to)
{
	u32 end = HEADER_END;

	copy_legacy(to, standard, choice->states, choice->flags);
	*(u64 *)(to + XSTATE_BV) = qword(standard, XSTATE_BV) & choice->states;
	*(u64 *)(to + XCOMP_BV) = COMPACTED | choice->states;
	for (u32 i = FIRST; i < COMPONENTS; i++) {
		struct component c;

		if (!(choice->states & BIT(i)))
			continue;
		c = place(i, &end);
		memcpy(to + c.compacted, standard + c.standard, c.size);
	}
}

static bool header_valid(const u8 *from, u64 allowed, u32 size)
{
	u64 stored = qword(from, XCOMP_BV);

	for (u32 i = HEADER_RESERVED; i < HEADER_END; i++)
		if (from[i])
			return false;
	if (!(stored & COMPACTED) || stored & ~(COMPACTED | allowed))
		return false;
	return !(qword(from, XSTATE_BV) & ~stored) &&
	       xsave_compacted_size(stored & ~COMPACTED) <= size;
}

/* What the components in @states are after initialization (APM 2, 11.5.5). */
static void initialize(u8 *standard, u64 states, u64 flags)
{
	if (states & X87) {
		memset(standard, 0, X87_SIZE);
		memset(standard + ST, 0, ST_SIZE);
		*(u16 *)standard = FCW_INITIAL;
	}
	if (states & SSE) {
		*(u32 *)(standard + MXCSR) = MXCSR_INITIAL;
		if (!(flags & XSAVE_NO_XMM))
			memset(standard + XMM, 0, XMM_SIZE);
	}
	for (u32 i = FIRST; i < COMPONENTS; i++) {
		u32 end = HEADER_END;
		struct component c;

		if (!(states & BIT(i)))
			continue;
		c = place(i, &end);
		memset(standard + c.standard, 0, c.size);
	}
}

hv_status xsave_expand(u8 *standard, const struct xsave_choice *choice, const u8 *from, u32 size)
{
	u64 stored, present;
	u32 end = HEADER_END;

	if (size < HEADER_END || !header_valid(from, choice->allowed, size))
		return HV_INVALID_PARAMETER;
	stored = qword(from, XCOMP_BV) & ~COMPACTED;
	present = qword(from, XSTATE_BV) & choice->states;
	if (present & (SSE | AVX) && *(const u32 *)(from + MXCSR) & ~MXCSR_KNOWN)
		return HV_INVALID_REGISTER_VALUE;
	initialize(standard, choice->states & ~present, choice->flags);
	copy_legacy(standard, from, present, choice->flags);
	for (u32 i = FIRST; i < COMPONENTS; i++) {
		struct component c;

		if (!(stored & BIT(i)))
			continue;
		c = place(i, &end);
		if (present & BIT(i))
			memcpy(standard + c.standard, from + c.compacted, c.size);
	}
	/* All that is there is valid: initial values are values too. */
	*(u64 *)(standard + XSTATE_BV) |= choice->states;
	return HV_SUCCESS;
}
