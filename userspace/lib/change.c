// SPDX-License-Identifier: GPL-2.0
/* Owns the calls that change objects: each is begin, encode, send. */
#include <errno.h>

#include "internal.h"

static int too_large(struct vsb *vsb)
{
	return vsb_fail(vsb, -EMSGSIZE, "the request does not fit a message");
}

static int check_family(struct vsb *vsb, uint16_t family)
{
	if (vsb_addr_len(family))
		return 0;

	return vsb_fail(vsb, -EAFNOSUPPORT,
			"family: must be AF_INET or AF_INET6");
}

static int change_pool(struct vsb *vsb, uint8_t command,
		       const struct vsb_pool *pool)
{
	int err;

	err = vsb_change_begin(vsb, command);
	if (!err && vsb_encode_pool(vsb->msg, pool, command) < 0)
		err = too_large(vsb);
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

static int send_backends(struct vsb *vsb, uint8_t command,
			 const struct vsb_pool *pool,
			 const struct vsb_backend *backends, size_t n)
{
	bool key_only = command == VSB_CMD_BACKEND_DEL;
	int err;

	err = vsb_change_begin(vsb, command);
	if (err)
		return err;
	if (vsb_encode_backends(vsb->msg, pool, backends, n, key_only) < 0)
		return too_large(vsb);

	return vsb_change_send(vsb);
}

static int change_backends(struct vsb *vsb, uint8_t command,
			   const struct vsb_pool *pool,
			   const struct vsb_backend *backends, size_t n)
{
	size_t part;
	int err;

	err = check_family(vsb, pool->family);
	while (!err && n) {
		part = n < VSB_BACKENDS_PER_REQUEST ? n :
						      VSB_BACKENDS_PER_REQUEST;
		err = send_backends(vsb, command, pool, backends, part);
		backends += part;
		n -= part;
	}

	return vsb_change_end(vsb, err);
}

/* What takes several messages is all or nothing by a transaction. */
static int change_all_backends(struct vsb *vsb, uint8_t command,
			       const struct vsb_pool *pool,
			       const struct vsb_backend *backends, size_t n)
{
	int err;

	if (vsb->txn.open || n <= VSB_BACKENDS_PER_REQUEST)
		return change_backends(vsb, command, pool, backends, n);

	err = vsb_begin(vsb);
	if (err)
		return err;

	/* A refusal stays with the transaction, and commit tells of it. */
	change_backends(vsb, command, pool, backends, n);

	return vsb_commit(vsb, NULL, NULL);
}

int vsb_backends_new(struct vsb *vsb, const struct vsb_pool *pool,
		     const struct vsb_backend *backends, size_t n)
{
	return change_all_backends(vsb, VSB_CMD_BACKEND_NEW, pool, backends, n);
}

int vsb_backends_set(struct vsb *vsb, const struct vsb_pool *pool,
		     const struct vsb_backend *backends, size_t n)
{
	return change_all_backends(vsb, VSB_CMD_BACKEND_SET, pool, backends, n);
}

int vsb_backends_del(struct vsb *vsb, const struct vsb_pool *pool,
		     const struct vsb_backend *backends, size_t n)
{
	return change_all_backends(vsb, VSB_CMD_BACKEND_DEL, pool, backends, n);
}

static int change_service(struct vsb *vsb, uint8_t command,
			  const struct vsb_service *service)
{
	bool key_only = command == VSB_CMD_SERVICE_DEL;
	int err;

	err = check_family(vsb, service->family);
	if (!err)
		err = vsb_change_begin(vsb, command);
	if (!err && vsb_encode_service(vsb->msg, service, key_only) < 0)
		err = too_large(vsb);
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

int vsb_config_set(struct vsb *vsb, const struct vsb_config *config)
{
	int err;

	err = vsb_change_begin(vsb, VSB_CMD_CONFIG_SET);
	if (!err && vsb_encode_config(vsb->msg, config) < 0)
		err = too_large(vsb);
	if (!err)
		err = vsb_change_send(vsb);

	return vsb_change_end(vsb, err);
}

int vsb_flush(struct vsb *vsb, const char *owner)
{
	int err;

	err = vsb_change_begin(vsb, VSB_CMD_FLUSH);
	if (!err && vsb_encode_string(vsb->msg, VSB_A_FLUSH_OWNER, owner) < 0)
		err = too_large(vsb);
	if (!err)
		err = vsb_change_send(vsb);

	return vsb_change_end(vsb, err);
}
