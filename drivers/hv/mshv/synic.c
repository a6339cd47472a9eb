// SPDX-License-Identifier: GPL-2.0
/* The SynIC of each root processor, and the ISR that reads its messages. */
#include <linux/cleanup.h>
#include <linux/cpuhotplug.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <asm/irq_vectors.h>
#include <asm/mshyperv.h>

#include "synic.h"
#include "tlfs.h"

/* More messages than one processor's slot can have waiting behind it. */
#define DRAIN_LIMIT	4096

#define SINT_MSR	(HV_MSR_SINT0 + HV_SYNIC_INTERCEPTION_SINT_INDEX)

/* NULL while this CPU's SynIC is not ours; changed by this CPU only. */
static DEFINE_PER_CPU(struct mshv_hv_message_page *, message_page);
static void (*deliver_message)(const struct mshv_hv_message *message);
static int cpuhp_state;

/*
 * Consume one message. The slot is freed for whatever was in it: one that stays
 * full blocks all that follow on this CPU.
 * Returns false if there was none.
 */
static bool consume_from_isr(struct mshv_hv_message *slot)
{
	/* The hypervisor writes the type last. */
	if (smp_load_acquire(&slot->header.message_type) == MSHV_HVMSG_NONE)
		return false;
	deliver_message(slot);
	/* From here on the slot is the hypervisor's. */
	smp_store_release(&slot->header.message_type, MSHV_HVMSG_NONE);

	/*
	 * Pairs with the hypervisor's barrier between setting msg_pending and
	 * reading the type again: one of the two sees the other's store.
	 */
	mb();
	if (READ_ONCE(slot->header.message_flags.asu8) & 1)
		hv_set_msr(HV_MSR_EOM, 0);
	return true;
}

static struct mshv_hv_message *slot_of(struct mshv_hv_message_page *page)
{
	return &page->slot[HV_SYNIC_INTERCEPTION_SINT_INDEX];
}

static void mshv_synic_isr(void)
{
	struct mshv_hv_message_page *page = __this_cpu_read(message_page);

	if (page)
		consume_from_isr(slot_of(page));
}

/* Messages without an interrupt: left from before, or the last to come. */
static void drain(struct mshv_hv_message_page *page)
{
	unsigned int i;

	guard(irqsave)();
	for (i = 0; i < DRAIN_LIMIT && consume_from_isr(slot_of(page)); i++)
		;
}

static u64 sint_value(void)
{
	union hv_synic_sint sint = {
		.vector = HYPERVISOR_CALLBACK_VECTOR,
		.auto_eoi = !(ms_hyperv.hints &
			      HV_DEPRECATING_AEOI_RECOMMENDED),
	};

	return sint.as_uint64;
}

static void set_enabled(unsigned int msr, bool enabled)
{
	u64 value = hv_get_msr(msr) & ~BIT_ULL(0);

	hv_set_msr(msr, value | enabled);
}

/* The page is the hypervisor's: the MSR says where it is, we only enable it. */
static int synic_up(unsigned int cpu)
{
	u64 gpa = hv_get_msr(HV_MSR_SIMP) & HV_HYP_PAGE_MASK;
	struct mshv_hv_message_page *page;

	page = memremap(gpa, HV_HYP_PAGE_SIZE, MEMREMAP_WB);
	if (!page)
		return -ENOMEM;
	set_enabled(HV_MSR_SIMP, true);
	__this_cpu_write(message_page, page);
	hv_set_msr(SINT_MSR, sint_value());
	set_enabled(HV_MSR_SCONTROL, true);
	drain(page);
	return 0;
}

static int synic_down(unsigned int cpu)
{
	struct mshv_hv_message_page *page = __this_cpu_read(message_page);

	hv_set_msr(SINT_MSR, hv_get_msr(SINT_MSR) | HV_SYNIC_SINT_MASKED);
	drain(page);
	__this_cpu_write(message_page, NULL);
	set_enabled(HV_MSR_SIMP, false);
	set_enabled(HV_MSR_SCONTROL, false);
	memunmap(page);
	return 0;
}

int mshv_synic_init(void (*deliver)(const struct mshv_hv_message *message))
{
	int ret;

	deliver_message = deliver;
	hv_setup_mshv_irq(mshv_synic_isr);
	ret = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "hv/mshv:online",
				synic_up, synic_down);
	if (ret < 0) {
		mshv_synic_exit();
		return ret;
	}
	cpuhp_state = ret;
	return 0;
}

void mshv_synic_quiesce(void)
{
	int state = xchg(&cpuhp_state, 0);

	if (state)
		cpuhp_remove_state(state);
}

void mshv_synic_exit(void)
{
	mshv_synic_quiesce();
	hv_remove_mshv_irq();
	/* An interrupt is an RCU reader: afterwards no CPU is in the ISR. */
	synchronize_rcu();
}
