// SPDX-License-Identifier: GPL-2.0
/* Owns how a Service is read. */

#include <string.h>

#include "k8s/decode_parts.h"

#define AFFINITY_TIMEOUT	10800	/* seconds, the API's default */
#define AFFINITY_TIMEOUT_MAX	86400	/* likewise, its limit */

static int decode_type(struct decoder *d, const struct field *spec,
		       struct k8s_service *service)
{
	static const char *const types[] = {
		"ClusterIP", "NodePort", "LoadBalancer", "ExternalName",
	};
	const struct field field = field_member(spec, "type");
	const char *type = types[0];
	int err = field_get_word(d, &field, &type);

	if (err)
		return err;
	service->external_name = !strcmp(type, "ExternalName");
	service->is_balanced = !strcmp(type, "LoadBalancer");
	service->has_node_ports = service->is_balanced ||
				  !strcmp(type, "NodePort");
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
	if (ip_unusable_vip(ip))
		return field_bad_text(d, field, ip_unusable_vip(ip));
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

static int decode_external_ips(struct decoder *d, const struct field *spec,
			       struct k8s_service *service)
{
	const struct field list = field_member(spec, "externalIPs");
	int err = field_get_list(d, &list, &service->n_external_ips);

	if (err)
		return err;
	service->external_ips = arena_array(d->arena, service->n_external_ips,
					    sizeof(*service->external_ips));
	for (size_t i = 0; i < service->n_external_ips && !err; i++) {
		const struct field field = field_element(&list, i);

		err = decode_plain_address(d, &field,
					   &service->external_ips[i]);
	}
	return err;
}

/* One that has a name and no address is of no use to packets. */
static int decode_ingress(struct decoder *d, const struct field *field,
			  struct k8s_service *service)
{
	const struct field ip = field_member(field, "ip");
	const struct field mode = field_member(field, "ipMode");
	struct k8s_ingress *ingress = &service->ingress[service->n_ingress];
	const char *text = "", *mode_text = "VIP";
	int err;

	if (!json_is_object(field->value))
		return field_bad_type(d, field, "an object");
	err = field_get_text(d, &ip, &text) ?:
	      field_get_word(d, &mode, &mode_text);
	if (err || !*text)
		return err;
	ingress->is_vip = !strcmp(mode_text, "VIP");
	if (!ingress->is_vip && strcmp(mode_text, "Proxy"))
		return field_bad_text(d, &mode, "is not VIP or Proxy");
	service->n_ingress++;
	return decode_address(d, &ip, &ingress->ip);
}

static int decode_status(struct decoder *d, const struct field *object,
			 struct k8s_service *service)
{
	const struct field status = field_member(object, "status");
	const struct field balancer = field_member(&status, "loadBalancer");
	const struct field list = field_member(&balancer, "ingress");
	size_t n = 0;
	int err = field_get_object(d, &status) ?:
		  field_get_object(d, &balancer) ?:
		  field_get_list(d, &list, &n);

	if (err)
		return err;
	service->ingress = arena_array(d->arena, n, sizeof(*service->ingress));
	for (size_t i = 0; i < n && !err; i++) {
		const struct field field = field_element(&list, i);

		err = decode_ingress(d, &field, service);
	}
	return err;
}

static int decode_policy(struct decoder *d, const struct field *spec,
			 const char *name, bool *local)
{
	const struct field field = field_member(spec, name);
	const char *policy = "Cluster";
	int err = field_get_word(d, &field, &policy);

	if (err)
		return err;
	*local = !strcmp(policy, "Local");
	if (!*local && strcmp(policy, "Cluster"))
		return field_bad_text(d, &field, "is not Cluster or Local");
	return 0;
}

static int decode_affinity(struct decoder *d, const struct field *spec,
			   struct k8s_service *service)
{
	const struct field field = field_member(spec, "sessionAffinity");
	const struct field config = field_member(spec, "sessionAffinityConfig");
	const struct field client = field_member(&config, "clientIP");
	const struct field timeout = field_member(&client, "timeoutSeconds");
	const char *kind = "None";
	uint32_t seconds = AFFINITY_TIMEOUT;
	int err = field_get_word(d, &field, &kind) ?:
		  field_get_object(d, &config) ?:
		  field_get_object(d, &client) ?:
		  field_get_range(d, &timeout, 1, AFFINITY_TIMEOUT_MAX,
				  &seconds);

	if (err)
		return err;
	if (!strcmp(kind, "ClientIP"))
		service->affinity_timeout = seconds;
	else if (strcmp(kind, "None"))
		return field_bad_text(d, &field, "is not None or ClientIP");
	return 0;
}

static int decode_spec(struct decoder *d, const struct field *spec,
		       struct k8s_service *service)
{
	const struct field ranges = field_member(spec,
						 "loadBalancerSourceRanges");

	return field_get_object(d, spec) ?:
	       decode_type(d, spec, service) ?:
	       decode_cluster_ips(d, spec, service) ?:
	       decode_external_ips(d, spec, service) ?:
	       decode_cidrs(d, &ranges, &service->source_ranges,
			    &service->n_source_ranges) ?:
	       decode_policy(d, spec, "internalTrafficPolicy",
			     &service->internal_local) ?:
	       decode_policy(d, spec, "externalTrafficPolicy",
			     &service->external_local) ?:
	       decode_affinity(d, spec, service) ?:
	       decode_service_ports(d, spec, service);
}

/**
 * decode_service() - read a Service
 * @d: the decoder
 * @object: the Service
 * @to: where to store it
 */
int decode_service(struct decoder *d, const struct field *object,
		   struct k8s_object *to)
{
	static const char proxy_name[] =
		"service.kubernetes.io/service-proxy-name";
	struct k8s_service *service = &to->service;
	const struct field spec = field_member(object, "spec");

	return decode_meta(d, object, DECODE_LABEL_MAX, &to->meta) ?:
	       decode_label(d, object, proxy_name, &service->proxy_name) ?:
	       decode_annotations(d, object, "vsb/", &service->annotations,
				  &service->n_annotations) ?:
	       decode_spec(d, &spec, service) ?:
	       decode_status(d, object, service);
}
