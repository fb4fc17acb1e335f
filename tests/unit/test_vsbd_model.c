// SPDX-License-Identifier: GPL-2.0
/* Tests what Services and EndpointSlices mean, a case for each rule. */

#include "vsbd/model/model.h"
#include "vsbd/objects.h"

#define SERVICE(name, spec) \
	"---\napiVersion: v1\nkind: Service\nmetadata: {name: " name "}\n" \
	"spec: " spec "\n"

#define SLICE(name, type, ports, endpoints) \
	"---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n" \
	"metadata: {name: " name ", labels: {kubernetes.io/service-name: web}}\n" \
	"addressType: " type "\nports: " ports "\nendpoints: " endpoints "\n"

#define WEB SERVICE("web", "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}")
#define POOL "+ pool default/web:http/tcp/4 rr\n"
#define BACKEND "+ backend default/web:http/tcp/4 "
#define VIP "+ service tcp 10.96.0.10:80 default/web:http -> default/web:http/tcp/4\n"

#define ENDPOINT(address, conditions) \
	"{addresses: [" address "], conditions: {" conditions "}}"
#define READY		""
#define NOT_READY	"ready: false"
#define SERVING		"ready: false, serving: true, terminating: true"
#define FINISHED	"ready: false, serving: false, terminating: true"

struct rule {
	const char *what;
	const char *objects;
	const char *state;
	const char *problems;	/* a line each */
	const char *proxy_name;
};

static const struct rule rules[] = {
	{
		.what = "nothing",
		.objects = "# nothing",
		.state = "",
	}, {
		.what = "a Service without EndpointSlices has an empty pool",
		.objects = WEB,
		.state = POOL VIP,
	}, {
		.what = "OBJ-1: a headless Service does not count",
		.objects = SERVICE("web", "{clusterIP: None, ports: [{port: 80}]}"),
		.state = "",
	}, {
		.what = "OBJ-1: an ExternalName Service does not count",
		.objects = SERVICE("web", "{type: ExternalName, clusterIP: 10.96.0.10, ports: [{port: 80}]}"),
		.state = "",
	}, {
		.what = "OBJ-1: a Service for another proxy does not count",
		.objects = "apiVersion: v1\nkind: Service\n"
			"metadata: {name: web, labels: {service.kubernetes.io/service-proxy-name: x}}\n"
			"spec: {clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}\n",
		.state = "",
	}, {
		.what = "OBJ-1: a Service for a proxy of our name counts",
		.objects = "apiVersion: v1\nkind: Service\n"
			"metadata: {name: web, labels: {service.kubernetes.io/service-proxy-name: x}}\n"
			"spec: {clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}\n",
		.state = POOL VIP,
		.proxy_name = "x",
	}, {
		.what = "OBJ-1: an EndpointSlice of a headless Service does not count",
		.objects = WEB
			"---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"
			"metadata: {name: a, labels: {kubernetes.io/service-name: web, service.kubernetes.io/headless: ''}}\n"
			"addressType: IPv4\nports: [{name: http, port: 8080}]\n"
			"endpoints: [{addresses: [10.0.0.1]}]\n",
		.state = POOL VIP,
	}, {
		.what = "OBJ-1: an EndpointSlice belongs to a Service by label and namespace",
		.objects = WEB
			"---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"
			"metadata: {name: a, namespace: other, labels: {kubernetes.io/service-name: web}}\n"
			"addressType: IPv4\nports: [{name: http, port: 8080}]\n"
			"endpoints: [{addresses: [10.0.0.1]}]\n"
			"---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"
			"metadata: {name: web}\n"
			"addressType: IPv4\nports: [{name: http, port: 8080}]\n"
			"endpoints: [{addresses: [10.0.0.2]}]\n",
		.state = POOL VIP,
		.problems =
			"EndpointSlice default/web: has no label kubernetes.io/service-name\n"
			"EndpointSlice other/a: there is no Service other/web\n",
	}, {
		.what = "OBJ-2: TCP, UDP and SCTP on one port are three service ports",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}, "
				   "{name: quic, port: 80, protocol: UDP}, {name: s, port: 80, protocol: SCTP}]}")
			SLICE("a", "IPv4", "[{name: http, port: 8080}, {name: quic, port: 8443, protocol: UDP}, {name: s, port: 99, protocol: SCTP}]",
			      "[" ENDPOINT("10.0.0.1", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up\n"
			"+ pool default/web:quic/udp/4 rr\n"
			"+ backend default/web:quic/udp/4 10.0.0.1:8443 up\n"
			"+ pool default/web:s/sctp/4 rr\n"
			"+ backend default/web:s/sctp/4 10.0.0.1:99 up\n"
			VIP "+ service udp 10.96.0.10:80 default/web:quic -> default/web:quic/udp/4\n"
			"+ service sctp 10.96.0.10:80 default/web:s -> default/web:s/sctp/4\n",
	}, {
		.what = "OBJ-3: leading zeros are not octal",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.010, ports: [{name: http, port: 80}]}")
			SLICE("a", "IPv4", "[{name: http, port: 8080}]", "[" ENDPOINT("10.000.0.011", READY) "]"),
		.state = POOL BACKEND "10.0.0.11:8080 up\n" VIP,
	}, {
		.what = "a port without a name",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, ports: [{port: 80}]}")
			SLICE("a", "IPv4", "[{name: '', port: 8080}]", "[" ENDPOINT("10.0.0.1", READY) "]"),
		.state = "+ pool default/web/tcp/4 rr\n"
			"+ backend default/web/tcp/4 10.0.0.1:8080 up\n"
			"+ service tcp 10.96.0.10:80 default/web -> default/web/tcp/4\n",
	}, {
		.what = "VIP-1: each address of clusterIPs, with the pool of its family",
		.objects = SERVICE("web", "{clusterIPs: [10.96.0.10, 'fd00:96::10'], ports: [{name: http, port: 80}]}")
			SLICE("a", "IPv4", "[{name: http, port: 8080}]", "[" ENDPOINT("10.0.0.1", READY) "]")
			SLICE("b", "IPv6", "[{name: http, port: 8081}]", "[" ENDPOINT("'fd00::1'", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up\n"
			"+ pool default/web:http/tcp/6 rr\n"
			"+ backend default/web:http/tcp/6 [fd00::1]:8081 up\n"
			VIP "+ service tcp [fd00:96::10]:80 default/web:http -> default/web:http/tcp/6\n",
	}, {
		.what = "END-1: a slice of a family that the Service has not",
		.objects = WEB SLICE("a", "IPv6", "[{name: http, port: 8080}]", "[" ENDPOINT("'fd00::1'", READY) "]"),
		.state = POOL VIP,
	}, {
		.what = "END-1: an FQDN slice",
		.objects = WEB SLICE("a", "FQDN", "[{name: http, port: 8080}]", "[{addresses: [a.b]}]"),
		.state = POOL VIP,
	}, {
		.what = "END-1: ready nil is true, serving nil is true, terminating nil is false",
		.objects = WEB SLICE("a", "IPv4", "[{name: http, port: 8080}]",
				     "[{addresses: [10.0.0.1]}, {addresses: [10.0.0.2], conditions: {}}, "
				     ENDPOINT("10.0.0.3", "ready: null") "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up\n" BACKEND "10.0.0.2:8080 up\n"
			BACKEND "10.0.0.3:8080 up\n" VIP,
	}, {
		.what = "END-1: a port is matched by name and protocol",
		.objects = WEB SLICE("a", "IPv4", "[{name: http, port: 1, protocol: UDP}, {name: https, port: 2}, "
				     "{name: http, port: 3}]", "[" ENDPOINT("10.0.0.1", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:3 up\n" VIP,
	}, {
		.what = "END-1: ports without a name field or a number are ignored",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, ports: [{port: 80}]}")
			SLICE("a", "IPv4", "[{port: 1}, {name: '', port: null}, {name: '', port: 0}]",
			      "[" ENDPOINT("10.0.0.1", READY) "]"),
		.state = "+ pool default/web/tcp/4 rr\n"
			"+ service tcp 10.96.0.10:80 default/web -> default/web/tcp/4\n",
		.problems = "EndpointSlice default/a: ports[0] has no name and is ignored\n",
	}, {
		.what = "END-1: the first address of an endpoint counts",
		.objects = WEB SLICE("a", "IPv4", "[{name: http, port: 8080}]",
				     "[{addresses: [10.0.0.2, 10.0.0.1]}]"),
		.state = POOL BACKEND "10.0.0.2:8080 up\n" VIP,
	}, {
		.what = "END-1: an address and port seen twice counts once, the one not terminating first",
		.objects = WEB
			SLICE("a", "IPv4", "[{name: http, port: 8080}]",
			      "[" ENDPOINT("10.0.0.1", SERVING) ", " ENDPOINT("10.0.0.2", READY) "]")
			SLICE("b", "IPv4", "[{name: http, port: 8080}]",
			      "[" ENDPOINT("10.0.0.1", READY) ", " ENDPOINT("10.0.0.2", FINISHED) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up\n" BACKEND "10.0.0.2:8080 up\n" VIP,
	}, {
		.what = "one address with two ports is two backends",
		.objects = WEB
			SLICE("a", "IPv4", "[{name: http, port: 8081}]", "[" ENDPOINT("10.0.0.1", READY) "]")
			SLICE("b", "IPv4", "[{name: http, port: 8080}]", "[" ENDPOINT("10.0.0.1", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up\n" BACKEND "10.0.0.1:8081 up\n" VIP,
	}, {
		.what = "END-2: the ready ones; the others are in no set, terminating ones drain",
		.objects = WEB SLICE("a", "IPv4", "[{name: http, port: 8080}]",
				     "[" ENDPOINT("10.0.0.1", READY) ", " ENDPOINT("10.0.0.2", NOT_READY) ", "
				     ENDPOINT("10.0.0.3", SERVING) ", " ENDPOINT("10.0.0.4", FINISHED) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up\n" BACKEND "10.0.0.2:8080 up in no set\n"
			BACKEND "10.0.0.3:8080 draining in no set\n"
			BACKEND "10.0.0.4:8080 draining in no set\n" VIP,
	}, {
		.what = "END-2: none is ready: those that serve and terminate",
		.objects = WEB SLICE("a", "IPv4", "[{name: http, port: 8080}]",
				     "[" ENDPOINT("10.0.0.2", NOT_READY) ", " ENDPOINT("10.0.0.3", SERVING) ", "
				     ENDPOINT("10.0.0.4", FINISHED) "]"),
		.state = POOL BACKEND "10.0.0.2:8080 up in no set\n" BACKEND "10.0.0.3:8080 up\n"
			BACKEND "10.0.0.4:8080 draining in no set\n" VIP,
	}, {
		.what = "END-2: serving without terminating is no fallback",
		.objects = WEB SLICE("a", "IPv4", "[{name: http, port: 8080}]",
				     "[" ENDPOINT("10.0.0.1", "ready: false, serving: true") "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up in no set\n" VIP,
	}, {
		.what = "END-2: ready and terminating (publishNotReadyAddresses) is ready",
		.objects = WEB SLICE("a", "IPv4", "[{name: http, port: 8080}]",
				     "[" ENDPOINT("10.0.0.1", "ready: true, terminating: true") "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up\n" VIP,
	}, {
		.what = "END-2: each service port and family falls back by itself",
		.objects = SERVICE("web", "{clusterIPs: [10.96.0.10, 'fd00:96::10'], ports: [{name: http, port: 80}]}")
			SLICE("a", "IPv4", "[{name: http, port: 8080}]",
			      "[" ENDPOINT("10.0.0.1", READY) ", " ENDPOINT("10.0.0.2", SERVING) "]")
			SLICE("b", "IPv6", "[{name: http, port: 8080}]", "[" ENDPOINT("'fd00::1'", SERVING) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up\n" BACKEND "10.0.0.2:8080 draining in no set\n"
			"+ pool default/web:http/tcp/6 rr\n"
			"+ backend default/web:http/tcp/6 [fd00::1]:8080 up\n"
			VIP "+ service tcp [fd00:96::10]:80 default/web:http -> default/web:http/tcp/6\n",
	}, {
		.what = "a Service without an address or without ports",
		.objects = SERVICE("a", "{ports: [{port: 80}]}") SERVICE("b", "{clusterIP: 10.96.0.1}"),
		.state = "",
		.problems = "Service default/a: has no clusterIP\n"
			"Service default/b: has no ports\n",
	}, {
		.what = "two Services with one VIP and port: by name without times",
		.objects = SERVICE("web2", "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}") WEB,
		.state = "+ pool default/web2:http/tcp/4 rr\n" POOL VIP,
		.problems = "Service default/web2: 10.96.0.10:80/tcp is not served: it is Service default/web's\n",
	}, {
		.what = "two Services with one VIP and port: the older one",
		.objects = "apiVersion: v1\nkind: Service\n"
			"metadata: {name: a, creationTimestamp: '2024-05-02T00:00:00Z'}\n"
			"spec: {clusterIP: 10.96.0.10, ports: [{name: y, port: 80}, {name: x, port: 81}]}\n"
			"---\napiVersion: v1\nkind: Service\n"
			"metadata: {name: web, creationTimestamp: '2024-05-01T00:00:00Z'}\n"
			"spec: {clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}\n"
			SERVICE("b", "{clusterIP: 10.96.0.10, ports: [{port: 80}]}"),
		.state = "+ pool default/a:x/tcp/4 rr\n+ pool default/a:y/tcp/4 rr\n"
			"+ pool default/b/tcp/4 rr\n" POOL VIP
			"+ service tcp 10.96.0.10:81 default/a:x -> default/a:x/tcp/4\n",
		.problems =
			"Service default/a: 10.96.0.10:80/tcp is not served: it is Service default/web's\n"
			"Service default/b: 10.96.0.10:80/tcp is not served: it is Service default/web's\n",
	}, {
		.what = "one VIP, two ports or two protocols: two Services share it",
		.objects = SERVICE("a", "{clusterIP: 10.96.0.10, ports: [{port: 81}]}")
			SERVICE("b", "{clusterIP: 10.96.0.10, ports: [{port: 80, protocol: UDP}]}") WEB,
		.state = "+ pool default/a/tcp/4 rr\n+ pool default/b/udp/4 rr\n" POOL VIP
			"+ service tcp 10.96.0.10:81 default/a -> default/a/tcp/4\n"
			"+ service udp 10.96.0.10:80 default/b -> default/b/udp/4\n",
	},
};

static int by_text(const void *a, const void *b)
{
	const struct problem *left = a, *right = b;

	return strcmp(left->text, right->text);
}

static void check_problems(const struct rule *rule, struct problems *problems)
{
	char text[2048] = "";

	if (problems->n)
		qsort(problems->list, problems->n, sizeof(*problems->list),
		      by_text);
	for (size_t i = 0; i < problems->n; i++) {
		strcat(text, problems->list[i].text);
		strcat(text, "\n");
	}
	if (strcmp(text, rule->problems ?: ""))
		fail_msg("%s\nproblems:\n%sinstead of:\n%s", rule->what, text,
			 rule->problems ?: "");
}

static void reverse(const void **list, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		const void *first = list[i];

		list[i] = list[n - 1 - i];
		list[n - 1 - i] = first;
	}
}

static void check_rule(const struct rule *rule, bool backwards)
{
	struct model_settings settings = { .proxy_name = rule->proxy_name };
	struct problems problems = { 0 };
	struct k8s_objects objects;
	struct k8s_view view;
	struct state *state;

	objects_read(rule->objects, &objects);
	objects_view(&objects, &view);
	if (backwards) {
		reverse((const void **)view.services, view.n_services);
		reverse((const void **)view.slices, view.n_slices);
	}
	state = model_build(&view, &settings, &problems);
	k8s_view_free(&view);
	k8s_objects_free(&objects);
	{
		/* The state must not need the objects any more. */
		autofree char *text = state_text(state);

		if (strcmp(text, rule->state))
			fail_msg("%s\n%sinstead of:\n%s", rule->what, text,
				 rule->state);
	}
	check_problems(rule, &problems);
	problems_free(&problems);
	state_free(state);
}

/* The order in which objects come must not matter. */
static void every_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		check_rule(&rules[i], false);
		check_rule(&rules[i], true);
	}
}

/* What a clusterIP's service is, in full. */
static void routes(void **state)
{
	struct model_settings settings = { 0 };
	struct problems problems = { 0 };
	struct k8s_objects objects;
	struct k8s_view view;
	struct state *built;

	(void)state;
	objects_read(WEB, &objects);
	objects_view(&objects, &view);
	built = model_build(&view, &settings, &problems);
	assert_int_equal(built->n_services, 1);
	for (int i = 0; i < STATE_SOURCES; i++) {
		assert_string_equal(built->services[0].routes[i].pool,
				    "default/web:http/tcp/4");
		assert_int_equal(built->services[0].routes[i].set, 0);
		assert_false(built->services[0].routes[i].masquerade);
	}
	assert_int_equal(built->services[0].elsewhere, VSB_ACTION_DROP);
	state_free(built);
	k8s_view_free(&view);
	k8s_objects_free(&objects);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule),
		cmocka_unit_test(routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
