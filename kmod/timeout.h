/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_TIMEOUT_H
#define VSB_TIMEOUT_H

#include <linux/types.h>

struct nf_conn;
struct nf_ct_timeout;
struct vsb_config;
struct vsb_net;

/**
 * struct vsb_timeouts - conntrack timeout policies of a network namespace
 * @tcp: for TCP connections
 * @udp: for UDP flows
 *
 * Each connection that has one holds it.
 */
struct vsb_timeouts {
	struct nf_ct_timeout *tcp;
	struct nf_ct_timeout *udp;
};

bool vsb_timeout_supported(void);
void vsb_timeout_update(struct vsb_net *vnet, const struct vsb_config *config);
void vsb_timeout_add(struct vsb_net *vnet, const struct vsb_config *config,
		     struct nf_conn *ct);

int vsb_timeout_net_init(struct vsb_net *vnet);
void vsb_timeout_net_exit(struct vsb_net *vnet);

#endif /* VSB_TIMEOUT_H */
