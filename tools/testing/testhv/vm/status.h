/* SPDX-License-Identifier: GPL-2.0 */
/* Status codes of hypercalls (TLFS, appendix B). */
#ifndef TESTHV_STATUS_H
#define TESTHV_STATUS_H

#include "../lib/types.h"

typedef u16 hv_status;

#define HV_SUCCESS			0x00
#define HV_INVALID_HYPERCALL_CODE	0x02
#define HV_INVALID_HYPERCALL_INPUT	0x03
#define HV_INVALID_ALIGNMENT		0x04
#define HV_INVALID_PARAMETER		0x05
#define HV_ACCESS_DENIED		0x06
#define HV_INVALID_PARTITION_STATE	0x07
#define HV_OPERATION_DENIED		0x08
#define HV_UNKNOWN_PROPERTY		0x09
#define HV_PROPERTY_VALUE_OUT_OF_RANGE	0x0a
#define HV_INSUFFICIENT_MEMORY		0x0b
#define HV_INVALID_PARTITION_ID		0x0d
#define HV_INVALID_VP_INDEX		0x0e
#define HV_INVALID_VP_STATE		0x15
#define HV_NO_RESOURCES			0x1d
#define HV_INVALID_LP_INDEX		0x41
#define HV_INVALID_REGISTER_VALUE	0x50

#endif
