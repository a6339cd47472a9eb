/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/mshv: create and run partitions (virtual machines) of Microsoft
 * Hypervisor from its root partition.
 *
 * There are three kinds of file descriptor. /dev/mshv makes partitions; a
 * partition fd maps memory and makes virtual processors (VPs); a VP fd runs one
 * VP. A partition lives until its own fd and those of all its VPs are closed.
 * The numbers and layouts are those of the driver posted in 2021; all of them
 * are 64-bit only. What the hypervisor itself lays out is in asm/mshv.h and
 * the headers that it includes.
 *
 * An errno means one thing, whichever ioctl returns it:
 *
 *  EACCES           the hypervisor denies access to this partition
 *  EBADF            an argument is no open file descriptor
 *  EBADFD           partition or VP are in the wrong state for the request
 *  EBUSY            VP is running, region is being mapped or unmapped, or eventfd
 *                   has an irqfd: later
 *  EEXIST           guest addresses are mapped, VP index is used, or write has an
 *                   ioeventfd, already
 *  EFAULT           user memory could not be read, written or pinned
 *  EINTR            a signal, or MSHV_CANCEL_RUN, ended the wait
 *  EINVAL           a field holds a value that it must not hold
 *  EIO              this VP is lost; its state is unknown, only close helps
 *  EMFILE, ENFILE   there are no more file descriptors or files
 *  ENOENT           there is no such ioeventfd
 *  ENOMEM           no memory, in the kernel, the hypervisor or RLIMIT_MEMLOCK
 *  ENOSPC           the partition has as many as it can have
 *  ENOTRECOVERABLE  the hypervisor failed in a way that has no errno
 *  ENOTTY           this fd has no such ioctl
 *  EOPNOTSUPP       the hypervisor has no such function
 */
#ifndef _UAPI_LINUX_MSHV_H
#define _UAPI_LINUX_MSHV_H

#include <linux/ioctl.h>
#include <linux/types.h>
#include <asm/mshv.h>

#define MSHV_IOCTL		0xB8

/* A register list of MSHV_GET_VP_REGISTERS and _SET_ has at most this many */
#define MSHV_VP_MAX_REGISTERS	128

/* VP indexes from here on are refused; the hypervisor may allow fewer */
#define MSHV_MAX_VPS		2048

/*
 * Capabilities for MSHV_CHECK_EXTENSION. The answer is 0 for "no", also for a
 * number that nobody knows, and 1 or more for "yes". Extensions of this driver
 * to the interface of 2021 are numbered from 0x40.
 */
#define MSHV_CAP_CORE_API_STABLE	0x00
#define MSHV_CAP_CANCEL_RUN		0x40

/**
 * MSHV_CHECK_EXTENSION - ask for a capability (/dev/mshv)
 *
 * The argument points to the capability's number, a __u32.
 * Return: 0 if absent or unknown, else 1 or more; EFAULT.
 */
#define MSHV_CHECK_EXTENSION	_IOW(MSHV_IOCTL, 0x00, __u32)

/* Flags of struct mshv_create_partition */
#define MSHV_PARTITION_SMT_ENABLED_GUEST	0x1ULL
#define MSHV_PARTITION_GPA_LARGE_PAGES_DISABLED	0x8ULL
#define MSHV_PARTITION_GPA_SUPER_PAGES_ENABLED	0x10ULL
#define MSHV_PARTITION_LAPIC_ENABLED		0x2000ULL

/**
 * struct mshv_create_partition - what the new partition shall be
 * @flags: MSHV_PARTITION_*; other bits are EINVAL
 * @partition_creation_properties: processor features that it shall lack, by bits
 * @synthetic_processor_features: HV_SYNTHETIC_PROC_FEATURE_*, judged by the
 *	hypervisor
 */
struct mshv_create_partition {
	__u64 flags;
	struct mshv_hv_partition_creation_properties
		partition_creation_properties;
	__u64 synthetic_processor_features;
};

/**
 * MSHV_CREATE_PARTITION - create and initialize a partition (/dev/mshv)
 *
 * Return: a partition fd, close-on-exec; EFAULT, EINVAL, EMFILE, ENFILE,
 * ENOMEM, EACCES, EBADFD, EINTR, EOPNOTSUPP, ENOTRECOVERABLE.
 */
#define MSHV_CREATE_PARTITION	\
	_IOW(MSHV_IOCTL, 0x01, struct mshv_create_partition)

/**
 * struct mshv_user_mem_region - user memory that a guest sees
 * @size: bytes, a multiple of the page size and not 0
 * @guest_pfn: guest page number of its start
 * @userspace_addr: page-aligned address in the calling process
 * @flags: HV_MAP_GPA_* permissions for map, ignored by unmap. Kernel and user
 *	execute go together, and nothing is allowed without read
 *
 * The last four bytes are padding that nobody looks at.
 */
struct mshv_user_mem_region {
	__u64 size;
	__u64 guest_pfn;
	__u64 userspace_addr;
	__u32 flags;
};

/**
 * MSHV_MAP_GUEST_MEMORY - pin user memory and map it (partition fd)
 *
 * User ranges may overlap, guest ranges may not. The pages stay pinned until
 * unmapped or until the partition dies, charged to the process that created
 * the partition.
 * Return: 0; EFAULT, EINVAL, EEXIST, ENOMEM, EINTR, EACCES, EBADFD,
 * EOPNOTSUPP, ENOTRECOVERABLE.
 */
#define MSHV_MAP_GUEST_MEMORY	\
	_IOW(MSHV_IOCTL, 0x02, struct mshv_user_mem_region)

/**
 * MSHV_UNMAP_GUEST_MEMORY - undo one MSHV_MAP_GUEST_MEMORY (partition fd)
 *
 * Size, guest_pfn and userspace_addr must be those of a mapped region. If the
 * hypervisor fails the region stays, and can be unmapped again.
 * Return: 0; EFAULT, EINVAL, EBUSY, EINTR, EACCES, EBADFD, ENOMEM,
 * EOPNOTSUPP, ENOTRECOVERABLE.
 */
#define MSHV_UNMAP_GUEST_MEMORY	\
	_IOW(MSHV_IOCTL, 0x03, struct mshv_user_mem_region)

/**
 * struct mshv_create_vp - which VP to create
 * @vp_index: less than MSHV_MAX_VPS; an index can be used once a partition
 */
struct mshv_create_vp {
	__u32 vp_index;
};

/**
 * MSHV_CREATE_VP - create a virtual processor, suspended (partition fd)
 *
 * With MSHV_PARTITION_LAPIC_ENABLED the hypervisor refuses indexes from 255 on,
 * which are no APIC ids.
 * Return: a VP fd, close-on-exec; EFAULT, EINVAL, EEXIST, EMFILE, ENFILE,
 * ENOMEM, EACCES, EBADFD, EINTR, EOPNOTSUPP, ENOTRECOVERABLE.
 */
#define MSHV_CREATE_VP		_IOW(MSHV_IOCTL, 0x04, struct mshv_create_vp)

/**
 * struct mshv_vp_registers - a list of registers
 * @count: number of elements, 0 to MSHV_VP_MAX_REGISTERS
 * @regs: array of them
 *
 * The four bytes after @count are padding that nobody looks at.
 */
struct mshv_vp_registers {
	__s32 count;
	struct mshv_hv_register_assoc *regs;
};

/**
 * MSHV_GET_VP_REGISTERS - read registers of a VP (VP fd)
 *
 * Each element's name selects, its value is overwritten. On an error no value
 * is written.
 * Return: 0; EFAULT, EINVAL, EBUSY, EIO, EINTR, ENOMEM, EACCES, EBADFD,
 * EOPNOTSUPP, ENOTRECOVERABLE.
 */
#define MSHV_GET_VP_REGISTERS	\
	_IOWR(MSHV_IOCTL, 0x05, struct mshv_vp_registers)

/**
 * MSHV_SET_VP_REGISTERS - write registers of a VP, in their order (VP fd)
 *
 * HV_REGISTER_EXPLICIT_SUSPEND, _INTERCEPT_SUSPEND and _DISPATCH_SUSPEND are
 * EINVAL and then nothing is written. An error of the hypervisor leaves those
 * written that stand before the refused one.
 * Return: 0; EFAULT, EINVAL, EBUSY, EIO, EINTR, ENOMEM, EACCES, EBADFD,
 * EOPNOTSUPP, ENOTRECOVERABLE.
 */
#define MSHV_SET_VP_REGISTERS	\
	_IOW(MSHV_IOCTL, 0x06, struct mshv_vp_registers)

/**
 * MSHV_RUN_VP - run a VP until it exits or the caller is interrupted (VP fd)
 *
 * The message that describes the exit is written to the argument. The VP is
 * suspended when this returns, whatever it returns, except EBUSY and, when the
 * hypervisor failed, EIO. After EFAULT the message is kept for the next call.
 * Return: 0; EFAULT, EINTR, EBUSY, EIO; EINVAL, ENOMEM, EACCES, EBADFD,
 * EOPNOTSUPP, ENOTRECOVERABLE if the hypervisor did not resume the VP.
 */
#define MSHV_RUN_VP		_IOR(MSHV_IOCTL, 0x07, struct mshv_hv_message)

/**
 * struct mshv_install_intercept - what shall make VPs exit
 * @access_type_mask: HV_INTERCEPT_ACCESS_MASK_*; NONE removes the intercept
 * @intercept_type: HV_INTERCEPT_TYPE_*
 * @intercept_parameter: port in 15:0, CPUID leaf in 31:0, exception vector in
 *	15:0 or APIC write mask in 31:0, by type
 */
struct mshv_install_intercept {
	__u32 access_type_mask;
	__u32 intercept_type;
	__u64 intercept_parameter;
};

/**
 * MSHV_INSTALL_INTERCEPT - install, change or remove one (partition fd)
 *
 * For all VPs, also while they run. I/O ports and addresses without memory are
 * intercepted in any case. A type whose messages MSHV_RUN_VP does not return is
 * EINVAL; the hypervisor judges the others, masks and parameters.
 * Return: 0; EFAULT, EINVAL, EINTR, ENOMEM, EACCES, EBADFD, EOPNOTSUPP,
 * ENOTRECOVERABLE.
 */
#define MSHV_INSTALL_INTERCEPT	\
	_IOW(MSHV_IOCTL, 0x08, struct mshv_install_intercept)

/* Flags of struct mshv_assert_interrupt */
#define MSHV_INTERRUPT_LEVEL_TRIGGERED	0x1
#define MSHV_INTERRUPT_LOGICAL_DEST	0x2
/* Bit 62 of the control word: VMMs of 2021 set it, it says nothing */
#define MSHV_INTERRUPT_LONG_MODE	0x40000000

/**
 * struct mshv_assert_interrupt - an interrupt for a guest with local APICs
 * @interrupt_type: MSHV_HV_X64_INTERRUPT_TYPE_*
 * @flags: MSHV_INTERRUPT_*; other bits are EINVAL
 * @dest_addr: APIC id, 0xFF for all, or with MSHV_INTERRUPT_LOGICAL_DEST a logical
 *	destination
 * @vector: 0 to 255, of fixed and lowest-priority interrupts 16 to 255
 *
 * The first two fields are the hypervisor's control word. The last four bytes
 * are padding that nobody looks at.
 */
struct mshv_assert_interrupt {
	__u32 interrupt_type;
	__u32 flags;
	__u64 dest_addr;
	__u32 vector;
};

/**
 * MSHV_ASSERT_INTERRUPT - raise an interrupt (partition fd)
 *
 * Takes no lock and waits for nobody. A partition without LAPIC_ENABLED is
 * EBADFD.
 * Return: 0; EFAULT, EINVAL, ENOMEM, EACCES, EBADFD, EOPNOTSUPP,
 * ENOTRECOVERABLE.
 */
#define MSHV_ASSERT_INTERRUPT	\
	_IOW(MSHV_IOCTL, 0x09, struct mshv_assert_interrupt)

/* An XSAVE buffer has at most so many pages: what one hypercall can name */
#define MSHV_VP_STATE_MAX_PAGES	507

/**
 * struct mshv_vp_state - state of a VP that is no register
 * @type: HV_GET_SET_VP_STATE_LOCAL_INTERRUPT_CONTROLLER_STATE or _XSAVE
 * @xsave_flags: for XSAVE, HV_XSAVE_DATA_*
 * @xsave_states: for XSAVE, HV_XSAVE_STATE_*; not naturally aligned
 * @padding: nobody looks at it
 * @buf_size: bytes; for the APIC at least
 *	sizeof(struct mshv_hv_local_interrupt_controller_state), for XSAVE 1 to
 *	MSHV_VP_STATE_MAX_PAGES whole pages
 * @buf_ptr: user address, for XSAVE of a page
 */
struct mshv_vp_state {
	__u32 type;
	__u64 xsave_flags;
	__u64 xsave_states;
	__u32 padding;
	__u64 buf_size;
	__u64 buf_ptr;
} __attribute__((packed));

/**
 * MSHV_GET_VP_STATE - read state of a VP into the buffer (VP fd)
 *
 * Without LAPIC_ENABLED the partition has no state of a local APIC: EINVAL.
 * Return: 0; EFAULT, EINVAL, EBUSY, EIO, EINTR, ENOMEM, EACCES, EBADFD,
 * EOPNOTSUPP, ENOTRECOVERABLE.
 */
#define MSHV_GET_VP_STATE	_IOWR(MSHV_IOCTL, 0x0A, struct mshv_vp_state)

/**
 * MSHV_SET_VP_STATE - write state of a VP from the buffer (VP fd)
 *
 * Without LAPIC_ENABLED the partition has no state of a local APIC: EINVAL.
 * Return: 0; EFAULT, EINVAL, EBUSY, EIO, EINTR, ENOMEM, EACCES, EBADFD,
 * EOPNOTSUPP, ENOTRECOVERABLE.
 */
#define MSHV_SET_VP_STATE	_IOWR(MSHV_IOCTL, 0x0B, struct mshv_vp_state)

/**
 * struct mshv_partition_property - a property and its value
 * @property_code: HV_PARTITION_PROPERTY_*
 * @property_value: value, in the unit of the property
 *
 * The four bytes after @property_code are padding that nobody looks at.
 */
struct mshv_partition_property {
	__u32 property_code;
	__u64 property_value;
};

/**
 * MSHV_SET_PARTITION_PROPERTY - set a property (partition fd)
 *
 * The hypervisor judges code and value.
 * Return: 0; EFAULT, EINVAL, ENOMEM, EACCES, EBADFD, EOPNOTSUPP,
 * ENOTRECOVERABLE.
 */
#define MSHV_SET_PARTITION_PROPERTY	\
	_IOW(MSHV_IOCTL, 0x0C, struct mshv_partition_property)

/**
 * MSHV_GET_PARTITION_PROPERTY - read a property into the argument (partition fd)
 *
 * Return: 0; EFAULT, EINVAL, ENOMEM, EACCES, EBADFD, EOPNOTSUPP,
 * ENOTRECOVERABLE.
 */
#define MSHV_GET_PARTITION_PROPERTY	\
	_IOWR(MSHV_IOCTL, 0x0D, struct mshv_partition_property)

/**
 * struct mshv_translate_gva - a guest virtual address and where it leads
 * @gva: guest virtual address, to the byte
 * @flags: HV_TRANSLATE_GVA_*; bits outside of _CONTROL_MASK are EINVAL
 * @result: user address of a __u64: a code, HV_TRANSLATE_GVA_*, in 31:0, the
 *	cache type in 39:32, overlay page in bit 40
 * @gpa: user address of a __u64, written with the guest physical address, or
 *	with 0 where the code says that there is none
 */
struct mshv_translate_gva {
	__u64 gva;
	__u64 flags;
	__u64 result;
	__u64 gpa;
};

/**
 * MSHV_TRANSLATE_GVA - translate an address by a VP's page tables (VP fd)
 *
 * An address that leads nowhere is no error: the code says so.
 * Return: 0; EFAULT, EINVAL, EBUSY, EIO, EINTR, ENOMEM, EACCES, EBADFD,
 * EOPNOTSUPP, ENOTRECOVERABLE.
 */
#define MSHV_TRANSLATE_GVA	\
	_IOWR(MSHV_IOCTL, 0x0E, struct mshv_translate_gva)

/* Flags of struct mshv_irqfd */
#define MSHV_IRQFD_FLAG_DEASSIGN	0x1
#define MSHV_IRQFD_FLAG_RESAMPLE	0x2

/**
 * struct mshv_irqfd - an eventfd whose signals are interrupts of a guest
 * @fd: eventfd
 * @resamplefd: with MSHV_IRQFD_FLAG_RESAMPLE, eventfd that is signalled when
 *	the guest ends the interrupt; else nobody looks at it
 * @gsi: which entry of MSHV_SET_MSI_ROUTING says what the interrupt is
 * @flags: MSHV_IRQFD_FLAG_*; other bits are EINVAL
 */
struct mshv_irqfd {
	__s32 fd;
	__s32 resamplefd;
	__u32 gsi;
	__u32 flags;
};

/**
 * MSHV_IRQFD - raise an interrupt with each signal of an eventfd (partition fd)
 *
 * The kernel takes each signal, also one from before, and looks up then what the
 * number stands for; one that stands for nothing is accepted and raises nothing.
 * It lasts until MSHV_IRQFD_FLAG_DEASSIGN with the same eventfd and number,
 * after which no signal raises anything, or until the eventfd or the partition
 * fd is closed. To deassign what is not assigned is no error.
 * Return: 0; EFAULT, EINVAL, EBADF, EBUSY, ENOSPC, ENOMEM.
 */
#define MSHV_IRQFD		_IOW(MSHV_IOCTL, 0x0E, struct mshv_irqfd)

/* Flags of struct mshv_ioeventfd */
#define MSHV_IOEVENTFD_FLAG_DATAMATCH	0x1
#define MSHV_IOEVENTFD_FLAG_PIO		0x2
#define MSHV_IOEVENTFD_FLAG_DEASSIGN	0x4

/**
 * struct mshv_ioeventfd - an eventfd that a guest's write signals
 * @datamatch: with MSHV_IOEVENTFD_FLAG_DATAMATCH, the only value that signals;
 *	it fits into @len, which is not 0
 * @addr: guest physical address, or port with MSHV_IOEVENTFD_FLAG_PIO
 * @len: width of the write: 1, 2, 4, 8, or 0 for any
 * @fd: eventfd
 * @flags: MSHV_IOEVENTFD_FLAG_*; other bits are EINVAL
 * @pad: nobody looks at it
 */
struct mshv_ioeventfd {
	__u64 datamatch;
	__u64 addr;
	__u32 len;
	__s32 fd;
	__u32 flags;
	__u8 pad[4];
};

/**
 * MSHV_IOEVENTFD - tie an eventfd to a write, or part them (partition fd)
 *
 * For memory the hypervisor tells of the write without stopping the VP; for a
 * port whoever runs the VP does. No write signals two: that is EEXIST. To
 * deassign, all fields must be as they were.
 * Return: 0; EFAULT, EINVAL, EBADF, EEXIST, ENOENT, ENOSPC, ENOMEM, EINTR,
 * EACCES, EBADFD, EOPNOTSUPP, ENOTRECOVERABLE.
 */
#define MSHV_IOEVENTFD		_IOW(MSHV_IOCTL, 0x0F, struct mshv_ioeventfd)

/* Numbers of interrupts, and so entries of a table, are less than this */
#define MSHV_MAX_GSIS		4096

/**
 * struct mshv_msi_routing_entry - what interrupt a number stands for
 * @gsi: less than MSHV_MAX_GSIS, and once a table
 * @address_lo: address of the message, as a device would be told
 * @address_hi: 0
 * @data: its data, as a device would be told
 */
struct mshv_msi_routing_entry {
	__u32 gsi;
	__u32 address_lo;
	__u32 address_hi;
	__u32 data;
};

/**
 * struct mshv_msi_routing - all the interrupts that irqfds can raise
 * @nr: number of entries, 0 to MSHV_MAX_GSIS
 * @pad: 0
 * @entries: in any order
 */
struct mshv_msi_routing {
	__u32 nr;
	__u32 pad;
	struct mshv_msi_routing_entry entries[];
};

/**
 * MSHV_SET_MSI_ROUTING - replace the table of interrupts (partition fd)
 *
 * All at once; after it has returned nothing of the old table is raised. On an
 * error the old table stays.
 * Return: 0; EFAULT, EINVAL, ENOMEM.
 */
#define MSHV_SET_MSI_ROUTING	\
	_IOW(MSHV_IOCTL, 0x11, struct mshv_msi_routing)

/*
 * mmap() of a VP fd at this offset: its struct mshv_hv_vp_register_page, one
 * page, MAP_SHARED and not executable. What it shows is valid while @isvalid is
 * not 0 and the VP is suspended; who writes to it sets the class's bit in
 * @dirty, and the registers are loaded at the latest at the next MSHV_RUN_VP. A
 * child process does not inherit the mapping. After EIO from another call the
 * content means nothing. EINVAL: another offset, length or protection, or
 * MAP_PRIVATE; EINTR: killed; ENOMEM, EACCES, EBADFD, EOPNOTSUPP,
 * ENOTRECOVERABLE: as with the other calls.
 */
#define MSHV_VP_MMAP_REGISTERS_OFFSET	0

/**
 * MSHV_CANCEL_RUN - end a run of this VP from any thread (VP fd)
 *
 * No argument, no lock, no wait. The MSHV_RUN_VP that runs now, or else the
 * next one, returns EINTR once. If there is a message to return it is returned
 * first, and the call after that returns EINTR. Cancels that precede a run
 * count as one.
 * Return: 0.
 */
#define MSHV_CANCEL_RUN		_IO(MSHV_IOCTL, 0x40)

#endif /* _UAPI_LINUX_MSHV_H */
