// SPDX-License-Identifier: GPL-2.0
/* Owns what Services and EndpointSlices mean: the desired state. */

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "base/ip.h"
#include "model/model.h"

#define SCHEDULER	"rr"
#define CLUSTER_SET	0
#define CLUSTER_MASK	(1 << CLUSTER_SET)

/**
 * struct candidate - an endpoint of a service port, as one slice has it
 * @backend: address and port
 * @endpoint: its conditions
 */
struct candidate {
	struct backend backend;
	const struct k8s_endpoint *endpoint;
};

/**
 * struct claim - a service of the desired state and whose it is
 * @service: still without its label
 * @from: which Service wants it
 * @port: for which of its ports
 */
struct claim {
	struct service service;
	const struct k8s_service *from;
	const struct k8s_port *port;
};

/**
 * struct model - a state being built
 * @state: the state; its services come last, from @claims
 * @settings: see struct model_settings
 * @problems: where to put what does not fit
 * @candidates: endpoints of the service port at hand
 * @n_candidates: how many
 * @room_candidates: how many @candidates has room for
 * @claims: all services that Services want
 * @n_claims: how many
 * @room_claims: how many @claims has room for
 */
struct model {
	struct state *state;
	const struct model_settings *settings;
	struct problems *problems;
	struct candidate *candidates;
	size_t n_candidates, room_candidates;
	struct claim *claims;
	size_t n_claims, room_claims;
};

/**
 * struct slices - the EndpointSlices of one Service
 * @list: sorted by name
 * @n: how many
 */
struct slices {
	const struct k8s_slice **list;
	size_t n;
};

/* The arguments of "%s/%s" */
#define NAMES(object) (object)->meta.namespace, (object)->meta.name

/* OBJ-1 */
static bool counts(const struct model *model,
		   const struct k8s_service *service)
{
	const char *ours = model->settings->proxy_name;

	if (service->headless || service->external_name)
		return false;
	return !service->proxy_name ||
	       (ours && !strcmp(service->proxy_name, ours));
}

/* END-1 */
static bool port_matches(const struct k8s_port *have,
			 const struct k8s_port *want)
{
	return have->name && have->port && have->protocol == want->protocol &&
	       !strcmp(have->name, want->name);
}

static void add_candidates(struct model *model, const struct k8s_slice *slice,
			   uint16_t port)
{
	for (size_t i = 0; i < slice->n_endpoints; i++) {
		const struct k8s_endpoint *endpoint = &slice->endpoints[i];

		model->candidates = mem_grow(model->candidates,
					     model->n_candidates,
					     &model->room_candidates,
					     sizeof(*model->candidates));
		model->candidates[model->n_candidates++] = (struct candidate) {
			.backend = { .addr = endpoint->addr, .port = port,
				     .weight = 1 },
			.endpoint = endpoint,
		};
	}
}

static void find_candidates(struct model *model, const struct slices *slices,
			    const struct k8s_port *port, uint16_t family)
{
	const struct k8s_slice *slice;

	model->n_candidates = 0;
	for (size_t i = 0; i < slices->n; i++) {
		slice = slices->list[i];
		if (slice->headless || slice->family != family)
			continue;
		for (size_t p = 0; p < slice->n_ports; p++)
			if (port_matches(&slice->ports[p], port))
				add_candidates(model, slice,
					       slice->ports[p].port);
	}
}

/* Of two with one address and port the better comes first. */
static int by_key(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;
	const struct k8s_endpoint *l = left->endpoint, *r = right->endpoint;

	return state_compare_backends(&left->backend, &right->backend) ?:
	       (l->terminating - r->terminating) ?: (r->ready - l->ready) ?:
	       (r->serving - l->serving);
}

/* END-1: an address and port that is there twice counts once. */
static void drop_repeated(struct model *model)
{
	struct candidate *list = model->candidates;
	size_t kept = 0;

	if (model->n_candidates < 2)
		return;
	qsort(list, model->n_candidates, sizeof(*list), by_key);
	for (size_t i = 1; i < model->n_candidates; i++)
		if (state_compare_backends(&list[kept].backend,
					   &list[i].backend))
			list[++kept] = list[i];
	model->n_candidates = kept + 1;
}

static bool any_ready(const struct model *model)
{
	for (size_t i = 0; i < model->n_candidates; i++)
		if (model->candidates[i].endpoint->ready)
			return true;
	return false;
}

/* END-2: the ready ones; if there are none, those that still serve. */
static bool is_usable(const struct k8s_endpoint *endpoint, bool ready)
{
	return ready ? endpoint->ready :
		       endpoint->serving && endpoint->terminating;
}

/* What is not usable stays in the pool, so that its connections go on. */
static void add_backends(struct model *model, struct pool *pool)
{
	bool ready = any_ready(model);

	for (size_t i = 0; i < model->n_candidates; i++) {
		const struct k8s_endpoint *endpoint =
			model->candidates[i].endpoint;
		struct backend *backend = &model->candidates[i].backend;

		if (is_usable(endpoint, ready))
			backend->sets = CLUSTER_MASK;
		else if (endpoint->terminating)
			backend->state = VSB_STATE_DRAINING;
		state_add_backend(model->state, pool, backend);
	}
}

/* All endpoints of one service port in one family. */
static const char *add_pool(struct model *model,
			    const struct k8s_service *service,
			    const struct k8s_port *port,
			    const struct slices *slices, uint16_t family)
{
	char name[VSB_NAME_MAX + 1];
	struct pool *pool;

	snprintf(name, sizeof(name), "%s/%s%s%s/%s/%c", NAMES(service),
		 *port->name ? ":" : "", port->name,
		 ip_protocol_name(port->protocol), family == AF_INET ? '4' : '6');
	pool = state_add_pool(model->state, name, family, SCHEDULER);
	find_candidates(model, slices, port, family);
	drop_repeated(model);
	add_backends(model, pool);
	return pool->name;
}

/*
 * SET-1 as long as nothing tells pods from others: the cluster set for every
 * kind of source, none masqueraded.
 */
static void route_cluster_ip(struct service *service, const char *pool)
{
	for (int i = 0; i < STATE_SOURCES; i++)
		service->routes[i] = (struct route) {
			.pool = pool,
			.set = CLUSTER_SET,
		};
}

static void add_claim(struct model *model, const struct k8s_service *from,
		      const struct k8s_port *port, const struct ip *ip,
		      const char *pool)
{
	struct claim claim = {
		.service = {
			.family = ip->family,
			.protocol = port->protocol,
			.addr = ip->addr,
			.port = port->port,
		},
		.from = from,
		.port = port,
	};

	route_cluster_ip(&claim.service, pool);
	model->claims = mem_grow(model->claims, model->n_claims,
				 &model->room_claims, sizeof(*model->claims));
	model->claims[model->n_claims++] = claim;
}

static void model_port(struct model *model, const struct k8s_service *service,
		       const struct k8s_port *port,
		       const struct slices *slices)
{
	const struct ip *ip;
	const char *pool;

	for (size_t i = 0; i < service->n_cluster_ips; i++) {
		ip = &service->cluster_ips[i];
		pool = add_pool(model, service, port, slices, ip->family);
		add_claim(model, service, port, ip, pool);
	}
}

static void note_nameless_ports(struct model *model,
				const struct slices *slices)
{
	for (size_t i = 0; i < slices->n; i++)
		for (size_t p = 0; p < slices->list[i]->n_ports; p++)
			if (!slices->list[i]->ports[p].name)
				problems_add(model->problems, LOG_NOTICE,
					     "EndpointSlice %s/%s: ports[%zu] has no name and is ignored",
					     NAMES(slices->list[i]), p);
}

static void model_service(struct model *model,
			  const struct k8s_service *service,
			  const struct slices *slices)
{
	if (!counts(model, service))
		return;
	if (!service->n_cluster_ips)
		problems_add(model->problems, LOG_NOTICE,
			     "Service %s/%s: has no clusterIP",
			     NAMES(service));
	if (!service->n_ports)
		problems_add(model->problems, LOG_NOTICE,
			     "Service %s/%s: has no ports", NAMES(service));
	note_nameless_ports(model, slices);
	for (size_t i = 0; i < service->n_ports; i++)
		model_port(model, service, &service->ports[i], slices);
}

static int compare_names(const struct k8s_meta *a, const struct k8s_meta *b)
{
	return strcmp(a->namespace, b->namespace) ?: strcmp(a->name, b->name);
}

/* By key; of claims to one key the one that wins comes first. */
static int by_precedence(const void *a, const void *b)
{
	const struct claim *left = a, *right = b;
	const struct k8s_meta *l = &left->from->meta, *r = &right->from->meta;

	return state_compare_services(&left->service, &right->service) ?:
	       (l->created > r->created) - (l->created < r->created) ?:
	       compare_names(l, r);
}

static void refuse_claim(struct model *model, const struct claim *claim,
			 const struct claim *winner)
{
	const struct service *service = &claim->service;
	char addr[IP_TEXT_MAX];

	problems_add(model->problems, LOG_WARNING,
		     "Service %s/%s: %s/%s is not served: it is Service %s/%s's",
		     NAMES(claim->from),
		     ip_print_port(service->family, &service->addr,
				   service->port, addr),
		     ip_protocol_name(service->protocol), NAMES(winner->from));
}

static void grant_claim(struct model *model, const struct claim *claim)
{
	struct service service = claim->service;
	const char *port = claim->port->name;
	char label[VSB_NAME_MAX + 1];

	snprintf(label, sizeof(label), "%s/%s%s%s", NAMES(claim->from),
		 *port ? ":" : "", port);
	service.label = label;
	state_add_service(model->state, &service);
}

static void settle_claims(struct model *model)
{
	const struct claim *winner = NULL;
	struct claim *claim = model->claims;
	struct claim *end = claim + model->n_claims;

	if (claim)
		qsort(claim, model->n_claims, sizeof(*claim), by_precedence);
	for (; claim < end; claim++) {
		if (winner && !state_compare_services(&winner->service,
						      &claim->service)) {
			refuse_claim(model, claim, winner);
			continue;
		}
		grant_claim(model, claim);
		winner = claim;
	}
}

static int by_service_name(const void *a, const void *b)
{
	const struct k8s_service *const *left = a, *const *right = b;

	return compare_names(&(*left)->meta, &(*right)->meta);
}

static int by_slice_service(const void *a, const void *b)
{
	const struct k8s_slice *const *left = a, *const *right = b;
	const struct k8s_slice *l = *left, *r = *right;

	return strcmp(l->meta.namespace, r->meta.namespace) ?:
	       strcmp(l->service ?: "", r->service ?: "") ?:
	       strcmp(l->meta.name, r->meta.name);
}

static void *sorted(const void *list, size_t n,
		    int (*compare)(const void *, const void *))
{
	void *copy = mem_array(n, sizeof(void *));

	if (!n)
		return NULL;
	memcpy(copy, list, n * sizeof(void *));
	qsort(copy, n, sizeof(void *), compare);
	return copy;
}

static void note_orphan(struct model *model, const struct k8s_slice *slice)
{
	if (slice->service)
		problems_add(model->problems, LOG_INFO,
			     "EndpointSlice %s/%s: there is no Service %s/%s",
			     NAMES(slice), slice->meta.namespace,
			     slice->service);
	else
		problems_add(model->problems, LOG_INFO,
			     "EndpointSlice %s/%s: has no label kubernetes.io/service-name",
			     NAMES(slice));
}

/* Where a slice belongs in the order of Services: before, to, after one. */
static int compare_owner(const struct k8s_slice *slice,
			 const struct k8s_service *service)
{
	return strcmp(slice->meta.namespace, service->meta.namespace) ?:
	       strcmp(slice->service ?: "", service->meta.name);
}

/* Both lists are in one order, so that each is walked once. */
static void model_all(struct model *model,
		      const struct k8s_service **services, size_t n_services,
		      const struct k8s_slice **slice, size_t n_slices)
{
	const struct k8s_slice **end = slice + n_slices;

	for (size_t i = 0; i < n_services; i++) {
		struct slices own;

		for (; slice < end && compare_owner(*slice, services[i]) < 0;
		     slice++)
			note_orphan(model, *slice);
		own.list = slice;
		while (slice < end && !compare_owner(*slice, services[i]))
			slice++;
		own.n = (size_t)(slice - own.list);
		model_service(model, services[i], &own);
	}
	for (; slice < end; slice++)
		note_orphan(model, *slice);
}

/**
 * model_build() - make the desired state
 * @view: the objects of the cluster
 * @settings: what else it depends on
 * @problems: where to put what does not fit; the rest works
 *
 * Depends on nothing but its arguments, and not on the order of objects.
 *
 * Return: the state, sorted.
 */
struct state *model_build(const struct k8s_view *view,
			  const struct model_settings *settings,
			  struct problems *problems)
{
	autofree const struct k8s_service **services =
		sorted(view->services, view->n_services, by_service_name);
	autofree const struct k8s_slice **slices =
		sorted(view->slices, view->n_slices, by_slice_service);
	struct model model = {
		.state = state_new(),
		.settings = settings,
		.problems = problems,
	};

	model_all(&model, services, view->n_services, slices, view->n_slices);
	settle_claims(&model);
	state_sort(model.state);
	free(model.candidates);
	free(model.claims);
	return model.state;
}
