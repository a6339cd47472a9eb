/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the message of an MSI to the interrupt that it means (Intel SDM 3,
 * "Message Signalled Interrupts"); pure, so that it is tested alone.
 */
#ifndef _MSHV_MSI_H
#define _MSHV_MSI_H

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/types.h>
#include <linux/mshv.h>

#define MSHV_MSI_ADDRESS_LOGICAL	BIT(2)
#define MSHV_MSI_ADDRESS_HINT		BIT(3)
/* A message that an IOMMU would translate: its other bits mean other things. */
#define MSHV_MSI_ADDRESS_REMAPPABLE	BIT(4)
/* Bits 14:8 of a destination, as virtual machines have them without an IOMMU. */
#define MSHV_MSI_ADDRESS_DEST_EXT	GENMASK(11, 5)
#define MSHV_MSI_ADDRESS_DEST		GENMASK(19, 12)

#define MSHV_MSI_DATA_VECTOR		GENMASK(7, 0)
#define MSHV_MSI_DATA_DELIVERY		GENMASK(10, 8)
#define MSHV_MSI_DATA_LEVEL		BIT(15)

/* Those below are exceptions; a local APIC does not take them. */
#define MSHV_LEAST_VECTOR		16

/**
 * struct mshv_route - the interrupt that a number stands for
 * @dest: APIC id, or logical destination
 * @type: MSHV_HV_X64_INTERRUPT_TYPE_*
 * @flags: MSHV_INTERRUPT_*
 * @vector: vector
 * @given: the table has an entry for the number
 * @valid: and it is an interrupt that there can be
 */
struct mshv_route {
	u16 dest;
	u8 type;
	u8 flags;
	u8 vector;
	bool given;
	bool valid;
};

static inline u16 mshv_msi_dest(u32 address_lo)
{
	u16 dest = FIELD_GET(MSHV_MSI_ADDRESS_DEST, address_lo);

	if (!(address_lo & MSHV_MSI_ADDRESS_REMAPPABLE))
		dest |= FIELD_GET(MSHV_MSI_ADDRESS_DEST_EXT, address_lo) << 8;
	return dest;
}

static inline bool mshv_msi_is_valid(u8 type, u8 vector)
{
	switch (type) {
	case MSHV_HV_X64_INTERRUPT_TYPE_FIXED:
	case MSHV_HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY:
		return vector >= MSHV_LEAST_VECTOR;
	case MSHV_HV_X64_INTERRUPT_TYPE_SMI:
	case MSHV_HV_X64_INTERRUPT_TYPE_NMI:
	case MSHV_HV_X64_INTERRUPT_TYPE_INIT:
	case MSHV_HV_X64_INTERRUPT_TYPE_EXTINT:
		return true;
	default:
		return false;
	}
}

/**
 * mshv_msi_decode - the interrupt of a message
 * @address_lo: address
 * @data: data
 *
 * The delivery modes are numbered as the hypervisor's types are. A fixed
 * interrupt with the redirection hint may go to any one of a logical
 * destination. SMI, NMI and INIT are edges whatever their message says, and
 * bit 14 of the data does not matter: nobody sends the end of a level.
 *
 * Return: the route; not valid if no local APIC would take it.
 */
static inline struct mshv_route mshv_msi_decode(u32 address_lo, u32 data)
{
	struct mshv_route route = {
		.dest = mshv_msi_dest(address_lo),
		.type = FIELD_GET(MSHV_MSI_DATA_DELIVERY, data),
		.vector = FIELD_GET(MSHV_MSI_DATA_VECTOR, data),
		.given = true,
	};

	route.valid = mshv_msi_is_valid(route.type, route.vector);
	if (address_lo & MSHV_MSI_ADDRESS_LOGICAL) {
		route.flags |= MSHV_INTERRUPT_LOGICAL_DEST;
		if (address_lo & MSHV_MSI_ADDRESS_HINT &&
		    route.type == MSHV_HV_X64_INTERRUPT_TYPE_FIXED)
			route.type = MSHV_HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY;
	}
	switch (route.type) {
	case MSHV_HV_X64_INTERRUPT_TYPE_FIXED:
	case MSHV_HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY:
	case MSHV_HV_X64_INTERRUPT_TYPE_EXTINT:
		if (data & MSHV_MSI_DATA_LEVEL)
			route.flags |= MSHV_INTERRUPT_LEVEL_TRIGGERED;
		break;
	}
	return route;
}

/**
 * mshv_route_ends - whether the EOI of a vector ends a route's interrupt
 * @route: route
 * @vector: of the EOI
 *
 * Return: true if it does; an edge has no end.
 */
static inline bool mshv_route_ends(const struct mshv_route *route, u8 vector)
{
	return route->valid && route->vector == vector &&
	       route->flags & MSHV_INTERRUPT_LEVEL_TRIGGERED;
}

#endif /* _MSHV_MSI_H */
