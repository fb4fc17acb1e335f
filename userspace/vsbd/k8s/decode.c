// SPDX-License-Identifier: GPL-2.0
/* Owns which kinds of objects are read, alone or in lists. */

#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "base/log.h"
#include "k8s/decode.h"
#include "k8s/decode_parts.h"

/**
 * struct kind - what can stand in a document
 * @kind: its name
 * @version: apiVersion
 * @as: which of ours it is
 * @decode: reads one; NULL for a list
 * @items: what a list's items are that do not say it, or NULL
 */
struct kind {
	const char *kind;
	const char *version;
	enum k8s_kind as;
	int (*decode)(struct decoder *d, const struct field *object,
		      struct k8s_object *to);
	const struct kind *items;
};

static const struct kind kinds[] = {
	{ "Service", "v1", K8S_SERVICE, decode_service, NULL },
	{ "EndpointSlice", "discovery.k8s.io/v1", K8S_SLICE, decode_slice,
	  NULL },
	{ "Node", "v1", K8S_NODE, decode_node, NULL },
	{ "List", "v1", 0, NULL, NULL },
	{ "ServiceList", "v1", 0, NULL, &kinds[0] },
	{ "EndpointSliceList", "discovery.k8s.io/v1", 0, NULL, &kinds[1] },
	{ "NodeList", "v1", 0, NULL, &kinds[2] },
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

static int add_object(const struct field *object, const struct kind *kind,
		      struct k8s_list *list, struct field_error *error)
{
	struct k8s_object *decoded = k8s_object_new(kind->as);
	struct decoder d = { .arena = &decoded->arena, .error = error };
	int err = kind->decode(&d, object, decoded);

	if (err)
		k8s_object_put(decoded);
	else
		k8s_list_add(list, decoded);
	return err;
}

static int add_item(struct decoder *d, const struct field *item,
		    const struct kind *implied, struct k8s_list *list)
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
	return kind->decode ? add_object(item, kind, list, d->error) :
			      field_bad(d, item, "is a list in a list");
}

static int add_items(struct decoder *d, const struct field *object,
		     const struct kind *implied, struct k8s_list *list)
{
	const struct field items = field_member(object, "items");
	size_t n = 0;
	int err = field_get_list(d, &items, &n);

	for (size_t i = 0; i < n && !err; i++) {
		const struct field item = field_element(&items, i);

		err = add_item(d, &item, implied, list);
	}
	return err;
}

/**
 * decode_object() - read an object, or a list of objects
 * @json: a Service, an EndpointSlice, a Node or a list of these; other kinds
 *	are ignored
 * @list: to which they are added
 * @error: where to store what is wrong
 *
 * Return: 0, or -EINVAL; then @list may have got some of a list.
 */
int decode_object(const json_t *json, struct k8s_list *list,
		  struct field_error *error)
{
	struct decoder d = { .error = error };
	const struct field object = { .value = json };
	const struct kind *kind = NULL;
	int err;

	if (!json_is_object(json))
		return field_bad_type(&d, &object, "an object");
	err = find_kind(&d, &object, &kind);
	if (err || !kind)
		return err;
	return kind->decode ? add_object(&object, kind, list, error) :
			      add_items(&d, &object, kind->items, list);
}
