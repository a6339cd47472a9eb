// SPDX-License-Identifier: GPL-2.0
/* Ports and connections (TLFS, chapter 11): those of doorbells. */
#include "../hw/cpu.h"
#include "../lib/lib.h"
#include "../vm/event_ring.h"
#include "../vm/partition.h"
#include "../vm/port.h"
#include "../vm/slat.h"
#include "../vm/synic.h"
#include "hypercall.h"

/* Offsets of CREATE_PORT and CONNECT_PORT. */
#define PORT_ID			8
#define PORT_CONNECTOR		16
#define PORT_TYPE		24
#define PORT_SINT		32
#define PORT_VP			36
#define PORT_PROXIMITY		48
#define CONNECTION_ID		8
#define CONNECTION_PORT_OWNER	16
#define CONNECTION_PORT		24
#define CONNECTION_TYPE		32
#define CONNECTION_GPA		40
#define CONNECTION_VALUE	48
#define CONNECTION_FLAGS	56
#define CONNECTION_PROXIMITY	64

#define PROXIMITY_RESERVED	GENMASK(62, 33)
#define FLAGS_KNOWN		(DOORBELL_SIZE | DOORBELL_ANY_VALUE)
#define IS_DOORBELL		1u

/* The root's own ports are the only ones. */
static hv_status check_owner(u64 id)
{
	const struct partition *p = partition_find(id);

	if (!p)
		return HV_INVALID_PARTITION_ID;
	return p == &root_partition ? HV_SUCCESS : HV_ACCESS_DENIED;
}

/* Who connects is a child. */
static hv_status find_connector(u64 id, struct partition **p)
{
	*p = partition_find(id);
	if (!*p)
		return HV_INVALID_PARTITION_ID;
	if (*p == &root_partition)
		return HV_ACCESS_DENIED;
	return (*p)->state == PARTITION_ACTIVE ? HV_SUCCESS : HV_INVALID_PARTITION_STATE;
}

/* Message, event and monitor ports exist in the TLFS, and not here. */
static hv_status check_type(u32 type)
{
	if (type == PORT_TYPE_DOORBELL)
		return HV_SUCCESS;
	return type >= PORT_TYPE_MESSAGE && type < PORT_TYPE_DOORBELL ? HV_OPERATION_DENIED :
									HV_INVALID_PARAMETER;
}

hv_status call_create_port(struct call *c)
{
	struct port port = {
		.id = call_u32(c, PORT_ID),
		.partition = call_u64(c, PORT_CONNECTOR),
		.sint = call_u32(c, PORT_SINT),
		.vp = call_u32(c, PORT_VP),
	};
	struct partition *p;
	hv_status status = check_owner(call_u64(c, 0));

	if (!status)
		status = find_connector(port.partition, &p);
	if (!status)
		status = check_type(call_u32(c, PORT_TYPE));
	if (status)
		return status;
	/* In a ring 0 means: no entry. */
	if (!port.id || port.id > PORT_ID_MAX)
		return HV_INVALID_PORT_ID;
	if (port.sint >= SINT_COUNT || call_u64(c, PORT_PROXIMITY) & PROXIMITY_RESERVED)
		return HV_INVALID_PARAMETER;
	if (port.vp != PORT_VP_ANY && port.vp >= cpu_count)
		return HV_INVALID_VP_INDEX;
	return port_create(&port);
}

hv_status call_delete_port(struct call *c)
{
	struct port *port = port_find(call_u32(c, 8));
	hv_status status = check_owner(call_u64(c, 0));

	if (status)
		return status;
	if (!port)
		return HV_INVALID_PORT_ID;
	port_delete(port);
	return HV_SUCCESS;
}

static hv_status check_doorbell(const struct connection *connection)
{
	u64 flags = connection->flags;

	if (flags & ~FLAGS_KNOWN || (flags & DOORBELL_SIZE) > DOORBELL_SIZE_MAX)
		return HV_INVALID_PARAMETER;
	return connection->gpa >> PAGE_SHIFT < slat_gfn_end() ? HV_SUCCESS : HV_INVALID_PARAMETER;
}

hv_status call_connect_port(struct call *c)
{
	struct connection connection = {
		.id = call_u32(c, CONNECTION_ID),
		.port = port_find(call_u32(c, CONNECTION_PORT)),
		.gpa = call_u64(c, CONNECTION_GPA),
		.value = call_u64(c, CONNECTION_VALUE),
		.flags = call_u64(c, CONNECTION_FLAGS),
	};
	struct partition *p;
	hv_status status = find_connector(call_u64(c, 0), &p);

	if (!status)
		status = check_owner(call_u64(c, CONNECTION_PORT_OWNER));
	if (!status)
		status = check_type(call_u32(c, CONNECTION_TYPE));
	if (status)
		return status;
	if (connection.id > PORT_ID_MAX)
		return HV_INVALID_CONNECTION_ID;
	if (!connection.port)
		return HV_INVALID_PORT_ID;
	if (connection.port->partition != p->id)
		return HV_ACCESS_DENIED;
	if (call_u64(c, CONNECTION_PROXIMITY) & PROXIMITY_RESERVED)
		return HV_INVALID_PARAMETER;
	status = check_doorbell(&connection);
	return status ? status : connection_create(p, &connection);
}

hv_status call_disconnect_port(struct call *c)
{
	struct partition *p = partition_find(call_u64(c, 0));
	u32 flags = call_u32(c, 12);
	struct connection *connection;

	if (!p)
		return HV_INVALID_PARTITION_ID;
	if (p == &root_partition)
		return HV_ACCESS_DENIED;
	if (p->state != PARTITION_ACTIVE)
		return HV_INVALID_PARTITION_STATE;
	if (flags & ~IS_DOORBELL)
		return HV_INVALID_PARAMETER;
	connection = flags & IS_DOORBELL ? connection_find(p, call_u32(c, 8)) : NULL;
	if (!connection)
		return HV_INVALID_CONNECTION_ID;
	connection_delete(p, connection);
	return HV_SUCCESS;
}

hv_status call_notify_port_ring_empty(struct call *c)
{
	u32 sint = call_u32(c, 0);

	if (sint >= SINT_COUNT)
		return HV_INVALID_PARAMETER;
	event_ring_refill(c->cpu, sint);
	return HV_SUCCESS;
}
