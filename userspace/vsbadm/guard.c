// SPDX-License-Identifier: GPL-2.0
/*
 * Owns what ipvsadm's commands may touch: services that have a private pool,
 * of this owner. Others look like ipvsadm's in a listing and are not.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vsbadm.h"

/**
 * struct guarded - a service of the kernel
 * @name: as format_service() has it
 * @pool: where it sends connections from outside
 * @owner: its owner
 * @private: whether that is its private pool, as ipvsadm's -A makes it
 * @gone: the script has taken it away
 */
struct guarded {
	char name[SERVICE_MAX];
	char *pool;
	char *owner;
	bool private, gone;
};

/**
 * struct guard - services that there were before the changes
 * @only: where there is one change, which has to find its service
 * @owner: who changes
 */
struct guard {
	struct guarded *services;
	size_t n, size;
	const struct change *only;
	const char *owner;
};

/* What ipvsadm can say of a service: one pool, its first set, as it comes. */
static bool plain(const struct vsb_service *service)
{
	const struct vsb_route *route = &service->routes[0];

	return service->n_routes == 1 && !route->set && !route->masquerade;
}

static const char *pool_from_outside(const struct vsb_service *service)
{
	const struct vsb_route *route = state_route(service,
						    VSB_SOURCE_OUTSIDE);

	return route ? route->pool : "";
}

static int grow(struct guard *guard)
{
	size_t size = guard->size ? 2 * guard->size : 64;
	void *services;

	if (guard->n < guard->size)
		return 0;
	services = reallocarray(guard->services, size,
				sizeof(*guard->services));
	if (!services)
		return -ENOMEM;
	guard->services = services;
	guard->size = size;

	return 0;
}

static int add_service(const struct vsb_service *service, void *arg)
{
	struct guard *guard = arg;
	struct guarded *guarded;

	if (grow(guard))
		return -ENOMEM;

	guarded = &guard->services[guard->n++];
	format_service(guarded->name, service);
	guarded->pool = strdup(pool_from_outside(service));
	guarded->owner = strdup(service->owner ? service->owner : "");
	if (!guarded->pool || !guarded->owner)
		return -ENOMEM;
	guarded->gone = false;
	guarded->private = plain(service) &&
			   !strcmp(guarded->pool, guarded->name) &&
			   !strcmp(guarded->owner, guard->owner);

	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct guarded *)a)->name,
		      ((const struct guarded *)b)->name);
}

static int has_name(const void *name, const void *guarded)
{
	return strcmp(name, ((const struct guarded *)guarded)->name);
}

static struct guarded *find(const struct guard *guard, const char *name)
{
	return guard->n ? bsearch(name, guard->services, guard->n,
				  sizeof(*guard->services), has_name) : NULL;
}

/* A pool that others use too, or another owner's, is nobody's private one. */
static int look_at_pool(const struct vsb_pool *pool, void *arg)
{
	struct guard *guard = arg;
	struct guarded *guarded = find(guard, pool->name);

	if (guarded && (pool->users != 1 || !pool->owner ||
			strcmp(pool->owner, guard->owner)))
		guarded->private = false;

	return 0;
}

static int load(struct session *session, struct guard *guard)
{
	const struct change *only = guard->only;
	const struct vsb_pool pools = { .name = only ? only->pool.name : NULL };
	struct vsb_service services = { .family = 0 };
	int err;

	if (only)
		services = service_filter(&only->service);
	err = vsb_services_each(session->vsb, &services, add_service, guard);
	if (err)
		return err;
	if (guard->n)
		qsort(guard->services, guard->n, sizeof(*guard->services),
		      by_name);

	return vsb_pools_each(session->vsb, &pools, look_at_pool, guard);
}

/**
 * guard_load() - look at the services that there are
 * @session: the session
 * @only: the change, where there is just one, or NULL
 * @guard: to be freed whatever this returns
 *
 * Return: 0 or EXIT_REFUSED, after complaining.
 */
int guard_load(struct session *session, const struct change *only,
	       struct guard **guard)
{
	*guard = calloc(1, sizeof(**guard));
	if (!*guard)
		return complain(EXIT_REFUSED, "out of memory");
	(*guard)->only = only;
	(*guard)->owner = session->options.owner;

	return load(session, *guard) ? session_refused(session, "listing") : 0;
}

/* "--owner NAME " where the object is another's. */
static void as_owner(char *buf, size_t size, const struct guard *guard,
		     const struct guarded *guarded)
{
	buf[0] = '\0';
	if (strcmp(guard->owner, guarded->owner))
		snprintf(buf, size, "--owner %s ", guarded->owner);
}

/* Names the command that does what was wanted. */
static int not_private(const struct guard *guard, const struct change *change,
		       const struct guarded *guarded)
{
	char owner[VSB_NAME_MAX + 16], command[2 * VSB_NAME_MAX];

	if (change->noun == NOUN_REAL)
		snprintf(command, sizeof(command),
			 "backend %s %s ADDRESS:PORT", verb_names[change->verb],
			 guarded->pool);
	else if (change->verb == VERB_CHANGE)
		snprintf(command, sizeof(command),
			 "pool change %s scheduler NAME", guarded->pool);
	else
		snprintf(command, sizeof(command), "service del %s",
			 guarded->name);

	as_owner(owner, sizeof(owner), guard, guarded);

	return complain(EXIT_REFUSED, "service %s: %s%s; use: vsbadm %s%s",
			guarded->name,
			*owner ? "belongs to owner " : "has no pool of its own",
			*owner ? guarded->owner : "", owner, command);
}

/* What a script takes away may be made again behind that. */
static void forget(struct guard *guard, const char *name)
{
	struct guarded *guarded = find(guard, name);

	if (guarded)
		guarded->gone = true;
}

static void forget_all(struct guard *guard)
{
	size_t i;

	for (i = 0; i < guard->n; i++)
		if (!strcmp(guard->services[i].owner, guard->owner))
			guard->services[i].gone = true;
}

static int check_virtual(struct guard *guard, const struct change *change)
{
	bool add = change->noun == NOUN_VIRTUAL && change->verb == VERB_ADD;
	struct guarded *guarded = find(guard, change->pool.name);

	if (guarded && !guarded->gone) {
		if (add)
			return complain(EXIT_REFUSED,
					"service %s: exists already, owner %s",
					guarded->name, guarded->owner);
		if (!guarded->private)
			return not_private(guard, change, guarded);
		return 0;
	}

	/* In a script an earlier line may have made it: the kernel will say. */
	if (guard->only && !add)
		return complain(EXIT_REFUSED, "service %s: no such service",
				change->pool.name);

	return 0;
}

/**
 * guard_check() - whether a change may be made; if so it is taken as made
 * @guard: the services that there are, or NULL where nothing is to be guarded
 * @change: the change
 *
 * Return: 0 or EXIT_REFUSED, after complaining.
 */
int guard_check(struct guard *guard, const struct change *change)
{
	char name[SERVICE_MAX];
	int status = 0;

	if (!guard)
		return 0;
	if (change->noun == NOUN_REAL || change->noun == NOUN_VIRTUAL)
		status = check_virtual(guard, change);
	if (status)
		return status;

	if (change->noun == NOUN_FLUSH)
		forget_all(guard);
	if (change->verb == VERB_DEL && (change->noun == NOUN_VIRTUAL ||
					 change->noun == NOUN_SERVICE))
		forget(guard, format_service(name, &change->service));

	return 0;
}

void guard_free(struct guard *guard)
{
	size_t i;

	if (!guard)
		return;
	for (i = 0; i < guard->n; i++) {
		free(guard->services[i].pool);
		free(guard->services[i].owner);
	}
	free(guard->services);
	free(guard);
}
