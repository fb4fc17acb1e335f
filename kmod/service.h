/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_SERVICE_H
#define VSB_SERVICE_H

#include <linux/in.h>
#include <linux/netfilter.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>

#include <uapi/linux/vsb.h>

#include "net.h"

struct vsb_cidrs;
struct vsb_clusterip;
struct vsb_pool;

/**
 * struct vsb_key - what tells services apart
 * @addr: virtual address, zero beyond its family's length and for other kinds
 * @mark: in the place of @addr, for VSB_KIND_MARK
 * @port: 0 is every port that has no service of its own; 0 for VSB_KIND_MARK
 * @family: AF_INET or AF_INET6
 * @protocol: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP; 0 for VSB_KIND_MARK
 * @kind: VSB_KIND_*
 * @zero: no hole, since the key is hashed as bytes
 */
struct vsb_key {
	union {
		union nf_inet_addr addr;
		u32 mark;
	};
	__be16 port;
	u16 family;
	u8 protocol;
	u8 kind;
	u8 zero[2];
};

static inline bool vsb_protocol_has_ports(u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ||
	       protocol == IPPROTO_SCTP;
}

/* Kinds of source, as indices; 1 << index is VSB_SOURCE_*. */
enum {
	VSB_FROM_POD,
	VSB_FROM_NODE,
	VSB_FROM_OUTSIDE,
	VSB_FROM_KINDS,
};

/** struct vsb_route - where connections of one kind of source go */
struct vsb_route {
	struct vsb_pool *pool;
	u8 set;
	bool masquerade;
};

/**
 * struct vsb_policy - what a service does with connections
 * @rcu: defers the free of a policy that was replaced
 * @routes: by kind of source; their pools outlive the policy, since a pool in
 *	use can't be taken away
 * @clusterip: its address, held, where it has VSB_FLAG_CLUSTER_IP
 * @shown: packets know of it
 * @elsewhere: VSB_ACTION_*
 * @flags: VSB_FLAG_*
 * @uniform: all kinds of source are routed alike
 * @label: of the owner's string, in @text
 * @text: owner and label, each with a NUL
 */
struct vsb_policy {
	struct rcu_head rcu;
	struct vsb_route routes[VSB_FROM_KINDS];
	struct vsb_clusterip *clusterip;
	bool shown;
	u8 elsewhere;
	u8 flags;
	bool uniform;
	u16 label;
	char text[];
};

/**
 * struct vsb_service - where connections are taken
 * @node: in the network namespace's table
 * @rcu: defers the free
 * @key: never changes
 * @id: in service_ids
 * @live: false from its insertion until the commit that makes it
 * @policy: replaced as a whole
 * @ranges: of allowed sources, replaced as a whole; NULL where there is none
 * @vnet: its network namespace
 * @refs: the table's reference and the records'
 * @stats: of its connections
 * @rates: how fast these grow
 */
struct vsb_service {
	struct rhash_head node;
	struct rcu_head rcu;
	struct vsb_key key;
	u32 id;
	bool live;
	struct vsb_policy __rcu *policy;
	struct vsb_cidrs __rcu *ranges;
	struct vsb_net *vnet;
	refcount_t refs;
	struct vsb_stats stats;
	struct vsb_rates rates;
};

static inline const char *vsb_policy_owner(const struct vsb_policy *policy)
{
	return policy->text;
}

static inline const char *vsb_policy_label(const struct vsb_policy *policy)
{
	return policy->text + policy->label;
}

/* A service's policy, for configuration. */
static inline const struct vsb_policy *
vsb_service_policy(const struct vsb_service *service)
{
	return rcu_dereference_protected(service->policy,
					 lockdep_is_held(&service->vnet->lock));
}

/* A service's ranges, for configuration. */
static inline const struct vsb_cidrs *
vsb_service_ranges(const struct vsb_service *service)
{
	return rcu_dereference_protected(service->ranges,
					 lockdep_is_held(&service->vnet->lock));
}

static inline const char *vsb_service_owner(const struct vsb_service *service)
{
	return vsb_policy_owner(vsb_service_policy(service));
}

bool vsb_route_equal(const struct vsb_route *a, const struct vsb_route *b);
struct vsb_policy *vsb_policy_create(const struct vsb_policy *from,
				     const char *owner, const char *label);
void vsb_policy_discard(struct vsb_net *vnet, struct vsb_policy *policy);
bool vsb_policy_equal(const struct vsb_policy *a, const struct vsb_policy *b);

struct vsb_service *vsb_service_create(struct vsb_net *vnet,
				       const struct vsb_key *key);
void vsb_service_discard(struct vsb_service *service);
void vsb_service_publish(struct vsb_service *service,
			 struct vsb_policy *policy);
void vsb_service_show(struct vsb_service *service);
void vsb_service_set_ranges(struct vsb_service *service,
			    struct vsb_cidrs *ranges);
void vsb_service_del(struct vsb_service *service);
struct vsb_service *vsb_service_find(struct vsb_net *vnet,
				     const struct vsb_key *key);
bool vsb_service_is_node_port(struct vsb_net *vnet, u16 family,
			      u8 protocol, __be16 port);

static inline bool vsb_service_get(struct vsb_service *service)
{
	return refcount_inc_not_zero(&service->refs);
}

void vsb_service_put(struct vsb_service *service);

int vsb_service_net_init(struct vsb_net *vnet);
void vsb_service_net_exit(struct vsb_net *vnet);

#endif /* VSB_SERVICE_H */
