// SPDX-License-Identifier: GPL-2.0
/* Owns how a Service is read. */

#include <string.h>

#include "k8s/decode_parts.h"

static int decode_type(struct decoder *d, const struct field *spec,
		       struct k8s_service *service)
{
	static const char *const types[] = {
		"ClusterIP", "NodePort", "LoadBalancer", "ExternalName",
	};
	const struct field field = field_member(spec, "type");
	const char *type = types[0];
	int err = field_get_text(d, &field, &type);

	if (err)
		return err;
	service->external_name = !strcmp(type, "ExternalName");
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(type, types[i]))
			return 0;
	return field_bad_text(d, &field,
			      "is not ClusterIP, NodePort, LoadBalancer or ExternalName");
}

static int add_cluster_ip(struct decoder *d, const struct field *field,
			  struct k8s_service *service)
{
	struct ip *ip = &service->cluster_ips[service->n_cluster_ips];
	const char *text = "";
	int err = field_get_text(d, field, &text);

	if (err || !*text)
		return err;
	if (!strcmp(text, "None")) {
		service->headless = true;
		return 0;
	}
	err = decode_address(d, field, ip);
	if (err)
		return err;
	if (service->n_cluster_ips && ip[-1].family == ip->family)
		return field_bad_text(d, field,
				      "is of the same family as the address before it");
	service->n_cluster_ips++;
	return 0;
}

/* clusterIPs is the truth; old objects have clusterIP, its first, alone. */
static int decode_cluster_ips(struct decoder *d, const struct field *spec,
			      struct k8s_service *service)
{
	const struct field single = field_member(spec, "clusterIP");
	const struct field list = field_member(spec, "clusterIPs");
	size_t n = 0;
	int err = field_get_list(d, &list, &n);

	if (err)
		return err;
	if (n > 2)
		return field_bad(d, &list,
				 "has %zu addresses, more than one a family", n);
	service->cluster_ips = arena_array(d->arena, 2, sizeof(struct ip));
	if (!n)
		return add_cluster_ip(d, &single, service);

	for (size_t i = 0; i < n; i++) {
		const struct field field = field_element(&list, i);

		if (!i && single.value && field.value &&
		    !json_equal(single.value, field.value))
			return field_bad(d, &field, "is not spec.clusterIP");
		err = add_cluster_ip(d, &field, service);
		if (err)
			return err;
	}
	return 0;
}

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
	int err;

	if (!json_is_object(field->value))
		return field_bad_type(d, field, "an object");
	port->name = "";
	if (!only && !name.value)
		return field_bad(d, &name,
				 "is missing, and there are other ports");
	err = decode_dns_label(d, &name, &port->name);
	err = err ?: decode_protocol(d, &protocol, &port->protocol);
	if (!err && !number.value)
		return field_bad_type(d, &number, "a whole number");
	return err ?: field_get_number(d, &number, 1, &port->port);
}

static int decode_service_ports(struct decoder *d, const struct field *spec,
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

/**
 * decode_service() - read a Service
 * @d: the decoder
 * @object: the Service
 * @service: where to store it
 */
int decode_service(struct decoder *d, const struct field *object,
		   struct k8s_service *service)
{
	static const char proxy_name[] =
		"service.kubernetes.io/service-proxy-name";
	const struct field spec = field_member(object, "spec");

	*service = (struct k8s_service) { 0 };
	return decode_meta(d, object, DECODE_LABEL_MAX, &service->meta) ?:
	       decode_label(d, object, proxy_name, &service->proxy_name) ?:
	       field_get_object(d, &spec) ?:
	       decode_type(d, &spec, service) ?:
	       decode_cluster_ips(d, &spec, service) ?:
	       decode_service_ports(d, &spec, service);
}
