// SPDX-License-Identifier: GPL-2.0
/* Owns what has to be computed again after which change. */

#include <search.h>
#include <string.h>
#include <syslog.h>

#include "model/part.h"
#include "model/explain.h"
#include "model/model.h"

/**
 * struct located - an EndpointSlice, and where it counts
 * @slice: the slice, held
 * @part: the part that has it
 */
struct located {
	struct k8s_object *slice;
	struct part *part;
};

/**
 * struct model - see model.h
 * @parts: tree of struct part by namespace and name
 * @slices: tree of struct located by namespace and name
 * @nodes: tree of Nodes, held, by name
 * @claims: all claims
 * @addresses: all addresses
 * @settings: what operators say of the node
 * @machine: the machine
 * @node: what is known of the node
 * @node_changed: whether that has to be found out again
 * @stale: list of parts whose result has to be found out again
 */
struct model {
	void *parts;
	void *slices;
	void *nodes;
	struct claims claims;
	struct addresses addresses;
	struct node_settings settings;
	struct machine machine;
	struct node node;
	bool node_changed;
	struct part *stale;
};

static int by_part_name(const void *a, const void *b)
{
	const struct part *left = a, *right = b;

	return strcmp(left->namespace, right->namespace) ?:
	       strcmp(left->name, right->name);
}

static int by_slice_name(const void *a, const void *b)
{
	const struct located *left = a, *right = b;

	return k8s_compare_names(&left->slice->meta, &right->slice->meta);
}

static int by_node_name(const void *a, const void *b)
{
	const struct k8s_object *left = a, *right = b;

	return strcmp(left->meta.name, right->meta.name);
}

static void mark_stale(struct part *part, void *arg)
{
	struct model *model = arg;

	if (part->stale)
		return;
	part->stale = true;
	part->next = model->stale;
	model->stale = part;
}

/** model_new() - a model without objects */
struct model *model_new(void)
{
	struct model *model = mem_array(1, sizeof(*model));

	model->claims.affected = mark_stale;
	model->claims.arg = model;
	model->addresses.affected = mark_stale;
	model->addresses.arg = model;
	model->settings.primary_node_ports = true;
	model->settings.external_ips = true;
	model->node_changed = true;
	return model;
}

static void free_part(void *data)
{
	struct part *part = data;

	part_forget(part);
	k8s_object_put(part->service);
	for (size_t i = 0; i < part->slices.n; i++)
		k8s_object_put(part->slices.list[i]);
	free(part->slices.list);
	free(part->namespace);
	free(part->name);
	free(part);
}

static void free_located(void *data)
{
	struct located *located = data;

	k8s_object_put(located->slice);
	free(located);
}

static void free_node(void *data)
{
	k8s_object_put(data);
}

void model_free(struct model *model)
{
	if (!model)
		return;
	claims_free(&model->claims);
	addresses_free(&model->addresses);
	tdestroy(model->slices, free_located);
	tdestroy(model->parts, free_part);
	tdestroy(model->nodes, free_node);
	free(model);
}

static struct part *find_part(const struct model *model,
			      const char *namespace, const char *name)
{
	const struct part key = {
		.namespace = (char *)namespace, .name = (char *)name,
	};
	struct part **node = tfind(&key, &model->parts, by_part_name);

	return node ? *node : NULL;
}

static struct part *get_part(struct model *model, const char *namespace,
			     const char *name)
{
	struct part *part = find_part(model, namespace, name);

	if (part)
		return part;
	part = mem_array(1, sizeof(*part));
	part->namespace = mem_strdup(namespace);
	part->name = mem_strdup(name);
	tsearch(part, &model->parts, by_part_name);
	return part;
}

static size_t count_cluster_ips(const struct part *part)
{
	return part->counts ? part->service->service.n_cluster_ips : 0;
}

static const struct ip *cluster_ip(const struct part *part, size_t i)
{
	return &part->service->service.cluster_ips[i];
}

/* Calls @each for every address that ports of a Service are claimed at. */
static void each_vip(struct model *model, const struct part *part,
		     void (*each)(struct addresses *addresses,
				  const struct ip *ip))
{
	const struct claim *claim;

	for (size_t i = 0; i < part->claims.n; i++) {
		claim = &part->claims.list[i];
		if (claim->kind == CLAIM_LOAD_BALANCER ||
		    claim->kind == CLAIM_EXTERNAL_IP)
			each(&model->addresses,
			     &(struct ip) { claim->service.family,
					    claim->service.addr });
	}
}

static void publish(struct model *model, struct part *part)
{
	for (size_t i = 0; i < part->claims.n; i++)
		claims_add(&model->claims, &part->claims.list[i]);
	each_vip(model, part, addresses_add_vip);
	for (size_t i = 0; i < count_cluster_ips(part); i++)
		addresses_add_cluster_ip(&model->addresses,
					 cluster_ip(part, i));
	for (size_t i = 0; i < part->n_addresses; i++)
		addresses_add_endpoint(&model->addresses, &part->addresses[i],
				       part);
}

/* Before an object goes: claims point into it. */
static void withdraw(struct model *model, struct part *part)
{
	for (size_t i = 0; i < part->claims.n; i++)
		claims_remove(&model->claims, &part->claims.list[i]);
	each_vip(model, part, addresses_remove_vip);
	for (size_t i = 0; i < count_cluster_ips(part); i++)
		addresses_remove_cluster_ip(&model->addresses,
					    cluster_ip(part, i));
	for (size_t i = 0; i < part->n_addresses; i++)
		addresses_remove_endpoint(&model->addresses,
					  &part->addresses[i], part);
	part_forget(part);
}

static void mark_changed(struct model *model, struct part *part)
{
	if (!part->changed)
		withdraw(model, part);
	part->changed = true;
	mark_stale(part, model);
}

static void set_service(struct model *model, const struct k8s_meta *meta,
			struct k8s_object *service)
{
	struct part *part = get_part(model, meta->namespace, meta->name);
	struct k8s_object *before = part->service;

	mark_changed(model, part);
	part->service = service ? k8s_object_get(service) : NULL;
	k8s_object_put(before);
}

static void add_to_part(struct model *model, struct k8s_object *slice)
{
	struct part *part = get_part(model, slice->meta.namespace,
				     slice->slice.service ?: "");
	struct located *located = mem_array(1, sizeof(*located));
	struct slices *slices = &part->slices;
	size_t i;

	mark_changed(model, part);
	slices->list = mem_grow(slices->list, slices->n, &part->room_slices,
				sizeof(*slices->list));
	for (i = slices->n++; i; i--) {
		if (k8s_compare_names(&slices->list[i - 1]->meta,
				      &slice->meta) < 0)
			break;
		slices->list[i] = slices->list[i - 1];
	}
	slices->list[i] = k8s_object_get(slice);
	*located = (struct located) { k8s_object_get(slice), part };
	tsearch(located, &model->slices, by_slice_name);
}

static void remove_from_part(struct model *model, struct located *located)
{
	struct slices *slices = &located->part->slices;
	size_t kept = 0;

	mark_changed(model, located->part);
	for (size_t i = 0; i < slices->n; i++)
		if (slices->list[i] != located->slice)
			slices->list[kept++] = slices->list[i];
	slices->n = kept;
	tdelete(located, &model->slices, by_slice_name);
	k8s_object_put(located->slice);
	free_located(located);
}

static void set_slice(struct model *model, const struct k8s_meta *meta,
		      struct k8s_object *slice)
{
	struct k8s_object key = { .meta = *meta };
	const struct located located = { .slice = &key };
	struct located **node = tfind(&located, &model->slices,
				      by_slice_name);

	if (node)
		remove_from_part(model, *node);
	if (slice)
		add_to_part(model, slice);
}

static struct k8s_object *find_node(const struct model *model,
				    const char *name)
{
	const struct k8s_object key = { .meta.name = name };
	struct k8s_object **node = tfind(&key, &model->nodes, by_node_name);

	return node ? *node : NULL;
}

static void set_node(struct model *model, const struct k8s_meta *meta,
		     struct k8s_object *node)
{
	struct k8s_object *before = find_node(model, meta->name);

	if (before)
		tdelete(before, &model->nodes, by_node_name);
	k8s_object_put(before);
	if (node)
		tsearch(k8s_object_get(node), &model->nodes, by_node_name);
	model->node_changed = true;
}

static void set(struct model *model, const struct k8s_object *key,
		struct k8s_object *object)
{
	switch (key->kind) {
	case K8S_SERVICE:
		return set_service(model, &key->meta, object);
	case K8S_SLICE:
		return set_slice(model, &key->meta, object);
	case K8S_NODE:
		return set_node(model, &key->meta, object);
	}
}

/**
 * model_put() - add an object, or replace that of its kind and name
 * @model: the model
 * @object: held as long as it counts
 */
void model_put(struct model *model, struct k8s_object *object)
{
	set(model, object, object);
}

/** model_gone() - take away the object of this kind and name */
void model_gone(struct model *model, const struct k8s_object *object)
{
	set(model, object, NULL);
}

/**
 * model_set_node() - say where the model is to be true
 * @model: the model
 * @settings: what operators say, copied
 * @machine: the machine, copied
 */
void model_set_node(struct model *model, const struct node_settings *settings,
		    const struct machine *machine)
{
	model->settings = *settings;
	model->machine = *machine;
	model->node_changed = true;
}

static void note_missing_node(const struct model *model,
			      struct problems *problems)
{
	const char *name = node_name(&model->settings, &model->machine);

	if (model->nodes && !find_node(model, name))
		problems_add(problems, LOG_WARNING,
			     "none of the Nodes is this one, %s (--hostname-override names it)",
			     name);
}

static void change_part(const void *node, VISIT visit, void *arg)
{
	if (visit == postorder || visit == leaf)
		mark_changed(arg, *(struct part *const *)node);
}

static void update_node(struct model *model, model_part_fn each, void *arg)
{
	const char *name = node_name(&model->settings, &model->machine);
	struct problems problems = { 0 };
	struct node before = model->node;

	if (!model->node_changed)
		return;
	model->node_changed = false;
	node_resolve(&model->node, &model->settings, &model->machine,
		     find_node(model, name), &problems);
	note_missing_node(model, &problems);
	if (!node_same(&before, &model->node))
		twalk_r(model->parts, change_part, model);
	each("", "", state_new(), &problems, arg);
}

static bool is_over(const struct part *part)
{
	return !part->service && !part->slices.n;
}

static void finish(struct model *model, struct part *part,
		   model_part_fn each, void *arg)
{
	const struct surroundings around = {
		.node = &model->node,
		.claims = &model->claims,
		.addresses = &model->addresses,
	};
	struct problems problems = { 0 };
	struct state *state = part_build(part, &around, &problems);

	part->stale = false;
	each(part->namespace, part->name, state, &problems, arg);
	if (!is_over(part))
		return;
	tdelete(part, &model->parts, by_part_name);
	free_part(part);
}

/**
 * model_update() - compute what has changed since the last call
 * @model: the model
 * @each: called for each part that may have changed
 * @arg: handed to it
 *
 * What comes of it depends on the objects that there are, not on the order
 * in which they came.
 */
void model_update(struct model *model, model_part_fn each, void *arg)
{
	struct part *part, *asked = NULL;

	update_node(model, each, arg);
	/* Publishing makes more parts stale, though none of them changed. */
	while ((part = model->stale)) {
		model->stale = part->next;
		part->next = asked;
		asked = part;
		if (!part->changed)
			continue;
		part->changed = false;
		part_ask(part, &model->node);
		publish(model, part);
	}
	while ((part = asked)) {
		asked = part->next;
		finish(model, part, each, arg);
	}
}

/** model_node() - what is known of the node since the last update */
const struct node *model_node(const struct model *model)
{
	return &model->node;
}

/**
 * model_explain() - say from what a Service's part of the state came
 * @model: the model, up to date
 * @namespace: of the Service
 * @name: of the Service
 * @out: where to
 *
 * Return: whether there is such a Service.
 */
bool model_explain(const struct model *model, const char *namespace,
		   const char *name, FILE *out)
{
	const struct surroundings around = {
		.node = &model->node,
		.claims = &model->claims,
		.addresses = &model->addresses,
	};
	const struct part *part = find_part(model, namespace, name);

	if (!part || !part->service)
		return false;
	explain_part(part, &around, out);
	return true;
}
