// SPDX-License-Identifier: GPL-2.0
/* The sentence that a refused request is answered with. */

#include "net.h"
#include "refuse.h"

#ifdef NL_SET_ERR_MSG_FMT
static char *keep(struct vsb_net *vnet, struct netlink_ext_ack *extack,
		  const char *text, int len)
{
	BUILD_BUG_ON(sizeof(extack->_msg_buf) < VSB_REFUSAL_SIZE);
	return memcpy(extack->_msg_buf, text, len + 1);
}
#else
/* The ack measures the text, then copies it. With more refusals at once than
 * there are texts one may be overwritten in between, so that all are of one
 * length, and their end is never touched.
 */
static char *keep(struct vsb_net *vnet, struct netlink_ext_ack *extack,
		  const char *text, int len)
{
	struct vsb_refusals *refusals = &vnet->refusals;
	u32 turn = atomic_inc_return(&refusals->turn);
	char *kept = refusals->text[turn % VSB_REFUSAL_TEXTS];
	char padded[VSB_REFUSAL_SIZE - 1];

	memset(padded, ' ', sizeof(padded));
	memcpy(padded, text, len);
	return memcpy(kept, padded, sizeof(padded));
}
#endif

/**
 * vsb_refuse() - refuse a request
 * @vnet: the network namespace
 * @extack: where the answer is made
 * @err: negative errno value
 * @fmt: printf format of the sentence: attribute, colon, reason
 *
 * Return: @err.
 */
int vsb_refuse(struct vsb_net *vnet, struct netlink_ext_ack *extack, int err,
	       const char *fmt, ...)
{
	char text[VSB_REFUSAL_SIZE];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	extack->_msg = keep(vnet, extack, text, len);
	return err;
}
