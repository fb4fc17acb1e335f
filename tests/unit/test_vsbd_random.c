// SPDX-License-Identifier: GPL-2.0
/*
 * Tests that what the model computes after a change is what it computes from
 * scratch: random changes to a small cluster, where names, addresses and
 * ports meet often.
 */

#include "vsbd/world.h"

#define CHANGES		100000
#define BURST_MAX	4	/* changes between two comparisons */
#define VARIANTS	24	/* of one object */

#define SERVICES	6
#define SLICES		9
#define NODES		2

static const char *const settings[] = {
	"",
	"cluster-cidr=10.244.0.0/16",
	"cluster-cidr=10.244.0.0/16,fd00:244::/48 external-ips=false",
	"detect-local-mode=NodeCIDR",
	"detect-local-mode=BridgeInterface pod-bridge-interface=cni0",
	"hostname-override=n2",
	"proxy-name=x nodeport-addresses=all",
	"nodeport-addresses=192.0.2.0/24 masquerade-all=true",
	"service-cluster-ip-range=10.96.0.0/12",
};

/* What is known of the node beside objects. */
struct told {
	const char *settings;
	struct machine machine;
};

/* One object that may be there, in all its variants. */
struct place {
	struct k8s_object *variants[VARIANTS];
	const struct k8s_object *now;
};

static struct place places[SERVICES + SLICES + NODES];

/* A number below @n. */
static int any(int n)
{
	return rand() % n;
}

static const char *one_of(const char *const *list, size_t n)
{
	return list[(size_t)rand() % n];
}

#define ONE_OF(...) one_of((const char *const[]) { __VA_ARGS__ }, \
			   ARRAY_SIZE(((const char *const[]) { __VA_ARGS__ })))

static struct k8s_object *read_one(FILE *out, char **text)
{
	struct k8s_object *object;
	struct k8s_list list;

	fclose(out);
	objects_read(*text, &list);
	assert_int_equal(list.n, 1);
	object = k8s_object_get(list.list[0]);
	k8s_list_free(&list);
	free(*text);
	return object;
}

static struct k8s_object *random_service(int number)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int ports = any(3);

	fprintf(out, "apiVersion: v1\nkind: Service\n"
		"metadata: {name: s%d, labels: {%s}, annotations: {%s}%s}\n",
		number,
		ONE_OF("", "", "", "service.kubernetes.io/service-proxy-name: x"),
		ONE_OF("", "", "vsb/scheduler: wrr", "vsb/flags: strict-source-ranges",
		       "vsb/scheduler: mh, vsb/scheduler-flags: port", "vsb/none: x",
		       "vsb/flags: reject-elsewhere", "vsb/weights: '10.0.0.1=3'",
		       "vsb/scheduler: bad"),
		ONE_OF("", ", creationTimestamp: '2024-01-01T00:00:00Z'",
		       ", creationTimestamp: '2024-02-01T00:00:00Z'"));
	fprintf(out, "spec: {type: %s, %s, %s, %s, %s, %s, ports: [",
		ONE_OF("ClusterIP", "NodePort", "LoadBalancer", "LoadBalancer"),
		ONE_OF("clusterIP: 10.96.0.1", "clusterIP: 10.96.0.2",
		       "clusterIPs: [10.96.0.1, 'fd96::1']",
		       "clusterIPs: ['fd96::1', 10.96.0.3]", "clusterIP: None"),
		ONE_OF("externalIPs: []", "externalIPs: [198.51.100.1]",
		       "externalIPs: [198.51.100.1, 'fd98::1']",
		       "externalIPs: [10.96.0.1, 203.0.113.1]"),
		ONE_OF("loadBalancerSourceRanges: []",
		       "loadBalancerSourceRanges: [192.0.2.0/24]",
		       "loadBalancerSourceRanges: [192.0.2.0/24, 'fd01::/64']"),
		ONE_OF("internalTrafficPolicy: Cluster",
		       "internalTrafficPolicy: Local"),
		ONE_OF("externalTrafficPolicy: Cluster",
		       "externalTrafficPolicy: Local",
		       "sessionAffinity: ClientIP"));
	for (int i = 0; i < ports; i++)
		fprintf(out, "{name: p%d, protocol: %s, port: %d, nodePort: %d},",
			i, ONE_OF("TCP", "UDP"), 80 + i, 30080 + any(2));
	fprintf(out, "]}\nstatus: {loadBalancer: {ingress: [%s]}}\n",
		ONE_OF("", "{ip: 203.0.113.1}", "{ip: 203.0.113.1, ipMode: Proxy}",
		       "{ip: 203.0.113.2}, {ip: 'fd98::1'}"));
	return read_one(out, &text);
}

static void random_endpoint(FILE *out, bool wide)
{
	fprintf(out, "{addresses: [%s], %s, conditions: {%s}, hints: {%s}},",
		wide ? ONE_OF("'fd00::1'", "'fd00::2'", "'fd96::1'", "'fd98::1'") :
		       ONE_OF("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.96.0.1",
			      "198.51.100.1", "203.0.113.1", "239.1.1.1"),
		ONE_OF("nodeName: n1", "nodeName: n2", "zone: z1"),
		ONE_OF("", "", "ready: false",
		       "ready: false, serving: true, terminating: true",
		       "ready: false, serving: false, terminating: true"),
		ONE_OF("forZones: [{name: z1}]", "forZones: [{name: z2}]",
		       "forZones: [{name: z1}], forNodes: [{name: n1}]",
		       "forNodes: [{name: n2}]", ""));
}

static struct k8s_object *random_slice(int number)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool wide = !any(3);
	int endpoints = any(4);

	fprintf(out, "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"
		"metadata: {name: e%d, labels: {%s}}\naddressType: IPv%c\n",
		number,
		ONE_OF("kubernetes.io/service-name: s0",
		       "kubernetes.io/service-name: s1",
		       "kubernetes.io/service-name: s2",
		       "kubernetes.io/service-name: s3",
		       "kubernetes.io/service-name: s4", "a: b",
		       "kubernetes.io/service-name: s5, service.kubernetes.io/headless: ''"),
		wide ? '6' : '4');
	fprintf(out, "ports: [%s]\nendpoints: [",
		ONE_OF("{name: p0, port: 8080}", "{name: p0, port: 80}",
		       "{name: p0, port: 8080, protocol: UDP}",
		       "{name: p0, port: 8080}, {name: p1, port: 8081}",
		       "{port: 8080}"));
	while (endpoints--)
		random_endpoint(out, wide);
	fprintf(out, "]\n");
	return read_one(out, &text);
}

static struct k8s_object *random_node(int number)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "apiVersion: v1\nkind: Node\n"
		"metadata: {name: n%d, labels: {topology.kubernetes.io/zone: %s}}\n"
		"spec: {%s}\nstatus: {addresses: [%s]}\n",
		number + 1, ONE_OF("z1", "z2", "z3"),
		ONE_OF("", "podCIDR: 10.244.1.0/24", "podCIDR: 'fd00:244:1::/64'"),
		ONE_OF("", "{type: InternalIP, address: 192.0.2.1}",
		       "{type: InternalIP, address: 'fd01::5'}"));
	return read_one(out, &text);
}

static void make_variants(struct place *place, int number,
			  struct k8s_object *(*make)(int number))
{
	for (int i = 0; i < VARIANTS; i++)
		place->variants[i] = make(number);
}

static int make_all(void **state)
{
	struct place *place = places;

	(void)state;
	srand(5);
	for (int i = 0; i < SERVICES; i++)
		make_variants(place++, i, random_service);
	for (int i = 0; i < SLICES; i++)
		make_variants(place++, i, random_slice);
	for (int i = 0; i < NODES; i++)
		make_variants(place++, i, random_node);
	return 0;
}

static int free_all(void **state)
{
	(void)state;
	for (size_t p = 0; p < ARRAY_SIZE(places); p++)
		for (int i = 0; i < VARIANTS; i++)
			k8s_object_put(places[p].variants[i]);
	return 0;
}

static void change_object(struct world *world)
{
	struct place *place = &places[(size_t)rand() % ARRAY_SIZE(places)];
	struct k8s_object *object = place->variants[any(VARIANTS)];

	if (any(4)) {
		model_put(world->model, object);
		place->now = object;
	} else if (place->now) {
		model_gone(world->model, place->now);
		place->now = NULL;
	}
}

/* Another setting or another address of the machine. */
static void change_node(struct world *world, struct told *told)
{
	if (any(2)) {
		told->settings = one_of(settings, ARRAY_SIZE(settings));
	} else {
		told->machine = world_machine();
		ip_parse(ONE_OF("192.0.2.1", "203.0.113.1", "198.51.100.7"),
			 &told->machine.primary[0]);
		if (any(2))
			told->machine.primary[1] = (struct ip) { 0 };
		snprintf(told->machine.name, sizeof(told->machine.name), "%s",
			 ONE_OF("n1", "n2", "n3"));
	}
	world_set_node(world, told->settings, &told->machine);
}

static void compare(const struct world *world, const struct told *told,
		    int change)
{
	cleanup_by(state_put_variable) struct state *got = world_state(world);
	cleanup_by(state_put_variable) struct state *want = NULL;
	struct problems problems, wanted;
	struct world scratch;

	world_begin(&scratch, told->settings, &told->machine);
	for (size_t i = ARRAY_SIZE(places); i--;)
		if (places[i].now)
			model_put(scratch.model, (void *)places[i].now);
	world_update(&scratch);
	want = world_state(&scratch);
	if (!state_same(got, want)) {
		autofree char *text = diff_text(want, got);

		fail_msg("after %d changes, from there to what should be:\n%s",
			 change, text);
	}
	assert_false(config_differs(&model_node(world->model)->config,
				    &model_node(scratch.model)->config));
	world_problems(world, &problems);
	world_problems(&scratch, &wanted);
	for (size_t i = 0; i < problems.n && i < wanted.n; i++)
		assert_string_equal(problems.list[i].text,
				    wanted.list[i].text);
	assert_int_equal(problems.n, wanted.n);
	problems_free(&problems);
	problems_free(&wanted);
	world_end(&scratch);
}

static void random_changes(void **state)
{
	struct told told = { settings[0], world_machine() };
	struct world world;
	int left = 0;

	(void)state;
	world_begin(&world, told.settings, &told.machine);
	for (int i = 0; i < CHANGES; i++) {
		if (any(200))
			change_object(&world);
		else
			change_node(&world, &told);
		if (left--)
			continue;
		left = any(BURST_MAX);
		world_update(&world);
		compare(&world, &told, i + 1);
	}
	world_end(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_changes),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}
