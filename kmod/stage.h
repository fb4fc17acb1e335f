/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_STAGE_H
#define VSB_STAGE_H

#include <linux/rbtree.h>

#include "backend.h"
#include "net.h"
#include "pool.h"
#include "service.h"

struct vsb_cidr;
struct vsb_config;
struct vsb_draft_pool;
struct vsb_draft_service;

/**
 * struct vsb_stage - the state that changes lead to, beside the one in force
 * @vnet: the network namespace
 * @extack: where a refused change says why
 * @generation: the generation in force that it builds on; the drafts point to
 *	objects of that one, so that with another they are good for nothing
 *	but to be forgotten
 * @totals: how many objects there will be
 * @flushes: how many changes were a flush, each of which walks all objects
 * @pools: drafts of pools, by name
 * @services: drafts of services, by key
 * @config: settings to come, NULL where they stay
 * @tables_before: bytes of tables in force when prepare begins
 * @tables_going: those of them that an apply replaces or takes away
 * @wants_affinity: a pool has it, so that there must be a table
 * @affinity: prepared for a commit
 *
 * Only what changes has a draft, and what a change leans on. Changes are
 * checked against drafts first, and against the state in force where there is
 * no draft.
 */
struct vsb_stage {
	struct vsb_net *vnet;
	struct netlink_ext_ack *extack;
	u32 generation;
	struct vsb_totals totals;
	u32 flushes;
	struct rb_root pools;
	struct rb_root services;
	struct vsb_config *config;
	u32 tables_before;
	u32 tables_going;
	bool wants_affinity;
	struct vsb_affinity_table *affinity;
};

/* Members of struct vsb_backend_args that hold a value. */
#define VSB_GIVEN_WEIGHT	BIT(0)
#define VSB_GIVEN_STATE		BIT(1)
#define VSB_GIVEN_SETS		BIT(2)
#define VSB_GIVEN_UPPER		BIT(3)
#define VSB_GIVEN_LOWER		BIT(4)

/** struct vsb_backend_args - what a change says of a backend */
struct vsb_backend_args {
	struct vsb_backend_key key;
	u32 given;
	u16 weight;
	u8 state;
	u8 sets;
	u32 upper;
	u32 lower;
};

/* Members of struct vsb_pool_args that hold a value. */
#define VSB_POOL_TIMEOUT	BIT(0)
#define VSB_POOL_PREFIX_LEN	BIT(1)
#define VSB_POOL_SCHED_FLAGS	BIT(2)
#define VSB_POOL_TABLE_SIZE	BIT(3)

/**
 * struct vsb_pool_args - what a change says of a pool
 * @name: which one
 * @owner: who says so
 * @family: of a new one
 * @sched: its ops are NULL where left out; the rest as far as it is given
 * @given: VSB_POOL_*, the members of @sched and @affinity that hold a value
 * @affinity: as far as it is given
 */
struct vsb_pool_args {
	const char *name;
	const char *owner;
	u16 family;
	struct vsb_sched sched;
	u32 given;
	struct vsb_affinity affinity;
};

/** struct vsb_route_args - what a change says of a route */
struct vsb_route_args {
	const char *pool;
	u8 set;
	bool masquerade;
};

/**
 * struct vsb_service_args - what a change says of a service
 * @key: which one
 * @owner: who says so
 * @label: NULL where left out
 * @routes: by kind of source; those whose pool is NULL are left out
 * @elsewhere: VSB_ACTION_*, -1 where left out
 * @flags: VSB_FLAG_*, -1 where left out
 */
struct vsb_service_args {
	struct vsb_key key;
	const char *owner;
	const char *label;
	struct vsb_route_args routes[VSB_FROM_KINDS];
	int elsewhere;
	int flags;
};

/* Refuse the change that is being staged; returns the error. */
#define refuse(stage, err, ...) ({				\
	struct vsb_stage *__stage = (stage);				\
									\
	vsb_refuse(__stage->vnet, __stage->extack, err, __VA_ARGS__);	\
})

void vsb_stage_init(struct vsb_stage *stage, struct vsb_net *vnet);
void vsb_stage_reset(struct vsb_stage *stage);

int vsb_stage_pool_new(struct vsb_stage *stage,
		       const struct vsb_pool_args *args);
int vsb_stage_pool_set(struct vsb_stage *stage,
		       const struct vsb_pool_args *args);
int vsb_stage_pool_del(struct vsb_stage *stage,
		       const struct vsb_pool_args *args);

struct vsb_draft_pool *vsb_stage_pool_get(struct vsb_stage *stage,
					  const char *name, const char *owner);
u16 vsb_stage_pool_family(const struct vsb_draft_pool *pool);
int vsb_stage_backend_new(struct vsb_stage *stage, struct vsb_draft_pool *pool,
			  const struct vsb_backend_args *args);
int vsb_stage_backend_set(struct vsb_stage *stage, struct vsb_draft_pool *pool,
			  const struct vsb_backend_args *args);
int vsb_stage_backend_del(struct vsb_stage *stage, struct vsb_draft_pool *pool,
			  const struct vsb_backend_args *args);

int vsb_stage_service_new(struct vsb_stage *stage,
			  const struct vsb_service_args *args);
int vsb_stage_service_set(struct vsb_stage *stage,
			  const struct vsb_service_args *args);
int vsb_stage_service_del(struct vsb_stage *stage,
			  const struct vsb_service_args *args);

struct vsb_draft_service *
vsb_stage_service_get(struct vsb_stage *stage,
		      const struct vsb_service_args *args);
int vsb_stage_range_new(struct vsb_stage *stage,
			struct vsb_draft_service *service,
			const struct vsb_cidr *cidr);
int vsb_stage_range_del(struct vsb_stage *stage,
			struct vsb_draft_service *service,
			const struct vsb_cidr *cidr);

struct vsb_config *vsb_stage_config(struct vsb_stage *stage);
int vsb_stage_flush(struct vsb_stage *stage, const char *owner);

int vsb_stage_check(struct vsb_stage *stage);

int vsb_stage_prepare(struct vsb_stage *stage);
void vsb_stage_apply(struct vsb_stage *stage);

#endif /* VSB_STAGE_H */
