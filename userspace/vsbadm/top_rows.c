// SPDX-License-Identifier: GPL-2.0
/* Owns top's rows: what is in them, which there are, and their order. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "top.h"

/* The one place that knows where rates are. */
static void take_rates(struct top_row *row, bool counted,
		       const struct vsb_stats *stats)
{
	row->counted = counted;
	row->values[TOP_CONNECTIONS] = stats->rate_connections;
	row->values[TOP_PACKETS_IN] = stats->rate_packets_in;
	row->values[TOP_PACKETS_OUT] = stats->rate_packets_out;
	row->values[TOP_BYTES_IN] = stats->rate_bytes_in;
	row->values[TOP_BYTES_OUT] = stats->rate_bytes_out;
}

/**
 * struct walk - a walk over a service's backends
 * @next: where to look
 * @left: how many are left there
 * @set: of the pool
 */
struct walk {
	const struct state_backend *next;
	size_t left;
	uint32_t set;
};

static struct walk walk_begin(const struct state *state,
			      const struct vsb_service *service)
{
	const struct vsb_route *route = state_route(service, VSB_SOURCE_OUTSIDE);
	const struct state_pool *pool;

	pool = route ? state_pool(state, route->pool) : NULL;
	if (!pool)
		return (struct walk){ .left = 0 };

	return (struct walk){
		.next = &state->backends[pool->first],
		.left = pool->n,
		.set = route->set,
	};
}

static const struct vsb_backend *walk_next(struct walk *walk)
{
	const struct vsb_backend *backend;

	while (walk->left) {
		walk->left--;
		backend = &walk->next++->backend;
		if (backend->sets & 1U << walk->set)
			return backend;
	}

	return NULL;
}

static void make_backend(struct top_row *row, const struct top_row *service,
			 const struct vsb_backend *backend)
{
	*row = (struct top_row){
		.service = service->service,
		.backend = backend,
		.values[TOP_ACTIVE] = backend->active,
		.values[TOP_INACTIVE] = state_inactive(backend),
		.values[TOP_WEIGHT] = backend->weight,
	};
	take_rates(row, backend->given & VSB_BACKEND_STATS, &backend->stats);
}

static bool is_toggled(const struct top_view *view,
		       const struct vsb_service *service)
{
	size_t i;

	for (i = 0; i < view->n_toggled; i++)
		if (state_same_service(&view->toggled[i], service))
			return true;

	return false;
}

static void make_service(struct top_row *row, const struct state *state,
			 const struct top_view *view,
			 const struct vsb_service *service)
{
	struct walk walk = walk_begin(state, service);
	const struct vsb_backend *backend;

	*row = (struct top_row){
		.service = service,
		.expanded = view->all != is_toggled(view, service),
	};
	take_rates(row, service->given & VSB_SERVICE_STATS, &service->stats);
	while ((backend = walk_next(&walk))) {
		row->backends++;
		row->values[TOP_ACTIVE] += backend->active;
		row->values[TOP_INACTIVE] += state_inactive(backend);
	}
}

static bool matches(const struct top_view *view,
		    const struct vsb_service *service)
{
	char name[SERVICE_MAX];

	return strcasestr(format_service(name, service), view->filter) ||
	       (service->label && strcasestr(service->label, view->filter));
}

/* The state has them sorted by name; what is equal stays as it is there. */
static int by_name(const struct top_row *a, const struct top_row *b)
{
	if (a->service != b->service)
		return a->service < b->service ? -1 : 1;

	return (a->backend > b->backend) - (a->backend < b->backend);
}

static int by_column(const void *a, const void *b, void *arg)
{
	const struct top_row *x = a, *y = b;
	const struct top_view *view = arg;
	uint64_t i = x->values[view->sort], j = y->values[view->sort];
	int order = (i < j) - (i > j);

	if (view->sort == TOP_NAME)
		order = by_name(x, y);
	if (view->reverse)
		order = -order;

	return order ? order : by_name(x, y);
}

static void sort(struct top_row *rows, size_t n, const struct top_view *view)
{
	if (n)
		qsort_r(rows, n, sizeof(*rows), by_column, (void *)view);
}

static size_t make_services(const struct state *state,
			    const struct top_view *view, struct top_row *rows)
{
	size_t i, n = 0;

	for (i = 0; i < state->n_services; i++)
		if (matches(view, &state->services[i]))
			make_service(&rows[n++], state, view,
				     &state->services[i]);
	sort(rows, n, view);

	return n;
}

/* How many rows there are with those of backends. */
static size_t count_rows(const struct top_row *services, size_t n)
{
	size_t i, all = n;

	for (i = 0; i < n; i++)
		if (services[i].expanded)
			all += services[i].backends;

	return all;
}

static void add_service(const struct state *state, const struct top_view *view,
			const struct top_row *service, struct top_rows *rows)
{
	struct walk walk = walk_begin(state, service->service);
	const struct vsb_backend *backend;
	size_t first;

	rows->rows[rows->n++] = *service;
	if (!service->expanded)
		return;

	first = rows->n;
	while ((backend = walk_next(&walk)))
		make_backend(&rows->rows[rows->n++], service, backend);
	sort(rows->rows + first, rows->n - first, view);
}

/**
 * top_rows_make() - the rows that a view has of a state
 * @state: the state, which has to stay as long as the rows
 * @view: the view
 * @rows: to be freed by top_rows_free()
 *
 * Return: 0 or -ENOMEM.
 */
int top_rows_make(const struct state *state, const struct top_view *view,
		  struct top_rows *rows)
{
	struct top_row *services;
	size_t i, n;

	*rows = (struct top_rows){ .n = 0 };
	services = calloc(state->n_services + 1, sizeof(*services));
	if (!services)
		return -ENOMEM;
	n = make_services(state, view, services);

	rows->rows = calloc(count_rows(services, n) + 1, sizeof(*rows->rows));
	for (i = 0; rows->rows && i < n; i++)
		add_service(state, view, &services[i], rows);
	rows->services = n;
	free(services);

	return rows->rows ? 0 : -ENOMEM;
}

void top_rows_free(struct top_rows *rows)
{
	free(rows->rows);
	*rows = (struct top_rows){ .n = 0 };
}

/* A key stays when what it was copied from is gone. */
static struct vsb_service key_of(const struct vsb_service *service)
{
	struct vsb_service key = *service;

	key.owner = NULL;
	key.label = NULL;
	key.n_routes = 0;

	return key;
}

/** top_place_of() - what a row is about */
void top_place_of(const struct top_row *row, struct top_place *place)
{
	*place = (struct top_place){ .service = key_of(row->service) };
	if (!row->backend)
		return;
	place->backend = true;
	place->addr = row->backend->addr;
	place->port = row->backend->port;
}

static bool is_at(const struct top_row *row, const struct top_place *place)
{
	size_t len = place->service.family == AF_INET ?
		     sizeof(place->addr.in4) : sizeof(place->addr.in6);

	if (!state_same_service(row->service, &place->service) ||
	    !row->backend != !place->backend)
		return false;

	return !row->backend || (row->backend->port == place->port &&
				 !memcmp(&row->backend->addr, &place->addr,
					 len));
}

/**
 * top_rows_find() - where a place is now
 * @rows: the rows
 * @place: the place
 * @otherwise: where to be if it is not there any more
 *
 * Return: the row's index; 0 where there are no rows.
 */
size_t top_rows_find(const struct top_rows *rows,
		     const struct top_place *place, size_t otherwise)
{
	size_t i;

	for (i = 0; i < rows->n; i++)
		if (is_at(&rows->rows[i], place))
			return i;
	if (otherwise < rows->n)
		return otherwise;

	return rows->n ? rows->n - 1 : 0;
}

/**
 * top_toggle() - expand a service, or no longer
 * @view: the view
 * @service: the service
 *
 * Return: 0 or -ENOMEM.
 */
int top_toggle(struct top_view *view, const struct vsb_service *service)
{
	struct vsb_service *toggled;
	size_t i;

	for (i = 0; i < view->n_toggled; i++) {
		if (!state_same_service(&view->toggled[i], service))
			continue;
		view->toggled[i] = view->toggled[--view->n_toggled];
		return 0;
	}

	toggled = reallocarray(view->toggled, view->n_toggled + 1,
			       sizeof(*toggled));
	if (!toggled)
		return -ENOMEM;
	view->toggled = toggled;
	toggled[view->n_toggled++] = key_of(service);

	return 0;
}

/** top_toggle_all() - expand all services, or none */
void top_toggle_all(struct top_view *view)
{
	view->all = !view->all;
	view->n_toggled = 0;
}

/**
 * top_number() - a number in at most six columns
 * @buf: holds TOP_NUMBER_MAX bytes
 * @value: the number
 *
 * Return: @buf; from 100,000 on two or three digits with K, M, G and so on,
 *	which are powers of a thousand.
 */
char *top_number(char *buf, uint64_t value)
{
	static const char units[] = "KMGTPE";
	const char *unit = units;
	unsigned int tenths;

	if (value < 100000) {
		snprintf(buf, TOP_NUMBER_MAX, "%u", (unsigned int)value);
		return buf;
	}
	for (; value >= 1000000; value /= 1000)
		unit++;
	tenths = value / 100;
	if (tenths < 1000)
		snprintf(buf, TOP_NUMBER_MAX, "%u.%u%c", tenths / 10,
			 tenths % 10, *unit);
	else
		snprintf(buf, TOP_NUMBER_MAX, "%u%c", tenths / 10, *unit);

	return buf;
}
