/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_REFUSE_H
#define VSB_REFUSE_H

#include <linux/netlink.h>

/* Longest text of a refusal, with its NUL; what is longer is cut. */
#define VSB_REFUSAL_SIZE	80

/* From 6.2 on the extended ack has room for a text that is made up. Before, it
 * only points to one, which must outlive the handler that refused: it is one
 * of a few that take turns.
 */
#ifndef NL_SET_ERR_MSG_FMT
#define VSB_REFUSAL_TEXTS	16

struct vsb_refusals {
	atomic_t turn;
	char text[VSB_REFUSAL_TEXTS][VSB_REFUSAL_SIZE];
};
#endif

struct vsb_net;

__printf(4, 5)
int vsb_refuse(struct vsb_net *vnet, struct netlink_ext_ack *extack, int err,
	       const char *fmt, ...);

#endif /* VSB_REFUSE_H */
