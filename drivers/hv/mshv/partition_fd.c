// SPDX-License-Identifier: GPL-2.0
/* The partition fd: copies in, validates, and calls who does the work. */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/mshv.h>

#include "partition_fd.h"
#include "hvcall_partition.h"
#include "io_match.h"
#include "message.h"
#include "partition.h"
#include "tlfs.h"
#include "vp_fd.h"

#define INTERRUPT_FLAGS	(MSHV_INTERRUPT_LEVEL_TRIGGERED | \
			 MSHV_INTERRUPT_LOGICAL_DEST | \
			 MSHV_INTERRUPT_LONG_MODE)

#define IRQFD_FLAGS	(MSHV_IRQFD_FLAG_DEASSIGN | MSHV_IRQFD_FLAG_RESAMPLE)
#define IOEVENTFD_FLAGS (MSHV_IOEVENTFD_FLAG_DATAMATCH | \
			 MSHV_IOEVENTFD_FLAG_PIO | \
			 MSHV_IOEVENTFD_FLAG_DEASSIGN)

static int copy_range_in(struct mshv_range *range, const void __user *user)
{
	struct mshv_user_mem_region args;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (!PAGE_ALIGNED(args.size) || !PAGE_ALIGNED(args.userspace_addr) ||
	    !access_ok((void __user *)args.userspace_addr, args.size))
		return -EINVAL;
	*range = (struct mshv_range){
		.gfn = args.guest_pfn,
		.nr_pages = args.size >> PAGE_SHIFT,
		.uaddr = args.userspace_addr,
		.flags = args.flags,
	};
	return 0;
}

static int map_memory(struct mshv_partition *partition, const void __user *user)
{
	struct mshv_range range;
	int ret;

	ret = copy_range_in(&range, user);
	if (!ret)
		ret = mshv_range_check(&range);
	return ret ?: mshv_regions_map(&partition->regions, &partition->pool,
				       &range);
}

static int unmap_memory(struct mshv_partition *partition,
			const void __user *user)
{
	struct mshv_range range;
	int ret;

	ret = copy_range_in(&range, user);
	return ret ?: mshv_regions_unmap(&partition->regions, partition->id,
					 &range);
}

static int create_vp(struct mshv_partition *partition, const void __user *user)
{
	struct mshv_create_vp args;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	return mshv_vp_fd_create(partition, args.vp_index);
}

static int install_intercept(struct mshv_partition *partition,
			     const void __user *user)
{
	struct mshv_install_intercept args;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (!mshv_message_of_intercept(args.intercept_type))
		return -EINVAL;
	return mshv_hvcall_install_intercept(&partition->pool, &args);
}

/* Nothing here waits: not for a map, not for a VP. */
static int assert_interrupt(const struct mshv_partition *partition,
			    const void __user *user)
{
	struct mshv_assert_interrupt args;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.flags & ~INTERRUPT_FLAGS)
		return -EINVAL;
	return mshv_hvcall_assert_interrupt(partition->id, &args);
}

static int set_property(const struct mshv_partition *partition,
			const void __user *user)
{
	struct mshv_partition_property args;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	return mshv_hvcall_set_partition_property(partition->id,
						  args.property_code,
						  args.property_value);
}

/* Only the value is written back: it is all that changed. */
static int get_property(const struct mshv_partition *partition,
			struct mshv_partition_property __user *user)
{
	struct mshv_partition_property args;
	int ret;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	ret = mshv_hvcall_get_partition_property(partition->id,
						 args.property_code,
						 &args.property_value);
	if (ret)
		return ret;
	return put_user(args.property_value, &user->property_value);
}

static int irqfd(struct mshv_partition *partition, const void __user *user)
{
	struct mshv_irqfd args;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.flags & ~IRQFD_FLAGS)
		return -EINVAL;
	if (args.flags & MSHV_IRQFD_FLAG_DEASSIGN)
		return mshv_irqfds_deassign(&partition->irqfds, &args);
	return mshv_irqfds_assign(&partition->irqfds, &args);
}

static int set_msi_routing(struct mshv_partition *partition,
			   const struct mshv_msi_routing __user *user)
{
	struct mshv_msi_routing_entry *entries __free(kvfree) = NULL;
	struct mshv_msi_routing args;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.nr > MSHV_MAX_GSIS || args.pad)
		return -EINVAL;
	entries = kvmalloc_array(args.nr, sizeof(*entries), GFP_KERNEL_ACCOUNT);
	if (!entries)
		return -ENOMEM;
	if (copy_from_user(entries, user->entries,
			   array_size(args.nr, sizeof(*entries))))
		return -EFAULT;
	return mshv_routing_set(&partition->routing, entries, args.nr);
}

static int ioeventfd(struct mshv_partition *partition, const void __user *user)
{
	struct mshv_ioeventfd args;
	struct mshv_io_match match;
	struct mshv_ioeventfd_spec spec = { .match = &match };
	int ret;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	if (args.flags & ~IOEVENTFD_FLAGS)
		return -EINVAL;
	match = (struct mshv_io_match){
		.addr = args.addr,
		.len = args.len,
		.wildcard = !(args.flags & MSHV_IOEVENTFD_FLAG_DATAMATCH),
		.value = args.datamatch,
	};
	spec.port = args.flags & MSHV_IOEVENTFD_FLAG_PIO;
	spec.fd = args.fd;
	ret = mshv_io_match_check(&match, spec.port);
	if (ret)
		return ret;
	if (args.flags & MSHV_IOEVENTFD_FLAG_DEASSIGN)
		return mshv_ioeventfds_deassign(&partition->ioeventfds, &spec);
	return mshv_ioeventfds_assign(&partition->ioeventfds, &spec);
}

static long partition_ioctl(struct file *file, unsigned int cmd,
			    unsigned long arg)
{
	struct mshv_partition *partition = file->private_data;
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case MSHV_MAP_GUEST_MEMORY:
		return map_memory(partition, user);
	case MSHV_UNMAP_GUEST_MEMORY:
		return unmap_memory(partition, user);
	case MSHV_CREATE_VP:
		return create_vp(partition, user);
	case MSHV_INSTALL_INTERCEPT:
		return install_intercept(partition, user);
	case MSHV_ASSERT_INTERRUPT:
		return assert_interrupt(partition, user);
	case MSHV_SET_PARTITION_PROPERTY:
		return set_property(partition, user);
	case MSHV_GET_PARTITION_PROPERTY:
		return get_property(partition, user);
	case MSHV_IRQFD:
		return irqfd(partition, user);
	case MSHV_SET_MSI_ROUTING:
		return set_msi_routing(partition, user);
	case MSHV_IOEVENTFD:
		return ioeventfd(partition, user);
	default:
		return -ENOTTY;
	}
}

/* VPs may live on, but what only this fd can set up ends with it. */
static int partition_release(struct inode *inode, struct file *file)
{
	struct mshv_partition *partition = file->private_data;

	mshv_irqfds_release(&partition->irqfds);
	mshv_ioeventfds_release(&partition->ioeventfds);
	mshv_partition_put(partition);
	return 0;
}

static void partition_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct mshv_partition *partition = file->private_data;

	seq_printf(m, "mshv-partition:\t%llu\n", partition->id);
	seq_printf(m, "mshv-irqfds:\t%u\n",
		   READ_ONCE(partition->irqfds.count));
	seq_printf(m, "mshv-irqs-dropped:\t%llu\n",
		   (u64)atomic64_read(&partition->irqfds.dropped));
}

static const struct file_operations partition_fops = {
	.owner		= THIS_MODULE,
	.unlocked_ioctl	= partition_ioctl,
	.release	= partition_release,
	.show_fdinfo	= partition_show_fdinfo,
	.llseek		= noop_llseek,
};

static struct file *
partition_file_open(const struct mshv_create_partition *args)
{
	const struct mshv_partition_spec spec = {
		.flags = args->flags | HV_PARTITION_CREATION_FLAG_EXO_PARTITION,
		.properties = args->partition_creation_properties,
		.synthetic_features = args->synthetic_processor_features,
	};
	struct mshv_partition *partition;
	struct file *file;

	partition = mshv_partition_create(&spec);
	if (IS_ERR(partition))
		return ERR_CAST(partition);
	file = anon_inode_getfile("mshv_partition", &partition_fops, partition,
				  O_RDWR);
	if (IS_ERR(file))
		mshv_partition_put(partition);
	return file;
}

int mshv_partition_fd_create(const struct mshv_create_partition *args)
{
	CLASS(get_unused_fd, fd)(O_CLOEXEC);
	struct file *file;

	if (fd < 0)
		return fd;
	file = partition_file_open(args);
	if (IS_ERR(file))
		return PTR_ERR(file);
	fd_install(fd, file);
	return take_fd(fd);
}
