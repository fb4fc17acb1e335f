/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_CHANGE_H
#define VSB_CHANGE_H

#include <linux/netfilter.h>
#include <net/netlink.h>

struct vsb_net;
struct vsb_stage;

int vsb_change_stage(struct vsb_stage *stage, u8 cmd, const void *attrs,
		     int len);

int vsb_parse_family(struct vsb_net *vnet, const struct nlattr *attr,
		     struct netlink_ext_ack *extack, u16 *family);
int vsb_parse_protocol(struct vsb_net *vnet, const struct nlattr *attr,
		       struct netlink_ext_ack *extack, u8 *protocol);
int vsb_parse_addr(struct vsb_net *vnet, const struct nlattr *attr,
		   struct netlink_ext_ack *extack, const char *name, u16 family,
		   union nf_inet_addr *addr);

#endif /* VSB_CHANGE_H */
