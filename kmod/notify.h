/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSB_NOTIFY_H
#define VSB_NOTIFY_H

#include <uapi/linux/vsb.h>

struct vsb_backend;
struct vsb_net;
struct vsb_pool;
struct vsb_service;

void vsb_notify_pool(struct vsb_net *vnet, enum vsb_change change,
		     const struct vsb_pool *pool);
void vsb_notify_backend(struct vsb_net *vnet, enum vsb_change change,
			const struct vsb_pool *pool,
			const struct vsb_backend *backend);
void vsb_notify_service(struct vsb_net *vnet, enum vsb_change change,
			const struct vsb_service *service);
void vsb_notify_config(struct vsb_net *vnet);

#endif /* VSB_NOTIFY_H */
