// SPDX-License-Identifier: GPL-2.0
/* Owns how an EndpointSlice is read. */

#include <netinet/in.h>
#include <string.h>

#include "k8s/decode_parts.h"

static int decode_family(struct decoder *d, const struct field *object,
			 uint16_t *family)
{
	const struct field field = field_member(object, "addressType");
	const char *text = "";
	int err = field_need_text(d, &field, &text);

	if (err)
		return err;
	if (!strcmp(text, "IPv4"))
		*family = AF_INET;
	else if (!strcmp(text, "IPv6"))
		*family = AF_INET6;
	else if (!strcmp(text, "FQDN"))
		*family = AF_UNSPEC;
	else
		return field_bad_text(d, &field, "is not IPv4, IPv6 or FQDN");
	return 0;
}

static int decode_slice_port(struct decoder *d, const struct field *field,
			     struct k8s_port *port)
{
	const struct field name = field_member(field, "name");
	const struct field protocol = field_member(field, "protocol");
	const struct field number = field_member(field, "port");

	if (!json_is_object(field->value))
		return field_bad_type(d, field, "an object");
	return field_get_copy(d, &name, &port->name) ?:
	       decode_protocol(d, &protocol, &port->protocol) ?:
	       field_get_port(d, &number, 0, &port->port);
}

static int decode_slice_ports(struct decoder *d, const struct field *object,
			      struct k8s_slice *slice)
{
	const struct field list = field_member(object, "ports");
	int err = field_get_list(d, &list, &slice->n_ports);

	if (err)
		return err;
	slice->ports = arena_array(d->arena, slice->n_ports,
				   sizeof(*slice->ports));
	for (size_t i = 0; i < slice->n_ports && !err; i++) {
		const struct field field = field_element(&list, i);

		err = decode_slice_port(d, &field, &slice->ports[i]);
	}
	return err;
}

/* The first address counts, but a bad one after it is a mistake as well. */
static int decode_addresses(struct decoder *d, const struct field *endpoint,
			    uint16_t family, union vsb_addr *addr)
{
	const struct field list = field_member(endpoint, "addresses");
	struct ip ip;
	size_t n = 0;
	int err = field_get_list(d, &list, &n);

	if (err)
		return err;
	if (!n)
		return field_bad(d, &list, "has no address");
	for (size_t i = n; i--;) {
		const struct field field = field_element(&list, i);

		err = decode_plain_address(d, &field, &ip);
		if (err)
			return err;
		if (ip.family != family)
			return field_bad_text(d, &field,
					      "is not of the slice's addressType");
	}
	*addr = ip.addr;
	return 0;
}

/* Names in a list of objects, {name: A}, {name: B}. */
static int decode_hint(struct decoder *d, const struct field *hints,
		       const char *key, const char ***names)
{
	const struct field list = field_member(hints, key);
	size_t n = 0;
	int err = field_get_list(d, &list, &n);

	if (err || !n)
		return err;
	*names = arena_array(d->arena, n + 1, sizeof(**names));
	for (size_t i = 0; i < n && !err; i++) {
		const struct field field = field_element(&list, i);
		const struct field name = field_member(&field, "name");

		(*names)[i] = "";
		err = json_is_object(field.value) ?
		      field_get_copy(d, &name, &(*names)[i]) :
		      field_bad_type(d, &field, "an object");
	}
	return err;
}

static int decode_place(struct decoder *d, const struct field *field,
			struct k8s_endpoint *endpoint)
{
	const struct field node = field_member(field, "nodeName");
	const struct field hints = field_member(field, "hints");

	return field_get_copy(d, &node, &endpoint->node) ?:
	       field_get_object(d, &hints) ?:
	       decode_hint(d, &hints, "forNodes", &endpoint->for_nodes) ?:
	       decode_hint(d, &hints, "forZones", &endpoint->for_zones);
}

static int decode_endpoint(struct decoder *d, const struct field *field,
			   uint16_t family, struct k8s_endpoint *endpoint)
{
	const struct field conditions = field_member(field, "conditions");
	const struct field ready = field_member(&conditions, "ready");
	const struct field serving = field_member(&conditions, "serving");
	const struct field terminating = field_member(&conditions,
						      "terminating");

	if (!json_is_object(field->value))
		return field_bad_type(d, field, "an object");
	endpoint->ready = true;
	endpoint->serving = true;
	return field_get_object(d, &conditions) ?:
	       field_get_flag(d, &ready, &endpoint->ready) ?:
	       field_get_flag(d, &serving, &endpoint->serving) ?:
	       field_get_flag(d, &terminating, &endpoint->terminating) ?:
	       decode_place(d, field, endpoint) ?:
	       decode_addresses(d, field, family, &endpoint->addr);
}

static int decode_endpoints(struct decoder *d, const struct field *object,
			    struct k8s_slice *slice)
{
	const struct field list = field_member(object, "endpoints");
	size_t n = 0;
	int err = field_get_list(d, &list, &n);

	if (err || slice->family == AF_UNSPEC)
		return err;
	slice->n_endpoints = n;
	slice->endpoints = arena_array(d->arena, n, sizeof(*slice->endpoints));
	for (size_t i = 0; i < n && !err; i++) {
		const struct field field = field_element(&list, i);

		err = decode_endpoint(d, &field, slice->family,
				      &slice->endpoints[i]);
	}
	return err;
}

/**
 * decode_slice() - read an EndpointSlice
 * @d: the decoder
 * @object: the EndpointSlice
 * @to: where to store it
 */
int decode_slice(struct decoder *d, const struct field *object,
		 struct k8s_object *to)
{
	struct k8s_slice *slice = &to->slice;
	const char *headless = NULL;
	int err;

	err = decode_meta(d, object, DECODE_SUBDOMAIN_MAX, &to->meta) ?:
	      decode_label(d, object, "kubernetes.io/service-name",
			   &slice->service) ?:
	      decode_label(d, object, "service.kubernetes.io/headless",
			   &headless) ?:
	      decode_family(d, object, &slice->family) ?:
	      decode_slice_ports(d, object, slice) ?:
	      decode_endpoints(d, object, slice);
	slice->headless = headless;
	return err;
}
