/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_AFFINITY_H
#define VSB_AFFINITY_H

#include <linux/netfilter.h>
#include <linux/types.h>

struct vsb_affinity_table;
struct vsb_backend;
struct vsb_net;
struct vsb_pool;

/**
 * struct vsb_affinity_entry - where a client's next connection goes
 * @client: its address, with no bit beyond the pool's prefix length
 * @pool: the pool's id; 0 in an entry that is free
 * @backend: the backend's id
 * @used: second of its last new connection, by the clock of
 *	vsb_affinity_now()
 * @expires: last second in which it holds
 */
struct vsb_affinity_entry {
	union nf_inet_addr client;
	u32 pool;
	u32 backend;
	u32 used;
	u32 expires;
};

u32 vsb_affinity_now(void);
struct vsb_backend *vsb_affinity_find(struct vsb_net *vnet,
				      const struct vsb_pool *pool, u8 set,
				      const union nf_inet_addr *addr, bool use);
void vsb_affinity_use(struct vsb_net *vnet, const struct vsb_pool *pool,
		      const union nf_inet_addr *addr,
		      const struct vsb_backend *backend, u32 seconds);
bool vsb_affinity_forget(struct vsb_net *vnet, const struct vsb_pool *pool,
			 const union nf_inet_addr *addr);
void vsb_affinity_purge(struct vsb_net *vnet);
bool vsb_affinity_at(struct vsb_net *vnet, u32 index,
		     struct vsb_affinity_entry *entry);
u32 vsb_affinity_held(const struct vsb_net *vnet);

int vsb_affinity_prepare(struct vsb_net *vnet, u32 max,
			 struct vsb_affinity_table **table);
void vsb_affinity_apply(struct vsb_net *vnet, struct vsb_affinity_table *table);
void vsb_affinity_discard(struct vsb_affinity_table *table);
void vsb_affinity_net_exit(struct vsb_net *vnet);

#endif /* VSB_AFFINITY_H */
