/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_NETLINK_H
#define VSB_NETLINK_H

#include <net/genetlink.h>

/* Multicast groups, as indices. */
enum {
	VSB_GROUP_CHANGES,
};

extern struct genl_family vsb_family;

#endif /* VSB_NETLINK_H */
