/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One owner's pools and services: as they should be, or as the kernel has
 * them. A state is built, sorted, and not changed after that.
 */
#ifndef VSBD_STATE_H
#define VSBD_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vsb/client.h>

#include "base/memory.h"

/* Kinds of source, in the order of their bits */
#define STATE_SOURCES 3

/**
 * struct backend - one backend of a pool
 * @addr: key, of the pool's family
 * @port: key
 * @weight: weight
 * @state: VSB_STATE_*
 * @sets: mask of the sets that it is in
 * @limited: somebody has set thresholds, which nothing that is desired has
 *
 * There are very many of them.
 */
struct backend {
	union vsb_addr addr;
	uint16_t port;
	uint16_t weight;
	uint8_t state;
	uint8_t sets;
	bool limited;
};

/* Entries of mh's table where nobody says otherwise, as vsbd never does. */
#define TABLE_SIZE 16381

/**
 * struct pool - a pool; its backends are a range of its state's
 * @name: key
 * @scheduler: name of the scheduler
 * @sched_flags: mask of VSB_SCHED_FLAG_*
 * @table_size: entries of mh's table; other schedulers have the number, too
 * @family: AF_INET or AF_INET6
 * @affinity_timeout: seconds, 0 for no affinity
 * @affinity_prefix_len: bits of a source address that make one client
 * @first: index of its first backend
 * @n: how many it has
 */
struct pool {
	const char *name;
	const char *scheduler;
	uint16_t family;
	uint32_t sched_flags;
	uint32_t table_size;
	uint32_t affinity_timeout;
	uint32_t affinity_prefix_len;
	size_t first;
	size_t n;
};

/** struct route - where connections of one kind of source go */
struct route {
	const char *pool;
	uint8_t set;
	bool masquerade;
};

/**
 * struct service - a service; its source ranges are a range of its state's
 * @kind: key, VSB_KIND_*; of what is desired a VIP or a node port
 * @family: key
 * @protocol: key
 * @addr: key
 * @port: key
 * @mark: key, 0 but for a firewall mark
 * @label: what listings show, "" for nothing
 * @routes: for each kind of source
 * @elsewhere: VSB_ACTION_*
 * @flags: mask of VSB_FLAG_*
 * @first: index of its first source range
 * @n: how many it has
 */
struct service {
	uint8_t kind;
	uint16_t family;
	uint8_t protocol;
	uint16_t port;
	union vsb_addr addr;
	uint32_t mark;
	const char *label;
	struct route routes[STATE_SOURCES];
	uint8_t elsewhere;
	uint32_t flags;
	size_t first;
	size_t n;
};

/**
 * struct state - pools and services of one owner
 * @refs: how many hold it
 * @arena: holds the strings
 * @pools: sorted by name
 * @n_pools: how many
 * @room_pools: how many @pools has room for
 * @backends: of all pools, each pool's sorted by address and port
 * @n_backends: how many
 * @room_backends: how many @backends has room for
 * @services: sorted by key
 * @n_services: how many
 * @room_services: how many @services has room for
 * @ranges: of all services, each service's sorted
 * @n_ranges: how many
 * @room_ranges: how many @ranges has room for
 */
struct state {
	unsigned int refs;
	struct arena arena;
	struct pool *pools;
	size_t n_pools, room_pools;
	struct backend *backends;
	size_t n_backends, room_backends;
	struct service *services;
	size_t n_services, room_services;
	struct vsb_cidr *ranges;
	size_t n_ranges, room_ranges;
};

struct state *state_new(void);
struct state *state_get(struct state *state);
void state_put(struct state *state);
void state_put_variable(struct state **state);

struct pool *state_add_pool(struct state *state, const char *name,
			    uint16_t family, const char *scheduler);
void state_add_backend(struct state *state, struct pool *pool,
		       const struct backend *backend);
struct service *state_add_service(struct state *state,
				  const struct service *service);
void state_add_range(struct state *state, struct service *service,
		     const struct vsb_cidr *range);
struct pool *state_copy_settings(struct state *to, const struct pool *pool);
void state_copy_pool(struct state *to, const struct state *from,
		     const struct pool *pool);
void state_copy_service(struct state *to, const struct state *from,
			const struct service *service);
void state_add_all(struct state *state, const struct state *from);
void state_sort(struct state *state);

const struct pool *state_find_pool(const struct state *state,
				   const char *name);
const struct service *state_find_service(const struct state *state,
					 const struct service *key);
const struct backend *state_backends(const struct state *state,
				     const struct pool *pool);

const struct vsb_cidr *state_ranges(const struct state *state,
				    const struct service *service);

bool state_fits(const struct state *state, const struct service *service);

int state_compare_pools(const struct pool *a, const struct pool *b);
int state_compare_backends(const struct backend *a, const struct backend *b);
int state_compare_services(const struct service *a, const struct service *b);
bool state_same_pool(const struct pool *a, const struct pool *b);
bool state_same_backend(const struct backend *a, const struct backend *b);
bool state_same_backends(const struct state *a, const struct pool *pool,
			 const struct state *b, const struct pool *other);
bool state_same_route(const struct route *a, const struct route *b);
bool state_same_service(const struct service *a, const struct service *b);
bool state_same(const struct state *a, const struct state *b);

void state_each_pool(const struct state *a, const struct state *b,
		     void (*each)(const struct pool *a, const struct pool *b,
				  void *arg), void *arg);
void state_each_backend(const struct state *a, const struct pool *in_a,
			const struct state *b, const struct pool *in_b,
			void (*each)(const struct backend *a,
				     const struct backend *b, void *arg),
			void *arg);
void state_each_service(const struct state *a, const struct state *b,
			void (*each)(const struct service *a,
				     const struct service *b, void *arg),
			void *arg);

struct state *state_without(const struct state *state,
			    const struct state *other);
struct state *state_only(const struct state *state, uint16_t family);
struct state *state_keep(const struct state *desired,
			 const struct state *actual,
			 const struct state *taken);

#endif /* VSBD_STATE_H */
