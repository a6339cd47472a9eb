// SPDX-License-Identifier: GPL-2.0
/* Ports by id, connections by GPA. */
#include "../lib/counters.h"
#include "../lib/lib.h"
#include "partition.h"
#include "port.h"

#define BUCKETS	256u

static struct list ports[BUCKETS];
static struct slab port_slab;

void ports_init(void)
{
	for (unsigned int i = 0; i < BUCKETS; i++)
		list_init(&ports[i]);
	slab_init(&port_slab, sizeof(struct port));
}

struct port *port_find(u32 id)
{
	struct list *l;

	list_for_each(l, &ports[id % BUCKETS]) {
		struct port *port = list_entry(l, struct port, link);

		if (port->id == id)
			return port;
	}
	return NULL;
}

hv_status port_create(const struct port *port)
{
	struct port *new;

	if (port_find(port->id))
		return HV_INVALID_PORT_ID;
	new = slab_alloc(&port_slab, &root_partition.pool);
	if (!new)
		return HV_INSUFFICIENT_MEMORY;
	*new = *port;
	list_add_tail(&new->link, &ports[new->id % BUCKETS]);
	list_init(&new->waiting);
	list_init(&new->connections);
	live[LIVE_PORTS]++;
	return HV_SUCCESS;
}

/* What is in a ring stays there; connections stay too, and no longer match. */
void port_delete(struct port *port)
{
	while (!list_empty(&port->connections)) {
		struct connection *c = list_entry(port->connections.next, struct connection,
						  of_port);

		list_del(&c->of_port);
		c->port = NULL;
	}
	list_del(&port->waiting);
	list_del(&port->link);
	slab_free(&port_slab, &root_partition.pool, port);
	live[LIVE_PORTS]--;
}

static struct list *bucket(struct partition *p, u64 gpa)
{
	u64 hash = gpa >> 2;

	hash ^= hash >> 6 ^ hash >> 12;
	return &p->connections[hash % CONNECTION_BUCKETS];
}

void connections_init(struct partition *p)
{
	for (unsigned int i = 0; i < CONNECTION_BUCKETS; i++)
		list_init(&p->connections[i]);
	slab_init(&p->connection_slab, sizeof(struct connection));
}

void connections_destroy(struct partition *p)
{
	for (unsigned int i = 0; i < CONNECTION_BUCKETS; i++) {
		struct list *head = &p->connections[i];

		while (!list_empty(head))
			connection_delete(p, list_entry(head->next, struct connection, link));
	}
}

struct connection *connection_find(struct partition *p, u32 id)
{
	for (unsigned int i = 0; i < CONNECTION_BUCKETS; i++) {
		struct list *l;

		list_for_each(l, &p->connections[i]) {
			struct connection *c = list_entry(l, struct connection, link);

			if (c->id == id)
				return c;
		}
	}
	return NULL;
}

static bool is_same(const struct connection *a, const struct connection *b)
{
	return a->gpa == b->gpa && a->flags == b->flags &&
	       (a->value == b->value || a->flags & DOORBELL_ANY_VALUE);
}

hv_status connection_create(struct partition *p, const struct connection *connection)
{
	struct list *head = bucket(p, connection->gpa), *l;
	struct connection *new;

	if (connection_find(p, connection->id))
		return HV_INVALID_CONNECTION_ID;
	list_for_each(l, head)
		if (is_same(list_entry(l, struct connection, link), connection))
			return HV_INVALID_PARAMETER;
	new = slab_alloc(&p->connection_slab, &p->pool);
	if (!new)
		return HV_INSUFFICIENT_MEMORY;
	*new = *connection;
	list_add_tail(&new->link, head);
	list_init(&new->of_port);
	list_add_tail(&new->of_port, &new->port->connections);
	live[LIVE_CONNECTIONS]++;
	return HV_SUCCESS;
}

void connection_delete(struct partition *p, struct connection *connection)
{
	list_del(&connection->link);
	list_del(&connection->of_port);
	slab_free(&p->connection_slab, &p->pool, connection);
	live[LIVE_CONNECTIONS]--;
}

bool doorbell_at(struct partition *p, u64 gpa)
{
	struct list *l;

	list_for_each(l, bucket(p, gpa))
		if (list_entry(l, struct connection, link)->gpa == gpa)
			return true;
	return false;
}

static bool matches(const struct connection *c, u64 gpa, u8 size, u64 value)
{
	u32 wanted = c->flags & DOORBELL_SIZE;

	return c->port && c->gpa == gpa && (!wanted || 1u << (wanted - 1) == size) &&
	       (c->flags & DOORBELL_ANY_VALUE || c->value == value);
}

struct connection *doorbell_match(struct partition *p, u64 gpa, u8 size, u64 value)
{
	struct list *l;

	list_for_each(l, bucket(p, gpa)) {
		struct connection *c = list_entry(l, struct connection, link);

		if (matches(c, gpa, size, value))
			return c;
	}
	return NULL;
}
