/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_DUMP_H
#define VSB_DUMP_H

#include <linux/types.h>

struct netlink_callback;
struct nla_policy;
struct nlattr;
struct sk_buff;

void *vsb_dump_start(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);
int vsb_dump_end(struct sk_buff *skb, void *header, int err);
int vsb_dump_parse(struct netlink_callback *cb, struct nlattr **tb, int max,
		   const struct nla_policy *policy);
bool vsb_dump_matches(const struct nlattr *attr, const char *value);

int vsb_dump_pools(struct sk_buff *skb, struct netlink_callback *cb);
int vsb_dump_backends(struct sk_buff *skb, struct netlink_callback *cb);
int vsb_dump_services(struct sk_buff *skb, struct netlink_callback *cb);
int vsb_dump_ranges(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* VSB_DUMP_H */
