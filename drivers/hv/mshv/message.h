/* SPDX-License-Identifier: GPL-2.0 */
/* Which messages are about a VP; pure, so that it is tested alone. */
#ifndef _MSHV_MESSAGE_H
#define _MSHV_MESSAGE_H

#include <linux/types.h>
#include <asm/mshv.h>

/**
 * mshv_message_least_payload - how long the payload of a type must be
 * @type: MSHV_HVMSG_*
 *
 * The payload of every type that is about a VP begins with the VP's index.
 *
 * Return: bytes; 0 for a type that is not about a VP, or that nobody knows.
 */
static inline size_t mshv_message_least_payload(u32 type)
{
	switch (type) {
	case MSHV_HVMSG_UNMAPPED_GPA:
	case MSHV_HVMSG_GPA_INTERCEPT:
		return sizeof(struct mshv_hv_x64_memory_intercept_message);
	case MSHV_HVMSG_UNRECOVERABLE_EXCEPTION:
	case MSHV_HVMSG_X64_HALT:
		return sizeof(struct mshv_hv_x64_intercept_message_header);
	case MSHV_HVMSG_HYPERCALL_INTERCEPT:
		return sizeof(struct mshv_hv_x64_hypercall_intercept_message);
	case MSHV_HVMSG_X64_IO_PORT_INTERCEPT:
		return sizeof(struct mshv_hv_x64_io_port_intercept_message);
	case MSHV_HVMSG_X64_MSR_INTERCEPT:
		return sizeof(struct mshv_hv_x64_msr_intercept_message);
	case MSHV_HVMSG_X64_CPUID_INTERCEPT:
		return sizeof(struct mshv_hv_x64_cpuid_intercept_message);
	case MSHV_HVMSG_X64_EXCEPTION_INTERCEPT:
		return sizeof(struct mshv_hv_x64_exception_intercept_message);
	case MSHV_HVMSG_X64_INTERRUPTION_DELIVERABLE:
		return sizeof(struct mshv_hv_x64_interruption_deliverable_message);
	case MSHV_HVMSG_X64_SIPI_INTERCEPT:
		return sizeof(struct mshv_hv_x64_sipi_intercept_message);
	case MSHV_HVMSG_INVALID_VP_REGISTER_VALUE:
		return sizeof(struct mshv_hv_x64_invalid_vp_register_message);
	case MSHV_HVMSG_UNSUPPORTED_FEATURE:
		return sizeof(struct mshv_hv_x64_unsupported_feature_message);
	case MSHV_HVMSG_X64_APIC_EOI:
		return sizeof(struct mshv_hv_x64_apic_eoi_message);
	default:
		return 0;
	}
}

/**
 * mshv_message_of_intercept - whether what an intercept sends is known here
 * @type: HV_INTERCEPT_TYPE_*
 *
 * A VP that stops for another one would wait for ever.
 *
 * Return: true if so.
 */
static inline bool mshv_message_of_intercept(u32 type)
{
	switch (type) {
	case HV_INTERCEPT_TYPE_X64_IO_PORT:
	case HV_INTERCEPT_TYPE_X64_MSR:
	case HV_INTERCEPT_TYPE_X64_CPUID:
	case HV_INTERCEPT_TYPE_EXCEPTION:
	case HV_INTERCEPT_TYPE_X64_GLOBAL_CPUID:
	case HV_INTERCEPT_TYPE_HYPERCALL:
	case HV_INTERCEPT_TYPE_X64_APIC_INIT_SIPI:
	case HV_INTERCEPT_TYPE_MC_UPDATE_PATCH_LEVEL_MSR_READ:
		return true;
	default:
		return false;
	}
}

#endif /* _MSHV_MESSAGE_H */
