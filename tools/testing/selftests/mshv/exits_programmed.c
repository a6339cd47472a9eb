// SPDX-License-Identifier: GPL-2.0
/* Messages of programmed intercepts: MSR, CPUID with what it would answer, exceptions. */
#include "agent.h"
#include "fixture.h"

#define MSR_UNKNOWN	0x12345
#define VECTOR_DB	1
#define VECTOR_BP	3
#define VECTOR_UD	6
#define VECTOR_GP	13
#define VECTOR_PF	14
#define RFLAGS_TF	0x100
#define DR6_BS		0x4000

FIXTURE(agent) {
	struct books books;
	struct guest guest;
	struct agent agent;
	struct mshv_hv_message msg;
};

FIXTURE_SETUP(agent)
{
	if (missing())
		SKIP(return, "%s", missing());
	books_open(&self->books);
	guest_create(&self->guest, 0);
	agent_load(&self->guest);
	agent_start(&self->agent, &self->guest, self->guest.vp, 0);
}

FIXTURE_TEARDOWN(agent)
{
	guest_destroy(&self->guest);
	EXPECT_TRUE(books_balanced(&self->books));
}

static void run_op(struct agent *agent, const __u8 *op, struct mshv_hv_message *msg)
{
	agent_goto(agent, op);
	vp_run(agent->vp, msg);
}

static const void *expect_message(struct __test_metadata *_metadata,
				  const struct mshv_hv_message *msg, __u32 type, __u8 size)
{
	ASSERT_EQ(type, msg->header.message_type);
	EXPECT_EQ(size, msg->header.payload_size);
	return msg->payload;
}

static void check_header(struct __test_metadata *_metadata,
			 const struct mshv_hv_x64_intercept_message_header *h,
			 const __u8 *op, __u8 length, __u8 access)
{
	EXPECT_EQ(0, h->vp_index);
	EXPECT_BITS(length, h->instruction_length);
	EXPECT_EQ(access, h->intercept_access_type);
	EXPECT_EQ(GUEST_CODE + (op - code_agent64), h->rip);
	EXPECT_BITS(1, h->execution_state.cr0_pe);
	EXPECT_BITS(1, h->execution_state.efer_lma);
	EXPECT_BITS(0, h->execution_state.cpl);
	EXPECT_EQ(0xa09b, h->cs_segment.attributes);
}

/* Every leaf that there may be, with the answer that comes if nobody asks */
TEST_F(agent, cpuid_default_results)
{
	static const __u32 leaves[] = {
		0, 1, 2, 4, 7, 0xb, 0xd, 0x40000000, 0x40000001, 0x40000003, 0x40000005,
		0x80000000, 0x80000001, 0x80000002, 0x80000008, 0x8000001e, 0x12345678,
	};
	const struct mshv_hv_x64_cpuid_intercept_message *m;
	struct agent *agent = &self->agent;
	__u32 want[4];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(leaves); i++) {
		agent_get_cpuid(agent, leaves[i], 1, want);
		intercept(self->guest.part, ACCESS_EXECUTE, INTERCEPT_CPUID, leaves[i]);
		reg_set(agent->vp, HV_X64_REGISTER_RAX, 0xabcd00000000 | leaves[i]);
		reg_set(agent->vp, HV_X64_REGISTER_RCX, 0x1234000000000001);
		reg_set(agent->vp, HV_X64_REGISTER_RDX, 0xd1d2d3d4d5d6d7d8);
		reg_set(agent->vp, HV_X64_REGISTER_RBX, 0xb1b2b3b4b5b6b7b8);
		run_op(agent, agent_cpuid, &self->msg);
		m = expect_message(_metadata, &self->msg, MSHV_HVMSG_X64_CPUID_INTERCEPT, 104);
		check_header(_metadata, &m->header, agent_cpuid, 2, HV_INTERCEPT_ACCESS_EXECUTE);
		EXPECT_EQ(0xabcd00000000 | leaves[i], m->rax);
		EXPECT_EQ(0x1234000000000001, m->rcx);
		EXPECT_EQ(0xd1d2d3d4d5d6d7d8, m->rdx);
		EXPECT_EQ(0xb1b2b3b4b5b6b7b8, m->rbx);
		EXPECT_EQ(want[0], m->default_result_rax) TH_LOG("leaf %#x", leaves[i]);
		EXPECT_EQ(want[1], m->default_result_rbx) TH_LOG("leaf %#x", leaves[i]);
		EXPECT_EQ(want[2], m->default_result_rcx) TH_LOG("leaf %#x", leaves[i]);
		EXPECT_EQ(want[3], m->default_result_rdx) TH_LOG("leaf %#x", leaves[i]);
		intercept(self->guest.part, 0, INTERCEPT_CPUID, leaves[i]);
	}
}

/* Other leaves stay inside, the intercepted one does again once it is removed. */
TEST_F(agent, cpuid_one_leaf)
{
	struct agent *agent = &self->agent;
	__u32 regs[4];
	int i;

	intercept(self->guest.part, ACCESS_EXECUTE, INTERCEPT_CPUID, 0x40000000);
	for (i = 0; i < 3; i++)
		agent_get_cpuid(agent, i, 0, regs);
	reg_set(agent->vp, HV_X64_REGISTER_RAX, 0x40000000);
	run_op(agent, agent_cpuid, &self->msg);
	EXPECT_EQ(MSHV_HVMSG_X64_CPUID_INTERCEPT, self->msg.header.message_type);
	/* Nothing is done to the guest: the same exit once more, then the VMM's answer. */
	vp_run(agent->vp, &self->msg);
	EXPECT_EQ(MSHV_HVMSG_X64_CPUID_INTERCEPT, self->msg.header.message_type);
	reg_set(agent->vp, HV_X64_REGISTER_RAX, 0x600d);
	guest_skip(&self->guest, &self->msg);
	vp_run(agent->vp, &self->msg);
	EXPECT_EQ(0, agent_end(agent, &self->msg));
	EXPECT_EQ(0x600d, reg_get(agent->vp, HV_X64_REGISTER_RAX));
	intercept(self->guest.part, 0, INTERCEPT_CPUID, 0x40000000);
	agent_get_cpuid(agent, 0x40000000, 0, regs);
	EXPECT_EQ(0x7263694d, regs[1]);
}

TEST_F(agent, msr_read)
{
	const struct mshv_hv_x64_msr_intercept_message *m;
	struct agent *agent = &self->agent;
	__u64 value;

	EXPECT_EQ(VECTOR_GP, __agent_rdmsr(agent, MSR_UNKNOWN, &value));
	intercept(self->guest.part, ACCESS_READ | ACCESS_WRITE, INTERCEPT_MSR, 0);
	reg_set(agent->vp, HV_X64_REGISTER_RCX, 0xffffffff00000000 | MSR_UNKNOWN);
	reg_set(agent->vp, HV_X64_REGISTER_RAX, 0xa1a2a3a4a5a6a7a8);
	reg_set(agent->vp, HV_X64_REGISTER_RDX, 0xd1d2d3d4d5d6d7d8);
	run_op(agent, agent_rdmsr, &self->msg);
	m = expect_message(_metadata, &self->msg, MSHV_HVMSG_X64_MSR_INTERCEPT, 64);
	check_header(_metadata, &m->header, agent_rdmsr, 2, HV_INTERCEPT_ACCESS_READ);
	EXPECT_EQ(MSR_UNKNOWN, m->msr_number);
	EXPECT_EQ(0xa1a2a3a4a5a6a7a8, m->rax);
	EXPECT_EQ(0xd1d2d3d4d5d6d7d8, m->rdx);
	/* Those that the hypervisor has stay inside. */
	EXPECT_EQ(0, __agent_rdmsr(agent, 0xc0000080, &value));
	intercept(self->guest.part, 0, INTERCEPT_MSR, 0);
	EXPECT_EQ(VECTOR_GP, __agent_rdmsr(agent, MSR_UNKNOWN, &value));
}

TEST_F(agent, msr_write)
{
	const struct mshv_hv_x64_msr_intercept_message *m;
	struct agent *agent = &self->agent;

	EXPECT_EQ(VECTOR_GP, __agent_wrmsr(agent, MSR_UNKNOWN, 1));
	intercept(self->guest.part, ACCESS_READ | ACCESS_WRITE, INTERCEPT_MSR, 0);
	reg_set(agent->vp, HV_X64_REGISTER_RCX, MSR_UNKNOWN);
	reg_set(agent->vp, HV_X64_REGISTER_RAX, 0x1234);
	reg_set(agent->vp, HV_X64_REGISTER_RDX, 0x5678);
	run_op(agent, agent_wrmsr, &self->msg);
	m = expect_message(_metadata, &self->msg, MSHV_HVMSG_X64_MSR_INTERCEPT, 64);
	check_header(_metadata, &m->header, agent_wrmsr, 2, HV_INTERCEPT_ACCESS_WRITE);
	EXPECT_EQ(MSR_UNKNOWN, m->msr_number);
	EXPECT_EQ(0x1234, m->rax);
	EXPECT_EQ(0x5678, m->rdx);
	guest_skip(&self->guest, &self->msg);
	vp_run(agent->vp, &self->msg);
	EXPECT_EQ(0, agent_end(agent, &self->msg));
}

static const struct mshv_hv_x64_exception_intercept_message *
run_exception(struct __test_metadata *_metadata, struct agent *agent, const __u8 *op,
	      struct mshv_hv_message *msg, __u16 vector)
{
	const struct mshv_hv_x64_exception_intercept_message *m;

	intercept(agent->guest->part, ACCESS_EXECUTE, INTERCEPT_EXCEPTION, vector);
	run_op(agent, op, msg);
	m = expect_message(_metadata, msg, MSHV_HVMSG_X64_EXCEPTION_INTERCEPT, 240);
	EXPECT_EQ(vector, m->exception_vector);
	EXPECT_EQ(0, m->reserved);
	EXPECT_EQ(0, agent->area->counts[vector]);
	return m;
}

/* #UD: no error code, no parameter; all registers are in the message. */
TEST_F(agent, exception_ud)
{
	const struct mshv_hv_x64_exception_intercept_message *m;
	struct agent *agent = &self->agent;
	int i;

	for (i = 0; i < 16; i++) {
		if (i != 4)
			reg_set(agent->vp, HV_X64_REGISTER_RAX + i, 0x1111111111111111ull * i + 7);
	}
	m = run_exception(_metadata, agent, agent_ud2, &self->msg, VECTOR_UD);
	check_header(_metadata, &m->header, agent_ud2, 0, HV_INTERCEPT_ACCESS_EXECUTE);
	EXPECT_EQ(0, m->exception_info & 1);
	EXPECT_EQ(0, m->exception_parameter);
	EXPECT_LE(2, m->instruction_byte_count);
	EXPECT_EQ(0, memcmp(m->instruction_bytes, agent_ud2, 2));
	for (i = 0; i < 16; i++) {
		if (i != 4)
			EXPECT_EQ(0x1111111111111111ull * i + 7, m->gprs[i]);
	}
	EXPECT_EQ(AGENT_AREA + GUEST_PAGE, m->gprs[4]);
	EXPECT_EQ(0xc093, m->ds_segment.attributes);
	EXPECT_EQ(0xc093, m->ss_segment.attributes);
}

/* #PF: the address is the parameter, CR2 has not changed. */
TEST_F(agent, exception_pf)
{
	const struct mshv_hv_x64_exception_intercept_message *m;
	struct agent *agent = &self->agent;
	const __u64 address = 0x3fe01238;

	reg_set(agent->vp, HV_X64_REGISTER_CR2, 0x77);
	reg_set(agent->vp, HV_X64_REGISTER_RBX, address);
	m = run_exception(_metadata, agent, agent_store32, &self->msg, VECTOR_PF);
	EXPECT_EQ(1, m->exception_info & 1);
	EXPECT_EQ(2, m->error_code);
	EXPECT_EQ(address, m->exception_parameter);
	EXPECT_EQ(0x77, reg_get(agent->vp, HV_X64_REGISTER_CR2));
	m = run_exception(_metadata, agent, agent_load32, &self->msg, VECTOR_PF);
	EXPECT_EQ(0, m->error_code);
}

TEST_F(agent, exception_gp)
{
	const struct mshv_hv_x64_exception_intercept_message *m;
	struct agent *agent = &self->agent;

	reg_set(agent->vp, HV_X64_REGISTER_RBX, 0x8000000000000000);
	m = run_exception(_metadata, agent, agent_load32, &self->msg, VECTOR_GP);
	EXPECT_EQ(1, m->exception_info & 1);
	EXPECT_EQ(0, m->error_code);
	EXPECT_EQ(0, m->exception_parameter);
}

/* INT3 is a software exception; RIP and length are those of the instruction. */
TEST_F(agent, exception_bp)
{
	const struct mshv_hv_x64_exception_intercept_message *m;

	m = run_exception(_metadata, &self->agent, agent_int3, &self->msg, VECTOR_BP);
	EXPECT_EQ(0, m->exception_info & 1);
	EXPECT_EQ(GUEST_CODE + (agent_int3 - code_agent64), m->header.rip);
}

/* A single step: DR6 is the parameter. */
TEST_F(agent, exception_db)
{
	const struct mshv_hv_x64_exception_intercept_message *m;
	struct agent *agent = &self->agent;

	reg_set(agent->vp, HV_X64_REGISTER_RFLAGS, RFLAGS_TF | 2);
	m = run_exception(_metadata, agent, agent_out, &self->msg, VECTOR_DB);
	EXPECT_EQ(DR6_BS, m->exception_parameter & DR6_BS);
	EXPECT_EQ(GUEST_CODE + (agent_out - code_agent64) + 1, m->header.rip);
}

/* What the VMM does not want it injects; removed, exceptions stay inside. */
TEST_F(agent, exception_passed_on)
{
	struct mshv_hv_register_assoc event = { .name = HV_REGISTER_PENDING_EVENT0 };
	struct agent *agent = &self->agent;
	const __u64 address = 0x3fe01238;

	reg_set(agent->vp, HV_X64_REGISTER_RBX, address);
	run_exception(_metadata, agent, agent_store32, &self->msg, VECTOR_PF);
	event.value.reg128.low_part = 1 | 1 << 8 | VECTOR_PF << 16 | 2ull << 32;
	event.value.reg128.high_part = address;
	regs_set(agent->vp, &event, 1);
	vp_run(agent->vp, &self->msg);
	EXPECT_EQ(VECTOR_PF, agent_end(agent, &self->msg));
	EXPECT_EQ(2, agent->area->error);
	EXPECT_EQ(address, agent->area->cr2);
	intercept(self->guest.part, 0, INTERCEPT_EXCEPTION, VECTOR_PF);
	EXPECT_EQ(VECTOR_PF, agent_do(agent, agent_store32));
	EXPECT_EQ(VECTOR_UD, agent_do(agent, agent_ud2));
}

/* A running VP has it at once. */
TEST_F(agent, takes_effect_at_once)
{
	struct agent *agent = &self->agent;
	struct runner r;

	agent_goto(agent, agent_spin);
	runner_start(&r, agent->vp, -1);
	while (!__atomic_load_n(&agent->area->ticks, __ATOMIC_ACQUIRE))
		sleep_us(100);
	intercept(self->guest.part, ACCESS_EXECUTE, INTERCEPT_EXCEPTION, VECTOR_UD);
	__atomic_store_n(&agent->area->stop, 1, __ATOMIC_RELEASE);
	EXPECT_EQ(0, runner_join(&r));
	EXPECT_EQ(0, agent_end(agent, &r.msg));
	run_op(agent, agent_ud2, &self->msg);
	EXPECT_EQ(MSHV_HVMSG_X64_EXCEPTION_INTERCEPT, self->msg.header.message_type);
}

/* Ports exit in any case: asking for one changes nothing, nor does taking it away. */
TEST_F(agent, ports)
{
	struct agent *agent = &self->agent;

	intercept(self->guest.part, ACCESS_READ | ACCESS_WRITE, INTERCEPT_PORT, AGENT_PORT);
	EXPECT_EQ(0, agent_do(agent, agent_out));
	intercept(self->guest.part, 0, INTERCEPT_PORT, AGENT_PORT);
	EXPECT_EQ(0, agent_do(agent, agent_out));
}

TEST_HARNESS_MAIN
