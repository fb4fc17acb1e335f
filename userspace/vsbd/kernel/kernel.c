// SPDX-License-Identifier: GPL-2.0
/* Owns the way to the kernel: its state read, changes made whole. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/ip.h"
#include "kernel/kernel.h"
#include "kernel/show.h"

const struct kernel_calls kernel_libvsb = {
	.open = vsb_open,
	.close = vsb_close,
	.error = vsb_error,
	.failed_change = vsb_failed_change,
	.info_get = vsb_info_get,
	.begin = vsb_begin,
	.abort = vsb_abort,
	.commit = vsb_commit,
	.pool_new = vsb_pool_new,
	.pool_set = vsb_pool_set,
	.pool_del = vsb_pool_del,
	.backends_new = vsb_backends_new,
	.backends_set = vsb_backends_set,
	.backends_del = vsb_backends_del,
	.service_new = vsb_service_new,
	.service_set = vsb_service_set,
	.service_del = vsb_service_del,
	.ranges_new = vsb_ranges_new,
	.ranges_del = vsb_ranges_del,
	.config_get = vsb_config_get,
	.config_set = vsb_config_set,
	.pools_each = vsb_pools_each,
	.backends_each = vsb_backends_each,
	.services_each = vsb_services_each,
	.ranges_each = vsb_ranges_each,
};

/** kernel_close() - end the connection; the next call makes a new one */
void kernel_close(struct kernel *kernel)
{
	if (kernel->vsb)
		kernel->calls->close(kernel->vsb);
	kernel->vsb = NULL;
}

static void explain(struct kernel *kernel, const char *what, int err)
{
	const char *why = kernel->vsb ? kernel->calls->error(kernel->vsb) :
					strerror(-err);

	snprintf(kernel->error, sizeof(kernel->error), "%s%s", what, why);
}

/* Ends the connection: the module may have gone and come back. */
static int fail(struct kernel *kernel, const char *what, int err)
{
	explain(kernel, what, err);
	kernel_close(kernel);
	return err;
}

static int open_once(struct kernel *kernel)
{
	int err;

	if (kernel->vsb)
		return 0;
	kernel->connection++;
	err = kernel->calls->open(&kernel->vsb);
	return err ? fail(kernel, "", err) : 0;
}

/**
 * struct listed - a backend of a listing
 * @pool: index of its pool
 * @backend: the backend
 */
struct listed {
	size_t pool;
	struct backend backend;
};

/**
 * struct listed_range - a source range of a listing
 * @service: key of its service
 * @range: the range
 */
struct listed_range {
	struct service service;
	struct vsb_cidr range;
};

/**
 * struct reading - a state that is being read
 * @state: gets pools and services at once, backends and ranges in the end
 * @backends: the backends
 * @n: how many
 * @room: how many @backends has room for
 * @ranges: the source ranges
 * @n_ranges: how many
 * @room_ranges: how many @ranges has room for
 */
struct reading {
	struct state *state;
	struct listed *backends;
	size_t n, room;
	struct listed_range *ranges;
	size_t n_ranges, room_ranges;
};

static int take_pool(const struct vsb_pool *pool, void *arg)
{
	struct reading *reading = arg;
	struct pool *copy;

	copy = state_add_pool(reading->state, pool->name, pool->family,
			      pool->scheduler ?: "");
	copy->sched_flags = pool->sched_flags;
	copy->table_size = pool->table_size;
	copy->affinity_timeout = pool->affinity_timeout;
	copy->affinity_prefix_len = pool->affinity_prefix_len;
	return 0;
}

/* Backends come by pool, mostly. */
static const struct pool *find_pool(const struct reading *reading,
				    const char *name)
{
	const struct state *state = reading->state;
	const struct pool *last;

	if (reading->n) {
		last = &state->pools[reading->backends[reading->n - 1].pool];
		if (!strcmp(last->name, name))
			return last;
	}
	return state_find_pool(state, name);
}

static int take_backend(const struct vsb_pool *pool,
			const struct vsb_backend *backend, void *arg)
{
	struct reading *reading = arg;
	const struct pool *found = find_pool(reading, pool->name);

	/* It came after the pools were listed: the generation will not fit. */
	if (!found)
		return 0;
	reading->backends = mem_grow(reading->backends, reading->n,
				     &reading->room,
				     sizeof(*reading->backends));
	reading->backends[reading->n++] = (struct listed) {
		.pool = (size_t)(found - reading->state->pools),
		.backend = {
			.addr = ip_only(pool->family, &backend->addr),
			.port = backend->port,
			.weight = (uint16_t)backend->weight,
			.state = (uint8_t)backend->state,
			.sets = (uint8_t)backend->sets,
			.limited = backend->upper || backend->lower,
		},
	};
	return 0;
}

static void take_route(struct service *service, const struct vsb_route *route)
{
	for (int i = 0; i < STATE_SOURCES; i++)
		if (route->sources & 1u << i)
			service->routes[i] = (struct route) {
				.pool = route->pool,
				.set = (uint8_t)route->set,
				.masquerade = route->masquerade,
			};
}

static struct service key_of(const struct vsb_service *service)
{
	return (struct service) {
		.kind = (uint8_t)service->kind,
		.family = service->family,
		.protocol = service->protocol,
		.port = service->port,
		.mark = service->mark,
		.addr = ip_only(service->family, &service->addr),
	};
}

static int take_service(const struct vsb_service *service, void *arg)
{
	struct reading *reading = arg;
	struct service copy = key_of(service);

	copy.label = service->label ?: "";
	copy.elsewhere = (uint8_t)service->elsewhere;
	copy.flags = service->flags;
	for (int i = 0; i < STATE_SOURCES; i++)
		copy.routes[i].pool = "";
	for (unsigned int i = 0; i < service->n_routes; i++)
		take_route(&copy, &service->routes[i]);
	state_add_service(reading->state, &copy);
	return 0;
}

static int take_range(const struct vsb_service *service,
		      const struct vsb_cidr *cidr, void *arg)
{
	struct reading *reading = arg;

	reading->ranges = mem_grow(reading->ranges, reading->n_ranges,
				   &reading->room_ranges,
				   sizeof(*reading->ranges));
	reading->ranges[reading->n_ranges++] = (struct listed_range) {
		.service = key_of(service),
		.range = {
			.family = cidr->family,
			.addr = ip_only(cidr->family, &cidr->addr),
			.prefix_len = cidr->prefix_len,
		},
	};
	return 0;
}

static int list_all(struct kernel *kernel, struct reading *reading)
{
	const struct vsb_pool pool = { .owner = kernel->owner };
	const struct vsb_service service = { .owner = kernel->owner };
	const struct kernel_calls *calls = kernel->calls;
	int err;

	err = calls->pools_each(kernel->vsb, &pool, take_pool, reading);
	if (err)
		return err;
	/* From here on the pools stay where they are. */
	state_sort(reading->state);
	err = calls->backends_each(kernel->vsb, &pool, take_backend, reading);
	err = err ?: calls->services_each(kernel->vsb, &service, take_service,
					  reading);
	return err ?: calls->ranges_each(kernel->vsb, &service, take_range,
					 reading);
}

static int by_pool(const void *a, const void *b)
{
	const struct listed *left = a, *right = b;

	return (left->pool > right->pool) - (left->pool < right->pool);
}

static int by_service(const void *a, const void *b)
{
	const struct listed_range *left = a, *right = b;

	return state_compare_services(&left->service, &right->service);
}

/* Both are in one order then; a range without a service came in between. */
static void fill_services(struct reading *reading)
{
	struct state *state = reading->state;
	struct listed_range *listed = reading->ranges;
	size_t s = 0;
	int order;

	if (listed)
		qsort(listed, reading->n_ranges, sizeof(*listed), by_service);
	for (size_t i = 0; i < reading->n_ranges && s < state->n_services;) {
		order = state_compare_services(&state->services[s],
					       &listed[i].service);
		if (!order)
			state_add_range(state, &state->services[s],
					&listed[i].range);
		s += order < 0;
		i += order >= 0;
	}
}

static void fill_pools(struct reading *reading)
{
	struct state *state = reading->state;
	struct listed *listed = reading->backends;

	if (listed)
		qsort(listed, reading->n, sizeof(*listed), by_pool);
	for (size_t i = 0; i < reading->n; i++)
		state_add_backend(state, &state->pools[listed[i].pool],
				  &listed[i].backend);
}

static void fill(struct reading *reading)
{
	fill_pools(reading);
	state_sort(reading->state);
	fill_services(reading);
	state_sort(reading->state);
}

/**
 * kernel_read() - read the owner's pools and services
 * @kernel: the kernel
 * @state: where to store them, held once
 * @generation: where to store the kernel's generation before the reading: a
 *	commit that expects it is refused if anything has changed meanwhile
 *
 * Return: 0, or a negative errno value with kernel->error set.
 */
int kernel_read(struct kernel *kernel, struct state **state,
		uint32_t *generation)
{
	struct reading reading = { 0 };
	struct vsb_info info;
	int err;

	*state = NULL;
	err = open_once(kernel);
	if (err)
		return err;
	reading.state = state_new();
	err = kernel->calls->info_get(kernel->vsb, &info) ?:
	      list_all(kernel, &reading);
	fill(&reading);
	free(reading.backends);
	free(reading.ranges);
	if (err) {
		state_put(reading.state);
		return fail(kernel, "the kernel's state can't be read: ",
			    err);
	}
	*generation = info.generation;
	*state = reading.state;
	return 0;
}

static struct vsb_pool pool_of(const struct kernel *kernel,
			       const struct pool *pool)
{
	return (struct vsb_pool) {
		.name = pool->name,
		.owner = kernel->owner,
		.scheduler = pool->scheduler,
		.family = pool->family,
		.given = VSB_POOL_SCHED_FLAGS | VSB_POOL_TABLE_SIZE |
			 VSB_POOL_AFFINITY_TIMEOUT |
			 VSB_POOL_AFFINITY_PREFIX_LEN,
		.sched_flags = pool->sched_flags,
		.table_size = pool->table_size,
		.affinity_timeout = pool->affinity_timeout,
		.affinity_prefix_len = pool->affinity_prefix_len,
	};
}

/* Joins the kinds of source that are routed alike. */
static void add_route(struct vsb_service *service, const struct route *route,
		      uint32_t source)
{
	struct vsb_route *same;

	for (unsigned int i = 0; i < service->n_routes; i++) {
		same = &service->routes[i];
		if (same->set == route->set &&
		    same->masquerade == route->masquerade &&
		    !strcmp(same->pool, route->pool)) {
			same->sources |= source;
			return;
		}
	}
	service->routes[service->n_routes++] = (struct vsb_route) {
		.sources = source,
		.pool = route->pool,
		.set = route->set,
		.masquerade = route->masquerade,
	};
}

static struct vsb_service service_of(const struct kernel *kernel,
				     const struct service *service)
{
	struct vsb_service copy = {
		.kind = service->kind,
		.family = service->family,
		.protocol = service->protocol,
		.addr = service->addr,
		.port = service->port,
		.mark = service->mark,
		.owner = kernel->owner,
		.label = service->label,
		.given = VSB_SERVICE_ELSEWHERE | VSB_SERVICE_FLAGS,
		.elsewhere = service->elsewhere,
		.flags = service->flags,
	};

	for (int i = 0; i < STATE_SOURCES; i++)
		add_route(&copy, &service->routes[i], 1u << i);
	return copy;
}

static int send_backends(struct kernel *kernel, const struct change *change)
{
	const struct vsb_pool pool = pool_of(kernel, change->pool);
	/* A new one has no thresholds. */
	const uint32_t thresholds = change->kind == BACKENDS_SET ?
		VSB_BACKEND_UPPER | VSB_BACKEND_LOWER : 0;
	autofree struct vsb_backend *list =
		mem_array(change->n, sizeof(*list));

	for (size_t i = 0; i < change->n; i++)
		list[i] = (struct vsb_backend) {
			.addr = change->backends[i].addr,
			.port = change->backends[i].port,
			.given = VSB_BACKEND_WEIGHT | VSB_BACKEND_STATE |
				 VSB_BACKEND_SETS | thresholds,
			.weight = change->backends[i].weight,
			.state = change->backends[i].state,
			.sets = change->backends[i].sets,
		};
	if (change->kind == BACKENDS_DEL)
		return kernel->calls->backends_del(kernel->vsb, &pool, list,
						   change->n);
	if (change->kind == BACKENDS_SET)
		return kernel->calls->backends_set(kernel->vsb, &pool, list,
						   change->n);
	return kernel->calls->backends_new(kernel->vsb, &pool, list,
					   change->n);
}

static int send_pool(struct kernel *kernel, const struct change *change)
{
	const struct vsb_pool pool = pool_of(kernel, change->pool);

	if (change->kind == POOL_DEL)
		return kernel->calls->pool_del(kernel->vsb, &pool);
	if (change->kind == POOL_SET)
		return kernel->calls->pool_set(kernel->vsb, &pool);
	return kernel->calls->pool_new(kernel->vsb, &pool);
}

static int send_service(struct kernel *kernel, const struct change *change)
{
	const struct vsb_service service = service_of(kernel, change->service);

	if (change->kind == SERVICE_DEL)
		return kernel->calls->service_del(kernel->vsb, &service);
	if (change->kind == SERVICE_SET)
		return kernel->calls->service_set(kernel->vsb, &service);
	return kernel->calls->service_new(kernel->vsb, &service);
}

static int send_ranges(struct kernel *kernel, const struct change *change)
{
	const struct vsb_service service = service_of(kernel, change->service);

	if (change->kind == RANGES_DEL)
		return kernel->calls->ranges_del(kernel->vsb, &service,
						 change->ranges, change->n);
	return kernel->calls->ranges_new(kernel->vsb, &service, change->ranges,
					 change->n);
}

static int send_change(struct kernel *kernel, const struct change *change)
{
	if (change->service)
		return change->n ? send_ranges(kernel, change) :
				   send_service(kernel, change);
	return change->n ? send_backends(kernel, change) :
			   send_pool(kernel, change);
}

static int send_all(struct kernel *kernel, const struct diff *diff,
		    uint32_t *generation, long *refused)
{
	int err = kernel->calls->begin(kernel->vsb);

	for (size_t i = 0; i < diff->n && !err; i++)
		err = send_change(kernel, &diff->list[i]);
	if (err)
		return err;
	err = kernel->calls->commit(kernel->vsb, generation, generation);
	if (err && err != -EAGAIN)
		*refused = KERNEL_COMMIT;
	return err;
}

/* Where nothing was refused it is the connection that is bad. */
static int fail_apply(struct kernel *kernel, const struct diff *diff, int err,
		      long *refused)
{
	long index = kernel->calls->failed_change(kernel->vsb);
	char name[SHOW_NAME_MAX], what[SHOW_NAME_MAX + 2] = "";

	if (index >= 0 && (size_t)index < diff->n) {
		snprintf(what, sizeof(what), "%s: ",
			 show_name(&diff->list[index], name));
		*refused = index;
	}
	if (*refused == KERNEL_NO_CHANGE && err != -EAGAIN)
		return fail(kernel, what, err);
	explain(kernel, what, err);
	kernel->calls->abort(kernel->vsb);
	return err;
}

/**
 * kernel_apply() - make changes, all or none
 * @kernel: the kernel, whose state has been read
 * @diff: the changes
 * @generation: the generation that they were made for; becomes the new one
 * @refused: where to store the index of the change that was refused, or
 *	KERNEL_COMMIT where the kernel names none, or KERNEL_NO_CHANGE
 *
 * Return: 0, -EAGAIN where the generation is another, or the negative errno
 *	value of a refusal, with kernel->error set.
 */
int kernel_apply(struct kernel *kernel, const struct diff *diff,
		 uint32_t *generation, long *refused)
{
	int err = open_once(kernel);

	*refused = KERNEL_NO_CHANGE;
	if (err)
		return err;
	err = send_all(kernel, diff, generation, refused);
	return err ? fail_apply(kernel, diff, err, refused) : 0;
}

/**
 * kernel_generation() - which generation is in force
 * @kernel: the kernel
 * @generation: where to store it
 *
 * Return: 0, or a negative errno value with kernel->error set.
 */
int kernel_generation(struct kernel *kernel, uint32_t *generation)
{
	struct vsb_info info;
	int err = open_once(kernel);

	if (err)
		return err;
	err = kernel->calls->info_get(kernel->vsb, &info);
	if (err)
		return fail(kernel, "", err);
	*generation = info.generation;
	return 0;
}

/** kernel_get_config() - read the settings of the network namespace */
int kernel_get_config(struct kernel *kernel, struct vsb_config *config)
{
	int err = open_once(kernel);

	if (err)
		return err;
	err = kernel->calls->config_get(kernel->vsb, config);
	return err ? fail(kernel, "the kernel's settings can't be read: ",
			  err) : 0;
}

/** kernel_set_config() - change those settings that are given */
int kernel_set_config(struct kernel *kernel, const struct vsb_config *config)
{
	int err = open_once(kernel);

	if (err)
		return err;
	err = kernel->calls->config_set(kernel->vsb, config);
	if (err)
		explain(kernel, "settings are refused: ", err);
	return err;
}
