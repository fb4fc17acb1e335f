// SPDX-License-Identifier: GPL-2.0
/* Owns dumps: read whole, again where a commit came between, then told; but for
 * connections, which no commit changes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/**
 * struct listing - the messages of a dump, as they came
 * @buf: one behind the other
 * @len: bytes used
 * @size: bytes there
 */
struct listing {
	char *buf;
	size_t len, size;
};

static void listing_free(struct listing *listing)
{
	free(listing->buf);
}

#define cleanup_listing __attribute__((cleanup(listing_free)))

static int keep(const struct nlmsghdr *reply, void *arg)
{
	struct listing *listing = arg;
	size_t len = NLMSG_ALIGN(reply->nlmsg_len);
	size_t size = listing->size ? listing->size : 64 * 1024;
	char *buf;

	while (size - listing->len < len)
		size *= 2;
	if (size != listing->size) {
		buf = realloc(listing->buf, size);
		if (!buf)
			return -ENOMEM;
		listing->buf = buf;
		listing->size = size;
	}
	memcpy(listing->buf + listing->len, reply, reply->nlmsg_len);
	listing->len += len;

	return 0;
}

/* Dumps what the handle's message asks for. */
static int dump(struct vsb *vsb, struct listing *listing)
{
	int tries, err;

	for (tries = 0; tries < VSB_DUMP_TRIES; tries++) {
		listing->len = 0;
		err = vsb_ask(vsb, keep, listing);
		if (err)
			return err;
		if (!vsb->interrupted)
			return 0;
	}

	return vsb_fail(vsb, -EINTR,
			"the configuration changed %d times while it was being listed",
			VSB_DUMP_TRIES);
}

/* A listing may be larger than the int that nlmsg_next() counts with. */
static const struct nlmsghdr *next(const struct listing *listing, size_t *at)
{
	const struct nlmsghdr *nlh;

	if (*at == listing->len)
		return NULL;
	nlh = (const struct nlmsghdr *)(listing->buf + *at);
	*at += NLMSG_ALIGN(nlh->nlmsg_len);

	return nlh;
}

static int garbled(struct vsb *vsb)
{
	return vsb_fail(vsb, -EBADMSG,
			"the kernel sent something that is not understood; is the module of another version?");
}

/* An error of the caller's own; what it means only the caller knows. */
static int ended(struct vsb *vsb, int err)
{
	return err ? vsb_fail(vsb, err, "listing: %s", strerror(-err)) : 0;
}

static int dump_all(struct vsb *vsb, int encoded, struct listing *listing)
{
	if (encoded < 0)
		return vsb_fail_size(vsb);

	return dump(vsb, listing);
}

int vsb_pools_each(struct vsb *vsb, const struct vsb_pool *filter,
		   int (*each)(const struct vsb_pool *pool, void *arg),
		   void *arg)
{
	cleanup_listing struct listing listing = { 0 };
	const struct nlmsghdr *nlh;
	struct vsb_pool pool;
	size_t at = 0;
	int err = 0;

	vsb_request(vsb, VSB_CMD_POOL_GET, NLM_F_DUMP);
	if (filter)
		err = vsb_encode_pool(vsb->msg, filter, VSB_CMD_POOL_GET);
	err = dump_all(vsb, err, &listing);

	while (!err && (nlh = next(&listing, &at)))
		err = vsb_decode_pool(nlh, &pool) ?
			garbled(vsb) : ended(vsb, each(&pool, arg));

	return err;
}

int vsb_backends_each(struct vsb *vsb, const struct vsb_pool *filter,
		      int (*each)(const struct vsb_pool *pool,
				  const struct vsb_backend *backend,
				  void *arg),
		      void *arg)
{
	cleanup_listing struct listing listing = { 0 };
	const struct nlmsghdr *nlh;
	struct vsb_backend backend;
	struct vsb_pool pool;
	size_t at = 0;
	int err = 0;

	vsb_request(vsb, VSB_CMD_BACKEND_GET, NLM_F_DUMP);
	if (filter)
		err = vsb_encode_backends(vsb->msg, filter, NULL, 0, true);
	err = dump_all(vsb, err, &listing);

	while (!err && (nlh = next(&listing, &at)))
		err = vsb_decode_backend(nlh, &pool, &backend) ?
			garbled(vsb) :
			ended(vsb, each(&pool, &backend, arg));

	return err;
}

int vsb_services_each(struct vsb *vsb, const struct vsb_service *filter,
		      int (*each)(const struct vsb_service *service,
				  void *arg),
		      void *arg)
{
	cleanup_listing struct listing listing = { 0 };
	const struct nlmsghdr *nlh;
	struct vsb_service service;
	size_t at = 0;
	int err = 0;

	vsb_request(vsb, VSB_CMD_SERVICE_GET, NLM_F_DUMP);
	if (filter)
		err = vsb_encode_service_filter(vsb->msg, filter);
	err = dump_all(vsb, err, &listing);

	while (!err && (nlh = next(&listing, &at)))
		err = vsb_decode_service(nlh, &service) ?
			garbled(vsb) : ended(vsb, each(&service, arg));

	return err;
}

int vsb_ranges_each(struct vsb *vsb, const struct vsb_service *filter,
		    int (*each)(const struct vsb_service *service,
				const struct vsb_cidr *cidr, void *arg),
		    void *arg)
{
	cleanup_listing struct listing listing = { 0 };
	const struct nlmsghdr *nlh;
	struct vsb_service service;
	struct vsb_cidr cidr;
	size_t at = 0;
	int err = 0;

	vsb_request(vsb, VSB_CMD_RANGE_GET, NLM_F_DUMP);
	if (filter)
		err = vsb_encode_service_filter(vsb->msg, filter);
	err = dump_all(vsb, err, &listing);

	while (!err && (nlh = next(&listing, &at)))
		err = vsb_decode_range(nlh, &service, &cidr) ?
			garbled(vsb) : ended(vsb, each(&service, &cidr, arg));

	return err;
}

int vsb_affinity_each(struct vsb *vsb, const struct vsb_affinity *filter,
		      int (*each)(const struct vsb_affinity *affinity,
				  void *arg),
		      void *arg)
{
	cleanup_listing struct listing listing = { 0 };
	const struct nlmsghdr *nlh;
	struct vsb_affinity affinity;
	size_t at = 0;
	int err = 0;

	vsb_request(vsb, VSB_CMD_AFFINITY_GET, NLM_F_DUMP);
	if (filter)
		err = vsb_encode_affinity(vsb->msg, filter,
					  VSB_CMD_AFFINITY_GET);
	err = dump_all(vsb, err, &listing);

	while (!err && (nlh = next(&listing, &at)))
		err = vsb_decode_affinity(nlh, &affinity) ?
			garbled(vsb) : ended(vsb, each(&affinity, arg));

	return err;
}

/**
 * struct telling - connections on their way to a caller
 * @each: what the caller wants called
 * @arg: handed to @each
 * @garbled: one was not understood
 * @err: what @each returned
 */
struct telling {
	int (*each)(const struct vsb_connection *connection, void *arg);
	void *arg;
	bool garbled;
	int err;
};

/* After an error the rest is read, and not told. */
static int tell_connection(const struct nlmsghdr *nlh, void *arg)
{
	struct telling *telling = arg;
	struct vsb_connection connection;

	if (telling->garbled || telling->err)
		return 0;
	telling->garbled = vsb_decode_connection(nlh, &connection);
	if (!telling->garbled)
		telling->err = telling->each(&connection, telling->arg);

	return 0;
}

/* No commit makes this listing begin again, so that none of it is kept. */
int vsb_connections_each(struct vsb *vsb, const struct vsb_pool *filter,
			 int (*each)(const struct vsb_connection *connection,
				     void *arg),
			 void *arg)
{
	struct telling telling = { .each = each, .arg = arg };
	int err;

	vsb_request(vsb, VSB_CMD_CONNECTION_GET, NLM_F_DUMP);
	if (filter && vsb_encode_connection_filter(vsb->msg, filter))
		return vsb_fail_size(vsb);
	err = vsb_ask(vsb, tell_connection, &telling);
	if (err)
		return err;

	return telling.garbled ? garbled(vsb) : ended(vsb, telling.err);
}
