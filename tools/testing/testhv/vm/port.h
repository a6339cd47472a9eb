/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ports of the root partition and the connections of children to them (TLFS, chapter 11). The only
 * type is the doorbell: a store of the guest to an unmapped GPA that a connection describes becomes
 * an event of its port. Protected by the big lock.
 */
#ifndef TESTHV_PORT_H
#define TESTHV_PORT_H

#include "../lib/list.h"
#include "status.h"

struct cpu;
struct partition;

#define PORT_TYPE_MESSAGE	1u
#define PORT_TYPE_DOORBELL	4u
#define PORT_ID_MAX		0xffffffu
#define PORT_VP_ANY		0xffffffffu

#define DOORBELL_SIZE		GENMASK(2, 0)	/* 0: any, n: 2^(n-1) bytes */
#define DOORBELL_SIZE_MAX	4u
#define DOORBELL_ANY_VALUE	BIT(31)

struct port {
	struct list link;		/* in its bucket */
	struct list waiting;		/* on a processor's list: its event found no room */
	struct list connections;
	u64 partition;			/* who may connect to it */
	u32 id;
	u32 vp;				/* of the root, or PORT_VP_ANY */
	u32 sint;
};

struct connection {
	struct list link;		/* in its partition, by GPA */
	struct list of_port;
	struct port *port;		/* NULL: deleted meanwhile */
	u64 gpa, value, flags;
	u32 id;
};

void ports_init(void);

struct port *port_find(u32 id);
/* From a page of the root's pool. */
hv_status port_create(const struct port *port);
void port_delete(struct port *port);

/* From a page of the pool of @p, which FINALIZE takes back with all connections. */
void connections_init(struct partition *p);
void connections_destroy(struct partition *p);
hv_status connection_create(struct partition *p, const struct connection *connection);
struct connection *connection_find(struct partition *p, u32 id);
void connection_delete(struct partition *p, struct connection *connection);

/* Whether a connection is there at all, and the first one that a store of @value matches. */
bool doorbell_at(struct partition *p, u64 gpa);
struct connection *doorbell_match(struct partition *p, u64 gpa, u8 size, u64 value);

#endif
