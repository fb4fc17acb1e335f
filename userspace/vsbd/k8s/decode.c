// SPDX-License-Identifier: GPL-2.0
/* Owns which kinds of objects are read, alone or in lists. */

#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "base/log.h"
#include "k8s/decode.h"
#include "k8s/decode_parts.h"

static int add_service(struct decoder *d, const struct field *object,
		       struct k8s_objects *objects)
{
	struct k8s_service service;
	int err = decode_service(d, object, &service);

	if (err)
		return err;
	objects->services = mem_grow(objects->services, objects->n_services,
				     &objects->room_services, sizeof(service));
	objects->services[objects->n_services++] = service;
	return 0;
}

static int add_slice(struct decoder *d, const struct field *object,
		     struct k8s_objects *objects)
{
	struct k8s_slice slice;
	int err = decode_slice(d, object, &slice);

	if (err)
		return err;
	objects->slices = mem_grow(objects->slices, objects->n_slices,
				   &objects->room_slices, sizeof(slice));
	objects->slices[objects->n_slices++] = slice;
	return 0;
}

/**
 * struct kind - what can stand in a document
 * @kind: its name
 * @version: apiVersion
 * @add: reads one and keeps it; NULL for a list
 * @items: what a list's items are that do not say it, or NULL
 */
struct kind {
	const char *kind;
	const char *version;
	int (*add)(struct decoder *d, const struct field *object,
		   struct k8s_objects *objects);
	const struct kind *items;
};

static const struct kind kinds[] = {
	{ "Service", "v1", add_service, NULL },
	{ "EndpointSlice", "discovery.k8s.io/v1", add_slice, NULL },
	{ "List", "v1", NULL, NULL },
	{ "ServiceList", "v1", NULL, &kinds[0] },
	{ "EndpointSliceList", "discovery.k8s.io/v1", NULL, &kinds[1] },
};

/* @kind stays NULL where the object is none of ours. */
static int find_kind(struct decoder *d, const struct field *object,
		     const struct kind **kind)
{
	const struct field name = field_member(object, "kind");
	const struct field version = field_member(object, "apiVersion");
	const char *name_text = "", *version_text = "";
	int err = field_need_text(d, &name, &name_text) ?:
		  field_need_text(d, &version, &version_text);

	if (err)
		return err;
	for (size_t i = 0; i < ARRAY_SIZE(kinds) && !*kind; i++)
		if (!strcmp(kinds[i].kind, name_text) &&
		    !strcmp(kinds[i].version, version_text))
			*kind = &kinds[i];
	if (!*kind)
		log_line(LOG_DEBUG, "ignored: a %s of %s", name_text,
			 version_text);
	return 0;
}

static int add_item(struct decoder *d, const struct field *item,
		    const struct kind *implied, struct k8s_objects *objects)
{
	const struct kind *kind = NULL;
	int err = 0;

	if (!json_is_object(item->value))
		return field_bad_type(d, item, "an object");
	if (implied && !json_object_get(item->value, "kind"))
		kind = implied;
	else
		err = find_kind(d, item, &kind);
	if (err || !kind)
		return err;
	return kind->add ? kind->add(d, item, objects) :
			   field_bad(d, item, "is a list in a list");
}

static int add_list(struct decoder *d, const struct field *list,
		    const struct kind *implied, struct k8s_objects *objects)
{
	const struct field items = field_member(list, "items");
	size_t n = 0;
	int err = field_get_list(d, &items, &n);

	for (size_t i = 0; i < n && !err; i++) {
		const struct field item = field_element(&items, i);

		err = add_item(d, &item, implied, objects);
	}
	return err;
}

/**
 * decode_object() - read an object, or a list of objects
 * @json: a Service, an EndpointSlice or a list of these; other kinds are
 *	ignored
 * @objects: to which they are added
 * @error: where to store what is wrong
 *
 * Return: 0, or -EINVAL; then @objects may have got some of a list.
 */
int decode_object(const json_t *json, struct k8s_objects *objects,
		  struct field_error *error)
{
	struct decoder d = { .arena = &objects->arena, .error = error };
	const struct field object = { .value = json };
	const struct kind *kind = NULL;
	int err;

	if (!json_is_object(json))
		return field_bad_type(&d, &object, "an object");
	err = find_kind(&d, &object, &kind);
	if (err || !kind)
		return err;
	return kind->add ? kind->add(&d, &object, objects) :
			   add_list(&d, &object, kind->items, objects);
}
