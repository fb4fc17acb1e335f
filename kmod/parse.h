/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_PARSE_H
#define VSB_PARSE_H

#include <linux/netfilter.h>

struct netlink_ext_ack;
struct nlattr;
struct vsb_net;

int vsb_parse_family(struct vsb_net *vnet, const struct nlattr *attr,
		     struct netlink_ext_ack *extack, u16 *family);
int vsb_parse_protocol(struct vsb_net *vnet, const struct nlattr *attr,
		       struct netlink_ext_ack *extack, u8 *protocol);
int vsb_parse_addr(struct vsb_net *vnet, const struct nlattr *attr,
		   struct netlink_ext_ack *extack, const char *name, u16 family,
		   union nf_inet_addr *addr);

#endif /* VSB_PARSE_H */
