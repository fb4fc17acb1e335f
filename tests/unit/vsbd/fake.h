/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vsb module in memory, as strict as the real one: what it is told out of
 * order, or of an object that is not there, it refuses.
 */
#ifndef TEST_VSBD_FAKE_H
#define TEST_VSBD_FAKE_H

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <string.h>

#include "vsbd/kernel/kernel.h"

struct fake_pool {
	char name[VSB_NAME_MAX + 1], owner[VSB_NAME_MAX + 1];
	char scheduler[32];
	uint16_t family;
	uint32_t sched_flags, table_size;
	uint32_t affinity_timeout, affinity_prefix_len;
	struct vsb_backend *backends;
	size_t n, room;
	unsigned int users;
};

#define FAKE_RANGES_MAX 16

struct fake_service {
	struct vsb_service key;		/* numbers; no strings */
	char owner[VSB_NAME_MAX + 1], label[VSB_NAME_MAX + 1];
	char pools[3][VSB_NAME_MAX + 1];
	struct vsb_cidr ranges[FAKE_RANGES_MAX];
	size_t n_ranges;
};

/* Trees of struct fake_pool by name and of struct fake_service by key. */
struct fake_tables {
	void *pools;
	void *services;
};

/* There is one kernel, and one connection at a time. */
static struct {
	struct fake_tables live, staged;
	bool open, staging;
	bool gone;		/* the module that the connection was made to */
	uint32_t generation;
	struct vsb_config config;
	long calls, failed;	/* in the transaction under way; the first bad */
	int error;
	char text[512];

	/* What tests set. */
	int open_error;		/* of the next calls to open */
	int stale_commits;	/* others commit before so many of our commits */
	bool late;		/* a change's refusal comes with the commit */
	size_t pools_max;	/* 0 for any number */
	size_t services_max;	/* likewise */
	size_t backends_max;	/* likewise, in all pools */
	size_t ranges_max;	/* likewise, of a service */
	bool no_ipv6;		/* it is switched off */
	int config_error;	/* of settings */
	bool no_tables;		/* mh has no room for its tables at a commit */

	/* What tests look at. */
	unsigned int commits, opens, reads, configs, refusals;
} fake;

/* The type that libvsb keeps to itself. */
struct vsb {
	int unused;
};

static struct vsb fake_vsb;

static inline int fake_by_name(const void *a, const void *b)
{
	const struct fake_pool *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static inline int fake_by_key(const void *a, const void *b)
{
	const struct vsb_service *left = &((const struct fake_service *)a)->key;
	const struct vsb_service *right =
		&((const struct fake_service *)b)->key;

	return (left->family - right->family) ?:
	       (int)(left->kind - right->kind) ?:
	       (int)(left->mark - right->mark) ?:
	       (left->protocol - right->protocol) ?:
	       (left->port - right->port) ?:
	       memcmp(&left->addr, &right->addr,
		      left->family == AF_INET ? 4 : 16);
}

static inline void fake_free_pool(void *data)
{
	struct fake_pool *pool = data;

	free(pool->backends);
	free(pool);
}

static inline void fake_clear(struct fake_tables *tables)
{
	tdestroy(tables->pools, fake_free_pool);
	tdestroy(tables->services, free);
	*tables = (struct fake_tables) { 0 };
}

static inline void fake_reset(void)
{
	fake_clear(&fake.live);
	fake_clear(&fake.staged);
	memset(&fake, 0, sizeof(fake));
	fake.generation = 1;
}

/* rmmod and modprobe, of which a connection hears when it is used. */
static inline void fake_reload(void)
{
	fake_clear(&fake.live);
	memset(&fake.config, 0, sizeof(fake.config));
	fake.generation = 1;
	fake.gone = fake.open;
}

static inline int fake_is_gone(void)
{
	if (!fake.gone)
		return 0;
	snprintf(fake.text, sizeof(fake.text), "no such family");
	fake.failed = -1;
	return -ENOENT;
}

static inline void fake_copy_pool(const void *node, VISIT visit, void *arg)
{
	const struct fake_pool *pool = *(struct fake_pool *const *)node;
	struct fake_tables *to = arg;
	struct fake_pool *copy;

	if (visit != postorder && visit != leaf)
		return;
	copy = mem_alloc(sizeof(*copy));
	*copy = *pool;
	copy->backends = mem_array(pool->room, sizeof(*pool->backends));
	if (pool->n)
		memcpy(copy->backends, pool->backends,
		       pool->n * sizeof(*pool->backends));
	tsearch(copy, &to->pools, fake_by_name);
}

static inline void fake_copy_service(const void *node, VISIT visit, void *arg)
{
	const struct fake_service *service = *(void *const *)node;
	struct fake_tables *to = arg;
	struct fake_service *copy;

	if (visit != postorder && visit != leaf)
		return;
	copy = mem_alloc(sizeof(*copy));
	*copy = *service;
	tsearch(copy, &to->services, fake_by_key);
}

static inline struct fake_pool *fake_find_pool(const char *name)
{
	struct fake_pool key;
	struct fake_pool **node;

	snprintf(key.name, sizeof(key.name), "%s", name);
	node = tfind(&key, &fake.staged.pools, fake_by_name);
	return node ? *node : NULL;
}

static inline struct fake_service *
fake_find_service(const struct vsb_service *service)
{
	struct fake_service key = { .key = *service };
	struct fake_service **node = tfind(&key, &fake.staged.services,
					   fake_by_key);

	return node ? *node : NULL;
}

static inline int fake_open(struct vsb **vsb)
{
	fake.opens++;
	*vsb = &fake_vsb;
	fake.error = fake.open_error;
	snprintf(fake.text, sizeof(fake.text), "there is no module");
	assert_false(fake.open);
	fake.open = true;
	return fake.open_error;
}

static inline void fake_close(struct vsb *vsb)
{
	assert_ptr_equal(vsb, &fake_vsb);
	assert_true(fake.open);
	fake_clear(&fake.staged);
	fake.staging = false;
	fake.open = false;
	fake.gone = false;
}

static inline const char *fake_error(const struct vsb *vsb)
{
	assert_ptr_equal(vsb, &fake_vsb);
	return fake.text;
}

static inline long fake_failed_change(const struct vsb *vsb)
{
	assert_ptr_equal(vsb, &fake_vsb);
	return fake.failed;
}

static inline int fake_info_get(struct vsb *vsb, struct vsb_info *info)
{
	assert_ptr_equal(vsb, &fake_vsb);
	memset(info, 0, sizeof(*info));
	info->generation = fake.generation;
	fake.reads++;
	return fake_is_gone();
}

static inline int fake_begin(struct vsb *vsb)
{
	assert_ptr_equal(vsb, &fake_vsb);
	assert_false(fake.staging);
	if (fake.gone)
		return fake_is_gone();
	twalk_r(fake.live.pools, fake_copy_pool, &fake.staged);
	twalk_r(fake.live.services, fake_copy_service, &fake.staged);
	fake.staging = true;
	fake.calls = 0;
	fake.failed = -1;
	fake.error = 0;
	return 0;
}

static inline void fake_find_table(const void *node, VISIT visit, void *arg)
{
	const struct fake_pool *pool = *(struct fake_pool *const *)node;

	(void)visit;
	if (!strcmp(pool->scheduler, "mh") && pool->n)
		*(bool *)arg = true;
}

/* What only the commit can refuse: it names no change. */
static inline void fake_check_tables(void)
{
	bool found = false;

	twalk_r(fake.staged.pools, fake_find_table, &found);
	if (!found || !fake.no_tables)
		return;
	fake.error = -ENOSPC;
	fake.refusals++;
	snprintf(fake.text, sizeof(fake.text), "no room for a table");
}

static inline void fake_abort(struct vsb *vsb)
{
	assert_ptr_equal(vsb, &fake_vsb);
	fake_clear(&fake.staged);
	fake.staging = false;
}

static inline int fake_commit(struct vsb *vsb, const uint32_t *expected,
			      uint32_t *generation)
{
	assert_ptr_equal(vsb, &fake_vsb);
	assert_true(fake.staging);
	assert_true(fake.calls > 0);
	fake.staging = false;
	if (!fake.error && fake.stale_commits) {
		fake.stale_commits--;
		fake.generation++;
	}
	if (!fake.error && expected && *expected != fake.generation) {
		fake.error = -EAGAIN;
		snprintf(fake.text, sizeof(fake.text), "another commit came");
	}
	if (!fake.error)
		fake_check_tables();
	if (fake.error) {
		fake_clear(&fake.staged);
		return fake.error;
	}
	fake_clear(&fake.live);
	fake.live = fake.staged;
	fake.staged = (struct fake_tables) { 0 };
	*generation = ++fake.generation;
	fake.commits++;
	return 0;
}

/* Every change ends here. */
static inline int fake_done(const char *refusal, int err)
{
	long index = fake.calls++;

	assert_true(fake.staging);
	if (refusal && !fake.error) {
		fake.error = err;
		fake.failed = index;
		fake.refusals++;
		snprintf(fake.text, sizeof(fake.text), "%s", refusal);
	}
	return fake.late ? 0 : fake.error;
}

static inline bool fake_foreign(const char *owner, const char *other)
{
	return strcmp(owner, other) != 0;
}

static inline void fake_fill_pool(struct fake_pool *to,
				  const struct vsb_pool *from)
{
	if (from->given & VSB_POOL_SCHED_FLAGS)
		to->sched_flags = from->sched_flags;
	if (from->given & VSB_POOL_TABLE_SIZE)
		to->table_size = from->table_size;
	if (from->given & VSB_POOL_AFFINITY_TIMEOUT)
		to->affinity_timeout = from->affinity_timeout;
	if (from->given & VSB_POOL_AFFINITY_PREFIX_LEN)
		to->affinity_prefix_len = from->affinity_prefix_len;
}

/* What there is, as a transaction under way leaves it. */
struct fake_count {
	size_t pools, services, backends;
};

static inline void fake_count_pool(const void *node, VISIT visit, void *arg)
{
	const struct fake_pool *pool = *(struct fake_pool *const *)node;
	struct fake_count *count = arg;

	if (visit != postorder && visit != leaf)
		return;
	count->pools++;
	count->backends += pool->n;
}

static inline void fake_count_service(const void *node, VISIT visit, void *arg)
{
	struct fake_count *count = arg;

	(void)node;
	count->services += visit == postorder || visit == leaf;
}

static inline struct fake_count fake_count(void)
{
	struct fake_count count = { 0 };

	twalk_r(fake.staged.pools, fake_count_pool, &count);
	twalk_r(fake.staged.services, fake_count_service, &count);
	return count;
}

static inline int fake_pool_new(struct vsb *vsb, const struct vsb_pool *pool)
{
	struct fake_pool *new;

	assert_ptr_equal(vsb, &fake_vsb);
	if (fake_find_pool(pool->name))
		return fake_done("pool exists", -EEXIST);
	if (pool->family != AF_INET && pool->family != AF_INET6)
		return fake_done("bad family", -EINVAL);
	if (fake.no_ipv6 && pool->family == AF_INET6)
		return fake_done("IPv6 is switched off", -EAFNOSUPPORT);
	if (fake.pools_max && fake_count().pools >= fake.pools_max)
		return fake_done("too many pools", -ENOSPC);
	new = mem_array(1, sizeof(*new));
	snprintf(new->name, sizeof(new->name), "%s", pool->name);
	snprintf(new->owner, sizeof(new->owner), "%s", pool->owner);
	snprintf(new->scheduler, sizeof(new->scheduler), "%s",
		 pool->scheduler);
	new->family = pool->family;
	new->table_size = 16381;
	new->affinity_prefix_len = pool->family == AF_INET ? 32 : 128;
	fake_fill_pool(new, pool);
	tsearch(new, &fake.staged.pools, fake_by_name);
	return fake_done(NULL, 0);
}

static inline int fake_pool_set(struct vsb *vsb, const struct vsb_pool *pool)
{
	struct fake_pool *old = fake_find_pool(pool->name);

	assert_ptr_equal(vsb, &fake_vsb);
	if (!old || fake_foreign(old->owner, pool->owner))
		return fake_done("no such pool", -ENOENT);
	if (strcmp(old->scheduler, pool->scheduler))
		old->sched_flags = 0;
	snprintf(old->scheduler, sizeof(old->scheduler), "%s",
		 pool->scheduler);
	fake_fill_pool(old, pool);
	return fake_done(NULL, 0);
}

static inline int fake_pool_del(struct vsb *vsb, const struct vsb_pool *pool)
{
	struct fake_pool *old = fake_find_pool(pool->name);

	assert_ptr_equal(vsb, &fake_vsb);
	if (!old || fake_foreign(old->owner, pool->owner))
		return fake_done("no such pool", -ENOENT);
	if (old->users)
		return fake_done("pool in use", -EBUSY);
	tdelete(old, &fake.staged.pools, fake_by_name);
	fake_free_pool(old);
	return fake_done(NULL, 0);
}

static inline struct vsb_backend *
fake_find_backend(const struct fake_pool *pool, const struct vsb_backend *key)
{
	size_t size = pool->family == AF_INET ? 4 : 16;

	for (size_t i = 0; i < pool->n; i++)
		if (pool->backends[i].port == key->port &&
		    !memcmp(&pool->backends[i].addr, &key->addr, size))
			return &pool->backends[i];
	return NULL;
}

static inline int fake_backends(const struct vsb_pool *pool,
				const struct vsb_backend *backends, size_t n,
				enum change_kind kind)
{
	struct fake_pool *old = fake_find_pool(pool->name);
	struct vsb_backend *found, was;

	assert_true(n > 0);
	if (!old || fake_foreign(old->owner, pool->owner))
		return fake_done("no such pool", -ENOENT);
	assert_int_equal(old->family, pool->family);
	for (size_t i = 0; i < n; i++) {
		found = fake_find_backend(old, &backends[i]);
		if (!found != (kind == BACKENDS_NEW))
			return fake_done(found ? "backend exists" :
					 "no such backend",
					 found ? -EEXIST : -ENOENT);
		if (kind == BACKENDS_DEL) {
			*found = old->backends[--old->n];
			continue;
		}
		if (!found && fake.backends_max &&
		    fake_count().backends >= fake.backends_max)
			return fake_done("too many backends", -ENOSPC);
		if (!found) {
			old->backends = mem_grow(old->backends, old->n,
						 &old->room, sizeof(*found));
			found = &old->backends[old->n++];
		}
		was = kind == BACKENDS_SET ? *found : (struct vsb_backend) { 0 };
		*found = backends[i];
		if (!(found->given & VSB_BACKEND_UPPER))
			found->upper = was.upper;
		if (!(found->given & VSB_BACKEND_LOWER))
			found->lower = was.lower;
		/* The real one says nothing of what IPv4 does not use. */
		if (old->family == AF_INET)
			memset((char *)&found->addr + 4, 0xaa, 12);
	}
	return fake_done(NULL, 0);
}

static inline int fake_backends_new(struct vsb *vsb,
				    const struct vsb_pool *pool,
				    const struct vsb_backend *backends,
				    size_t n)
{
	(void)vsb;
	return fake_backends(pool, backends, n, BACKENDS_NEW);
}

static inline int fake_backends_set(struct vsb *vsb,
				    const struct vsb_pool *pool,
				    const struct vsb_backend *backends,
				    size_t n)
{
	(void)vsb;
	return fake_backends(pool, backends, n, BACKENDS_SET);
}

static inline int fake_backends_del(struct vsb *vsb,
				    const struct vsb_pool *pool,
				    const struct vsb_backend *backends,
				    size_t n)
{
	(void)vsb;
	return fake_backends(pool, backends, n, BACKENDS_DEL);
}

static inline void fake_use_pools(const struct fake_service *service, int by)
{
	for (unsigned int i = 0; i < service->key.n_routes; i++)
		fake_find_pool(service->pools[i])->users += (unsigned int)by;
}

/* Whether the routes name each kind of source once and pools that fit. */
static inline const char *fake_check_routes(const struct vsb_service *service)
{
	uint32_t seen = 0;
	struct fake_pool *pool;

	for (unsigned int i = 0; i < service->n_routes; i++) {
		pool = fake_find_pool(service->routes[i].pool);
		if (!pool || pool->family != service->family)
			return "no such pool of this family";
		if (seen & service->routes[i].sources)
			return "a kind of source twice";
		seen |= service->routes[i].sources;
	}
	return seen == VSB_SOURCES_ALL ? NULL : "a kind of source is missing";
}

static inline void fake_fill(struct fake_service *to,
			     const struct vsb_service *from)
{
	to->key = *from;
	snprintf(to->owner, sizeof(to->owner), "%s", from->owner);
	snprintf(to->label, sizeof(to->label), "%s", from->label);
	for (unsigned int i = 0; i < from->n_routes; i++)
		snprintf(to->pools[i], sizeof(to->pools[i]), "%s",
			 from->routes[i].pool);
	fake_use_pools(to, 1);
}

static inline int fake_service_new(struct vsb *vsb,
				   const struct vsb_service *service)
{
	struct fake_service *old = fake_find_service(service), *new;
	const char *refusal = fake_check_routes(service);
	char text[300];

	assert_ptr_equal(vsb, &fake_vsb);
	if (old) {
		snprintf(text, sizeof(text), "exists, owner %s", old->owner);
		return fake_done(text, -EEXIST);
	}
	if (refusal)
		return fake_done(refusal, -ENOENT);
	if (fake.services_max && fake_count().services >= fake.services_max)
		return fake_done("too many services", -ENOSPC);
	new = mem_array(1, sizeof(*new));
	fake_fill(new, service);
	tsearch(new, &fake.staged.services, fake_by_key);
	return fake_done(NULL, 0);
}

static inline int fake_service_set(struct vsb *vsb,
				   const struct vsb_service *service)
{
	struct fake_service *old = fake_find_service(service);
	const char *refusal = fake_check_routes(service);

	assert_ptr_equal(vsb, &fake_vsb);
	if (!old || fake_foreign(old->owner, service->owner))
		return fake_done("no such service", -ENOENT);
	if (refusal)
		return fake_done(refusal, -ENOENT);
	fake_use_pools(old, -1);
	fake_fill(old, service);
	return fake_done(NULL, 0);
}

static inline int fake_service_del(struct vsb *vsb,
				   const struct vsb_service *service)
{
	struct fake_service *old = fake_find_service(service);

	assert_ptr_equal(vsb, &fake_vsb);
	if (!old || fake_foreign(old->owner, service->owner))
		return fake_done("no such service", -ENOENT);
	fake_use_pools(old, -1);
	tdelete(old, &fake.staged.services, fake_by_key);
	free(old);
	return fake_done(NULL, 0);
}

static inline struct vsb_cidr *
fake_find_range(struct fake_service *service, const struct vsb_cidr *range)
{
	for (size_t i = 0; i < service->n_ranges; i++)
		if (service->ranges[i].prefix_len == range->prefix_len &&
		    !memcmp(&service->ranges[i].addr, &range->addr,
			    range->family == AF_INET ? 4 : 16))
			return &service->ranges[i];
	return NULL;
}

static inline int fake_ranges(const struct vsb_service *service,
			      const struct vsb_cidr *ranges, size_t n,
			      bool add)
{
	struct fake_service *old = fake_find_service(service);
	struct vsb_cidr *found;

	assert_true(n > 0);
	if (!old || fake_foreign(old->owner, service->owner))
		return fake_done("no such service", -ENOENT);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(ranges[i].family, service->family);
		found = fake_find_range(old, &ranges[i]);
		if (!found != add)
			return fake_done(found ? "range exists" :
					 "no such range",
					 found ? -EEXIST : -ENOENT);
		if (found) {
			*found = old->ranges[--old->n_ranges];
			continue;
		}
		if (fake.ranges_max && old->n_ranges >= fake.ranges_max)
			return fake_done("too many ranges", -ENOSPC);
		assert_true(old->n_ranges < FAKE_RANGES_MAX);
		old->ranges[old->n_ranges++] = ranges[i];
	}
	return fake_done(NULL, 0);
}

static inline int fake_ranges_new(struct vsb *vsb,
				  const struct vsb_service *service,
				  const struct vsb_cidr *ranges, size_t n)
{
	(void)vsb;
	return fake_ranges(service, ranges, n, true);
}

static inline int fake_ranges_del(struct vsb *vsb,
				  const struct vsb_service *service,
				  const struct vsb_cidr *ranges, size_t n)
{
	(void)vsb;
	return fake_ranges(service, ranges, n, false);
}

static inline int fake_config_get(struct vsb *vsb, struct vsb_config *config)
{
	assert_ptr_equal(vsb, &fake_vsb);
	*config = fake.config;
	return fake_is_gone();
}

static inline int fake_config_set(struct vsb *vsb,
				  const struct vsb_config *config)
{
	assert_ptr_equal(vsb, &fake_vsb);
	assert_false(fake.staging);
	snprintf(fake.text, sizeof(fake.text), "these settings can't be");
	if (fake.config_error)
		return fake.config_error;
	fake.config = *config;
	fake.configs++;
	fake.generation++;
	return 0;
}

struct fake_listing {
	const char *owner;
	int (*pool)(const struct vsb_pool *pool, void *arg);
	int (*backend)(const struct vsb_pool *pool,
		       const struct vsb_backend *backend, void *arg);
	int (*service)(const struct vsb_service *service, void *arg);
	int (*range)(const struct vsb_service *service,
		     const struct vsb_cidr *range, void *arg);
	void *arg;
};

static inline void fake_list_pool(const void *node, VISIT visit, void *arg)
{
	const struct fake_pool *pool = *(struct fake_pool *const *)node;
	const struct fake_listing *listing = arg;
	const struct vsb_pool shown = {
		.name = pool->name,
		.owner = pool->owner,
		.scheduler = pool->scheduler,
		.family = pool->family,
		.sched_flags = pool->sched_flags,
		.table_size = pool->table_size,
		.affinity_timeout = pool->affinity_timeout,
		.affinity_prefix_len = pool->affinity_prefix_len,
	};

	if ((visit != postorder && visit != leaf) ||
	    fake_foreign(listing->owner, pool->owner))
		return;
	if (listing->pool)
		assert_int_equal(listing->pool(&shown, listing->arg), 0);
	for (size_t i = 0; listing->backend && i < pool->n; i++)
		assert_int_equal(listing->backend(&shown, &pool->backends[i],
						  listing->arg), 0);
}

static inline void fake_list_service(const void *node, VISIT visit, void *arg)
{
	const struct fake_service *service = *(void *const *)node;
	const struct fake_listing *listing = arg;
	struct vsb_service shown = service->key;

	if ((visit != postorder && visit != leaf) ||
	    fake_foreign(listing->owner, service->owner))
		return;
	shown.owner = service->owner;
	shown.label = *service->label ? service->label : NULL;
	for (unsigned int i = 0; i < shown.n_routes; i++)
		shown.routes[i].pool = service->pools[i];
	if (listing->service)
		assert_int_equal(listing->service(&shown, listing->arg), 0);
	for (size_t i = 0; listing->range && i < service->n_ranges; i++)
		assert_int_equal(listing->range(&shown, &service->ranges[i],
						listing->arg), 0);
}

static inline int fake_pools_each(struct vsb *vsb,
				  const struct vsb_pool *filter,
				  int (*each)(const struct vsb_pool *pool,
					      void *arg), void *arg)
{
	struct fake_listing listing = {
		.owner = filter->owner, .pool = each, .arg = arg,
	};

	assert_ptr_equal(vsb, &fake_vsb);
	twalk_r(fake.live.pools, fake_list_pool, &listing);
	return 0;
}

static inline int fake_backends_each(struct vsb *vsb,
				     const struct vsb_pool *filter,
				     int (*each)(const struct vsb_pool *pool,
						 const struct vsb_backend *b,
						 void *arg), void *arg)
{
	struct fake_listing listing = {
		.owner = filter->owner, .backend = each, .arg = arg,
	};

	assert_ptr_equal(vsb, &fake_vsb);
	twalk_r(fake.live.pools, fake_list_pool, &listing);
	return 0;
}

static inline int fake_services_each(struct vsb *vsb,
				     const struct vsb_service *filter,
				     int (*each)(const struct vsb_service *s,
						 void *arg), void *arg)
{
	struct fake_listing listing = {
		.owner = filter->owner, .service = each, .arg = arg,
	};

	assert_ptr_equal(vsb, &fake_vsb);
	twalk_r(fake.live.services, fake_list_service, &listing);
	return 0;
}

static inline int fake_ranges_each(struct vsb *vsb,
				   const struct vsb_service *filter,
				   int (*each)(const struct vsb_service *s,
					       const struct vsb_cidr *range,
					       void *arg), void *arg)
{
	struct fake_listing listing = {
		.owner = filter->owner, .range = each, .arg = arg,
	};

	assert_ptr_equal(vsb, &fake_vsb);
	twalk_r(fake.live.services, fake_list_service, &listing);
	return 0;
}

static const struct kernel_calls fake_calls = {
	.open = fake_open,
	.close = fake_close,
	.error = fake_error,
	.failed_change = fake_failed_change,
	.info_get = fake_info_get,
	.begin = fake_begin,
	.abort = fake_abort,
	.commit = fake_commit,
	.pool_new = fake_pool_new,
	.pool_set = fake_pool_set,
	.pool_del = fake_pool_del,
	.backends_new = fake_backends_new,
	.backends_set = fake_backends_set,
	.backends_del = fake_backends_del,
	.service_new = fake_service_new,
	.service_set = fake_service_set,
	.service_del = fake_service_del,
	.pools_each = fake_pools_each,
	.backends_each = fake_backends_each,
	.services_each = fake_services_each,
	.ranges_new = fake_ranges_new,
	.ranges_del = fake_ranges_del,
	.ranges_each = fake_ranges_each,
	.config_get = fake_config_get,
	.config_set = fake_config_set,
};

#endif /* TEST_VSBD_FAKE_H */
