// SPDX-License-Identifier: GPL-2.0
/* Tells the members of the multicast group what a commit changes.
 *
 * A message that can't be made leaves its listeners with the error that they
 * would get for one that had no room in their queue: they have to list again.
 */

#include <net/genetlink.h>

#include "config.h"
#include "fill.h"
#include "netlink.h"
#include "notify.h"
#include "service.h"

static void lose(struct vsb_net *vnet)
{
	genl_set_err(&vsb_family, vnet->net, 0, VSB_GROUP_CHANGES, -ENOBUFS);
}

static struct sk_buff *start(struct vsb_net *vnet, u8 cmd, size_t size,
			     void **header)
{
	struct sk_buff *skb;

	lockdep_assert_held(&vnet->lock);
	if (!genl_has_listeners(&vsb_family, vnet->net, VSB_GROUP_CHANGES))
		return NULL;
	skb = genlmsg_new(size, GFP_KERNEL);
	if (skb)
		*header = genlmsg_put(skb, 0, 0, &vsb_family, 0, cmd);
	else
		lose(vnet);
	return skb;
}

static void finish(struct vsb_net *vnet, struct sk_buff *skb, void *header,
		   int err)
{
	if (err) {
		nlmsg_free(skb);
		lose(vnet);
		return;
	}
	genlmsg_end(skb, header);
	genlmsg_multicast_netns(&vsb_family, vnet->net, skb, 0,
				VSB_GROUP_CHANGES, GFP_KERNEL);
}

void vsb_notify_pool(struct vsb_net *vnet, enum vsb_change change,
		     const struct vsb_pool *pool)
{
	void *header = NULL;
	struct sk_buff *skb = start(vnet, VSB_CMD_POOL_NTF,
				    GENLMSG_DEFAULT_SIZE, &header);

	if (!skb)
		return;
	finish(vnet, skb, header, !header ||
	       nla_put_u32(skb, VSB_A_POOL_CHANGE, change) ||
	       nla_put_u32(skb, VSB_A_POOL_GENERATION, vnet->generation) ||
	       vsb_fill_pool(skb, pool, VSB_FILL_CONFIG));
}

void vsb_notify_backend(struct vsb_net *vnet, enum vsb_change change,
			const struct vsb_pool *pool,
			const struct vsb_backend *backend)
{
	void *header = NULL;
	struct sk_buff *skb = start(vnet, VSB_CMD_BACKEND_NTF,
				    GENLMSG_DEFAULT_SIZE, &header);

	if (!skb)
		return;
	finish(vnet, skb, header, !header ||
	       nla_put_u32(skb, VSB_A_BACKENDS_CHANGE, change) ||
	       nla_put_u32(skb, VSB_A_BACKENDS_GENERATION, vnet->generation) ||
	       vsb_fill_backends(skb, pool, backend, VSB_FILL_CONFIG));
}

void vsb_notify_service(struct vsb_net *vnet, enum vsb_change change,
			const struct vsb_service *service)
{
	void *header = NULL;
	struct sk_buff *skb = start(vnet, VSB_CMD_SERVICE_NTF,
				    GENLMSG_DEFAULT_SIZE, &header);

	if (!skb)
		return;
	finish(vnet, skb, header, !header ||
	       nla_put_u32(skb, VSB_A_SERVICE_CHANGE, change) ||
	       nla_put_u32(skb, VSB_A_SERVICE_GENERATION, vnet->generation) ||
	       vsb_fill_service(skb, service, VSB_FILL_CONFIG));
}

void vsb_notify_config(struct vsb_net *vnet)
{
	void *header = NULL;
	struct sk_buff *skb = start(vnet, VSB_CMD_CONFIG_NTF,
				    VSB_FILL_CONFIG_SIZE, &header);

	if (!skb)
		return;
	finish(vnet, skb, header, !header ||
	       nla_put_u32(skb, VSB_A_CONFIG_CHANGE, VSB_CHANGE_SET) ||
	       nla_put_u32(skb, VSB_A_CONFIG_GENERATION, vnet->generation) ||
	       vsb_fill_config(skb, vsb_config_of(vnet)));
}
