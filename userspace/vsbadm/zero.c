// SPDX-License-Identifier: GPL-2.0
/* Owns zero: statistics of pools and services set to 0, at once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vsbadm.h"

static int zero_pool(struct session *session, const char *name)
{
	const struct vsb_pool pool = {
		.name = name, .owner = session->options.owner,
	};
	char what[VSB_NAME_MAX + 8] = "pools";

	if (!vsb_pool_zero(session->vsb, &pool))
		return 0;
	if (name)
		snprintf(what, sizeof(what), "pool %s", name);

	return session_refused(session, what);
}

/* With a family of 0, all services of the owner. */
static int zero_service(struct session *session, const struct vsb_service *key)
{
	char name[SERVICE_MAX], what[SERVICE_MAX + 8] = "services";
	struct vsb_service service = *key;

	service.owner = session->options.owner;
	if (!vsb_service_zero(session->vsb, &service))
		return 0;
	if (key->family)
		snprintf(what, sizeof(what), "service %s",
			 format_service(name, key));

	return session_refused(session, what);
}

static int zero_noun(struct session *session, const char *noun,
		     const char *name, const struct vsb_service *service)
{
	return strcmp(noun, "pool") ? zero_service(session, service) :
				      zero_pool(session, name);
}

/* What the words name; a service's key is stored. */
static int parse_zero(int n, char **words, const char **name,
		      struct vsb_service *service)
{
	if (n > 3)
		return bad("\"%s\": not expected here", words[3]);
	if (n < 3)
		return 0;

	return strcmp(words[0], "pool") ? parse_service(words[2], service) :
					  parse_name("pool", words[2], name);
}

/**
 * zero() - "pool zero [NAME]" and "service zero [NAME]"
 * @options: of the command line
 * @n: how many words
 * @words: noun, "zero", and perhaps a name; without, all of the owner's
 *
 * Return: 0 or an exit code, after complaining.
 */
int zero(const struct options *options, int n, char **words)
{
	struct vsb_service service = { .family = 0 };
	const char *name = NULL;
	struct session session;
	int status;

	status = parse_zero(n, words, &name, &service);
	if (status)
		return status;

	status = session_open(&session, options);
	if (!status)
		status = zero_noun(&session, words[0], name, &service);
	session_close(&session);

	return status;
}

/**
 * struct pools - where a service sends connections
 * @found: whether the service is there
 * @names: of its pools, once each
 * @n: how many
 */
struct pools {
	bool found;
	char *names[3];
	size_t n;
};

static int add_pool(struct pools *pools, const char *name)
{
	size_t i;

	for (i = 0; i < pools->n; i++)
		if (!strcmp(pools->names[i], name))
			return 0;
	if (i == ARRAY_SIZE(pools->names))
		return -EINVAL;
	pools->names[i] = strdup(name);
	if (!pools->names[i])
		return -ENOMEM;
	pools->n++;

	return 0;
}

static int take_pools(const struct vsb_service *service, void *arg)
{
	struct pools *pools = arg;
	unsigned int i;
	int err = 0;

	pools->found = true;
	for (i = 0; !err && i < service->n_routes; i++)
		err = add_pool(pools, service->routes[i].pool);

	return err;
}

static int find_pools(struct session *session, const struct vsb_service *key,
		      struct pools *pools)
{
	const struct vsb_service filter = service_filter(key);
	char name[SERVICE_MAX];

	if (vsb_services_each(session->vsb, &filter, take_pools, pools))
		return session_refused(session, "listing");
	if (!pools->found)
		return complain(EXIT_REFUSED, "service %s: no such service",
				format_service(name, key));

	return 0;
}

static int note_pool(const struct vsb_pool *pool, void *arg)
{
	bool *found = arg;

	(void)pool;
	*found = true;

	return 0;
}

/* Another owner's pool, which a service may use, keeps its statistics. */
static int zero_own_pool(struct session *session, const char *name)
{
	const struct vsb_pool own = {
		.name = name, .owner = session->options.owner,
	};
	bool found = false;

	if (vsb_pools_each(session->vsb, &own, note_pool, &found))
		return session_refused(session, "listing");

	return found ? zero_pool(session, name) : 0;
}

static int zero_one(struct session *session, const struct vsb_service *key)
{
	struct pools pools = { .n = 0 };
	size_t i;
	int status;

	status = find_pools(session, key, &pools);
	if (!status)
		status = zero_service(session, key);
	for (i = 0; i < pools.n; i++) {
		if (!status)
			status = zero_own_pool(session, pools.names[i]);
		free(pools.names[i]);
	}

	return status;
}

static int zero_all(struct session *session)
{
	const struct vsb_service all = { .family = 0 };

	return zero_service(session, &all) ?: zero_pool(session, NULL);
}

/**
 * zero_virtual() - -Z: the statistics of a service, of those of its pools that
 *	are its owner's, and of their backends
 * @options: of the command line
 * @only: the service, or NULL for all that the owner has
 *
 * Return: 0 or an exit code, after complaining.
 */
int zero_virtual(const struct options *options,
		 const struct vsb_service *only)
{
	struct session session;
	int status;

	status = session_open(&session, options);
	if (!status)
		status = only ? zero_one(&session, only) : zero_all(&session);
	session_close(&session);

	return status;
}
