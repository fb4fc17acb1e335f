// SPDX-License-Identifier: GPL-2.0
/* Owns doing: a change to the calls of libvsb that make it. */
#include <string.h>

#include "vsbadm.h"

static int make_pool(struct vsb *vsb, const struct change *change)
{
	switch (change->verb) {
	case VERB_ADD:
		return vsb_pool_new(vsb, &change->pool);
	case VERB_CHANGE:
		return vsb_pool_set(vsb, &change->pool);
	default:
		return vsb_pool_del(vsb, &change->pool);
	}
}

static int make_backend(struct vsb *vsb, const struct change *change)
{
	switch (change->verb) {
	case VERB_ADD:
		return vsb_backends_new(vsb, &change->pool, &change->backend,
					1);
	case VERB_CHANGE:
		return vsb_backends_set(vsb, &change->pool, &change->backend,
					1);
	default:
		return vsb_backends_del(vsb, &change->pool, &change->backend,
					1);
	}
}

static int make_service(struct vsb *vsb, const struct change *change)
{
	switch (change->verb) {
	case VERB_ADD:
		return vsb_service_new(vsb, &change->service);
	case VERB_CHANGE:
		return vsb_service_set(vsb, &change->service);
	default:
		return vsb_service_del(vsb, &change->service);
	}
}

static int make_range(struct vsb *vsb, const struct change *change)
{
	if (change->verb == VERB_ADD)
		return vsb_ranges_new(vsb, &change->service, change->ranges,
				      change->n_ranges);

	return vsb_ranges_del(vsb, &change->service, change->ranges,
			      change->n_ranges);
}

/* A service is made after its pool and goes before it. */
static int make_virtual(struct vsb *vsb, const struct change *change)
{
	switch (change->verb) {
	case VERB_ADD:
		return make_pool(vsb, change) ?: make_service(vsb, change);
	case VERB_CHANGE:
		return make_pool(vsb, change);
	default:
		return make_service(vsb, change) ?: make_pool(vsb, change);
	}
}

/**
 * make_change() - make a change within the transaction that is open
 * @session: the session
 * @change: the change; gets the session's owner
 *
 * Return: what libvsb returned.
 */
int make_change(struct session *session, struct change *change)
{
	const char *owner = session->options.owner;

	change->pool.owner = owner;
	change->service.owner = owner;

	switch (change->noun) {
	case NOUN_POOL:
		return make_pool(session->vsb, change);
	case NOUN_BACKEND:
	case NOUN_REAL:
		return make_backend(session->vsb, change);
	case NOUN_SERVICE:
		return make_service(session->vsb, change);
	case NOUN_RANGE:
		return make_range(session->vsb, change);
	case NOUN_VIRTUAL:
		return make_virtual(session->vsb, change);
	case NOUN_CONFIG:
		return vsb_config_set(session->vsb, &change->config);
	default:
		return vsb_flush(session->vsb, owner);
	}
}

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	const char *at = list;

	while ((at = strstr(at, word))) {
		if ((at == list || at[-1] == ' ') &&
		    (!at[len] || at[len] == ' '))
			return true;
		at += len;
	}

	return false;
}

/**
 * check_scheduler() - whether the module has the scheduler of a change
 * @session: the session
 * @change: the change
 *
 * Return: 0 or EXIT_REFUSED, after complaining.
 */
int check_scheduler(const struct session *session, const struct change *change)
{
	const char *name = change->pool.scheduler;

	if (!name || has_word(session->info.schedulers, name))
		return 0;

	return complain(EXIT_REFUSED,
			"scheduler \"%s\"%s: the module does not have it; it has: %s",
			name, change->default_scheduler ?
			" (ipvsadm's default where -s is left out)" : "",
			session->info.schedulers);
}

/**
 * describe() - what a change is about, for a complaint
 * @buf: where to write it
 * @size: room there
 * @change: the change
 */
void describe(char *buf, size_t size, const struct change *change)
{
	char service[SERVICE_MAX], backend[ENDPOINT_MAX];

	switch (change->noun) {
	case NOUN_POOL:
		snprintf(buf, size, "pool %s", change->pool.name);
		break;
	case NOUN_BACKEND:
	case NOUN_REAL:
		format_endpoint(backend, change->pool.family,
				&change->backend.addr, change->backend.port);
		snprintf(buf, size, "%s %s of %s %s",
			 change->noun == NOUN_REAL ? "server" : "backend",
			 backend,
			 change->noun == NOUN_REAL ? "service" : "pool",
			 change->pool.name);
		break;
	case NOUN_SERVICE:
	case NOUN_VIRTUAL:
		snprintf(buf, size, "service %s",
			 format_service(service, &change->service));
		break;
	case NOUN_RANGE:
		snprintf(buf, size, "ranges of service %s",
			 format_service(service, &change->service));
		break;
	case NOUN_CONFIG:
		snprintf(buf, size, "config");
		break;
	case NOUN_FLUSH:
		snprintf(buf, size, "flush");
		break;
	}
}
