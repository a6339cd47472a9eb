// SPDX-License-Identifier: GPL-2.0
/* The VP fd: copies in and out, and calls who does the work. */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/mshv.h>

#include "vp_fd.h"
#include "partition.h"
#include "register_page.h"
#include "run.h"
#include "state_door.h"
#include "vp.h"
#include "vp_state.h"

/*
 * What the file holds. The VP is the partition's; the file keeps the partition.
 * A file whose @vp is NULL never got an fd.
 */
struct vp_file {
	struct mshv_partition *partition;
	struct mshv_vp *vp;
};

static struct mshv_hv_register_assoc *
copy_registers_in(const struct mshv_vp_registers *args)
{
	const void __user *regs = (__force const void __user *)args->regs;

	if (args->count < 0 || args->count > MSHV_VP_MAX_REGISTERS)
		return ERR_PTR(-EINVAL);
	if (!args->count)
		return NULL;
	return memdup_array_user(regs, args->count,
				 sizeof(struct mshv_hv_register_assoc));
}

static int get_registers(struct mshv_vp *vp, void __user *user)
{
	struct mshv_hv_register_assoc *regs __free(kfree) = NULL;
	struct mshv_vp_registers args;
	int ret;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	regs = copy_registers_in(&args);
	if (IS_ERR(regs))
		return PTR_ERR(no_free_ptr(regs));
	ret = mshv_vp_get_registers(vp, regs, args.count);
	if (ret || !args.count)
		return ret;
	if (copy_to_user((__force void __user *)args.regs, regs,
			 array_size(args.count, sizeof(*regs))))
		return -EFAULT;
	return 0;
}

static int set_registers(struct mshv_vp *vp, const void __user *user)
{
	struct mshv_hv_register_assoc *regs __free(kfree) = NULL;
	struct mshv_vp_registers args;

	if (copy_from_user(&args, user, sizeof(args)))
		return -EFAULT;
	regs = copy_registers_in(&args);
	if (IS_ERR(regs))
		return PTR_ERR(no_free_ptr(regs));
	return mshv_vp_set_registers(vp, regs, args.count);
}

static long vp_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vp_file *priv = file->private_data;
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case MSHV_RUN_VP:
		return mshv_run(priv->partition, priv->vp, user);
	case MSHV_CANCEL_RUN:
		mshv_run_cancel(priv->vp);
		return 0;
	case MSHV_GET_VP_REGISTERS:
		return get_registers(priv->vp, user);
	case MSHV_GET_VP_STATE:
		return mshv_state_door_get(priv->partition, priv->vp, user);
	case MSHV_SET_VP_STATE:
		return mshv_state_door_set(priv->partition, priv->vp, user);
	case MSHV_TRANSLATE_GVA:
		return mshv_state_door_translate(priv->vp, user);
	case MSHV_SET_VP_REGISTERS:
		return set_registers(priv->vp, user);
	default:
		return -ENOTTY;
	}
}

/*
 * The register page. mmap_lock is held, so the VP's mutex must not be: who holds
 * it may be waiting for mmap_lock.
 */
static int vp_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct vp_file *priv = file->private_data;
	struct mshv_vp *vp = priv->vp;
	u64 pfn;
	int ret;

	if (vma->vm_pgoff != MSHV_VP_MMAP_REGISTERS_OFFSET >> PAGE_SHIFT ||
	    vma_pages(vma) != 1 || !(vma->vm_flags & VM_SHARED) ||
	    vma->vm_flags & VM_EXEC)
		return -EINVAL;
	ret = mshv_register_page_get(&vp->page, &priv->partition->pool,
				     vp->index, &pfn);
	if (ret)
		return ret;
	/* The page stays as long as the file, so a number suffices. */
	vm_flags_mod(vma, VM_DONTCOPY, VM_MAYEXEC);
	return remap_pfn_range(vma, vma->vm_start, pfn, PAGE_SIZE,
			       vma->vm_page_prot);
}

static int vp_release(struct inode *inode, struct file *file)
{
	struct vp_file *priv = file->private_data;

	mshv_partition_put(priv->partition);
	kfree(priv);
	return 0;
}

static void vp_show_fdinfo(struct seq_file *m, struct file *file)
{
	const struct vp_file *priv = file->private_data;
	struct mshv_vp *vp = priv->vp;

	seq_printf(m, "mshv-partition:\t%llu\n", vp->partition_id);
	seq_printf(m, "mshv-vp:\t%u\n", vp->index);
	seq_printf(m, "mshv-messages:\t%lld\n", atomic64_read(&vp->messages));
	seq_printf(m, "mshv-overruns:\t%lld\n", atomic64_read(&vp->overruns));
	seq_printf(m, "mshv-malformed:\t%lld\n",
		   atomic64_read(&vp->malformed));
	seq_printf(m, "mshv-eois:\t%lld\n", atomic64_read(&vp->eois));
	seq_printf(m, "mshv-port-writes:\t%lld\n",
		   atomic64_read(&vp->port_writes));
}

static const struct file_operations vp_fops = {
	.owner		= THIS_MODULE,
	.unlocked_ioctl	= vp_ioctl,
	.mmap		= vp_mmap,
	.release	= vp_release,
	.show_fdinfo	= vp_show_fdinfo,
	.llseek		= noop_llseek,
};

static struct file *vp_file_open(struct mshv_partition *partition)
{
	struct vp_file *priv = kzalloc(sizeof(*priv), GFP_KERNEL_ACCOUNT);
	struct file *file;

	if (!priv)
		return ERR_PTR(-ENOMEM);
	file = anon_inode_getfile("mshv_vp", &vp_fops, priv, O_RDWR);
	if (IS_ERR(file)) {
		kfree(priv);
		return file;
	}
	/* From here on the file owns both. */
	mshv_partition_get(partition);
	priv->partition = partition;
	return file;
}

static int vp_fd_install(struct mshv_partition *partition, u32 vp_index)
{
	CLASS(get_unused_fd, fd)(O_CLOEXEC);
	struct file *file __free(fput) = NULL;
	struct vp_file *priv;
	struct mshv_vp *vp;

	if (fd < 0)
		return fd;
	file = vp_file_open(partition);
	if (IS_ERR(file))
		return PTR_ERR(no_free_ptr(file));

	/* Last, as a VP that exists cannot be deleted. */
	vp = mshv_partition_create_vp(partition, vp_index);
	if (IS_ERR(vp))
		return PTR_ERR(vp);
	priv = file->private_data;
	priv->vp = vp;
	fd_install(fd, no_free_ptr(file));
	return take_fd(fd);
}

int mshv_vp_fd_create(struct mshv_partition *partition, u32 vp_index)
{
	int ret = mshv_partition_reserve_vp(partition, vp_index);

	if (ret)
		return ret;
	ret = vp_fd_install(partition, vp_index);
	if (ret < 0)
		mshv_partition_release_vp(partition, vp_index);
	return ret;
}
