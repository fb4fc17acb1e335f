/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_DUMP_H
#define VSB_DUMP_H

struct netlink_callback;
struct sk_buff;

int vsb_dump_pools(struct sk_buff *skb, struct netlink_callback *cb);
int vsb_dump_backends(struct sk_buff *skb, struct netlink_callback *cb);
int vsb_dump_services(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* VSB_DUMP_H */
