// SPDX-License-Identifier: GPL-2.0
/* Tests how Services and EndpointSlices are read, good ones and bad ones. */

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "vsbd/k8s/decode.h"
#include "vsbd/manifests/format.h"
#include "vsbd/base/ip.h"

/* Objects are written in YAML, as people do. */

struct decoded {
	struct k8s_list objects;
	struct field_error error;
	int err;
};

static int decode_document(const json_t *value, unsigned int document,
			   void *arg)
{
	struct decoded *decoded = arg;

	(void)document;
	decoded->err = decode_object(value, &decoded->objects,
				     &decoded->error);
	return 0;
}

static void decode(const char *text, struct decoded *decoded)
{
	struct format_error error;

	*decoded = (struct decoded) { 0 };
	if (yaml_format.each(text, strlen(text), decode_document, decoded,
			     &error))
		fail_msg("%s\n%s", text, error.text);
}

static void check_good(const char *text, struct decoded *decoded)
{
	decode(text, decoded);
	if (decoded->err)
		fail_msg("%s\n%s: %s", text, decoded->error.path,
			 decoded->error.text);
}

static const char *print(uint16_t family, const union vsb_addr *addr)
{
	static char text[IP_TEXT_MAX];

	return ip_print(family, addr, text);
}

#define SERVICE "apiVersion: v1\nkind: Service\n"
#define NODE "apiVersion: v1\nkind: Node\n"
#define SLICE "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"

static void full_service(void **state)
{
	struct decoded decoded;
	const struct k8s_service *service;
	const struct k8s_meta *meta;

	(void)state;
	check_good(SERVICE
		   "metadata:\n"
		   "  name: web\n"
		   "  namespace: shop\n"
		   "  creationTimestamp: \"2024-05-01T10:00:00Z\"\n"
		   "  annotations: {a: b}\n"
		   "  labels: {service.kubernetes.io/service-proxy-name: x}\n"
		   "spec:\n"
		   "  type: LoadBalancer\n"
		   "  clusterIP: 10.96.0.010\n"
		   "  clusterIPs: [10.96.0.010, 'FD00:96::0:10']\n"
		   "  selector: {app: web}\n"
		   "  ports:\n"
		   "  - {name: http, port: 80, targetPort: web, nodePort: 30080}\n"
		   "  - {name: quic, port: 80, protocol: UDP}\n"
		   "  - {name: sip, port: 5060, protocol: SCTP}\n",
		   &decoded);
	assert_int_equal(decoded.objects.n, 1);
	service = &decoded.objects.list[0]->service;
	meta = &decoded.objects.list[0]->meta;
	assert_string_equal(meta->name, "web");
	assert_string_equal(meta->namespace, "shop");
	assert_int_equal(meta->created, 1714557600);
	assert_string_equal(service->proxy_name, "x");
	assert_false(service->headless);
	assert_false(service->external_name);
	assert_int_equal(service->n_cluster_ips, 2);
	assert_string_equal(print(AF_INET, &service->cluster_ips[0].addr),
			    "10.96.0.10");
	assert_int_equal(service->cluster_ips[1].family, AF_INET6);
	assert_string_equal(print(AF_INET6, &service->cluster_ips[1].addr),
			    "fd00:96::10");
	assert_int_equal(service->n_ports, 3);
	assert_string_equal(service->ports[0].name, "http");
	assert_int_equal(service->ports[0].protocol, IPPROTO_TCP);
	assert_int_equal(service->ports[0].port, 80);
	assert_int_equal(service->ports[1].protocol, IPPROTO_UDP);
	assert_int_equal(service->ports[2].protocol, IPPROTO_SCTP);
	k8s_list_free(&decoded.objects);
}

static void plain_service(void **state)
{
	struct decoded decoded;
	const struct k8s_service *service;
	const struct k8s_meta *meta;

	(void)state;
	check_good(SERVICE "metadata: {name: web, labels: null}\n"
		   "spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}\n",
		   &decoded);
	service = &decoded.objects.list[0]->service;
	meta = &decoded.objects.list[0]->meta;
	assert_string_equal(meta->namespace, "default");
	assert_true(meta->created == INT64_MAX);
	assert_null(service->proxy_name);
	assert_int_equal(service->n_cluster_ips, 1);
	assert_string_equal(service->ports[0].name, "");
	assert_int_equal(service->ports[0].protocol, IPPROTO_TCP);
	k8s_list_free(&decoded.objects);
}

/* What makes a Service one without addresses. */
static void service_kinds(void **state)
{
	static const struct {
		const char *spec;
		bool headless, external_name;
		size_t addresses;
	} cases[] = {
		{ "{clusterIP: None}", true, false, 0 },
		{ "{clusterIP: None, clusterIPs: [None]}", true, false, 0 },
		{ "{clusterIPs: [None]}", true, false, 0 },
		{ "{type: ExternalName, externalName: a.b}", false, true, 0 },
		{ "{clusterIP: ''}", false, false, 0 },
		{ "{}", false, false, 0 },
		{ "", false, false, 0 },
		{ "{clusterIPs: []}", false, false, 0 },
		{ "{clusterIPs: [10.0.0.1]}", false, false, 1 },
		{ "{clusterIP: 'fd00::1', clusterIPs: ['fd00::1', 10.0.0.1]}",
		  false, false, 2 },
		{ "{clusterIP: '::ffff:10.0.0.1'}", false, false, 1 },
		{ "{clusterIP: 169.254.20.10}", false, false, 1 },
		/* What an API server puts its defaults for. */
		{ "{type: '', clusterIP: 10.0.0.1, sessionAffinity: '', externalTrafficPolicy: '', "
		  "ports: [{port: 80, protocol: ''}]}", false, false, 1 },
		{ "{clusterIP: 10.0.0.1, externalIPs: [239.1.1.1]}",
		  false, false, 1 },
	};
	struct decoded decoded;
	char text[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(text, sizeof(text),
			 SERVICE "metadata: {name: a}\nspec: %s\n",
			 cases[i].spec);
		check_good(text, &decoded);
		assert_int_equal(decoded.objects.list[0]->service.headless,
				 cases[i].headless);
		assert_int_equal(decoded.objects.list[0]->service.external_name,
				 cases[i].external_name);
		assert_int_equal(decoded.objects.list[0]->service.n_cluster_ips,
				 cases[i].addresses);
		k8s_list_free(&decoded.objects);
	}
}

static void full_slice(void **state)
{
	struct decoded decoded;
	const struct k8s_slice *slice;

	(void)state;
	check_good(SLICE
		   "metadata:\n"
		   "  name: web-x.y\n"
		   "  labels: {kubernetes.io/service-name: web, service.kubernetes.io/headless: ''}\n"
		   "addressType: IPv4\n"
		   "ports:\n"
		   "- {name: http, port: 8080}\n"
		   "- {name: '', port: null, protocol: UDP}\n"
		   "- {port: 0}\n"
		   "endpoints:\n"
		   "- addresses: [172.30.0.041, 172.30.0.42]\n"
		   "- addresses: [172.30.0.2]\n"
		   "  conditions: {ready: false, serving: null, terminating: true}\n"
		   "- addresses: [172.30.0.3]\n"
		   "  conditions: {ready: null, serving: false}\n"
		   "  nodeName: a\n"
		   "  hints: {forZones: [{name: z}]}\n",
		   &decoded);
	assert_int_equal(decoded.objects.n, 1);
	slice = &decoded.objects.list[0]->slice;
	assert_string_equal(slice->service, "web");
	assert_true(slice->headless);
	assert_int_equal(slice->family, AF_INET);
	assert_int_equal(slice->n_ports, 3);
	assert_int_equal(slice->ports[0].port, 8080);
	assert_string_equal(slice->ports[1].name, "");
	assert_int_equal(slice->ports[1].port, 0);
	assert_null(slice->ports[2].name);
	assert_int_equal(slice->n_endpoints, 3);
	assert_string_equal(print(AF_INET, &slice->endpoints[0].addr),
			    "172.30.0.41");
	assert_true(slice->endpoints[0].ready && slice->endpoints[0].serving);
	assert_false(slice->endpoints[0].terminating);
	assert_false(slice->endpoints[1].ready);
	assert_true(slice->endpoints[1].serving);
	assert_true(slice->endpoints[1].terminating);
	assert_true(slice->endpoints[2].ready);
	assert_false(slice->endpoints[2].serving);
	k8s_list_free(&decoded.objects);
}

static void other_slices(void **state)
{
	struct decoded decoded;

	(void)state;
	check_good(SLICE "metadata: {name: a}\naddressType: FQDN\n"
		   "endpoints: [{addresses: [example.com]}]\n", &decoded);
	assert_int_equal(decoded.objects.list[0]->slice.family, AF_UNSPEC);
	assert_int_equal(decoded.objects.list[0]->slice.n_endpoints, 0);
	assert_null(decoded.objects.list[0]->slice.service);
	k8s_list_free(&decoded.objects);

	check_good(SLICE "metadata: {name: a}\naddressType: IPv6\n"
		   "endpoints: null\nports: null\n", &decoded);
	assert_int_equal(decoded.objects.list[0]->slice.family, AF_INET6);
	k8s_list_free(&decoded.objects);
}

static void outer_service(void **state)
{
	struct decoded decoded;
	const struct k8s_service *service;
	char text[IP_TEXT_MAX];

	(void)state;
	check_good(SERVICE
		   "metadata:\n"
		   "  name: web\n"
		   "  annotations: {vsb/scheduler: wrr, other/flags: a, vsb/none: null, vsb/weights: b}\n"
		   "spec:\n"
		   "  type: LoadBalancer\n"
		   "  internalTrafficPolicy: Local\n"
		   "  externalTrafficPolicy: Local\n"
		   "  sessionAffinity: ClientIP\n"
		   "  sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}\n"
		   "  externalIPs: [198.51.100.001, 'fd98::1']\n"
		   "  loadBalancerSourceRanges: [' 10.0.010.7/8', 'fd00::5/064 ', '::ffff:192.0.2.1/120']\n"
		   "  ports: [{port: 80, nodePort: 30080}]\n"
		   "status:\n"
		   "  loadBalancer:\n"
		   "    ingress:\n"
		   "    - {hostname: lb.example}\n"
		   "    - {ip: 203.0.113.1, ports: [{port: 80, protocol: TCP}]}\n"
		   "    - {ip: 'fd98::2', ipMode: Proxy}\n"
		   "    - {ip: 'fd98::3', ipMode: VIP}\n",
		   &decoded);
	service = &decoded.objects.list[0]->service;
	assert_true(service->has_node_ports);
	assert_true(service->is_balanced);
	assert_true(service->internal_local);
	assert_true(service->external_local);
	assert_int_equal(service->affinity_timeout, 60);
	assert_int_equal(service->n_external_ips, 2);
	assert_string_equal(print(AF_INET, &service->external_ips[0].addr),
			    "198.51.100.1");
	assert_int_equal(service->n_source_ranges, 3);
	assert_string_equal(ip_print_cidr(&service->source_ranges[0], text),
			    "10.0.0.0/8");
	assert_string_equal(ip_print_cidr(&service->source_ranges[1], text),
			    "fd00::/64");
	assert_string_equal(ip_print_cidr(&service->source_ranges[2], text),
			    "192.0.2.0/24");
	assert_int_equal(service->n_ingress, 3);
	assert_true(service->ingress[0].is_vip);
	assert_false(service->ingress[1].is_vip);
	assert_true(service->ingress[2].is_vip);
	assert_int_equal(service->ports[0].node_port, 30080);
	assert_int_equal(service->n_annotations, 2);
	assert_string_equal(service->annotations[0].key, "scheduler");
	assert_string_equal(service->annotations[0].value, "wrr");
	assert_string_equal(service->annotations[1].key, "weights");
	assert_string_equal(service->annotations[1].value, "b");
	k8s_list_free(&decoded.objects);
}

static void full_node(void **state)
{
	struct decoded decoded;
	const struct k8s_node *node;
	char text[IP_TEXT_MAX];

	(void)state;
	check_good(NODE
		   "metadata: {name: n1.example, labels: {topology.kubernetes.io/zone: z1}}\n"
		   "spec: {podCIDR: 10.244.1.0/24, podCIDRs: [10.244.1.0/24, 'fd00:244:1::/64']}\n"
		   "status:\n"
		   "  addresses:\n"
		   "  - {type: ExternalIP, address: 198.51.100.1}\n"
		   "  - {type: Hostname, address: n1}\n"
		   "  - {type: InternalIP, address: 10.0.0.1}\n"
		   "  - {type: InternalDNS, address: n1.example}\n"
		   "  - {type: InternalIP, address: nowhere}\n"
		   "  - {type: InternalIP}\n"
		   "  - {type: InternalIP, address: 'fd01::1'}\n",
		   &decoded);
	assert_string_equal(decoded.objects.list[0]->meta.name, "n1.example");
	assert_string_equal(decoded.objects.list[0]->meta.namespace, "");
	node = &decoded.objects.list[0]->node;
	assert_string_equal(node->zone, "z1");
	assert_int_equal(node->n_addresses, 3);
	assert_string_equal(node->bad_address, "nowhere");
	assert_string_equal(print(AF_INET, &node->addresses[0].addr),
			    "10.0.0.1");
	assert_string_equal(print(AF_INET6, &node->addresses[1].addr),
			    "fd01::1");
	assert_string_equal(print(AF_INET, &node->addresses[2].addr),
			    "198.51.100.1");
	assert_int_equal(node->n_pod_cidrs, 2);
	assert_string_equal(ip_print_cidr(&node->pod_cidrs[1], text),
			    "fd00:244:1::/64");
	k8s_list_free(&decoded.objects);
}

static size_t count(const struct decoded *decoded, enum k8s_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < decoded->objects.n; i++)
		n += decoded->objects.list[i]->kind == kind;
	return n;
}

static void lists(void **state)
{
	static const struct {
		const char *text;
		size_t services, slices, nodes;
	} cases[] = {
		{ "apiVersion: v1\nkind: List\nitems:\n"
		  "- {apiVersion: v1, kind: Service, metadata: {name: a}}\n"
		  "- {apiVersion: apps/v1, kind: Deployment}\n"
		  "- {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice,\n"
		  "   metadata: {name: b}, addressType: IPv4}\n", 1, 1, 0 },
		{ "apiVersion: v1\nkind: ServiceList\nitems:\n"
		  "- {metadata: {name: a}}\n"
		  "- {metadata: {name: b}}\n", 2, 0, 0 },
		{ "apiVersion: discovery.k8s.io/v1\nkind: EndpointSliceList\nitems:\n"
		  "- {metadata: {name: a}, addressType: IPv4}\n", 0, 1, 0 },
		{ "apiVersion: v1\nkind: NodeList\nitems:\n"
		  "- {metadata: {name: a}}\n"
		  "- {metadata: {name: b.c}}\n", 0, 0, 2 },
		{ "apiVersion: v1\nkind: List\nitems: []\n", 0, 0, 0 },
		{ "apiVersion: v1\nkind: List\n", 0, 0, 0 },
		{ "apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n", 0, 0, 0 },
		{ "apiVersion: serving.knative.dev/v1\nkind: Service\n", 0, 0, 0 },
		{ "apiVersion: v1\nkind: EndpointSlice\n", 0, 0, 0 },
	};
	struct decoded decoded;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		check_good(cases[i].text, &decoded);
		assert_int_equal(count(&decoded, K8S_SERVICE),
				 cases[i].services);
		assert_int_equal(count(&decoded, K8S_SLICE), cases[i].slices);
		assert_int_equal(count(&decoded, K8S_NODE), cases[i].nodes);
		k8s_list_free(&decoded.objects);
	}
}

static void check_bad(const char *text, const char *expected)
{
	struct decoded decoded;
	char message[1024];

	decode(text, &decoded);
	snprintf(message, sizeof(message), "%s: %s", decoded.error.path,
		 decoded.error.text);
	if (!decoded.err || strcmp(message, expected))
		fail_msg("%s\nsays: %s\nnot:  %s", text,
			 decoded.err ? message : "(nothing)", expected);
	assert_int_equal(decoded.err, -EINVAL);
	k8s_list_free(&decoded.objects);
}

static void bad_objects(void **state)
{
	static const char *const cases[][2] = {
		{ "5\n", ": is a number, not an object" },
		{ "apiVersion: v1\n", "kind: is missing" },
		{ "kind: Service\n", "apiVersion: is missing" },
		{ "kind: [Service]\napiVersion: v1\n",
		  "kind: is a list, not a string" },
		{ SERVICE, "metadata: is missing" },
		{ SERVICE "metadata: web\n",
		  "metadata: is a string, not an object" },
		{ SERVICE "metadata: {}\n", "metadata.name: is missing" },
		{ SERVICE "metadata: {name: 5}\n",
		  "metadata.name: is a number, not a string" },
		{ SERVICE "metadata: {name: 'a b'}\n",
		  "metadata.name: \"a b\" is not a DNS name" },
		{ SERVICE "metadata: {name: a.b}\n",
		  "metadata.name: \"a.b\" is not a DNS name" },
		{ SERVICE "metadata: {name: -a}\n",
		  "metadata.name: \"-a\" is not a DNS name" },
		{ SERVICE "metadata: {name: a-}\n",
		  "metadata.name: \"a-\" is not a DNS name" },
		{ SERVICE "metadata: {name: ''}\n",
		  "metadata.name: \"\" is not a DNS name" },
		{ SERVICE "metadata: {name: a123456789012345678901234567890123456789012345678901234567890123}\n",
		  "metadata.name: \"a123456789012345678901234567890123456789012345678901234567890123\" is not a DNS name" },
		{ SLICE "metadata: {name: a..b}\n",
		  "metadata.name: \"a..b\" is not a DNS name" },
		{ SERVICE "metadata: {name: a, namespace: A}\n",
		  "metadata.namespace: \"A\" is not a DNS label" },
		{ SERVICE "metadata: {name: a, labels: []}\n",
		  "metadata.labels: is a list, not an object" },
		{ SERVICE "metadata: {name: a, labels: {service.kubernetes.io/service-proxy-name: true}}\n",
		  "metadata.labels[service.kubernetes.io/service-proxy-name]: is true, not a string" },
		{ SERVICE "metadata: {name: a, creationTimestamp: yesterday}\n",
		  "metadata.creationTimestamp: \"yesterday\" is not a time" },
		{ SERVICE "metadata: {name: a, creationTimestamp: '2024-05-01T10:00:00+1'}\n",
		  "metadata.creationTimestamp: \"2024-05-01T10:00:00+1\" is not a time" },
		{ "apiVersion: v1\nkind: List\nitems: {}\n",
		  "items: is an object, not a list" },
		{ "apiVersion: v1\nkind: List\nitems: [5]\n",
		  "items[0]: is a number, not an object" },
		{ "apiVersion: v1\nkind: List\nitems: [null]\n",
		  "items[0]: is missing" },
		{ "apiVersion: v1\nkind: List\nitems: [{kind: List, apiVersion: v1}]\n",
		  "items[0]: is a list in a list" },
		{ "apiVersion: v1\nkind: List\nitems: [{metadata: {name: a}}]\n",
		  "items[0].kind: is missing" },
		{ "apiVersion: v1\nkind: ServiceList\nitems: [{metadata: {name: a}}, {}]\n",
		  "items[1].metadata: is missing" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_bad(cases[i][0], cases[i][1]);
}

static void bad_services(void **state)
{
	static const char *const cases[][2] = {
		{ "5", "spec: is a number, not an object" },
		{ "{type: Cluster}",
		  "spec.type: \"Cluster\" is not ClusterIP, NodePort, LoadBalancer or ExternalName" },
		{ "{clusterIP: 10.0.0}",
		  "spec.clusterIP: \"10.0.0\" is not an address" },
		{ "{clusterIP: 10.0.0.256}",
		  "spec.clusterIP: \"10.0.0.256\" is not an address" },
		{ "{clusterIP: 'fe80::1%eth0'}",
		  "spec.clusterIP: \"fe80::1%eth0\" is not an address" },
		{ "{clusterIP: 0.0.0.0}",
		  "spec.clusterIP: \"0.0.0.0\" is the unspecified address" },
		{ "{clusterIP: 239.1.1.1}",
		  "spec.clusterIP: \"239.1.1.1\" is a multicast address" },
		{ "{externalIPs: [224.0.0.7]}",
		  "spec.externalIPs[0]: \"224.0.0.7\" is a link-local multicast address" },
		{ "{clusterIP: 10}", "spec.clusterIP: is a number, not a string" },
		{ "{clusterIPs: 10.0.0.1}",
		  "spec.clusterIPs: is a string, not a list" },
		{ "{clusterIPs: [10.0.0.1, 10.0.0.2]}",
		  "spec.clusterIPs[1]: \"10.0.0.2\" is of the same family as the address before it" },
		{ "{clusterIPs: [10.0.0.1, 'fd00::1', 10.0.0.2]}",
		  "spec.clusterIPs: has 3 addresses, more than one a family" },
		{ "{clusterIP: 10.0.0.2, clusterIPs: [10.0.0.1]}",
		  "spec.clusterIPs[0]: is not spec.clusterIP" },
		{ "{ports: {}}", "spec.ports: is an object, not a list" },
		{ "{ports: [80]}", "spec.ports[0]: is a number, not an object" },
		{ "{ports: [{}]}", "spec.ports[0].port: is missing" },
		{ "{ports: [{port: 70000}]}",
		  "spec.ports[0].port: 70000 is not 1 to 65535" },
		{ "{ports: [{port: 0}]}",
		  "spec.ports[0].port: 0 is not 1 to 65535" },
		{ "{ports: [{port: -1}]}",
		  "spec.ports[0].port: -1 is not 1 to 65535" },
		{ "{ports: [{port: http}]}",
		  "spec.ports[0].port: is a string, not a whole number" },
		{ "{ports: [{port: 80.5}]}",
		  "spec.ports[0].port: is a fraction, not a whole number" },
		{ "{ports: [{port: 80, protocol: ICMP}]}",
		  "spec.ports[0].protocol: \"ICMP\" is not TCP, UDP or SCTP" },
		{ "{ports: [{port: 80, protocol: tcp}]}",
		  "spec.ports[0].protocol: \"tcp\" is not TCP, UDP or SCTP" },
		{ "{ports: [{port: 80, protocol: 6}]}",
		  "spec.ports[0].protocol: is a number, not a string" },
		{ "{ports: [{port: 80, name: a_b}]}",
		  "spec.ports[0].name: \"a_b\" is not a DNS label" },
		{ "{ports: [{port: 80}, {port: 81, name: a}]}",
		  "spec.ports[0].name: is missing, and there are other ports" },
		{ "{ports: [{port: 80, name: a}, {port: 81, name: b}, {port: 82, name: a}]}",
		  "spec.ports[2].name: \"a\" is another port's name too" },
		{ "{ports: [{port: 80, name: a}, {port: 80, name: b}]}",
		  "spec.ports[1].port: 80 is another port's number too" },
		{ "{ports: [{port: 80, nodePort: 65536}]}",
		  "spec.ports[0].nodePort: 65536 is not 0 to 65535" },
		{ "{externalIPs: 192.0.2.1}",
		  "spec.externalIPs: is a string, not a list" },
		{ "{externalIPs: [192.0.2.1, 127.0.0.1]}",
		  "spec.externalIPs[1]: \"127.0.0.1\" is a loopback address" },
		{ "{loadBalancerSourceRanges: [192.0.2.0]}",
		  "spec.loadBalancerSourceRanges[0]: \"192.0.2.0\" is not a CIDR such as 192.0.2.0/24" },
		{ "{loadBalancerSourceRanges: [192.0.2.0/33]}",
		  "spec.loadBalancerSourceRanges[0]: \"192.0.2.0/33\" is not a CIDR such as 192.0.2.0/24" },
		{ "{loadBalancerSourceRanges: ['fd00::/64/']}",
		  "spec.loadBalancerSourceRanges[0]: \"fd00::/64/\" is not a CIDR such as 192.0.2.0/24" },
		{ "{internalTrafficPolicy: local}",
		  "spec.internalTrafficPolicy: \"local\" is not Cluster or Local" },
		{ "{externalTrafficPolicy: 1}",
		  "spec.externalTrafficPolicy: is a number, not a string" },
		{ "{sessionAffinity: Client}",
		  "spec.sessionAffinity: \"Client\" is not None or ClientIP" },
		{ "{sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}}",
		  "spec.sessionAffinityConfig.clientIP.timeoutSeconds: 0 is not 1 to 86400" },
		{ "{}\nstatus: {loadBalancer: {ingress: [{ip: x}]}}",
		  "status.loadBalancer.ingress[0].ip: \"x\" is not an address" },
		{ "{}\nstatus: {loadBalancer: {ingress: [{ip: 192.0.2.1, ipMode: Vip}]}}",
		  "status.loadBalancer.ingress[0].ipMode: \"Vip\" is not VIP or Proxy" },
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(text, sizeof(text),
			 SERVICE "metadata: {name: a}\nspec: %s\n",
			 cases[i][0]);
		check_bad(text, cases[i][1]);
	}
}

static void bad_slices(void **state)
{
	static const char *const cases[][2] = {
		{ "", "addressType: is missing" },
		{ "addressType: ipv4",
		  "addressType: \"ipv4\" is not IPv4, IPv6 or FQDN" },
		{ "addressType: IPv4\nports: 80",
		  "ports: is a number, not a list" },
		{ "addressType: IPv4\nports: [{port: 65536}]",
		  "ports[0].port: 65536 is not 0 to 65535" },
		{ "addressType: IPv4\nports: [{name: 80}]",
		  "ports[0].name: is a number, not a string" },
		{ "addressType: IPv4\nports: [{protocol: X}]",
		  "ports[0].protocol: \"X\" is not TCP, UDP or SCTP" },
		{ "addressType: IPv4\nendpoints: [x]",
		  "endpoints[0]: is a string, not an object" },
		{ "addressType: IPv4\nendpoints: [{}]",
		  "endpoints[0].addresses: has no address" },
		{ "addressType: IPv4\nendpoints: [{addresses: 10.0.0.1}]",
		  "endpoints[0].addresses: is a string, not a list" },
		{ "addressType: IPv4\nendpoints: [{addresses: [null]}]",
		  "endpoints[0].addresses[0]: is missing" },
		{ "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1]}, {addresses: ['fd00::1']}]",
		  "endpoints[1].addresses[0]: \"fd00::1\" is not of the slice's addressType" },
		{ "addressType: IPv6\nendpoints: [{addresses: ['::ffff:10.0.0.1']}]",
		  "endpoints[0].addresses[0]: \"::ffff:10.0.0.1\" is not of the slice's addressType" },
		{ "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1, x]}]",
		  "endpoints[0].addresses[1]: \"x\" is not an address" },
		{ "addressType: IPv4\nendpoints: [{addresses: [127.0.0.1]}]",
		  "endpoints[0].addresses[0]: \"127.0.0.1\" is a loopback address" },
		{ "addressType: IPv6\nendpoints: [{addresses: ['fe80::1']}]",
		  "endpoints[0].addresses[0]: \"fe80::1\" is a link-local address" },
		{ "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], conditions: up}]",
		  "endpoints[0].conditions: is a string, not an object" },
		{ "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], nodeName: 1}]",
		  "endpoints[0].nodeName: is a number, not a string" },
		{ "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], hints: []}]",
		  "endpoints[0].hints: is a list, not an object" },
		{ "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], hints: {forZones: [a]}}]",
		  "endpoints[0].hints.forZones[0]: is a string, not an object" },
		{ "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], conditions: {ready: yes}}]",
		  "endpoints[0].conditions.ready: is a string, not true or false" },
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(text, sizeof(text), SLICE "metadata: {name: a}\n%s\n",
			 cases[i][0]);
		check_bad(text, cases[i][1]);
	}
}

static void bad_nodes(void **state)
{
	static const char *const cases[][2] = {
		{ "spec: 1", "spec: is a number, not an object" },
		{ "spec: {podCIDRs: [10.244.0.0]}",
		  "spec.podCIDRs[0]: \"10.244.0.0\" is not a CIDR such as 192.0.2.0/24" },
		{ "spec: {podCIDR: x}",
		  "spec.podCIDR: \"x\" is not a CIDR such as 192.0.2.0/24" },
		{ "status: {addresses: {}}",
		  "status.addresses: is an object, not a list" },
		{ "status: {addresses: [{type: InternalIP, address: 5}]}",
		  "status.addresses[0].address: is a number, not a string" },
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(text, sizeof(text), NODE "metadata: {name: a}\n%s\n",
			 cases[i][0]);
		check_bad(text, cases[i][1]);
	}
}

static void times(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} cases[] = {
		{ "1970-01-01T00:00:01Z", 1 },
		{ "2024-05-01T10:00:00.123456Z", 1714557600 },
		{ "2024-05-01T12:30:00+02:30", 1714557600 },
		{ "2024-05-01T08:00:00-02:00", 1714557600 },
	};
	struct decoded decoded;
	char text[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(text, sizeof(text),
			 SERVICE "metadata: {name: a, creationTimestamp: '%s'}\n",
			 cases[i].text);
		check_good(text, &decoded);
		assert_int_equal(decoded.objects.list[0]->meta.created,
				 cases[i].seconds);
		k8s_list_free(&decoded.objects);
	}
}

static void addresses(void **state)
{
	static const struct {
		const char *text, *canonical;	/* NULL: none */
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "010.000.0000002.09", "10.0.2.9" },
		{ "::1", "::1" },
		{ "FD00:0:0::1", "fd00::1" },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "", NULL }, { "1.2.3", NULL }, { "1.2.3.4.5", NULL },
		{ "1.2.3.4 ", NULL }, { " 1.2.3.4", NULL }, { "1..2.3", NULL },
		{ "1.2.3.999", NULL }, { "1.2.3.-4", NULL }, { "a.b.c.d", NULL },
		{ "0x1.2.3.4", NULL }, { "1.2.3.4/32", NULL }, { "fd00::g", NULL },
		{ "1.2.3.99999999999999999999", NULL }, { "[::1]", NULL },
	};
	struct ip ip;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(ip_parse(cases[i].text, &ip),
				 cases[i].canonical != NULL);
		if (cases[i].canonical)
			assert_string_equal(print(ip.family, &ip.addr),
					    cases[i].canonical);
	}
}

static void unusable_addresses(void **state)
{
	static const char *const bad[] = {
		"0.0.0.0", "127.1.2.3", "169.254.1.1", "224.0.0.1",
		"255.255.255.255", "::", "::1", "fe80::1", "ff02::1",
		"239.1.1.1", "ff0e::1",
	};
	static const char *const good[] = {
		"0.0.0.1", "10.0.0.1", "169.253.0.1", "223.255.255.255",
		"240.0.0.1", "fd00::1", "2001:db8::1", "::2",
	};
	struct ip ip;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_true(ip_parse(bad[i], &ip));
		assert_non_null(ip_unusable(&ip));
	}
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_true(ip_parse(good[i], &ip));
		assert_null(ip_unusable(&ip));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_service),
		cmocka_unit_test(plain_service),
		cmocka_unit_test(service_kinds),
		cmocka_unit_test(full_slice),
		cmocka_unit_test(other_slices),
		cmocka_unit_test(lists),
		cmocka_unit_test(outer_service),
		cmocka_unit_test(full_node),
		cmocka_unit_test(bad_nodes),
		cmocka_unit_test(bad_objects),
		cmocka_unit_test(bad_services),
		cmocka_unit_test(bad_slices),
		cmocka_unit_test(times),
		cmocka_unit_test(addresses),
		cmocka_unit_test(unusable_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
