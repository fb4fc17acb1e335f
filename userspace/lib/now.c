// SPDX-License-Identifier: GPL-2.0
/*
 * Owns the calls that take effect at once, whether a transaction is open or
 * not: the packets change what they are about, too.
 */
#include "internal.h"

static int do_now(struct vsb *vsb, int encoded)
{
	return encoded < 0 ? vsb_fail_size(vsb) : vsb_ask(vsb, NULL, NULL);
}

int vsb_pool_zero(struct vsb *vsb, const struct vsb_pool *pool)
{
	vsb_request(vsb, VSB_CMD_POOL_ZERO, 0);

	return do_now(vsb, vsb_encode_pool(vsb->msg, pool, VSB_CMD_POOL_ZERO));
}

int vsb_service_zero(struct vsb *vsb, const struct vsb_service *service)
{
	int err;

	vsb_request(vsb, VSB_CMD_SERVICE_ZERO, 0);
	if (!service->family)
		return do_now(vsb, vsb_encode_string(vsb->msg,
						     VSB_A_SERVICE_OWNER,
						     service->owner));

	err = vsb_check_family(vsb, service->family);
	if (err)
		return err;

	return do_now(vsb, vsb_encode_service(vsb->msg, service, true));
}

int vsb_affinity_set(struct vsb *vsb, const struct vsb_affinity *affinity)
{
	int err;

	err = vsb_check_family(vsb, affinity->family);
	if (err)
		return err;
	vsb_request(vsb, VSB_CMD_AFFINITY_SET, 0);

	return do_now(vsb, vsb_encode_affinity(vsb->msg, affinity,
					       VSB_CMD_AFFINITY_SET));
}

int vsb_affinity_del(struct vsb *vsb, const struct vsb_affinity *affinity)
{
	int err;

	err = affinity->family ? vsb_check_family(vsb, affinity->family) : 0;
	if (err)
		return err;
	vsb_request(vsb, VSB_CMD_AFFINITY_DEL, 0);

	return do_now(vsb, vsb_encode_affinity(vsb->msg, affinity,
					       VSB_CMD_AFFINITY_DEL));
}
