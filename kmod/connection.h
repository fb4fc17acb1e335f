/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_CONNECTION_H
#define VSB_CONNECTION_H

struct netlink_callback;
struct sk_buff;

int vsb_connection_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* VSB_CONNECTION_H */
