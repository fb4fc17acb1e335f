// SPDX-License-Identifier: GPL-2.0
/* Owns how a Service's ports are read, and that no two are one. */

#include <string.h>

#include "k8s/decode_parts.h"

static int by_name(const void *a, const void *b)
{
	const struct k8s_port *const *left = a, *const *right = b;
	int order = strcmp((*left)->name, (*right)->name);

	return order ?: (*left > *right) - (*left < *right);
}

static int by_number(const void *a, const void *b)
{
	const struct k8s_port *const *left = a, *const *right = b;
	int order = ((*left)->protocol - (*right)->protocol) ?:
		    ((*left)->port - (*right)->port);

	return order ?: (*left > *right) - (*left < *right);
}

static bool same_name(const struct k8s_port *a, const struct k8s_port *b)
{
	return !strcmp(a->name, b->name);
}

static bool same_number(const struct k8s_port *a, const struct k8s_port *b)
{
	return a->protocol == b->protocol && a->port == b->port;
}

/* Sorts @order. Returns a port that repeats an earlier one, or NULL. */
static const struct k8s_port *
find_repeated(const struct k8s_port **order, size_t n,
	      int (*compare)(const void *, const void *),
	      bool (*same)(const struct k8s_port *, const struct k8s_port *))
{
	if (n)
		qsort(order, n, sizeof(*order), compare);
	for (size_t i = 1; i < n; i++)
		if (same(order[i - 1], order[i]))
			return order[i];
	return NULL;
}

static int check_unique(struct decoder *d, const struct field *list,
			const struct k8s_service *service)
{
	autofree const struct k8s_port **order =
		mem_array(service->n_ports, sizeof(*order));
	const struct k8s_port *port;
	struct field field, name, number;

	for (size_t i = 0; i < service->n_ports; i++)
		order[i] = &service->ports[i];
	port = find_repeated(order, service->n_ports, by_name, same_name);
	if (port) {
		field = field_element(list, (size_t)(port - service->ports));
		name = field_member(&field, "name");
		return field_bad(d, &name, "\"%s\" is another port's name too",
				 port->name);
	}
	port = find_repeated(order, service->n_ports, by_number, same_number);
	if (port) {
		field = field_element(list, (size_t)(port - service->ports));
		number = field_member(&field, "port");
		return field_bad(d, &number, "%u is another port's number too",
				 port->port);
	}
	return 0;
}

static int decode_service_port(struct decoder *d, const struct field *field,
			       bool only, struct k8s_port *port)
{
	const struct field name = field_member(field, "name");
	const struct field protocol = field_member(field, "protocol");
	const struct field number = field_member(field, "port");
	const struct field node_port = field_member(field, "nodePort");
	int err;

	if (!json_is_object(field->value))
		return field_bad_type(d, field, "an object");
	port->name = "";
	err = decode_dns_label(d, &name, &port->name);
	if (!err && !only && !*port->name)
		return field_bad(d, &name,
				 "is missing, and there are other ports");
	err = err ?: decode_protocol(d, &protocol, &port->protocol);
	if (!err && !number.value)
		return field_bad_type(d, &number, "a whole number");
	return err ?: field_get_port(d, &number, 1, &port->port) ?:
	       field_get_port(d, &node_port, 0, &port->node_port);
}

/**
 * decode_service_ports() - read a Service's ports
 * @d: the decoder
 * @spec: its spec
 * @service: where to store them
 */
int decode_service_ports(struct decoder *d, const struct field *spec,
			 struct k8s_service *service)
{
	const struct field list = field_member(spec, "ports");
	size_t n = 0;
	int err = field_get_list(d, &list, &n);

	if (err)
		return err;
	service->n_ports = n;
	service->ports = arena_array(d->arena, n, sizeof(*service->ports));
	for (size_t i = 0; i < n; i++) {
		const struct field field = field_element(&list, i);

		err = decode_service_port(d, &field, n == 1,
					  &service->ports[i]);
		if (err)
			return err;
	}
	return check_unique(d, &list, service);
}
