/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_RECORD_H
#define VSB_RECORD_H

#include <linux/types.h>

struct delayed_work;
struct nf_conn;
struct vsb_backend;
struct vsb_net;
struct vsb_service;

void vsb_record_add(struct vsb_backend *backend, struct vsb_service *service,
		    struct nf_conn *ct);
bool vsb_record_end_left(struct vsb_net *vnet);
void vsb_record_sweep_soon(struct vsb_net *vnet);
void vsb_record_queue(struct delayed_work *work, unsigned long delay);
u32 vsb_record_held(const struct vsb_net *vnet);

int vsb_record_init(void);
void vsb_record_exit(void);
void vsb_record_net_init(struct vsb_net *vnet);
void vsb_record_net_stop(struct vsb_net *vnet);
void vsb_record_net_exit(struct vsb_net *vnet);

#endif /* VSB_RECORD_H */
