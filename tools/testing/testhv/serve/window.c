// SPDX-License-Identifier: GPL-2.0
/*
 * The test window: testhv's counters and books, and orders to misbehave, as MSRs that only exist
 * with the boot option "test".
 */
#include "../hw/cpu.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "../vm/faults.h"
#include "../vm/synic.h"
#include "../vm/vp.h"
#include "serve.h"
#include "window.h"

#define MSR_MAGIC	0x4f000000u
#define MSR_ZERO	0x4f000001u
#define MSR_LIVE	0x4f000010u
#define MSR_COUNTERS	0x4f000100u
#define MSR_CALLS	0x4f001000u
#define MSR_FAULT	0x4f002000u
#define MSR_DELAY	0x4f002001u
#define MSR_PENDING	0x4f002002u
#define MSR_NO_PURGE	0x4f002003u
#define MSR_RAW_TYPE	0x4f002004u
#define MSR_RAW_SENDER	0x4f002005u
#define MSR_RAW_PAYLOAD	0x4f002006u
#define MSR_RAW_SEND	0x4f002007u

#define MAGIC		0x7465737468760001ULL
#define CALL_CODES	0x400u

bool window_enabled;

static u64 calls[CALL_CODES];
/* 15:0 call code, 31:16 how many more, 47:32 status, 63:48 reps first; 0: none */
static u64 fault;
/* The raw message that is being put together. */
static u32 raw_type;
static u64 raw_sender, raw_payload;

void window_count_call(u16 code)
{
	if (code < CALL_CODES)
		calls[code]++;
}

bool window_take_order(u16 code, struct fault_order *order)
{
	if (!fault || (u16)fault != code)
		return false;
	if ((u16)(fault >> 16) > 1) {
		fault -= BIT(16);
		return false;
	}
	*order = (struct fault_order){ .status = fault >> 32, .reps = fault >> 48 };
	fault = 0;
	return true;
}

void window_return_order(u16 code, const struct fault_order *order)
{
	fault = code | BIT(16) | (u64)order->status << 32 | (u64)order->reps << 48;
}

static void zero_counters(void)
{
	memset(counters, 0, sizeof(counters));
	memset(calls, 0, sizeof(calls));
}

static void send_raw(struct cpu *cpu, u8 payload_size)
{
	u8 message[MESSAGE_SIZE] __aligned(8) = { 0 };

	*(u32 *)message = raw_type;
	message[4] = payload_size;
	*(u64 *)(message + 8) = raw_sender;
	*(u64 *)(message + 16) = raw_payload;
	/* With the slot full it is lost: its test looks after that. */
	synic_raw_message(cpu, message);
}

bool window_read_msr(struct cpu *cpu, u32 msr, u64 *value)
{
	(void)cpu;
	if (!window_enabled)
		return false;
	if (msr - MSR_LIVE < LIVE_COUNT) {
		*value = live[msr - MSR_LIVE];
		return true;
	}
	if (msr - MSR_COUNTERS < CNT_COUNT) {
		*value = counters[msr - MSR_COUNTERS];
		return true;
	}
	if (msr - MSR_CALLS < CALL_CODES) {
		*value = calls[msr - MSR_CALLS];
		return true;
	}
	switch (msr) {
	case MSR_MAGIC:
		*value = MAGIC;
		return true;
	case MSR_FAULT:
		*value = fault;
		return true;
	case MSR_DELAY:
		*value = faults.delay_us;
		return true;
	case MSR_PENDING:
		*value = faults.set_pending;
		return true;
	case MSR_NO_PURGE:
		*value = faults.no_purge;
		return true;
	case MSR_RAW_TYPE:
		*value = raw_type;
		return true;
	case MSR_RAW_SENDER:
		*value = raw_sender;
		return true;
	case MSR_RAW_PAYLOAD:
		*value = raw_payload;
		return true;
	}
	return false;
}

bool window_write_msr(struct cpu *cpu, u32 msr, u64 value)
{
	if (!window_enabled)
		return false;
	switch (msr) {
	case MSR_ZERO:
		zero_counters();
		return true;
	case MSR_FAULT:
		fault = value;
		return true;
	case MSR_DELAY:
		faults.delay_us = value;
		return true;
	case MSR_PENDING:
		faults.set_pending = value & 1;
		return true;
	case MSR_NO_PURGE:
		faults.no_purge = value & 1;
		return true;
	case MSR_RAW_TYPE:
		raw_type = (u32)value;
		return true;
	case MSR_RAW_SENDER:
		raw_sender = value;
		return true;
	case MSR_RAW_PAYLOAD:
		raw_payload = value;
		return true;
	case MSR_RAW_SEND:
		send_raw(cpu, (u8)value);
		return true;
	}
	return false;
}
