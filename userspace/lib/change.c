// SPDX-License-Identifier: GPL-2.0
/* Owns the calls that change objects: each is begin, encode, send. */
#include <errno.h>

#include "internal.h"

static int change_pool(struct vsb *vsb, uint8_t command,
		       const struct vsb_pool *pool)
{
	int err;

	err = vsb_change_begin(vsb, command);
	if (!err && vsb_encode_pool(vsb->msg, pool, command) < 0)
		err = vsb_fail_size(vsb);
	if (!err)
		err = vsb_change_send(vsb);

	return vsb_change_end(vsb, err);
}

int vsb_pool_new(struct vsb *vsb, const struct vsb_pool *pool)
{
	return change_pool(vsb, VSB_CMD_POOL_NEW, pool);
}

int vsb_pool_set(struct vsb *vsb, const struct vsb_pool *pool)
{
	return change_pool(vsb, VSB_CMD_POOL_SET, pool);
}

int vsb_pool_del(struct vsb *vsb, const struct vsb_pool *pool)
{
	return change_pool(vsb, VSB_CMD_POOL_DEL, pool);
}

/**
 * struct batch - what is changed many at a time, all or none
 * @command: VSB_CMD_*
 * @family: of all of it
 * @encode: puts @n of the items, from the @first on, behind what they are of;
 *	negative where the message has no room
 * @of: what they are of
 * @items: all of them
 */
struct batch {
	uint8_t command;
	uint16_t family;
	int (*encode)(struct nl_msg *msg, const struct batch *batch,
		      size_t first, size_t n);
	const void *of, *items;
};

static int send_part(struct vsb *vsb, const struct batch *batch, size_t first,
		     size_t n)
{
	int err;

	err = vsb_change_begin(vsb, batch->command);
	if (err)
		return err;
	if (batch->encode(vsb->msg, batch, first, n) < 0)
		return vsb_fail_size(vsb);

	return vsb_change_send(vsb);
}

static int send_parts(struct vsb *vsb, const struct batch *batch, size_t n)
{
	size_t first, part;
	int err;

	err = vsb_check_family(vsb, batch->family);
	for (first = 0; !err && first < n; first += part) {
		part = n - first < VSB_ITEMS_PER_REQUEST ?
			n - first : VSB_ITEMS_PER_REQUEST;
		err = send_part(vsb, batch, first, part);
	}

	return vsb_change_end(vsb, err);
}

/* What takes several messages is all or nothing by a transaction. */
static int change_batch(struct vsb *vsb, const struct batch *batch, size_t n)
{
	int err;

	if (vsb->txn.open || n <= VSB_ITEMS_PER_REQUEST)
		return send_parts(vsb, batch, n);

	err = vsb_begin(vsb);
	if (err)
		return err;

	/* A refusal stays with the transaction, and commit tells of it. */
	send_parts(vsb, batch, n);

	return vsb_commit(vsb, NULL, NULL);
}

static int encode_backends(struct nl_msg *msg, const struct batch *batch,
			   size_t first, size_t n)
{
	const struct vsb_backend *backends = batch->items;

	return vsb_encode_backends(msg, batch->of, backends + first, n,
				   batch->command == VSB_CMD_BACKEND_DEL);
}

static int change_backends(struct vsb *vsb, uint8_t command,
			   const struct vsb_pool *pool,
			   const struct vsb_backend *backends, size_t n)
{
	const struct batch batch = {
		.command = command,
		.family = pool->family,
		.encode = encode_backends,
		.of = pool,
		.items = backends,
	};

	return change_batch(vsb, &batch, n);
}

int vsb_backends_new(struct vsb *vsb, const struct vsb_pool *pool,
		     const struct vsb_backend *backends, size_t n)
{
	return change_backends(vsb, VSB_CMD_BACKEND_NEW, pool, backends, n);
}

int vsb_backends_set(struct vsb *vsb, const struct vsb_pool *pool,
		     const struct vsb_backend *backends, size_t n)
{
	return change_backends(vsb, VSB_CMD_BACKEND_SET, pool, backends, n);
}

int vsb_backends_del(struct vsb *vsb, const struct vsb_pool *pool,
		     const struct vsb_backend *backends, size_t n)
{
	return change_backends(vsb, VSB_CMD_BACKEND_DEL, pool, backends, n);
}

static int change_service(struct vsb *vsb, uint8_t command,
			  const struct vsb_service *service)
{
	bool key_only = command == VSB_CMD_SERVICE_DEL;
	int err;

	err = vsb_check_family(vsb, service->family);
	if (!err)
		err = vsb_change_begin(vsb, command);
	if (!err && vsb_encode_service(vsb->msg, service, key_only) < 0)
		err = vsb_fail_size(vsb);
	if (!err)
		err = vsb_change_send(vsb);

	return vsb_change_end(vsb, err);
}

int vsb_service_new(struct vsb *vsb, const struct vsb_service *service)
{
	return change_service(vsb, VSB_CMD_SERVICE_NEW, service);
}

int vsb_service_set(struct vsb *vsb, const struct vsb_service *service)
{
	return change_service(vsb, VSB_CMD_SERVICE_SET, service);
}

int vsb_service_del(struct vsb *vsb, const struct vsb_service *service)
{
	return change_service(vsb, VSB_CMD_SERVICE_DEL, service);
}

static int encode_ranges(struct nl_msg *msg, const struct batch *batch,
			 size_t first, size_t n)
{
	const struct vsb_cidr *cidrs = batch->items;

	return vsb_encode_ranges(msg, batch->of, cidrs + first, n);
}

static int change_ranges(struct vsb *vsb, uint8_t command,
			 const struct vsb_service *service,
			 const struct vsb_cidr *cidrs, size_t n)
{
	const struct batch batch = {
		.command = command,
		.family = service->family,
		.encode = encode_ranges,
		.of = service,
		.items = cidrs,
	};

	return change_batch(vsb, &batch, n);
}

int vsb_ranges_new(struct vsb *vsb, const struct vsb_service *service,
		   const struct vsb_cidr *cidrs, size_t n)
{
	return change_ranges(vsb, VSB_CMD_RANGE_NEW, service, cidrs, n);
}

int vsb_ranges_del(struct vsb *vsb, const struct vsb_service *service,
		   const struct vsb_cidr *cidrs, size_t n)
{
	return change_ranges(vsb, VSB_CMD_RANGE_DEL, service, cidrs, n);
}

int vsb_config_set(struct vsb *vsb, const struct vsb_config *config)
{
	int err;

	err = vsb_change_begin(vsb, VSB_CMD_CONFIG_SET);
	if (!err && vsb_encode_config(vsb->msg, config) < 0)
		err = vsb_fail_size(vsb);
	if (!err)
		err = vsb_change_send(vsb);

	return vsb_change_end(vsb, err);
}

int vsb_flush(struct vsb *vsb, const char *owner)
{
	int err;

	err = vsb_change_begin(vsb, VSB_CMD_FLUSH);
	if (!err && vsb_encode_string(vsb->msg, VSB_A_FLUSH_OWNER, owner) < 0)
		err = vsb_fail_size(vsb);
	if (!err)
		err = vsb_change_send(vsb);

	return vsb_change_end(vsb, err);
}
