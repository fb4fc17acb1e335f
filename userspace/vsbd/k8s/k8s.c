// SPDX-License-Identifier: GPL-2.0
/* Owns how long Kubernetes objects live, and their names. */

#include <string.h>

#include "k8s/k8s.h"

/** k8s_object_new() - an object of zeroes, held once */
struct k8s_object *k8s_object_new(enum k8s_kind kind)
{
	struct k8s_object *object = mem_array(1, sizeof(*object));

	object->kind = kind;
	object->refs = 1;
	return object;
}

struct k8s_object *k8s_object_get(struct k8s_object *object)
{
	object->refs++;
	return object;
}

/** k8s_object_put() - hold an object, or NULL, once less */
void k8s_object_put(struct k8s_object *object)
{
	if (!object || --object->refs)
		return;
	arena_free(&object->arena);
	free(object);
}

const char *k8s_kind_name(enum k8s_kind kind)
{
	static const char *const names[] = {
		[K8S_SERVICE] = "Service",
		[K8S_SLICE] = "EndpointSlice",
		[K8S_NODE] = "Node",
	};

	return names[kind];
}

/** k8s_service_has() - whether a Service has a cluster IP of a family */
bool k8s_service_has(const struct k8s_service *service, uint16_t family)
{
	for (size_t i = 0; i < service->n_cluster_ips; i++)
		if (service->cluster_ips[i].family == family)
			return true;
	return false;
}

/** k8s_compare_names() - order two objects of one kind */
int k8s_compare_names(const struct k8s_meta *a, const struct k8s_meta *b)
{
	return strcmp(a->namespace, b->namespace) ?: strcmp(a->name, b->name);
}

/** k8s_list_add() - add an object, and with it the hold on it */
void k8s_list_add(struct k8s_list *list, struct k8s_object *object)
{
	list->list = mem_grow(list->list, list->n, &list->room,
			      sizeof(*list->list));
	list->list[list->n++] = object;
}

void k8s_list_free(struct k8s_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		k8s_object_put(list->list[i]);
	free(list->list);
	*list = (struct k8s_list) { 0 };
}
