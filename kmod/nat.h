/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_NAT_H
#define VSB_NAT_H

#include <linux/types.h>

struct vsb_config;
struct vsb_net;
struct vsb_totals;

bool vsb_nat_is_needed(int family, const struct vsb_totals *totals,
		       const struct vsb_config *config);
int vsb_nat_hook(struct vsb_net *vnet, int family);
bool vsb_nat_release(struct vsb_net *vnet);
void vsb_nat_net_stop(struct vsb_net *vnet);

#endif /* VSB_NAT_H */
