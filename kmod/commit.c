// SPDX-License-Identifier: GPL-2.0
/* Makes the staged state the one in force: prepare allocates all that is
 * needed and can fail, apply can't.
 */

#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "affinity.h"
#include "cidr.h"
#include "clusterip.h"
#include "config.h"
#include "draft.h"
#include "nat.h"
#include "notify.h"
#include "record.h"
#include "stage.h"

/**
 * struct outcome - a backend as it is to be
 * @backend: live or made
 * @weight: as it is to be
 * @state: likewise
 * @sets: likewise
 */
struct outcome {
	struct vsb_backend *backend;
	u16 weight;
	u8 state;
	u8 sets;
};

static struct vsb_backend *live_of(struct rb_node *node)
{
	return rb_entry_safe(node, struct vsb_backend, node);
}

static struct vsb_draft_backend *draft_of(struct rb_node *node)
{
	return rb_entry_safe(node, struct vsb_draft_backend, node);
}

/* Walks the backends in force and the drafts side by side, in the order of
 * keys, so that sets are in that order too.
 */
struct outcome_walk {
	const struct vsb_draft_pool *pool;
	struct rb_node *live;
	struct rb_node *draft;
};

static void walk_start(struct outcome_walk *walk,
		       const struct vsb_draft_pool *pool)
{
	walk->pool = pool;
	walk->live = pool->live ? rb_first(&pool->live->backends) : NULL;
	walk->draft = rb_first(&pool->backends);
}

static bool walk_next(struct outcome_walk *walk, struct outcome *out)
{
	while (walk->live || walk->draft) {
		struct vsb_backend *live = live_of(walk->live);
		struct vsb_draft_backend *draft = draft_of(walk->draft);
		int cmp = !live ? 1 : !draft ? -1 :
			  vsb_backend_key_cmp(&live->key, &draft->key);

		if (cmp <= 0)
			walk->live = rb_next(walk->live);
		if (cmp >= 0)
			walk->draft = rb_next(walk->draft);
		if (cmp < 0 && !walk->pool->emptied) {
			*out = (struct outcome){ live, live->weight,
						 live->state, live->sets };
			return true;
		}
		if (cmp >= 0 && draft->exists) {
			*out = (struct outcome){ draft->live ?: draft->made,
						 draft->weight, draft->state,
						 draft->sets };
			return true;
		}
	}
	return false;
}

/* The sets that new connections can find the backend in. */
static u8 usable_sets(const struct outcome *out)
{
	return out->weight && out->state == VSB_STATE_UP ? out->sets : 0;
}

static const struct vsb_set *old_set(const struct vsb_stage *stage,
				     const struct vsb_draft_pool *pool, int set)
{
	return pool->live ?
		rcu_dereference_protected(pool->live->sets[set],
					  lockdep_is_held(&stage->vnet->lock)) :
		NULL;
}

static int alloc_set(struct vsb_stage *stage, struct vsb_draft_pool *pool,
		     int set, u32 n)
{
	const struct vsb_config *config = stage->config ?:
					  vsb_config_of(stage->vnet);
	u64 tables = vsb_sched_table_bytes(&pool->sched);

	/* There will be so many; that they do not grow is never refused. */
	tables += stage->vnet->table_bytes - stage->tables_going;
	if (tables > config->table_bytes_max && tables > stage->tables_before)
		return refuse(stage, -ENOSPC,
			      "table-bytes-max: %.32s has no room for its table",
			      pool->name);
	pool->sets[set] = vsb_pool_make_set(stage->vnet, &pool->sched, n);
	return pool->sets[set] ? 0 : -ENOMEM;
}

static int alloc_sets(struct vsb_stage *stage, struct vsb_draft_pool *pool)
{
	u32 sizes[VSB_SETS_MAX] = {};
	struct outcome_walk walk;
	struct outcome out;
	int i, err;

	walk_start(&walk, pool);
	while (walk_next(&walk, &out))
		for (i = 0; i < VSB_SETS_MAX; i++)
			sizes[i] += !!(usable_sets(&out) & BIT(i));
	for (i = 0; i < VSB_SETS_MAX; i++) {
		if (!sizes[i])
			continue;
		err = alloc_set(stage, pool, i, sizes[i]);
		if (err)
			return err;
	}
	return 0;
}

static int make_sets(struct vsb_stage *stage, struct vsb_draft_pool *pool)
{
	struct outcome_walk walk;
	struct outcome out;
	int i, err;

	err = alloc_sets(stage, pool);
	if (err)
		return err;
	walk_start(&walk, pool);
	while (walk_next(&walk, &out)) {
		for (i = 0; i < VSB_SETS_MAX; i++) {
			struct vsb_set *set = pool->sets[i];

			if (!(usable_sets(&out) & BIT(i)))
				continue;
			set->slots[set->n].backend = out.backend;
			set->slots[set->n].weight = out.weight;
			set->n++;
		}
	}
	for (i = 0; i < VSB_SETS_MAX; i++) {
		if (!pool->sets[i])
			continue;
		err = vsb_sched_init_set(pool->sets[i],
					 old_set(stage, pool, i));
		if (err)
			return err;
	}
	return 0;
}

static int prepare_pool(struct vsb_stage *stage, struct vsb_draft_pool *pool)
{
	struct vsb_draft_backend *backend;

	if (!pool->exists)
		return 0;
	if (!pool->live) {
		pool->made = vsb_pool_create(stage->vnet, pool->name,
					     pool->owner, pool->family);
		if (IS_ERR(pool->made))
			return PTR_ERR(pool->made);
	}
	if (!pool->changed)
		return 0;
	vsb_draft_for_each(backend, &pool->backends) {
		if (!backend->exists || backend->live)
			continue;
		backend->made = vsb_backend_create(stage->vnet, pool->family,
						   &backend->key);
		if (IS_ERR(backend->made))
			return PTR_ERR(backend->made);
		cond_resched();
	}
	return make_sets(stage, pool);
}

static int prepare_policy(struct vsb_stage *stage,
			  struct vsb_draft_service *service)
{
	struct vsb_policy policy = {
		.elsewhere = service->elsewhere,
		.flags = service->flags,
	};
	int i;

	for (i = 0; i < VSB_FROM_KINDS; i++) {
		struct vsb_draft_route *route = &service->routes[i];

		policy.routes[i].pool = route->pool->live ?: route->pool->made;
		policy.routes[i].set = route->set;
		policy.routes[i].masquerade = route->masquerade;
	}
	if (service->flags & VSB_FLAG_CLUSTER_IP) {
		policy.clusterip = vsb_clusterip_get(stage->vnet,
						     service->key.family,
						     &service->key.addr);
		if (IS_ERR(policy.clusterip))
			return PTR_ERR(policy.clusterip);
	}
	service->policy = vsb_policy_create(&policy, service->owner,
					    service->label);
	if (service->policy)
		return 0;
	if (policy.clusterip)
		vsb_clusterip_put(stage->vnet, policy.clusterip);
	return -ENOMEM;
}

static int prepare_ranges(struct vsb_draft_service *service)
{
	struct vsb_draft_range *range;

	if (!service->n_ranges)
		return 0;
	service->cidrs = vsb_cidrs_create(service->n_ranges);
	if (!service->cidrs)
		return -ENOMEM;
	vsb_draft_for_each(range, &service->ranges)
		vsb_cidrs_add(service->cidrs, &range->cidr);
	vsb_cidrs_finish(service->cidrs);
	return 0;
}

static int prepare_service(struct vsb_stage *stage,
			   struct vsb_draft_service *service)
{
	int err;

	if (!service->exists)
		return 0;
	if (!service->live) {
		service->made = vsb_service_create(stage->vnet, &service->key);
		if (IS_ERR(service->made))
			return PTR_ERR(service->made);
	}
	err = prepare_policy(stage, service);
	if (!err && service->own_ranges)
		err = prepare_ranges(service);
	return err;
}

static void discard_pool(struct vsb_stage *stage, struct vsb_draft_pool *pool)
{
	struct vsb_draft_backend *backend;
	int i;

	vsb_draft_for_each(backend, &pool->backends) {
		if (!IS_ERR_OR_NULL(backend->made))
			vsb_backend_discard(backend->made);
		backend->made = NULL;
	}
	for (i = 0; i < VSB_SETS_MAX; i++) {
		vsb_pool_discard_set(stage->vnet, pool->sets[i]);
		pool->sets[i] = NULL;
	}
	if (!IS_ERR_OR_NULL(pool->made))
		vsb_pool_discard(stage->vnet, pool->made);
	pool->made = NULL;
}

static void discard_service(struct vsb_stage *stage,
			    struct vsb_draft_service *service)
{
	vsb_policy_discard(stage->vnet, service->policy);
	service->policy = NULL;
	kvfree(service->cidrs);
	service->cidrs = NULL;
	if (!IS_ERR_OR_NULL(service->made))
		vsb_service_discard(service->made);
	service->made = NULL;
}

static void discard(struct vsb_stage *stage)
{
	struct vsb_draft_service *service;
	struct vsb_draft_pool *pool;

	vsb_draft_for_each(service, &stage->services)
		discard_service(stage, service);
	vsb_draft_for_each(pool, &stage->pools)
		discard_pool(stage, pool);
	vsb_affinity_discard(stage->affinity);
	stage->affinity = NULL;
}

static int prepare_affinity(struct vsb_stage *stage)
{
	struct vsb_net *vnet = stage->vnet;
	const struct vsb_config *config = stage->config ?: vsb_config_of(vnet);

	if (!stage->wants_affinity && !rcu_access_pointer(vnet->affinity))
		return 0;
	return vsb_affinity_prepare(vnet, config->affinity_max,
				    &stage->affinity);
}

static u32 tables_of(const struct vsb_net *vnet, const struct vsb_pool *pool)
{
	struct vsb_set *set;
	u32 sum = 0;
	int i;

	for (i = 0; pool && i < VSB_SETS_MAX; i++) {
		set = rcu_dereference_protected(pool->sets[i],
						lockdep_is_held(&vnet->lock));
		sum += set ? vsb_sched_table_bytes(&set->sched) : 0;
	}
	return sum;
}

static void count_tables(struct vsb_stage *stage)
{
	struct vsb_draft_pool *pool;

	stage->tables_before = stage->vnet->table_bytes;
	stage->tables_going = 0;
	vsb_draft_for_each(pool, &stage->pools) {
		stage->tables_going += tables_of(stage->vnet, pool->old);
		if (pool->changed || !pool->exists)
			stage->tables_going += tables_of(stage->vnet,
							 pool->live);
	}
}

static int prepare(struct vsb_stage *stage)
{
	struct vsb_draft_service *service;
	struct vsb_draft_pool *pool;
	int family, err;

	count_tables(stage);
	vsb_draft_for_each(pool, &stage->pools) {
		/* It may take long, and has changed nothing yet. */
		err = fatal_signal_pending(current) ? -EINTR :
						      prepare_pool(stage, pool);
		if (err)
			return err;
		cond_resched();
	}
	vsb_draft_for_each(service, &stage->services) {
		err = prepare_service(stage, service);
		if (err)
			return err;
		cond_resched();
	}
	for (family = 0; family < VSB_FAMILIES; family++) {
		if (!vsb_nat_is_needed(family, &stage->totals, stage->config ?:
				       vsb_config_of(stage->vnet)))
			continue;
		err = vsb_nat_hook(stage->vnet, family);
		if (err)
			return err;
	}
	return prepare_affinity(stage);
}

/**
 * vsb_stage_prepare() - make all that an apply needs
 * @stage: the stage, of the generation in force
 *
 * Context: may sleep; under vnet->lock, which the caller keeps until it has
 *	applied.
 * Return: 0, or a negative errno value; then the state in force is as before.
 */
int vsb_stage_prepare(struct vsb_stage *stage)
{
	struct vsb_net *vnet = stage->vnet;
	int err;

	lockdep_assert_held(&vnet->lock);
	err = prepare(stage);
	if (!err)
		return 0;
	discard(stage);
	/* Lookup functions that were registered for nothing. */
	vsb_record_sweep_soon(vnet);
	if (stage->extack->_msg)
		return err;
	return vsb_refuse(vnet, stage->extack, err,
			  "commit: nothing applied, error %d", -err);
}

/* With more than before, or any number, it begins anew, as does one that has
 * drained since it was full, which nobody noted; with no more than it has it
 * is full.
 */
static void apply_thresholds(struct vsb_backend *backend,
			     const struct vsb_draft_backend *draft)
{
	if (!draft->upper || draft->upper > backend->upper ||
	    !vsb_backend_is_full(backend))
		WRITE_ONCE(backend->was_full, false);
	WRITE_ONCE(backend->upper, draft->upper);
	WRITE_ONCE(backend->lower, draft->lower);
	if (draft->upper && vsb_backend_connections(backend) >= draft->upper)
		WRITE_ONCE(backend->was_full, true);
}

static void apply_backend(struct vsb_net *vnet, struct vsb_pool *pool,
			  struct vsb_draft_backend *draft)
{
	struct vsb_backend *backend = draft->live ?: draft->made;
	bool same;

	if (!draft->exists)
		return;
	same = draft->live && backend->weight == draft->weight &&
	       backend->state == draft->state &&
	       backend->sets == draft->sets &&
	       backend->upper == draft->upper &&
	       backend->lower == draft->lower;
	backend->weight = draft->weight;
	WRITE_ONCE(backend->state, draft->state);
	WRITE_ONCE(backend->sets, draft->sets);
	apply_thresholds(backend, draft);
	if (!draft->live)
		vsb_pool_add(pool, draft->made);
	draft->made = NULL;
	if (!same)
		vsb_notify_backend(vnet, draft->live ? VSB_CHANGE_SET :
				   VSB_CHANGE_NEW, pool, backend);
}

static void remove_backend(struct vsb_net *vnet, struct vsb_pool *pool,
			   struct vsb_backend *backend)
{
	vsb_notify_backend(vnet, VSB_CHANGE_DEL, pool, backend);
	vsb_pool_remove(pool, backend);
}

/* After the sets were swapped, so that no packet finds what goes. */
static void remove_backends(struct vsb_net *vnet, struct vsb_pool *pool,
			    const struct vsb_draft_pool *draft)
{
	struct vsb_draft_backend *backend;
	struct rb_node *node, *next;

	vsb_draft_for_each(backend, &draft->backends)
		if (!backend->exists && backend->live)
			remove_backend(vnet, pool, backend->live);
	if (!draft->emptied)
		return;
	for (node = rb_first(&pool->backends); node; node = next) {
		next = rb_next(node);
		if (!vsb_draft_backend_find(draft, &live_of(node)->key))
			remove_backend(vnet, pool, live_of(node));
	}
}

/* Listeners hear of its end before they hear of another of its name. */
static void unlink_pool(struct vsb_net *vnet, struct vsb_pool *pool)
{
	struct rb_node *node;

	for (node = rb_first(&pool->backends); node; node = rb_next(node))
		vsb_notify_backend(vnet, VSB_CHANGE_DEL, pool, live_of(node));
	vsb_notify_pool(vnet, VSB_CHANGE_DEL, pool);
	vsb_pool_unlink(vnet, pool);
}

/* Whether what is known of clients of a pool in force may be void. */
static bool changes_affinity(const struct vsb_draft_pool *draft)
{
	const struct vsb_pool *pool = draft->live ?: draft->old;

	return pool && pool->affinity.timeout &&
	       (draft->old || !draft->exists ||
		pool->affinity.timeout != draft->affinity.timeout ||
		pool->affinity.prefix_len != draft->affinity.prefix_len);
}

static void apply_pool(struct vsb_net *vnet, struct vsb_draft_pool *draft)
{
	struct vsb_pool *pool = draft->live ?: draft->made;
	struct vsb_draft_backend *backend;
	bool same;
	int i;

	if (draft->old)
		unlink_pool(vnet, draft->old);
	if (!draft->exists)
		return;
	same = draft->live && vsb_sched_equal(&pool->sched, &draft->sched) &&
	       pool->affinity.timeout == draft->affinity.timeout &&
	       pool->affinity.prefix_len == draft->affinity.prefix_len;
	pool->sched = draft->sched;
	WRITE_ONCE(pool->affinity.timeout, draft->affinity.timeout);
	WRITE_ONCE(pool->affinity.prefix_len, draft->affinity.prefix_len);
	pool->users = draft->users;
	if (draft->made)
		vsb_pool_publish(vnet, pool);
	if (!same)
		vsb_notify_pool(vnet, draft->live ? VSB_CHANGE_SET :
				VSB_CHANGE_NEW, pool);
	if (!draft->changed)
		return;
	vsb_draft_for_each(backend, &draft->backends)
		apply_backend(vnet, pool, backend);
	for (i = 0; i < VSB_SETS_MAX; i++)
		if (draft->sets[i])
			vsb_pool_swap(vnet, pool, i, draft->sets[i]);
}

/* Sets that become empty wait until services have been told where else to go,
 * and backends go once no set has them.
 */
static void empty_pool(struct vsb_net *vnet, struct vsb_draft_pool *draft)
{
	struct vsb_pool *pool = draft->live ?: draft->made;
	int i;

	for (i = 0; i < VSB_SETS_MAX; i++) {
		if (!draft->sets[i])
			vsb_pool_swap(vnet, pool, i, NULL);
		draft->sets[i] = NULL;
	}
	remove_backends(vnet, pool, draft);
}

/* Returns whether they change. */
static bool apply_ranges(struct vsb_draft_service *draft,
			 struct vsb_service *service)
{
	struct vsb_cidrs *cidrs = draft->cidrs;

	draft->cidrs = NULL;
	if (!draft->own_ranges)
		return false;
	if (vsb_cidrs_equal(vsb_service_ranges(service), cidrs)) {
		kvfree(cidrs);
		return false;
	}
	vsb_service_set_ranges(service, cidrs);
	return true;
}

/* One that becomes another owner's is another one, whose way to packets stays:
 * listeners hear of its end, and what it has counted is the old one's.
 */
static void begin_anew(struct vsb_net *vnet, struct vsb_service *service)
{
	vsb_notify_service(vnet, VSB_CHANGE_DEL, service);
	vsb_stats_move(&vnet->retired, &service->stats);
	vsb_rates_zero(&service->rates);
}

static void apply_service(struct vsb_net *vnet, struct vsb_draft_service *draft)
{
	enum vsb_change change = draft->live ? VSB_CHANGE_SET : VSB_CHANGE_NEW;
	struct vsb_service *service = draft->live ?: draft->made;
	bool same = draft->live;

	if (!draft->exists)
		return;
	if (draft->live && strcmp(vsb_service_owner(service), draft->owner)) {
		begin_anew(vnet, service);
		change = VSB_CHANGE_NEW;
	}
	/* There before they are asked for, and until they are no more. */
	if (draft->flags & VSB_FLAG_RESTRICTED)
		same &= !apply_ranges(draft, service);
	if (draft->live &&
	    vsb_policy_equal(vsb_service_policy(service), draft->policy)) {
		vsb_policy_discard(vnet, draft->policy);
	} else {
		vsb_service_publish(service, draft->policy);
		same = false;
	}
	/* Pairs with vsb_resolve(). */
	smp_wmb();
	if (!(draft->flags & VSB_FLAG_RESTRICTED))
		same &= !apply_ranges(draft, service);
	if (!same)
		vsb_notify_service(vnet, change, service);
	draft->policy = NULL;
	if (draft->made)
		draft->live = draft->made;
	draft->made = NULL;
}

static void remove_service(struct vsb_net *vnet,
			   struct vsb_draft_service *draft)
{
	if (draft->exists || !draft->live)
		return;
	vsb_notify_service(vnet, VSB_CHANGE_DEL, draft->live);
	vsb_service_del(draft->live);
}

/* What waits until no policy leads to it any more. */
static void finish_pool(struct vsb_net *vnet, struct vsb_draft_pool *draft)
{
	if (draft->exists && draft->changed)
		empty_pool(vnet, draft);
	draft->made = NULL;
	if (draft->old)
		vsb_pool_release(vnet, draft->old);
	draft->old = NULL;
	if (draft->live && !draft->exists) {
		unlink_pool(vnet, draft->live);
		vsb_pool_release(vnet, draft->live);
	}
}

static void apply_config(struct vsb_stage *stage)
{
	struct vsb_net *vnet = stage->vnet;
	struct vsb_config *old;

	if (!stage->config)
		return;
	vsb_timeout_update(vnet, stage->config);
	if (vsb_config_equal(stage->config, vsb_config_of(vnet)))
		return;
	old = rcu_replace_pointer(vnet->config, stage->config,
				  lockdep_is_held(&vnet->lock));
	stage->config = NULL;
	vsb_config_free_rcu(old);
	vsb_notify_config(vnet);
}

/**
 * vsb_stage_apply() - put the prepared state in force
 * @stage: the stage; afterwards it is good for a reset
 *
 * The whole of configuration changes at once; packets see it object by
 * object.
 *
 * Context: may sleep; under the vnet->lock of vsb_stage_prepare().
 */
void vsb_stage_apply(struct vsb_stage *stage)
{
	struct vsb_net *vnet = stage->vnet;
	struct vsb_draft_service *service;
	struct vsb_draft_pool *pool;
	bool purge = false;

	lockdep_assert_held(&vnet->lock);
	vnet->generation++;
	vnet->totals = stage->totals;
	apply_config(stage);
	vsb_affinity_apply(vnet, stage->affinity);
	stage->affinity = NULL;
	vsb_draft_for_each(pool, &stage->pools) {
		purge |= changes_affinity(pool);
		apply_pool(vnet, pool);
		cond_resched();
	}
	vsb_draft_for_each(service, &stage->services) {
		apply_service(vnet, service);
		cond_resched();
	}
	vsb_draft_for_each(service, &stage->services) {
		if (service->exists)
			vsb_service_show(service->live);
		cond_resched();
	}
	/* By now there is what takes their place. */
	vsb_draft_for_each(service, &stage->services) {
		remove_service(vnet, service);
		cond_resched();
	}
	/* Pairs with vsb_resolve(). */
	smp_wmb();
	vsb_draft_for_each(pool, &stage->pools) {
		finish_pool(vnet, pool);
		cond_resched();
	}
	if (purge)
		vsb_affinity_purge(vnet);
	vsb_record_sweep_soon(vnet);
}
