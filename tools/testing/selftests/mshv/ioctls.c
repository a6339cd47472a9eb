// SPDX-License-Identifier: GPL-2.0
/* The ioctls that a VMM needs once its VPs run, as functions; see vm.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "mshv_test.h"

static int raw(int ret)
{
	return ret < 0 ? -errno : ret;
}

int __intercept(int part, __u32 mask, __u32 type, __u64 parameter)
{
	struct mshv_install_intercept args = {
		.access_type_mask = mask,
		.intercept_type = type,
	};

	memcpy(&args.intercept_parameter, &parameter, sizeof(parameter));
	return raw(ioctl(part, MSHV_INSTALL_INTERCEPT, &args));
}

void intercept(int part, __u32 mask, __u32 type, __u64 parameter)
{
	int ret = __intercept(part, mask, type, parameter);

	die_if(ret, "MSHV_INSTALL_INTERCEPT %#x of type %u, %#llx: %d", mask, type, parameter, ret);
}

/* Mode, destination and vector as in struct irq of mshv_test.h */
int __interrupt(int part, const struct irq *irq)
{
	/* With the padding as it is in real clients */
	__u8 args[sizeof(struct mshv_assert_interrupt)];

	memset(args, POISON, sizeof(args));
	memcpy(args, &irq->type, 4);
	memcpy(args + 4, &irq->flags, 4);
	memcpy(args + 8, &irq->dest, 8);
	memcpy(args + 16, &irq->vector, 4);
	return raw(ioctl(part, MSHV_ASSERT_INTERRUPT, args));
}

void interrupt(int part, const struct irq *irq)
{
	int ret = __interrupt(part, irq);

	die_if(ret, "MSHV_ASSERT_INTERRUPT type %u, flags %#x, to %#llx, vector %u: %d",
	       irq->type, irq->flags, irq->dest, irq->vector, ret);
}

void interrupt_fixed(int part, __u64 apic_id, __u32 vector)
{
	const struct irq irq = { .type = IRQ_FIXED, .dest = apic_id, .vector = vector };

	interrupt(part, &irq);
}

static int state_ioctl(int vp, unsigned long request, const struct state *state)
{
	__u8 args[sizeof(struct mshv_vp_state)];

	/* Packed: the XSAVE members follow the type at once. */
	memset(args, POISON, sizeof(args));
	memcpy(args, &state->type, 4);
	memcpy(args + 4, &state->flags, 8);
	memcpy(args + 12, &state->states, 8);
	memcpy(args + 24, &state->size, 8);
	memcpy(args + 32, &state->buf, 8);
	return raw(ioctl(vp, request, args));
}

int __state_get(int vp, const struct state *state)
{
	return state_ioctl(vp, MSHV_GET_VP_STATE, state);
}

int __state_set(int vp, const struct state *state)
{
	return state_ioctl(vp, MSHV_SET_VP_STATE, state);
}

/* As the real clients do it: a buffer that is larger than the state */
#define LAPIC_BUFFER	1024

void lapic_get(int vp, struct lapic_state *lapic)
{
	__u8 buf[LAPIC_BUFFER];
	const struct state state = { .type = STATE_LAPIC, .size = sizeof(buf), .buf = buf };
	int ret;

	poison(buf, sizeof(buf));
	ret = __state_get(vp, &state);
	die_if(ret, "MSHV_GET_VP_STATE of the local APIC: %d", ret);
	die_if(!poisoned(buf + sizeof(*lapic), sizeof(buf) - sizeof(*lapic)),
	       "MSHV_GET_VP_STATE wrote more than the local APIC's state");
	memcpy(lapic, buf, sizeof(*lapic));
}

void lapic_set(int vp, const struct lapic_state *lapic)
{
	const struct state state = {
		.type = STATE_LAPIC,
		.size = sizeof(*lapic),
		.buf = (void *)lapic,
	};
	int ret = __state_set(vp, &state);

	die_if(ret, "MSHV_SET_VP_STATE of the local APIC: %d", ret);
}

static int property_ioctl(int part, unsigned long request, __u32 code, __u64 *value)
{
	struct mshv_partition_property args;
	int ret;

	memset(&args, POISON, sizeof(args));
	args.property_code = code;
	args.property_value = *value;
	ret = raw(ioctl(part, request, &args));
	*value = args.property_value;
	return ret;
}

/* On an error *@value is what it was. */
int __property_get(int part, __u32 code, __u64 *value)
{
	poison(value, sizeof(*value));
	return property_ioctl(part, MSHV_GET_PARTITION_PROPERTY, code, value);
}

int __property_set(int part, __u32 code, __u64 value)
{
	return property_ioctl(part, MSHV_SET_PARTITION_PROPERTY, code, &value);
}

__u64 property_get(int part, __u32 code)
{
	__u64 value;
	int ret = __property_get(part, code, &value);

	die_if(ret, "MSHV_GET_PARTITION_PROPERTY %#x: %d", code, ret);
	return value;
}

void property_set(int part, __u32 code, __u64 value)
{
	int ret = __property_set(part, code, value);

	die_if(ret, "MSHV_SET_PARTITION_PROPERTY %#x to %#llx: %d", code, value, ret);
}

int __translate(int vp, __u64 gva, __u64 flags, struct translation *to)
{
	struct mshv_translate_gva args;

	memset(&args, POISON, sizeof(args));
	poison(to, sizeof(*to));
	args.gva = gva;
	args.flags = flags;
	args.result = (__typeof__(args.result))(unsigned long)&to->result;
	args.gpa = (__typeof__(args.gpa))(unsigned long)&to->gpa;
	return raw(ioctl(vp, MSHV_TRANSLATE_GVA, &args));
}

void *register_page_map(int vp)
{
	void *page = mmap(NULL, GUEST_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, vp, 0);

	die_if(page == MAP_FAILED, "mmap of the register page");
	return page;
}

int __irqfd(int part, const struct mshv_irqfd *args)
{
	return raw(ioctl(part, MSHV_IRQFD, args));
}

/* As the real clients do it: what nobody looks at is 0. */
static void irqfd(int part, int fd, __u32 gsi, __u32 flags)
{
	const struct mshv_irqfd args = { .fd = fd, .gsi = gsi, .flags = flags };
	int ret = __irqfd(part, &args);

	die_if(ret, "MSHV_IRQFD of %d, interrupt %u, flags %#x: %d", fd, gsi, flags, ret);
}

void irqfd_assign(int part, int fd, __u32 gsi)
{
	irqfd(part, fd, gsi, 0);
}

void irqfd_deassign(int part, int fd, __u32 gsi)
{
	irqfd(part, fd, gsi, MSHV_IRQFD_FLAG_DEASSIGN);
}

int __msi_routing(int part, const struct mshv_msi_routing_entry *entries, __u32 nr)
{
	size_t size = nr * sizeof(*entries);
	struct mshv_msi_routing *args = malloc(sizeof(*args) + size);
	int ret;

	die_if(!args, "malloc of %u routes", nr);
	args->nr = nr;
	args->pad = 0;
	memcpy(args->entries, entries, size);
	ret = raw(ioctl(part, MSHV_SET_MSI_ROUTING, args));
	free(args);
	return ret;
}

/* A table of one entry */
void msi_route(int part, __u32 gsi, __u32 address, __u32 data)
{
	const struct mshv_msi_routing_entry entry = {
		.gsi = gsi, .address_lo = address, .data = data,
	};
	int ret = __msi_routing(part, &entry, 1);

	die_if(ret, "MSHV_SET_MSI_ROUTING of %u to %#x, %#x: %d", gsi, address, data, ret);
}

int __ioeventfd(int part, const struct mshv_ioeventfd *args)
{
	return raw(ioctl(part, MSHV_IOEVENTFD, args));
}

void ioeventfd(int part, const struct mshv_ioeventfd *args)
{
	int ret = __ioeventfd(part, args);

	die_if(ret, "MSHV_IOEVENTFD at %#llx, len %u, flags %#x: %d", args->addr, args->len,
	       args->flags, ret);
}
