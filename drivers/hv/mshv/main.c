// SPDX-License-Identifier: GPL-2.0
/*
 * Microsoft Hypervisor root partition driver: begins here, and ends in reverse.
 */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/reboot.h>
#include <asm/mshyperv.h>

#include "deliver.h"
#include "doorbell.h"
#include "dev.h"
#include "irqfd.h"
#include "run.h"
#include "synic.h"

/* The next kernel must inherit neither running guests nor an armed SynIC. */
static int on_reboot(struct notifier_block *nb, unsigned long code, void *arg)
{
	mshv_run_stop_all();
	mshv_doorbell_quiesce();
	mshv_synic_quiesce();
	return NOTIFY_DONE;
}

static struct notifier_block reboot_notifier = {
	.notifier_call = on_reboot,
};

static bool in_root_partition(void)
{
	return hv_is_hyperv_initialized() && hv_root_partition && !hv_nested;
}

static int __init mshv_init(void)
{
	int ret;

	if (!in_root_partition())
		return -ENODEV;

	ret = mshv_irqfds_setup();
	if (ret)
		return ret;
	ret = mshv_synic_init(mshv_deliver_from_isr);
	if (ret)
		goto teardown_irqfds;
	ret = mshv_doorbell_init();
	if (ret)
		goto exit_synic;
	ret = register_reboot_notifier(&reboot_notifier);
	if (ret)
		goto quiesce_doorbells;
	ret = mshv_dev_init();
	if (ret)
		goto unregister_notifier;
	return 0;

unregister_notifier:
	unregister_reboot_notifier(&reboot_notifier);
quiesce_doorbells:
	mshv_doorbell_quiesce();
exit_synic:
	mshv_synic_exit();
teardown_irqfds:
	mshv_irqfds_teardown();
	return ret;
}
module_init(mshv_init);

static void __exit mshv_exit(void)
{
	mshv_dev_exit();
	unregister_reboot_notifier(&reboot_notifier);
	mshv_doorbell_quiesce();
	mshv_synic_exit();
	mshv_irqfds_teardown();
}
module_exit(mshv_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Microsoft Hypervisor root partition interface");
