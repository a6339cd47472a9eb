// SPDX-License-Identifier: GPL-2.0
/* Programmable intercepts of a partition (TLFS, 11.9). */
#include "partition.h"
#include "vp.h"

#define LEAVES_MAX	((u32)(PAGE_SIZE / sizeof(u32)))
#define VECTOR_NMI	2
#define VECTORS		32
#define MSR_PATCH_LEVEL	0x8bu
#define READ_WRITE	(INTERCEPT_READ | INTERCEPT_WRITE)

/* The one mask that a type takes; 0: there is no such type here. */
static u32 mask_of(u32 type)
{
	switch (type) {
	case INTERCEPT_IO_PORT:
	case INTERCEPT_MSR:
		return READ_WRITE;
	case INTERCEPT_CPUID:
	case INTERCEPT_EXCEPTION:
	case INTERCEPT_GLOBAL_CPUID:
	case INTERCEPT_INIT_SIPI:
		return INTERCEPT_EXECUTE;
	case INTERCEPT_PATCH_LEVEL:
		return INTERCEPT_READ;
	}
	return 0;
}

static u32 *find_leaf(const struct intercepts *i, u32 leaf)
{
	for (u32 n = 0; n < i->leaf_count; n++)
		if (i->leaves[n] == leaf)
			return &i->leaves[n];
	return NULL;
}

static hv_status set_leaf(struct partition *p, u32 leaf, bool on)
{
	struct intercepts *i = &p->intercepts;
	u32 *found = find_leaf(i, leaf);

	if (found && !on)
		*found = i->leaves[--i->leaf_count];
	if (found || !on)
		return HV_SUCCESS;
	if (!i->leaves)
		i->leaves = pool_alloc(&p->pool);
	if (!i->leaves)
		return HV_INSUFFICIENT_MEMORY;
	if (i->leaf_count == LEAVES_MAX)
		return HV_NO_RESOURCES;
	i->leaves[i->leaf_count++] = leaf;
	return HV_SUCCESS;
}

static hv_status set_exception(struct partition *p, u16 vector, bool on)
{
	/* An NMI isn't an exception. */
	if (vector >= VECTORS || vector == VECTOR_NMI)
		return HV_INVALID_PARAMETER;
	p->intercepts.exceptions &= ~(u32)BIT(vector);
	p->intercepts.exceptions |= on ? (u32)BIT(vector) : 0;
	return HV_SUCCESS;
}

hv_status intercepts_set(struct partition *p, u32 type, u32 mask, u64 parameter)
{
	struct intercepts *i = &p->intercepts;
	bool on = mask;

	if (!mask_of(type) || (mask && mask != mask_of(type)))
		return HV_INVALID_PARAMETER;
	switch (type) {
	case INTERCEPT_MSR:
		i->msr = on;
		break;
	case INTERCEPT_CPUID:
		return set_leaf(p, (u32)parameter, on);
	case INTERCEPT_EXCEPTION:
		return set_exception(p, (u16)parameter, on);
	case INTERCEPT_GLOBAL_CPUID:
		i->all_leaves = on;
		break;
	case INTERCEPT_INIT_SIPI:
		i->init_sipi = on;
		break;
	case INTERCEPT_PATCH_LEVEL:
		i->patch_level = on;
		break;
	}
	/* Ports exit whether somebody asked for it or not. */
	return HV_SUCCESS;
}

bool intercepts_cpuid(const struct partition *p, u32 leaf)
{
	return p->intercepts.all_leaves || find_leaf(&p->intercepts, leaf);
}

bool intercepts_msr(const struct partition *p, u32 msr, bool write)
{
	/* testhv has a patch level of its own, so that the general type doesn't cover it. */
	if (msr == MSR_PATCH_LEVEL)
		return p->intercepts.patch_level && !write;
	return p->intercepts.msr;
}

void intercepts_arm_software(struct vp *vp)
{
	struct vmcb *c = vp->vmcb;

	if (vp->software_passes)
		c->intercept1 &= ~(u32)INTERCEPT1_SWINT;
	else
		c->intercept1 |= INTERCEPT1_SWINT;
	vp->software_passes = false;
}

void intercepts_arm(struct vp *vp)
{
	u32 exceptions = vp->partition->intercepts.exceptions;
	struct vmcb *c = vp->vmcb;

	c->intercept_exceptions = exceptions;
	if (!(c->eventinj & EVENTINJ_VALID) || EVENTINJ_TYPE(c->eventinj) != EVENTINJ_SOFTWARE)
		vp->soft_length = 0;
	/* Somebody may have asked since; and one that passes has no length. */
	if (exceptions & SOFTWARE_VECTORS || vp->soft_length)
		vp->software_passes = false;
	intercepts_arm_software(vp);
}

void intercepts_destroy(struct partition *p)
{
	if (p->intercepts.leaves)
		pool_put(&p->pool, p->intercepts.leaves);
	p->intercepts = (struct intercepts){ 0 };
}
