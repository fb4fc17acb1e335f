// SPDX-License-Identifier: GPL-2.0
/* Connection records, and the sweeper that finds which connections are over.
 *
 * Nothing tells a module that a connection has ended, so each has a record
 * that holds its conntrack until the sweeper sees it dead. A held conntrack
 * counts against nf_conntrack_max, so the dead ones that wait must stay few:
 * each new connection looks at the two longest unchecked records of its
 * backend, and the sweeper looks at all every second, or every few, up to ten,
 * where that would take much of a CPU. Then it also adds what conntrack has
 * counted since of those that live to the statistics. Between two of its passes
 * no more records are made than the setting finished-max allows, or an eighth
 * of those held, so that what a pass costs is spread over as many connections;
 * with half of them made it passes at once, and only looks who is over.
 */

#include <linux/rcupdate_wait.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_conntrack_helper.h>

#include "backend.h"
#include "config.h"
#include "nat.h"
#include "net.h"
#include "pool.h"
#include "record.h"
#include "service.h"
#include "stale.h"

/**
 * struct vsb_record - a connection
 * @list: on its backend's list
 * @ct: its conntrack, held
 * @service: the service that it came by, held; NULL where that went before
 *	the first packet left, or could not be noted
 * @bytes: those that are in the statistics, by direction
 * @packets: likewise, the lower bits
 * @active: it counts among its backend's active connections
 * @confirmed: it has been seen confirmed, and is in the statistics
 */
struct vsb_record {
	struct list_head list;
	struct nf_conn *ct;
	struct vsb_service *service;
	u64 bytes[IP_CT_DIR_MAX];
	u32 packets[IP_CT_DIR_MAX];
	bool active;
	bool confirmed;
};

static struct workqueue_struct *sweepers;

#define SWEEP_INTERVAL	HZ
#define SWEEP_INTERVAL_MAX	(10 * HZ)
/* The sweeper's share of a CPU's time, as a divisor. */
#define SWEEP_SHARE	16
#define SWEEP_ON_ADD	2
#define SWEEP_CHUNK	64

/* A conntrack that was confirmed and is out of the table, or that was dropped
 * before it got there, which shows by our reference being the only one.
 */
static bool is_over(const struct nf_conn *ct)
{
	if (nf_ct_is_confirmed(ct))
		return nf_ct_is_dying(ct);
	return refcount_read(&ct->ct_general.use) == 1;
}

static void record_free(struct vsb_net *vnet, struct vsb_record *record)
{
	if (record->service)
		vsb_service_put(record->service);
	nf_ct_put(record->ct);
	kfree(record);
	vsb_count(vnet, VSB_COUNT_RELEASED);
}

/* What was counted since; from the beginning, where others set the counters to
 * 0, which the bytes tell: these have all their bits.
 */
static void take_traffic(struct vsb_record *record, u64 *counts)
{
	const struct nf_conn_acct *acct = nf_conn_acct_find(record->ct);
	int dir;

	for (dir = 0; acct && dir < IP_CT_DIR_MAX; dir++) {
		u32 packets = atomic64_read(&acct->counter[dir].packets);
		u64 bytes = atomic64_read(&acct->counter[dir].bytes);

		if (bytes < record->bytes[dir]) {
			record->packets[dir] = 0;
			record->bytes[dir] = 0;
		}
		counts[VSB_STAT_PACKETS_IN + dir] =
			(u32)(packets - record->packets[dir]);
		counts[VSB_STAT_BYTES_IN + dir] = bytes - record->bytes[dir];
		record->packets[dir] = packets;
		record->bytes[dir] = bytes;
	}
}

/* Extensions of a conntrack may move until it is confirmed: this looks at them
 * where an earlier pass has seen that, or it is out of the table since.
 */
static void count_record(struct vsb_net *vnet, struct vsb_record *record,
			 u64 *sum)
{
	bool fresh = !record->confirmed;
	u64 counts[VSB_STATS] = {};
	int i;

	if (fresh && !nf_ct_is_confirmed(record->ct))
		return;
	record->confirmed = true;
	counts[VSB_STAT_CONNECTIONS] = fresh;
	if (!fresh || nf_ct_is_dying(record->ct))
		take_traffic(record, counts);
	vsb_stats_add(record->service ? &record->service->stats :
			&vnet->retired, counts);
	for (i = 0; i < VSB_STATS; i++)
		sum[i] += counts[i];
}

static void add_sum(struct vsb_backend *backend, const u64 *sum)
{
	vsb_stats_add(&backend->traffic->stats, sum);
	vsb_stats_add(&backend->pool->stats, sum);
}

/* One that opens is in use, as is what has no end that could be seen. */
static bool is_active(const struct nf_conn *ct)
{
	return nf_ct_protonum(ct) != IPPROTO_TCP ||
	       READ_ONCE(ct->proto.tcp.state) <= TCP_CONNTRACK_ESTABLISHED;
}

/* Put a record where it belongs: to the list's end, or to those that are over
 * and count no more.
 */
static void check_record(struct vsb_traffic *traffic,
			 struct vsb_record *record, struct list_head *over)
{
	bool is_end = is_over(record->ct);
	bool active = !is_end && is_active(record->ct);

	lockdep_assert_held(&traffic->lock);
	if (record->active != active) {
		record->active = active;
		WRITE_ONCE(traffic->active, traffic->active + (active ? 1 : -1));
	}
	list_move_tail(&record->list, is_end ? over : &traffic->records);
}

/* Look at up to @budget records from the front of the list; those that live
 * go to its end, the others to @over.
 */
static void sweep_some(struct vsb_traffic *traffic, u32 budget,
		       struct list_head *over)
{
	lockdep_assert_held(&traffic->lock);
	while (budget-- && !list_empty(&traffic->records))
		check_record(traffic, list_first_entry(&traffic->records,
						       struct vsb_record, list),
			     over);
}

static void finish(struct vsb_backend *backend, struct list_head *over)
{
	struct vsb_record *record, *next;
	u64 sum[VSB_STATS] = {};
	int n = 0;

	if (list_empty(over))
		return;
	list_for_each_entry(record, over, list)
		count_record(backend->vnet, record, sum);
	/* Who sees that there is no record finds all of it counted. */
	add_sum(backend, sum);
	list_for_each_entry_safe(record, next, over, list) {
		record_free(backend->vnet, record);
		n++;
	}
	/* Pairs with vsb_backend_load(). */
	atomic_sub_return_release(n, &backend->traffic->recorded);
}

/* Once a pass, however many ask. */
static void hurry(struct vsb_net *vnet)
{
	if (!atomic_xchg(&vnet->hurried, 1) && !READ_ONCE(vnet->exiting))
		mod_delayed_work(sweepers, &vnet->sweep, 0);
}

/* It is counted before it is there: a sweeper that has begun to count afresh,
 * and is not woken by this one, must not think that there is none.
 */
static struct vsb_record *record_alloc(struct vsb_net *vnet, u32 max)
{
	struct vsb_record *record = NULL;
	u32 fresh;

	vsb_count(vnet, VSB_COUNT_RECORDED);
	fresh = atomic_inc_return(&vnet->fresh);
	if (fresh == 1)
		vsb_record_sweep_soon(vnet);
	if (fresh >= max / 2 && !atomic_read(&vnet->hurried))
		hurry(vnet);
	if (fresh <= max)
		record = kmalloc(sizeof(*record), GFP_ATOMIC);
	if (record)
		return record;
	vsb_count(vnet, VSB_COUNT_RELEASED);
	vsb_count(vnet, VSB_COUNT_UNRECORDED);
	return NULL;
}

/* Every connection comes by here: the line is written once. */
static void note(bool *what)
{
	if (!READ_ONCE(*what))
		WRITE_ONCE(*what, true);
}

/* Where the backend has left, while somebody withheld the packet, those that
 * have no record are to be looked for once more.
 */
static void note_unrecorded(struct vsb_backend *backend)
{
	note(&backend->traffic->unrecorded);
	if (READ_ONCE(backend->left)) {
		WRITE_ONCE(backend->walked, false);
		vsb_stale_soon(backend->vnet);
	}
}

/**
 * vsb_record_add() - record a new connection
 * @backend: its backend, that has given it a template
 * @service: its service, or NULL
 * @ct: its conntrack, not confirmed yet, at the last hook that sees it so
 *
 * A record that can't be had costs accounting and nothing else; it is counted.
 *
 * Context: any, under rcu_read_lock().
 */
void vsb_record_add(struct vsb_backend *backend, struct vsb_service *service,
		    struct nf_conn *ct)
{
	const struct vsb_config *config = rcu_dereference(backend->vnet->config);
	struct vsb_traffic *traffic = backend->traffic;
	struct vsb_net *vnet = backend->vnet;
	struct vsb_record *record;
	LIST_HEAD(over);

	if (!config->accounting) {
		note_unrecorded(backend);
		return;
	}
	record = record_alloc(vnet, max(config->finished_max,
					READ_ONCE(vnet->held) / 8));
	if (!record) {
		note_unrecorded(backend);
	} else {
		note(&traffic->counted);
		nf_conntrack_get(&ct->ct_general);
		*record = (struct vsb_record){
			.ct = ct,
			.service = service && vsb_service_get(service) ?
				   service : NULL,
			.active = true,
		};
	}

	spin_lock_bh(&traffic->lock);
	sweep_some(traffic, SWEEP_ON_ADD, &over);
	if (record) {
		atomic_inc(&traffic->recorded);
		WRITE_ONCE(traffic->active, traffic->active + 1);
		list_add_tail(&record->list, &traffic->records);
	}
	spin_unlock_bh(&traffic->lock);
	finish(backend, &over);
}

/* What its helper expected has no record. */
static void end_flow(struct vsb_traffic *traffic, struct nf_conn *ct)
{
	if (!vsb_stale_may_end(ct) || nf_ct_is_dying(ct))
		return;
	if (nfct_help(ct))
		note(&traffic->unrecorded);
	nf_ct_kill(ct);
}

/* The list is the sweeper's own. */
static void count_some(struct vsb_backend *backend, struct list_head *records,
		       u32 budget)
{
	struct vsb_record *record;
	u64 sum[VSB_STATS] = {};

	list_for_each_entry(record, records, list) {
		if (!budget--)
			break;
		count_record(backend->vnet, record, sum);
	}
	add_sum(backend, sum);
}

/* Look once at all records that the list has now; what lives is counted, too,
 * where that is asked for.
 */
static void sweep_backend(struct vsb_backend *backend, bool counting)
{
	/* Pairs with leave_rcu(): no packet chooses the backend any more. */
	bool left = smp_load_acquire(&backend->left);
	struct vsb_traffic *traffic = vsb_backend_traffic(backend);
	LIST_HEAD(unchecked);
	LIST_HEAD(over);

	lockdep_assert_held(&backend->vnet->sweeping);
	/* Its mark may be seen before it. */
	if (!traffic)
		return;
	spin_lock_bh(&traffic->lock);
	list_splice_init(&traffic->records, &unchecked);
	spin_unlock_bh(&traffic->lock);

	while (!list_empty(&unchecked)) {
		u32 budget = SWEEP_CHUNK;

		if (counting)
			count_some(backend, &unchecked, budget);
		spin_lock_bh(&traffic->lock);
		while (budget-- && !list_empty(&unchecked)) {
			struct vsb_record *record =
				list_first_entry(&unchecked, struct vsb_record,
						 list);

			if (left)
				end_flow(traffic, record->ct);
			check_record(traffic, record, &over);
		}
		spin_unlock_bh(&traffic->lock);
		finish(backend, &over);
		INIT_LIST_HEAD(&over);
		cond_resched();
	}
}

static bool has_records(struct vsb_backend *backend)
{
	bool has;

	spin_lock_bh(&backend->traffic->lock);
	has = !list_empty(&backend->traffic->records);
	spin_unlock_bh(&backend->traffic->lock);
	return has;
}

/* A backend that left goes when nothing is left of it: no packet can choose
 * it any more, so that no connection comes that was not there.
 */
static void reap(struct vsb_backend *backend)
{
	/* Pairs with leave_rcu(), which counts the backend first. */
	if (!smp_load_acquire(&backend->left) || has_records(backend) ||
	    vsb_backend_connections(backend))
		return;
	atomic_dec(&backend->vnet->leaving);
	vsb_backend_free(backend);
}

/**
 * vsb_record_end_left() - end the flows of backends that left their pool
 * @vnet: the network namespace
 *
 * Context: may sleep.
 * Return: whether some may have flows that no record tells of and that nobody
 *	has looked for.
 */
bool vsb_record_end_left(struct vsb_net *vnet)
{
	struct vsb_backend *backend;
	bool unrecorded = false;
	unsigned long id;

	mutex_lock(&vnet->sweeping);
	xa_for_each_marked(&vnet->backend_ids, id, backend, VSB_BACKEND_LEFT) {
		/* Pairs with leave_rcu(), which marks it first. */
		if (!smp_load_acquire(&backend->left))
			continue;
		sweep_backend(backend, false);
		if (READ_ONCE(backend->traffic->unrecorded) &&
		    !READ_ONCE(backend->walked)) {
			WRITE_ONCE(backend->walked, true);
			unrecorded = true;
		}
		reap(backend);
		cond_resched();
	}
	mutex_unlock(&vnet->sweeping);
	return unrecorded;
}

/* How fast statistics grow, of those that connections add to. Returns whether
 * there is something to see next time.
 */
static bool rate(struct vsb_net *vnet)
{
	unsigned long now = jiffies, elapsed = now - vnet->rated_at, id;
	struct vsb_backend *backend;
	struct vsb_service *service;
	bool any = false;

	lockdep_assert_held(&vnet->sweeping);
	if (elapsed < VSB_RATES_INTERVAL)
		return true;
	vnet->rated_at = now;
	rcu_read_lock();
	xa_for_each_marked(&vnet->backend_ids, id, backend,
			   VSB_BACKEND_TRAFFIC) {
		struct vsb_traffic *traffic = vsb_backend_traffic(backend);

		if (traffic)
			any |= vsb_rates_update(&traffic->rates,
						&traffic->stats, elapsed);
		cond_resched_rcu();
	}
	xa_for_each(&vnet->service_ids, id, service) {
		any |= vsb_rates_update(&service->rates, &service->stats,
					elapsed);
		cond_resched_rcu();
	}
	rcu_read_unlock();
	return any;
}

static void sweep(struct work_struct *work)
{
	struct vsb_net *vnet = container_of(to_delayed_work(work),
					    struct vsb_net, sweep);
	unsigned long start = jiffies, id;
	struct vsb_backend *backend;
	bool idle, rated, counting;

	/* While there was nothing to look at, nobody did: what there is began
	 * when this pass was asked for.
	 */
	if (vnet->resting)
		vnet->rated_at = start - vnet->sweep_interval;
	atomic_set(&vnet->hurried, 0);
	/* Ordered before the look at how many records there are. */
	atomic_xchg(&vnet->fresh, 0);
	counting = start - vnet->counted_at >= vnet->sweep_interval;
	if (counting)
		vnet->counted_at = start;
	mutex_lock(&vnet->sweeping);
	/* A backend in backend_ids that has traffic is freed under this lock. */
	xa_for_each_marked(&vnet->backend_ids, id, backend,
			   VSB_BACKEND_TRAFFIC) {
		sweep_backend(backend, counting);
		reap(backend);
		cond_resched();
	}
	/* What lives is not in the statistics of a pass that does not count. */
	rated = !counting || rate(vnet);
	mutex_unlock(&vnet->sweeping);
	WRITE_ONCE(vnet->held, vsb_record_held(vnet));
	if (counting)
		WRITE_ONCE(vnet->sweep_interval,
			   clamp_t(unsigned long,
				   (jiffies - start) * SWEEP_SHARE,
				   SWEEP_INTERVAL, SWEEP_INTERVAL_MAX));
	idle = vsb_nat_release(vnet);
	vnet->resting = idle && !vnet->held && !rated &&
			!atomic_read(&vnet->leaving);
	if (!vnet->resting)
		vsb_record_sweep_soon(vnet);
}

/**
 * vsb_record_sweep_soon() - have the sweeper look when its next pass is due
 * @vnet: the network namespace
 *
 * Context: any.
 */
void vsb_record_sweep_soon(struct vsb_net *vnet)
{
	if (!READ_ONCE(vnet->exiting))
		vsb_record_queue(&vnet->sweep, READ_ONCE(vnet->sweep_interval));
}

/**
 * vsb_record_queue() - have a network namespace's work done, beside ours
 * @work: the work
 * @delay: jiffies from now; where it waits already, it waits as long as that
 *	takes
 *
 * Context: any.
 */
void vsb_record_queue(struct delayed_work *work, unsigned long delay)
{
	queue_delayed_work(sweepers, work, delay);
}

/**
 * vsb_record_held() - how many records there are
 * @vnet: the network namespace
 *
 * Return: the number, never less than those that hold a conntrack.
 */
u32 vsb_record_held(const struct vsb_net *vnet)
{
	unsigned long released = vsb_count_read(vnet, VSB_COUNT_RELEASED);

	/* What is released later was recorded before. */
	smp_rmb();
	return vsb_count_read(vnet, VSB_COUNT_RECORDED) - released;
}

int __init vsb_record_init(void)
{
	sweepers = alloc_workqueue("vsb", WQ_UNBOUND, 0);
	return sweepers ? 0 : -ENOMEM;
}

void vsb_record_exit(void)
{
	destroy_workqueue(sweepers);
}

void vsb_record_net_init(struct vsb_net *vnet)
{
	mutex_init(&vnet->sweeping);
	vnet->sweep_interval = SWEEP_INTERVAL;
	vnet->resting = true;
	INIT_DELAYED_WORK(&vnet->sweep, sweep);
}

/**
 * vsb_record_net_stop() - stop the sweeper for good
 * @vnet: the network namespace, exiting, with no packet in our hooks
 */
void vsb_record_net_stop(struct vsb_net *vnet)
{
	cancel_delayed_work_sync(&vnet->sweep);
}

/**
 * vsb_record_net_exit() - let go of all connections and backends
 * @vnet: the network namespace; nobody else sees it any more
 */
void vsb_record_net_exit(struct vsb_net *vnet)
{
	struct vsb_backend *backend;
	unsigned long id;

	xa_for_each(&vnet->backend_ids, id, backend) {
		if (backend->traffic)
			finish(backend, &backend->traffic->records);
		vsb_backend_free(backend);
		cond_resched();
	}
}
