/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: what partitions and VPs do. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM mshv

#if !defined(_MSHV_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _MSHV_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(mshv_run,
	    TP_PROTO(u64 partition_id, u32 vp_index),
	    TP_ARGS(partition_id, vp_index),
	    TP_STRUCT__entry(__field(u64, partition_id)
			     __field(u32, vp_index)),
	    TP_fast_assign(__entry->partition_id = partition_id;
			   __entry->vp_index = vp_index),
	    TP_printk("partition=%llu vp=%u", __entry->partition_id,
		      __entry->vp_index)
);

TRACE_EVENT(mshv_exit,
	    TP_PROTO(u64 partition_id, u32 vp_index, int error, u32 type),
	    TP_ARGS(partition_id, vp_index, error, type),
	    TP_STRUCT__entry(__field(u64, partition_id)
			     __field(u32, vp_index)
			     __field(int, error)
			     __field(u32, type)),
	    TP_fast_assign(__entry->partition_id = partition_id;
			   __entry->vp_index = vp_index;
			   __entry->error = error;
			   __entry->type = type),
	    TP_printk("partition=%llu vp=%u error=%d type=0x%x",
		      __entry->partition_id, __entry->vp_index,
		      __entry->error, __entry->type)
);

TRACE_EVENT(mshv_message,
	    TP_PROTO(u64 sender, u32 type, u8 size, const char *verdict),
	    TP_ARGS(sender, type, size, verdict),
	    TP_STRUCT__entry(__field(u64, sender)
			     __field(u32, type)
			     __field(u8, size)
			     __string(verdict, verdict)),
	    TP_fast_assign(__entry->sender = sender;
			   __entry->type = type;
			   __entry->size = size;
			   __assign_str(verdict)),
	    TP_printk("sender=%llu type=0x%x size=%u %s", __entry->sender,
		      __entry->type, __entry->size, __get_str(verdict))
);

TRACE_EVENT(mshv_irqfd,
	    TP_PROTO(u64 partition_id, u32 gsi, int error),
	    TP_ARGS(partition_id, gsi, error),
	    TP_STRUCT__entry(__field(u64, partition_id)
			     __field(u32, gsi)
			     __field(int, error)),
	    TP_fast_assign(__entry->partition_id = partition_id;
			   __entry->gsi = gsi;
			   __entry->error = error),
	    TP_printk("partition=%llu gsi=%u error=%d", __entry->partition_id,
		      __entry->gsi, __entry->error)
);

TRACE_EVENT(mshv_resample,
	    TP_PROTO(u64 partition_id, u32 gsi, u8 vector),
	    TP_ARGS(partition_id, gsi, vector),
	    TP_STRUCT__entry(__field(u64, partition_id)
			     __field(u32, gsi)
			     __field(u8, vector)),
	    TP_fast_assign(__entry->partition_id = partition_id;
			   __entry->gsi = gsi;
			   __entry->vector = vector),
	    TP_printk("partition=%llu gsi=%u vector=0x%x",
		      __entry->partition_id, __entry->gsi, __entry->vector)
);

#endif /* _MSHV_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
