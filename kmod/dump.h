/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_DUMP_H
#define VSB_DUMP_H

#include <linux/types.h>

struct netlink_callback;
struct nlattr;
struct sk_buff;

bool vsb_dump_matches(const struct nlattr *attr, const char *value);

int vsb_dump_pools(struct sk_buff *skb, struct netlink_callback *cb);
int vsb_dump_backends(struct sk_buff *skb, struct netlink_callback *cb);
int vsb_dump_services(struct sk_buff *skb, struct netlink_callback *cb);
int vsb_dump_ranges(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* VSB_DUMP_H */
