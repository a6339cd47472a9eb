// SPDX-License-Identifier: GPL-2.0
/* Reserved fields of hypercall inputs. */
#include "codes.h"
#include "reserved.h"

const struct reserved_field reserved_fields[] = {
	{ CALL_CREATE_PARTITION, 20, 4, NULL },
	{ CALL_CREATE_PARTITION, 48, 8, NULL },		/* isolation: none */
	{ CALL_GET_PARTITION_PROPERTY, 12, 4, NULL },
	{ CALL_SET_PARTITION_PROPERTY, 12, 4, NULL },
	{ CALL_WITHDRAW_MEMORY, 8, 8, NULL },		/* proximity: any */
	{ CALL_MAP_GPA_PAGES, 20, 4, NULL },
	{ CALL_UNMAP_GPA_PAGES, 20, 4, NULL },
	{ CALL_CREATE_VP, 12, 3, "Linux, hv_call_create_vp(): padding" },
	{ CALL_CREATE_VP, 16, 8, "Linux, hv_call_create_vp(): subnode_id, with type 0" },
	{ CALL_GET_VP_REGISTERS, 12, 4, NULL },		/* VTL 0 */
	{ CALL_SET_VP_REGISTERS, 12, 4, NULL },
	{ CALL_SET_VP_REGISTERS, 40, 8, "VMMs: above a value of 64 bits, in each element" },
	{ CALL_TRANSLATE_VIRTUAL_ADDRESS, 12, 4, NULL },
	{ CALL_ADD_LOGICAL_PROCESSOR, 8, 8, "Linux, hv_call_add_logical_proc(): proximity" },
	{ CALL_GET_VP_STATE, 12, 4, NULL },			/* VTL 0 */
	{ CALL_GET_VP_STATE, 20, 4, NULL },
	{ CALL_SET_VP_STATE, 12, 4, NULL },
	{ CALL_SET_VP_STATE, 20, 4, NULL },
	{ CALL_MAP_DEVICE_INTERRUPT, 16, 8, NULL },	/* flags: none */
	{ CALL_MAP_DEVICE_INTERRUPT, 24, 16, NULL },	/* no logical entry yet */
	{ CALL_MAP_DEVICE_INTERRUPT, 52, 4, NULL },
	{ CALL_CREATE_PORT, 12, 4, NULL },			/* VTL 0, padding */
	{ CALL_CREATE_PORT, 28, 4, NULL },
	{ CALL_CREATE_PORT, 40, 8, NULL },
	{ CALL_DELETE_PORT, 12, 4, NULL },
	{ CALL_CONNECT_PORT, 12, 4, NULL },			/* VTL 0, padding */
	{ CALL_CONNECT_PORT, 28, 4, NULL },
	{ CALL_CONNECT_PORT, 36, 4, NULL },
	{ CALL_NOTIFY_PORT_RING_EMPTY, 4, 4, NULL },
	{ CALL_ASSERT_VIRTUAL_INTERRUPT, 15, 1, "VMMs: bit 62 of the control word" },
	{ CALL_ASSERT_VIRTUAL_INTERRUPT, 28, 4, NULL },
};

const unsigned int reserved_count = ARRAY_SIZE(reserved_fields);

hv_status reserved_check(u16 code, const u8 *in)
{
	for (unsigned int i = 0; i < reserved_count; i++) {
		const struct reserved_field *f = &reserved_fields[i];

		if (f->code != code || f->garbage)
			continue;
		for (unsigned int b = 0; b < f->size; b++)
			if (in[f->offset + b])
				return HV_INVALID_PARAMETER;
	}
	return HV_SUCCESS;
}
