// SPDX-License-Identifier: GPL-2.0
/* Ends flows that a change has made stale: UDP and SCTP flows of backends that
 * left their pool, and those that are older than the service at their address.
 * Their next packet is a first one again. TCP is left alone: it would be reset.
 */

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>

#include "backend.h"
#include "decide.h"
#include "net.h"
#include "record.h"
#include "service.h"
#include "stale.h"

/* Time for a commit's backends to leave one by one, so that one pass does. */
#define STALE_DELAY	msecs_to_jiffies(10)

/**
 * vsb_stale_may_end() - whether a flow may be ended for its next packet
 * @ct: its conntrack
 *
 * Return: whether it is a confirmed one of UDP or SCTP.
 */
bool vsb_stale_may_end(const struct nf_conn *ct)
{
	u8 protocol = nf_ct_protonum(ct);

	return (protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP) &&
	       nf_ct_is_confirmed(ct);
}

/* Its own backend, or that of the connection that expected it. */
static struct vsb_backend *backend_of(struct vsb_net *vnet,
				      const struct nf_conn *ct)
{
	struct vsb_backend *backend;
	int kind;

	backend = vsb_backend_of(vnet, ct, &kind);
	if (!backend && ct->master && !nf_ct_is_template(ct->master))
		backend = vsb_backend_of(vnet, ct->master, &kind);
	return backend;
}

/* One that somebody else has translated stays theirs. */
static bool is_older_than_service(struct vsb_net *vnet,
				  const struct nf_conn *ct)
{
	struct vsb_flow flow;

	if (ct->master || ct->status & IPS_DST_NAT)
		return false;
	vsb_decide_flow(ct, &flow);
	return vsb_decide_service(vnet, &flow);
}

/* Called with the conntrack's bucket locked. */
static int is_stale(struct nf_conn *ct, void *data)
{
	const struct vsb_backend *backend;
	struct vsb_net *vnet = data;
	bool stale;

	if (!vsb_stale_may_end(ct))
		return false;
	rcu_read_lock();
	backend = backend_of(vnet, ct);
	/* Pairs with leave_rcu(): no packet chooses the backend any more. */
	stale = backend ? smp_load_acquire(&backend->left) :
			  is_older_than_service(vnet, ct);
	rcu_read_unlock();
	return stale;
}

static void end_stale(struct work_struct *work)
{
	struct vsb_net *vnet = container_of(to_delayed_work(work),
					    struct vsb_net, stale);
	struct nf_ct_iter_data walk = { .net = vnet->net, .data = vnet };
	bool needed = atomic_xchg(&vnet->has_older_flows, 0);

	needed |= vsb_record_end_left(vnet);
	if (!needed)
		return;
	/* A packet that found no service yet may be about to be tracked. */
	synchronize_net();
	nf_ct_iterate_cleanup_net(is_stale, &walk);
}

/**
 * vsb_stale_soon() - end flows that have become stale, soon
 * @vnet: the network namespace, in which a backend is marked to have left, say
 *
 * Context: any.
 */
void vsb_stale_soon(struct vsb_net *vnet)
{
	if (!READ_ONCE(vnet->exiting))
		vsb_record_queue(&vnet->stale, STALE_DELAY);
}

/**
 * vsb_stale_service_new() - end flows that are older than a service, soon
 * @vnet: the network namespace, in which packets find the service
 * @key: of the service. What mark a flow's packets have nobody remembers, so
 *	that one of a mark has no older flows.
 */
void vsb_stale_service_new(struct vsb_net *vnet, const struct vsb_key *key)
{
	if (key->protocol == IPPROTO_TCP || key->kind == VSB_KIND_MARK)
		return;
	atomic_set(&vnet->has_older_flows, 1);
	vsb_stale_soon(vnet);
}

void vsb_stale_net_init(struct vsb_net *vnet)
{
	INIT_DELAYED_WORK(&vnet->stale, end_stale);
}

/**
 * vsb_stale_net_stop() - end no flows any more
 * @vnet: the network namespace, exiting, with no packet in our hooks
 */
void vsb_stale_net_stop(struct vsb_net *vnet)
{
	cancel_delayed_work_sync(&vnet->stale);
}
