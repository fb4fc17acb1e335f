/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_AFFINITY_NETLINK_H
#define VSB_AFFINITY_NETLINK_H

struct genl_info;
struct netlink_callback;
struct sk_buff;

int vsb_affinity_set_doit(struct sk_buff *skb, struct genl_info *info);
int vsb_affinity_del_doit(struct sk_buff *skb, struct genl_info *info);
int vsb_affinity_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* VSB_AFFINITY_NETLINK_H */
