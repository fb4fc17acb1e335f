// SPDX-License-Identifier: GPL-2.0
/* Checks changes against the state that earlier ones lead to, and writes down
 * the outcome as drafts beside the state in force.
 */

#include <linux/slab.h>

#include "cidr.h"
#include "config.h"
#include "draft.h"
#include "stage.h"

/* Of mh, where a pool says nothing else. */
#define TABLE_SIZE	16381

static int no_memory(struct vsb_stage *stage)
{
	return refuse(stage, -ENOMEM, "no memory");
}

/* Trees of drafts */

static struct rb_node *tree_find(const struct rb_root *root, const void *key,
				 int (*cmp)(const void *key,
					    const struct rb_node *node))
{
	struct rb_node *node = root->rb_node;

	while (node) {
		int order = cmp(key, node);

		if (!order)
			return node;
		node = order < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

static void tree_add(struct rb_root *root, struct rb_node *new,
		     const void *key,
		     int (*cmp)(const void *key, const struct rb_node *node))
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = cmp(key, parent) < 0 ? &parent->rb_left :
					      &parent->rb_right;
	}
	rb_link_node(new, parent, link);
	rb_insert_color(new, root);
}

static int cmp_pool(const void *key, const struct rb_node *node)
{
	return strcmp(key, rb_entry(node, struct vsb_draft_pool, node)->name);
}

static int cmp_backend(const void *key, const struct rb_node *node)
{
	return vsb_backend_key_cmp(key, &rb_entry(node,
						  struct vsb_draft_backend,
						  node)->key);
}

static int cmp_service(const void *key, const struct rb_node *node)
{
	return memcmp(key, &rb_entry(node, struct vsb_draft_service, node)->key,
		      sizeof(struct vsb_key));
}

static int cmp_range(const void *key, const struct rb_node *node)
{
	return vsb_cidr_cmp(key, &rb_entry(node, struct vsb_draft_range,
					   node)->cidr);
}

static int set_string(char **string, const char *value)
{
	char *copy = kstrdup(value, GFP_KERNEL_ACCOUNT);

	if (!copy)
		return -ENOMEM;
	kfree(*string);
	*string = copy;
	return 0;
}

/* Pools */

static void forget_backends(struct vsb_draft_pool *pool)
{
	struct vsb_draft_backend *backend, *next;

	rbtree_postorder_for_each_entry_safe(backend, next, &pool->backends,
					     node) {
		kfree(backend);
		cond_resched();
	}
	pool->backends = RB_ROOT;
}

static void draft_pool_free(struct vsb_draft_pool *pool)
{
	forget_backends(pool);
	kfree(pool->owner);
	kfree(pool);
}

/* The draft of a pool, made from the pool in force where there is none yet. */
static struct vsb_draft_pool *draft_pool(struct vsb_stage *stage,
					 const char *name)
{
	struct rb_node *node = tree_find(&stage->pools, name, cmp_pool);
	struct vsb_draft_pool *pool;
	size_t size = strlen(name) + 1;
	struct vsb_pool *live;

	if (node)
		return rb_entry(node, struct vsb_draft_pool, node);
	pool = kzalloc(struct_size(pool, name, size), GFP_KERNEL_ACCOUNT);
	if (!pool)
		return NULL;
	memcpy(pool->name, name, size);
	live = vsb_pool_find(stage->vnet, name);
	if (live) {
		pool->exists = true;
		pool->live = live;
		pool->family = live->family;
		pool->sched = live->sched;
		pool->affinity = live->affinity;
		pool->n_backends = live->n_backends;
		pool->users = live->users;
		if (set_string(&pool->owner, vsb_pool_owner(live))) {
			kfree(pool);
			return NULL;
		}
	}
	tree_add(&stage->pools, &pool->node, name, cmp_pool);
	return pool;
}

/* The draft of a pool that exists and is @owner's. */
static struct vsb_draft_pool *own_pool(struct vsb_stage *stage,
				       const char *name, const char *owner)
{
	struct vsb_draft_pool *pool = draft_pool(stage, name);

	if (!pool)
		return ERR_PTR(no_memory(stage));
	if (!pool->exists)
		return ERR_PTR(refuse(stage, -ENOENT, "pool: no pool %s", name));
	if (strcmp(pool->owner, owner))
		return ERR_PTR(refuse(stage, -EPERM,
				      "owner: pool %.30s is owned by %s", name,
				      pool->owner));
	return pool;
}

static int in_use(struct vsb_stage *stage, const struct vsb_draft_pool *pool)
{
	return refuse(stage, -EBUSY, "pool: %.40s is in use, services: %u",
		      pool->name, pool->users);
}

/* What is in force can't become another owner's or of another family. */
static void replace_live(struct vsb_draft_pool *pool)
{
	forget_backends(pool);
	pool->old = pool->live;
	pool->live = NULL;
}

static void assign_sched(struct vsb_draft_pool *pool,
			 const struct vsb_pool_args *args)
{
	struct vsb_sched sched = pool->sched;

	if (args->given & VSB_POOL_SCHED_FLAGS)
		sched.flags = args->sched.flags;
	if (args->given & VSB_POOL_TABLE_SIZE)
		sched.table_size = args->sched.table_size;
	if (!vsb_sched_equal(&sched, &pool->sched))
		pool->changed = true;
	pool->sched = sched;
}

static bool is_prime(u32 number)
{
	u32 i;

	for (i = 2; i * i <= number; i++)
		if (number % i == 0)
			return false;
	return number > 1;
}

static int check_sched(struct vsb_stage *stage,
		       const struct vsb_draft_pool *pool)
{
	const struct vsb_sched *sched = &pool->sched;

	if (sched->flags & ~sched->ops->flags)
		return refuse(stage, -EINVAL,
			      "sched-flags: %s does not have these",
			      sched->ops->name);
	if (!is_prime(sched->table_size))
		return refuse(stage, -EINVAL, "table-size: %u is no prime",
			      sched->table_size);
	return 0;
}

static void assign_affinity(struct vsb_stage *stage,
			    struct vsb_draft_pool *pool,
			    const struct vsb_pool_args *args)
{
	if (args->given & VSB_POOL_TIMEOUT)
		pool->affinity.timeout = args->affinity.timeout;
	if (args->given & VSB_POOL_PREFIX_LEN)
		pool->affinity.prefix_len = args->affinity.prefix_len;
	if (pool->affinity.timeout)
		stage->wants_affinity = true;
}

static u8 addr_bits(u16 family)
{
	return family == AF_INET ? 32 : 128;
}

static int check_affinity(struct vsb_stage *stage,
			  const struct vsb_draft_pool *pool)
{
	if (pool->affinity.prefix_len <= addr_bits(pool->family))
		return 0;
	return refuse(stage, -ERANGE,
		      "affinity-prefix-len: %u is more than %u",
		      pool->affinity.prefix_len, addr_bits(pool->family));
}

/* The limits are a network namespace's settings, which may change with what
 * they are for.
 */
static const struct vsb_config *config_to_be(const struct vsb_stage *stage)
{
	return stage->config ?: vsb_config_of(stage->vnet);
}

/* As many as there are may be again, where the limit fell below that since. */
static int check_limit(struct vsb_stage *stage, const char *what, u32 limit,
		       u32 n, u32 in_force)
{
	if (n < max(limit, in_force))
		return 0;
	return refuse(stage, -ENOSPC, "no more than %u %s", limit, what);
}

static u32 services_of(const struct vsb_totals *totals)
{
	return totals->services[VSB_IPV4] + totals->services[VSB_IPV6];
}

/**
 * vsb_stage_pool_new() - stage a new pool
 * @stage: the stage
 * @args: all of it; what is left out is as by default
 *
 * This and all that follow:
 *
 * Context: may sleep; under vnet->lock.
 * Return: 0, or a negative errno value with the reason in the stage's extack;
 *	then the stage is good for nothing but a reset.
 */
int vsb_stage_pool_new(struct vsb_stage *stage,
		       const struct vsb_pool_args *args)
{
	struct vsb_draft_pool *pool = draft_pool(stage, args->name);
	const char *owner = args->owner;
	u16 family = args->family;
	int err;

	if (!pool)
		return no_memory(stage);
	if (pool->exists)
		return refuse(stage, -EEXIST,
			      "name: pool %.30s exists, owned by %s",
			      args->name, pool->owner);
	err = check_limit(stage, "pools", config_to_be(stage)->max_pools,
			  stage->totals.pools, stage->vnet->totals.pools);
	if (err)
		return err;
	if (pool->users && (pool->family != family ||
			    strcmp(pool->owner, owner)))
		return in_use(stage, pool);
	if (pool->live && (pool->live->family != family ||
			   strcmp(vsb_pool_owner(pool->live), owner)))
		replace_live(pool);
	if (set_string(&pool->owner, owner))
		return no_memory(stage);
	pool->exists = true;
	pool->changed = true;
	pool->family = family;
	pool->sched = (struct vsb_sched){
		.ops = args->sched.ops,
		.table_size = TABLE_SIZE,
	};
	assign_sched(pool, args);
	pool->affinity = (struct vsb_affinity){
		.prefix_len = addr_bits(family),
	};
	assign_affinity(stage, pool, args);
	stage->totals.pools++;
	return check_sched(stage, pool) ?: check_affinity(stage, pool);
}

int vsb_stage_pool_set(struct vsb_stage *stage,
		       const struct vsb_pool_args *args)
{
	struct vsb_draft_pool *pool = own_pool(stage, args->name, args->owner);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	if (args->sched.ops && args->sched.ops != pool->sched.ops) {
		/* Another one's flags mean nothing to it. */
		pool->sched.ops = args->sched.ops;
		pool->sched.flags = 0;
		pool->changed = true;
	}
	assign_sched(pool, args);
	assign_affinity(stage, pool, args);
	return check_sched(stage, pool) ?: check_affinity(stage, pool);
}

/* A backend without a draft goes with @emptied. */
static void remove_pool(struct vsb_stage *stage, struct vsb_draft_pool *pool)
{
	forget_backends(pool);
	stage->totals.backends -= pool->n_backends;
	stage->totals.pools--;
	pool->n_backends = 0;
	pool->emptied = true;
	pool->exists = false;
}

int vsb_stage_pool_del(struct vsb_stage *stage,
		       const struct vsb_pool_args *args)
{
	struct vsb_draft_pool *pool = own_pool(stage, args->name, args->owner);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	if (pool->users)
		return in_use(stage, pool);
	remove_pool(stage, pool);
	return 0;
}

/* Backends */

/**
 * vsb_stage_pool_get() - the pool that a change of backends is for
 * @stage: the stage
 * @name: the pool's name
 * @owner: who changes it
 *
 * Return: a handle for the vsb_stage_backend_*() calls of the same change, or
 *	an error pointer.
 */
struct vsb_draft_pool *vsb_stage_pool_get(struct vsb_stage *stage,
					  const char *name, const char *owner)
{
	struct vsb_draft_pool *pool = own_pool(stage, name, owner);

	if (!IS_ERR(pool))
		pool->changed = true;
	return pool;
}

/**
 * vsb_stage_pool_family() - a pool's family
 * @pool: the pool
 *
 * Return: AF_INET or AF_INET6.
 */
u16 vsb_stage_pool_family(const struct vsb_draft_pool *pool)
{
	return pool->family;
}

/**
 * vsb_draft_backend_find() - the draft of a backend
 * @pool: its pool's draft
 * @key: address and port
 *
 * Return: the draft, NULL where the backend stays as it is, if it is.
 */
struct vsb_draft_backend *
vsb_draft_backend_find(const struct vsb_draft_pool *pool,
		       const struct vsb_backend_key *key)
{
	return rb_entry_safe(tree_find(&pool->backends, key, cmp_backend),
			     struct vsb_draft_backend, node);
}

static struct vsb_draft_backend *
draft_backend(struct vsb_draft_pool *pool, const struct vsb_backend_key *key)
{
	struct vsb_draft_backend *backend = vsb_draft_backend_find(pool, key);
	struct vsb_backend *live;

	if (backend)
		return backend;
	backend = kzalloc(sizeof(*backend), GFP_KERNEL_ACCOUNT);
	if (!backend)
		return NULL;
	backend->key = *key;
	live = pool->live ? vsb_pool_backend(pool->live, key) : NULL;
	if (live) {
		backend->exists = !pool->emptied;
		backend->live = live;
		backend->weight = live->weight;
		backend->state = live->state;
		backend->sets = live->sets;
		backend->upper = live->upper;
		backend->lower = live->lower;
	}
	tree_add(&pool->backends, &backend->node, key, cmp_backend);
	return backend;
}

static int no_backend(struct vsb_stage *stage, struct vsb_draft_pool *pool,
		      const struct vsb_backend_key *key, int err,
		      const char *what)
{
	if (pool->family == AF_INET)
		return refuse(stage, err, "backend: %pI4:%u %s", &key->addr.in,
			      ntohs(key->port), what);
	return refuse(stage, err, "backend: [%pI6c]:%u %s", &key->addr.in6,
		      ntohs(key->port), what);
}

static void assign(struct vsb_draft_backend *backend,
		   const struct vsb_backend_args *args)
{
	if (args->given & VSB_GIVEN_WEIGHT)
		backend->weight = args->weight;
	if (args->given & VSB_GIVEN_STATE)
		backend->state = args->state;
	if (args->given & VSB_GIVEN_SETS)
		backend->sets = args->sets;
	if (args->given & VSB_GIVEN_UPPER)
		backend->upper = args->upper;
	if (args->given & VSB_GIVEN_LOWER)
		backend->lower = args->lower;
}

static int check_thresholds(struct vsb_stage *stage,
			    struct vsb_draft_pool *pool,
			    const struct vsb_draft_backend *backend)
{
	if (backend->lower <= backend->upper)
		return 0;
	return no_backend(stage, pool, &backend->key, -ERANGE,
			  "has a lower threshold above its upper one");
}

/**
 * vsb_stage_backend_new() - stage a new backend
 * @stage: the stage
 * @pool: its pool
 * @args: its key, and what is not as by default
 */
int vsb_stage_backend_new(struct vsb_stage *stage, struct vsb_draft_pool *pool,
			  const struct vsb_backend_args *args)
{
	struct vsb_draft_backend *backend = draft_backend(pool, &args->key);
	int err;

	if (!backend)
		return no_memory(stage);
	if (backend->exists)
		return no_backend(stage, pool, &args->key, -EEXIST,
				  "is in the pool");
	err = check_limit(stage, "backends", config_to_be(stage)->max_backends,
			  stage->totals.backends,
			  stage->vnet->totals.backends);
	if (err)
		return err;
	if (pool->n_backends >= VSB_POOL_BACKENDS_MAX)
		return refuse(stage, -ENOSPC,
			      "backend: no more than %u in a pool",
			      VSB_POOL_BACKENDS_MAX);
	backend->exists = true;
	backend->weight = 1;
	backend->state = VSB_STATE_UP;
	backend->sets = BIT(0);
	backend->upper = 0;
	backend->lower = 0;
	assign(backend, args);
	pool->n_backends++;
	stage->totals.backends++;
	return check_thresholds(stage, pool, backend);
}

int vsb_stage_backend_set(struct vsb_stage *stage, struct vsb_draft_pool *pool,
			  const struct vsb_backend_args *args)
{
	struct vsb_draft_backend *backend = draft_backend(pool, &args->key);

	if (!backend)
		return no_memory(stage);
	if (!backend->exists)
		return no_backend(stage, pool, &args->key, -ENOENT,
				  "is not in the pool");
	assign(backend, args);
	return check_thresholds(stage, pool, backend);
}

int vsb_stage_backend_del(struct vsb_stage *stage, struct vsb_draft_pool *pool,
			  const struct vsb_backend_args *args)
{
	struct vsb_draft_backend *backend = draft_backend(pool, &args->key);

	if (!backend)
		return no_memory(stage);
	if (args->given)
		return refuse(stage, -EINVAL,
			      "backend: address and port say which one to take");
	if (!backend->exists)
		return no_backend(stage, pool, &args->key, -ENOENT,
				  "is not in the pool");
	backend->exists = false;
	pool->n_backends--;
	stage->totals.backends--;
	return 0;
}

/* Services */

static void forget_ranges(struct vsb_draft_service *service)
{
	struct vsb_draft_range *range, *next;

	rbtree_postorder_for_each_entry_safe(range, next, &service->ranges,
					     node) {
		kfree(range);
		cond_resched();
	}
	service->ranges = RB_ROOT;
}

static void draft_service_free(struct vsb_draft_service *service)
{
	forget_ranges(service);
	kfree(service->owner);
	kfree(service->label);
	kfree(service);
}

/* Take the service's say in how many use each of its pools, or take it back. */
static void count_users(struct vsb_draft_service *service, int by)
{
	int i, j;

	for (i = 0; i < VSB_FROM_KINDS; i++) {
		for (j = 0; j < i; j++)
			if (service->routes[j].pool == service->routes[i].pool)
				break;
		if (j == i)
			service->routes[i].pool->users += by;
	}
}

static int draft_from_live(struct vsb_stage *stage,
			   struct vsb_draft_service *draft,
			   struct vsb_service *live)
{
	const struct vsb_policy *policy = vsb_service_policy(live);
	const struct vsb_cidrs *ranges = vsb_service_ranges(live);
	int i;

	for (i = 0; i < VSB_FROM_KINDS; i++) {
		const struct vsb_route *route = &policy->routes[i];

		draft->routes[i].pool =
			draft_pool(stage, vsb_pool_name(route->pool));
		if (!draft->routes[i].pool)
			return -ENOMEM;
		draft->routes[i].set = route->set;
		draft->routes[i].masquerade = route->masquerade;
	}
	draft->exists = true;
	draft->live = live;
	draft->elsewhere = policy->elsewhere;
	draft->flags = policy->flags;
	draft->n_ranges = ranges ? ranges->n : 0;
	return set_string(&draft->owner, vsb_policy_owner(policy)) ?:
	       set_string(&draft->label, vsb_policy_label(policy));
}

static struct vsb_draft_service *draft_service(struct vsb_stage *stage,
					       const struct vsb_key *key)
{
	struct rb_node *node = tree_find(&stage->services, key, cmp_service);
	struct vsb_draft_service *service;
	struct vsb_service *live;

	if (node)
		return rb_entry(node, struct vsb_draft_service, node);
	service = kzalloc(sizeof(*service), GFP_KERNEL_ACCOUNT);
	if (!service)
		return NULL;
	service->key = *key;
	service->ranges = RB_ROOT;
	live = vsb_service_find(stage->vnet, key);
	if (live && draft_from_live(stage, service, live)) {
		draft_service_free(service);
		return NULL;
	}
	tree_add(&stage->services, &service->node, key, cmp_service);
	return service;
}

static struct vsb_draft_service *own_service(struct vsb_stage *stage,
					     const struct vsb_key *key,
					     const char *owner)
{
	struct vsb_draft_service *service = draft_service(stage, key);

	if (!service)
		return ERR_PTR(no_memory(stage));
	if (!service->exists)
		return ERR_PTR(refuse(stage, -ENOENT,
				      "service: no service of this key"));
	if (strcmp(service->owner, owner))
		return ERR_PTR(refuse(stage, -EPERM,
				      "owner: service is owned by %s",
				      service->owner));
	return service;
}

static int set_route(struct vsb_stage *stage, struct vsb_draft_service *service,
		     struct vsb_draft_route *route,
		     const struct vsb_route_args *args)
{
	struct vsb_draft_pool *pool = draft_pool(stage, args->pool);

	if (!pool)
		return no_memory(stage);
	if (!pool->exists)
		return refuse(stage, -ENOENT, "route.pool: no pool %s",
			      args->pool);
	if (pool->family != service->key.family)
		return refuse(stage, -EINVAL,
			      "route.pool: %.30s is of the other family",
			      args->pool);
	route->pool = pool;
	route->set = args->set;
	route->masquerade = args->masquerade;
	return 0;
}

static int set_service(struct vsb_stage *stage,
		       struct vsb_draft_service *service,
		       const struct vsb_service_args *args)
{
	int i, err;

	for (i = 0; i < VSB_FROM_KINDS; i++) {
		if (!args->routes[i].pool)
			continue;
		err = set_route(stage, service, &service->routes[i],
				&args->routes[i]);
		if (err)
			return err;
	}
	if (args->elsewhere >= 0)
		service->elsewhere = args->elsewhere;
	if (args->flags >= 0)
		service->flags = args->flags;
	if (args->label && set_string(&service->label, args->label))
		return no_memory(stage);
	return 0;
}

/**
 * vsb_stage_service_new() - stage a new service
 * @stage: the stage
 * @args: all of it; what is left out is as by default, but every kind of
 *	source must have a route
 */
int vsb_stage_service_new(struct vsb_stage *stage,
			  const struct vsb_service_args *args)
{
	struct vsb_draft_service *service = draft_service(stage, &args->key);
	struct vsb_totals *totals = &stage->totals;
	int err;

	if (!service)
		return no_memory(stage);
	if (service->exists)
		return refuse(stage, -EEXIST,
			      "service: key exists, owned by %s",
			      service->owner);
	err = check_limit(stage, "services", config_to_be(stage)->max_services,
			  services_of(totals),
			  services_of(&stage->vnet->totals));
	if (err)
		return err;
	service->elsewhere = VSB_ACTION_DROP;
	service->flags = 0;
	if (set_string(&service->owner, args->owner) ||
	    set_string(&service->label, ""))
		return no_memory(stage);
	err = set_service(stage, service, args);
	if (err)
		return err;
	service->exists = true;
	count_users(service, 1);
	totals->services[vsb_family_index(args->key.family)]++;
	return 0;
}

int vsb_stage_service_set(struct vsb_stage *stage,
			  const struct vsb_service_args *args)
{
	struct vsb_draft_service *service =
		own_service(stage, &args->key, args->owner);
	int err;

	if (IS_ERR(service))
		return PTR_ERR(service);
	count_users(service, -1);
	err = set_service(stage, service, args);
	count_users(service, 1);
	return err;
}

static void remove_service(struct vsb_stage *stage,
			   struct vsb_draft_service *service)
{
	count_users(service, -1);
	forget_ranges(service);
	stage->totals.ranges -= service->n_ranges;
	service->own_ranges = true;
	service->n_ranges = 0;
	service->exists = false;
	stage->totals.services[vsb_family_index(service->key.family)]--;
}

int vsb_stage_service_del(struct vsb_stage *stage,
			  const struct vsb_service_args *args)
{
	struct vsb_draft_service *service =
		own_service(stage, &args->key, args->owner);

	if (IS_ERR(service))
		return PTR_ERR(service);
	remove_service(stage, service);
	return 0;
}

/* Source ranges */

static int put_range(struct vsb_draft_service *service,
		     const struct vsb_cidr *cidr)
{
	struct vsb_draft_range *range = kzalloc(sizeof(*range),
						GFP_KERNEL_ACCOUNT);

	if (!range)
		return -ENOMEM;
	range->cidr = *cidr;
	tree_add(&service->ranges, &range->node, cidr, cmp_range);
	return 0;
}

static int load_ranges(struct vsb_draft_service *service)
{
	const struct vsb_cidrs *cidrs = vsb_service_ranges(service->live);
	u32 i;

	for (i = 0; i < service->n_ranges; i++) {
		if (put_range(service, &cidrs->entries[i].cidr))
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

/**
 * vsb_stage_service_get() - the service that a change of ranges is for
 * @stage: the stage
 * @args: its key and owner
 *
 * Return: a handle for the vsb_stage_range_*() calls of the same change, or an
 *	error pointer.
 */
struct vsb_draft_service *
vsb_stage_service_get(struct vsb_stage *stage,
		      const struct vsb_service_args *args)
{
	struct vsb_draft_service *service =
		own_service(stage, &args->key, args->owner);

	if (IS_ERR(service) || service->own_ranges)
		return service;
	service->own_ranges = true;
	if (service->live && load_ranges(service))
		return ERR_PTR(no_memory(stage));
	return service;
}

static int no_range(struct vsb_stage *stage, const struct vsb_cidr *cidr,
		    int err, const char *what)
{
	if (cidr->family == AF_INET)
		return refuse(stage, err, "range: %pI4/%u %s", &cidr->addr.in,
			      cidr->prefix_len, what);
	return refuse(stage, err, "range: %pI6c/%u %s", &cidr->addr.in6,
		      cidr->prefix_len, what);
}

/**
 * vsb_stage_range_new() - stage a source range
 * @stage: the stage
 * @service: its service
 * @cidr: the range, masked
 */
int vsb_stage_range_new(struct vsb_stage *stage,
			struct vsb_draft_service *service,
			const struct vsb_cidr *cidr)
{
	u32 max = vsb_limit(stage->vnet, VSB_MAX_RANGES);

	if (cidr->family != service->key.family)
		return no_range(stage, cidr, -EINVAL, "is of the other family");
	if (tree_find(&service->ranges, cidr, cmp_range))
		return no_range(stage, cidr, -EEXIST, "is there");
	if (service->n_ranges >= VSB_RANGES_MAX)
		return refuse(stage, -ENOSPC,
			      "range: no more than %u of a service",
			      VSB_RANGES_MAX);
	if (stage->totals.ranges >= max)
		return refuse(stage, -ENOSPC, "range: no more than %u", max);
	if (put_range(service, cidr))
		return no_memory(stage);
	service->n_ranges++;
	stage->totals.ranges++;
	return 0;
}

int vsb_stage_range_del(struct vsb_stage *stage,
			struct vsb_draft_service *service,
			const struct vsb_cidr *cidr)
{
	struct rb_node *node = tree_find(&service->ranges, cidr, cmp_range);

	if (!node)
		return no_range(stage, cidr, -ENOENT, "is not there");
	rb_erase(node, &service->ranges);
	kfree(rb_entry(node, struct vsb_draft_range, node));
	service->n_ranges--;
	stage->totals.ranges--;
	return 0;
}

/* Settings, and all of an owner's objects */

/**
 * vsb_stage_config() - the settings to come
 * @stage: the stage
 *
 * Return: settings to edit, NULL without memory.
 */
struct vsb_config *vsb_stage_config(struct vsb_stage *stage)
{
	if (!stage->config)
		stage->config = vsb_config_copy(vsb_config_of(stage->vnet));
	return stage->config;
}

static int flush_services(struct vsb_stage *stage, const char *owner)
{
	struct vsb_draft_service *draft;
	struct vsb_service *live;
	unsigned long id;

	xa_for_each(&stage->vnet->service_ids, id, live) {
		if (!strcmp(vsb_service_owner(live), owner) &&
		    !draft_service(stage, &live->key))
			return no_memory(stage);
		cond_resched();
	}
	vsb_draft_for_each(draft, &stage->services)
		if (draft->exists && !strcmp(draft->owner, owner))
			remove_service(stage, draft);
	return 0;
}

static int flush_pools(struct vsb_stage *stage, const char *owner)
{
	struct vsb_draft_pool *draft;
	struct vsb_pool *live;
	unsigned long id;

	xa_for_each(&stage->vnet->pool_ids, id, live) {
		if (!strcmp(vsb_pool_owner(live), owner) &&
		    !draft_pool(stage, vsb_pool_name(live)))
			return no_memory(stage);
		cond_resched();
	}
	vsb_draft_for_each(draft, &stage->pools)
		if (draft->exists && !strcmp(draft->owner, owner))
			remove_pool(stage, draft);
	return 0;
}

/**
 * vsb_stage_flush() - stage that an owner has nothing
 * @stage: the stage
 * @owner: whose objects go; a pool that others' services use must be made
 *	again before vsb_stage_check()
 */
int vsb_stage_flush(struct vsb_stage *stage, const char *owner)
{
	if (stage->flushes++ == VSB_MAX_FLUSHES)
		return refuse(stage, -ENOSPC,
			      "flush: no more than %u in a transaction",
			      VSB_MAX_FLUSHES);
	return flush_services(stage, owner) ?: flush_pools(stage, owner);
}

/**
 * vsb_stage_check() - check what only the end of all changes shows
 * @stage: the stage
 */
int vsb_stage_check(struct vsb_stage *stage)
{
	struct vsb_draft_pool *pool;

	vsb_draft_for_each(pool, &stage->pools)
		if (!pool->exists && pool->users)
			return in_use(stage, pool);
	return 0;
}

/* The stage itself */

/**
 * vsb_stage_init() - begin on the state in force
 * @stage: the stage
 * @vnet: the network namespace
 */
void vsb_stage_init(struct vsb_stage *stage, struct vsb_net *vnet)
{
	lockdep_assert_held(&vnet->lock);
	*stage = (struct vsb_stage){
		.vnet = vnet,
		.generation = vnet->generation,
		.totals = vnet->totals,
		.pools = RB_ROOT,
		.services = RB_ROOT,
	};
}

/**
 * vsb_stage_reset() - forget all drafts
 * @stage: the stage, not prepared or already applied
 *
 * Touches no object in force, so that a stage that others overtook can be
 * reset.
 */
void vsb_stage_reset(struct vsb_stage *stage)
{
	struct vsb_draft_service *service, *next_service;
	struct vsb_draft_pool *pool, *next_pool;

	rbtree_postorder_for_each_entry_safe(service, next_service,
					     &stage->services, node) {
		draft_service_free(service);
		cond_resched();
	}
	rbtree_postorder_for_each_entry_safe(pool, next_pool, &stage->pools,
					     node) {
		draft_pool_free(pool);
		cond_resched();
	}
	vsb_config_free(stage->config);
	stage->services = RB_ROOT;
	stage->pools = RB_ROOT;
	stage->config = NULL;
}
