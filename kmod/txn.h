/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_TXN_H
#define VSB_TXN_H

#include <net/genetlink.h>

struct vsb_net;

int vsb_txn_begin(struct vsb_net *vnet, u32 portid,
		  struct netlink_ext_ack *extack);
int vsb_txn_change(struct vsb_net *vnet, struct genl_info *info);
int vsb_txn_commit(struct vsb_net *vnet, struct genl_info *info,
		   const u32 *expected);
int vsb_txn_abort(struct vsb_net *vnet, u32 portid,
		  struct netlink_ext_ack *extack);

int vsb_txn_init(void);
void vsb_txn_exit(void);
void vsb_txn_net_exit(struct vsb_net *vnet);

#endif /* VSB_TXN_H */
