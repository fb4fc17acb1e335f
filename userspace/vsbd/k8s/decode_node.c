// SPDX-License-Identifier: GPL-2.0
/* Owns how a Node is read. */

#include <string.h>

#include "k8s/decode_parts.h"

/* An API server takes anything for an address here. */
static int add_address(struct decoder *d, const struct field *field,
		       const char *wanted, struct k8s_node *node)
{
	const struct field type = field_member(field, "type");
	const struct field address = field_member(field, "address");
	const char *type_text = "", *text = "";
	int err;

	if (!json_is_object(field->value))
		return field_bad_type(d, field, "an object");
	err = field_get_text(d, &type, &type_text) ?:
	      field_get_text(d, &address, &text);
	if (err || strcmp(type_text, wanted))
		return err;
	if (ip_parse(text, &node->addresses[node->n_addresses]))
		node->n_addresses++;
	else if (!node->bad_address)
		node->bad_address = arena_strdup(d->arena, text);
	return 0;
}

/* Addresses of other types are names. */
static int decode_node_addresses(struct decoder *d, const struct field *object,
				 struct k8s_node *node)
{
	static const char *const types[] = { "InternalIP", "ExternalIP" };
	const struct field status = field_member(object, "status");
	const struct field list = field_member(&status, "addresses");
	size_t n = 0;
	int err = field_get_object(d, &status) ?: field_get_list(d, &list, &n);

	if (err)
		return err;
	node->addresses = arena_array(d->arena, n, sizeof(*node->addresses));
	for (size_t type = 0; type < ARRAY_SIZE(types); type++) {
		for (size_t i = 0; i < n; i++) {
			const struct field field = field_element(&list, i);

			err = add_address(d, &field, types[type], node);
			if (err)
				return err;
		}
	}
	return 0;
}

/* podCIDRs is the truth; old objects have podCIDR, its first, alone. */
static int decode_pod_cidrs(struct decoder *d, const struct field *spec,
			    struct k8s_node *node)
{
	const struct field single = field_member(spec, "podCIDR");
	const struct field list = field_member(spec, "podCIDRs");
	const char *text = "";
	int err = decode_cidrs(d, &list, &node->pod_cidrs, &node->n_pod_cidrs);

	err = err ?: field_get_text(d, &single, &text);
	if (err || node->n_pod_cidrs || !*text)
		return err;
	node->pod_cidrs = arena_array(d->arena, 1, sizeof(*node->pod_cidrs));
	if (!ip_parse_cidr(text, node->pod_cidrs))
		return field_bad_text(d, &single,
				      "is not a CIDR such as 192.0.2.0/24");
	node->n_pod_cidrs = 1;
	return 0;
}

/**
 * decode_node() - read a Node
 * @d: the decoder
 * @object: the Node
 * @to: where to store it
 */
int decode_node(struct decoder *d, const struct field *object,
		struct k8s_object *to)
{
	const struct field spec = field_member(object, "spec");
	int err;

	err = decode_meta(d, object, DECODE_SUBDOMAIN_MAX, &to->meta) ?:
	      decode_label(d, object, "topology.kubernetes.io/zone",
			   &to->node.zone) ?:
	      field_get_object(d, &spec) ?:
	      decode_pod_cidrs(d, &spec, &to->node) ?:
	      decode_node_addresses(d, object, &to->node);
	to->meta.namespace = "";
	return err;
}
