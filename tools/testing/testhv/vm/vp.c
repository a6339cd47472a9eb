// SPDX-License-Identifier: GPL-2.0
/* Child VPs: made in the state after reset, freed by FINALIZE. */
#include "../hw/cpu.h"
#include "../hw/memory.h"
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "event.h"
#include "hv.h"
#include "lapic.h"
#include "partition.h"
#include "registers.h"
#include "vp.h"

#define CHILD_ASID	2
#define VP_PAGES	3u	/* struct vp, VMCB, XSAVE area */

/* Every port and every MSR exits (APM 2, 15.10 and 15.11). */
static u8 iopm[3 * PAGE_SIZE] __aligned(4096);
static u8 msrpm[2 * PAGE_SIZE] __aligned(4096);

static void intercept(struct partition *p, struct vmcb *c)
{
	if (!iopm[0]) {
		memset(iopm, 0xff, sizeof(iopm));
		memset(msrpm, 0xff, sizeof(msrpm));
	}
	c->intercept_cr_write = INTERCEPT_CR4;
	c->intercept1 = INTERCEPT1_INTR | INTERCEPT1_NMI | INTERCEPT1_SMI | INTERCEPT1_INIT |
			INTERCEPT1_RDPMC | INTERCEPT1_CPUID | INTERCEPT1_INVD | INTERCEPT1_HLT |
			INTERCEPT1_INVLPGA | INTERCEPT1_IOIO | INTERCEPT1_MSR |
			INTERCEPT1_TASK_SWITCH | INTERCEPT1_SHUTDOWN;
	c->intercept2 = INTERCEPT2_SVM | INTERCEPT2_MONITOR | INTERCEPT2_MWAIT;
	c->iopm_base = virt_to_spa(iopm);
	c->msrpm_base = virt_to_spa(msrpm);
	c->asid = CHILD_ASID;
	c->int_ctl = INT_CTL_V_INTR_MASKING;
	c->np_enable = 1;
	c->ncr3 = virt_to_spa(p->npt.root);
}

static bool has_lapic(const struct partition *p)
{
	return p->flags & PARTITION_FLAG_LAPIC_ENABLED;
}

struct vp *vp_create(struct partition *p, u32 index)
{
	struct vp ***table = &p->vp_table[index / VP_TABLE_ENTRIES];
	struct vp *vp;

	static_assert(sizeof(*vp) <= PAGE_SIZE, "a VP is a page");
	if (p->pool.free < VP_PAGES + has_lapic(p) + hv_vp_pages(p) + !*table)
		return NULL;
	if (!*table)
		*table = pool_alloc(&p->pool);
	vp = pool_alloc(&p->pool);
	vp->vmcb = pool_alloc(&p->pool);
	vp->ext.fp = pool_alloc(&p->pool);
	vp->partition = p;
	vp->index = index;
	vp->explicit_suspend = true;
	vp->apic_base = 0xfee00000 | (index ? 0 : APIC_BASE_BSP);
	vp->home = &cpus[0];
	list_init(&vp->runq);
	list_init(&vp->message_link);
	intercept(p, vp->vmcb);
	static_assert(sizeof(struct lapic) <= PAGE_SIZE, "a local APIC is a page");
	if (has_lapic(p))
		lapic_create(vp, pool_alloc(&p->pool));
	hv_init_vp(vp);
	registers_reset(vp);
	(*table)[index % VP_TABLE_ENTRIES] = vp;
	p->vp_count++;
	live[LIVE_VPS]++;
	return vp;
}

void vp_free(struct vp *vp)
{
	struct partition *p = vp->partition;

	ASSERT(!vp->running && list_empty(&vp->runq) && list_empty(&vp->message_link));
	p->vp_table[vp->index / VP_TABLE_ENTRIES][vp->index % VP_TABLE_ENTRIES] = NULL;
	p->vp_count--;
	live[LIVE_VPS]--;
	if (vp->page)
		partition_return_page(p, vp->page);
	hv_free_vp(vp);
	if (vp->lapic) {
		struct lapic *l = vp->lapic;

		lapic_destroy(vp);
		pool_put(&p->pool, l);
	}
	pool_put(&p->pool, vp->ext.fp);
	pool_put(&p->pool, vp->vmcb);
	pool_put(&p->pool, vp);
}

bool vp_at_rest(const struct vp *vp)
{
	return (vp->explicit_suspend || vp->intercept_suspend) && !vp->running;
}

bool vp_runnable(const struct vp *vp)
{
	bool waits = vp->halted || vp->idle || (vp->lapic && vp->lapic->wait_sipi);

	return !vp->explicit_suspend && !vp->intercept_suspend &&
	       !vp->partition->properties.suspend && (!waits || event_wakes(vp));
}
