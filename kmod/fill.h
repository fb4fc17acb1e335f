/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_FILL_H
#define VSB_FILL_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

struct vsb_backend;
struct vsb_cidr;
struct vsb_config;
struct vsb_pool;
struct vsb_service;

/* What a message tells of an object. */
enum vsb_detail {
	VSB_FILL_CONFIG,	/* what was configured */
	VSB_FILL_ALL,		/* counts and statistics too */
};

int vsb_fill_addr(struct sk_buff *skb, int attr, u16 family,
		  const union nf_inet_addr *addr);
int vsb_fill_pool(struct sk_buff *skb, const struct vsb_pool *pool,
		  enum vsb_detail detail);
int vsb_fill_backend(struct sk_buff *skb, int attr,
		     const struct vsb_backend *backend, enum vsb_detail detail);
int vsb_fill_backends(struct sk_buff *skb, const struct vsb_pool *pool,
		      const struct vsb_backend *backend,
		      enum vsb_detail detail);
int vsb_fill_service(struct sk_buff *skb, const struct vsb_service *service,
		     enum vsb_detail detail);
int vsb_fill_range(struct sk_buff *skb, const struct vsb_service *service,
		   const struct vsb_cidr *cidr);

/* Room for settings with as many ranges as there can be. */
#define VSB_FILL_CONFIG_SIZE	8192

int vsb_fill_config(struct sk_buff *skb, const struct vsb_config *config);

#endif /* VSB_FILL_H */
