// SPDX-License-Identifier: GPL-2.0
/*
 * The root's own processors and devices: they are its already, so these calls only confirm what is
 * (TLFS, 7.8 and 17.4).
 */
#include "../hw/apic.h"
#include "../hw/cpu.h"
#include "../vm/partition.h"
#include "hypercall.h"

/* MAP_DEVICE_INTERRUPT */
#define DEVICE_TYPE(id)		((u32)((id) >> 62))
#define DEVICE_PCI		1
#define DEVICE_IOAPIC		2
#define SOURCE_MSI		1
#define SOURCE_IOAPIC		2
#define TRIGGER_LEVEL		1
#define TARGET_SET		2	/* the target is a set of processors, not a mask */
#define RTE_LEVEL		BIT(15)
#define RTE_DESTINATION(id)	((u64)(id) << 56)

hv_status call_add_logical_processor(struct call *c)
{
	u32 index = call_u32(c, 0);

	if (index >= cpu_count || !cpus[index].online)
		return HV_INVALID_LP_INDEX;
	return call_u32(c, 4) == cpus[index].apic_id ? HV_SUCCESS : HV_INVALID_PARAMETER;
}

/* The lowest processor of the set; APIC id and index are the same (banks of 64). */
static bool target_of(const struct call *c, u32 *apic_id)
{
	u64 mask = call_u64(c, 72), bits;

	if (call_u32(c, 60) != TARGET_SET || call_u64(c, 64) || !(mask & 1))
		return false;
	if (c->layout.variable < 16)
		return false;
	bits = call_u64(c, 80);
	for (u32 i = 0; i < cpu_count; i++) {
		if (!(bits & BIT(i)))
			continue;
		*apic_id = cpus[i].apic_id;
		return true;
	}
	return false;
}

/* The device interrupts the root's own local APIC, without testhv between. */
hv_status call_map_device_interrupt(struct call *c)
{
	u32 vector = call_u32(c, 56), trigger = call_u32(c, 44), apic_id;
	struct partition *p = partition_find(call_u64(c, 0));
	u64 device = call_u64(c, 8);

	if (!p)
		return HV_INVALID_PARTITION_ID;
	if (p != &root_partition)
		return HV_ACCESS_DENIED;
	if (!c->layout.variable || call_u32(c, 48) != 1 || vector < 16 || vector > 0xff ||
	    call_u32(c, 40) || trigger > TRIGGER_LEVEL || !target_of(c, &apic_id))
		return HV_INVALID_PARAMETER;
	switch (DEVICE_TYPE(device)) {
	case DEVICE_PCI:
		call_return_u64(c, 0, SOURCE_MSI);
		call_return_u64(c, 8, APIC_BASE_SPA | apic_id << 12 | (u64)vector << 32);
		return HV_SUCCESS;
	case DEVICE_IOAPIC:
		call_return_u64(c, 0, SOURCE_IOAPIC);
		call_return_u64(c, 8, vector | (trigger ? RTE_LEVEL : 0) |
				RTE_DESTINATION(apic_id));
		return HV_SUCCESS;
	}
	return HV_INVALID_PARAMETER;
}

hv_status call_unmap_device_interrupt(struct call *c)
{
	struct partition *p = partition_find(call_u64(c, 0));

	if (!p)
		return HV_INVALID_PARTITION_ID;
	return p == &root_partition ? HV_SUCCESS : HV_ACCESS_DENIED;
}
