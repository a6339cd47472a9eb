// SPDX-License-Identifier: GPL-2.0
/* /dev/mshv: tells what there is, and creates partitions. */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <linux/mshv.h>

#include "dev.h"
#include "deliver.h"
#include "partition_fd.h"

#define PARTITION_FLAGS	(MSHV_PARTITION_SMT_ENABLED_GUEST |		\
			 MSHV_PARTITION_GPA_LARGE_PAGES_DISABLED |	\
			 MSHV_PARTITION_GPA_SUPER_PAGES_ENABLED |	\
			 MSHV_PARTITION_LAPIC_ENABLED)

static int check_extension(const u32 __user *user)
{
	u32 capability;

	if (get_user(capability, user))
		return -EFAULT;
	switch (capability) {
	case MSHV_CAP_CANCEL_RUN:
		return 1;
	default:
		return 0;
	}
}

static int create_partition(const void __user *user)
{
	struct mshv_create_partition args;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.flags & ~PARTITION_FLAGS)
		return -EINVAL;
	return mshv_partition_fd_create(&args);
}

static long dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case MSHV_CHECK_EXTENSION:
		return check_extension(user);
	case MSHV_CREATE_PARTITION:
		return create_partition(user);
	default:
		return -ENOTTY;
	}
}

static void dev_show_fdinfo(struct seq_file *m, struct file *file)
{
	seq_printf(m, "mshv-dropped:\t%llu\n", mshv_deliver_dropped());
}

static const struct file_operations dev_fops = {
	.owner		= THIS_MODULE,
	.unlocked_ioctl	= dev_ioctl,
	.show_fdinfo	= dev_show_fdinfo,
	.llseek		= noop_llseek,
};

static struct miscdevice mshv_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "mshv",
	.fops	= &dev_fops,
	.mode	= 0600,
};

int mshv_dev_init(void)
{
	return misc_register(&mshv_device);
}

void mshv_dev_exit(void)
{
	misc_deregister(&mshv_device);
}
