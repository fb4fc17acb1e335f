/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_STALE_H
#define VSB_STALE_H

#include <linux/types.h>

struct nf_conn;
struct vsb_net;
struct vsb_key;

bool vsb_stale_may_end(const struct nf_conn *ct);
void vsb_stale_soon(struct vsb_net *vnet);
void vsb_stale_service_new(struct vsb_net *vnet, const struct vsb_key *key);

void vsb_stale_net_init(struct vsb_net *vnet);
void vsb_stale_net_stop(struct vsb_net *vnet);

#endif /* VSB_STALE_H */
