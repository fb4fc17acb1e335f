// SPDX-License-Identifier: GPL-2.0
/* Tests what Services and EndpointSlices mean, a case for each rule. */

#include "vsbd/world.h"

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
#define VIP "+ service tcp 10.96.0.10:80 default/web:http -> default/web:http/tcp/4, cluster-ip\n"

#define ENDPOINT(address, conditions) \
	"{addresses: [" address "], conditions: {" conditions "}}"
#define HERE(address, conditions) \
	"{addresses: [" address "], nodeName: n1, conditions: {" conditions "}}"
#define THERE(address, conditions) \
	"{addresses: [" address "], nodeName: n2, conditions: {" conditions "}}"
#define HINTED(address, hints, conditions) \
	"{addresses: [" address "], hints: {" hints "}, conditions: {" conditions "}}"
#define FOR_NODE(node) "forNodes: [{name: " node "}]"
#define FOR_ZONE(zone) "forZones: [{name: " zone "}]"
#define LABELLED(name, labels, spec) \
	"---\napiVersion: v1\nkind: Service\nmetadata: {name: " name ", " labels "}\n" \
	"spec: " spec "\n"
#define BALANCED(spec, ingress) \
	SERVICE("web", "{type: LoadBalancer, clusterIP: 10.96.0.10, ports: [{name: http, port: 80}], " spec "}") \
	"status: {loadBalancer: {ingress: [" ingress "]}}\n"
#define DUAL_BALANCED(spec, ingress) \
	SERVICE("web", "{type: LoadBalancer, clusterIPs: [10.96.0.10, 'fd00:96::10'], " \
		"ports: [{name: http, port: 80}], " spec "}") \
	"status: {loadBalancer: {ingress: [" ingress "]}}\n"
#define NODE(name, zone, rest) \
	"---\napiVersion: v1\nkind: Node\nmetadata: {name: " name ", labels: {" zone "}}\n" rest "\n"
#define ZONE(zone) "topology.kubernetes.io/zone: " zone
#define HTTP "[{name: http, port: 8080}]"

#define KEY_POOL(key, pool, ways) "+ service " key " default/web:http -> default/web:http/tcp/" pool ways "\n"
#define AT(key, ways) KEY_POOL(key, "4", ways)
#define AT6(key, ways) KEY_POOL(key, "6", ways)
#define POOL6 "+ pool default/web:http/tcp/6 rr\n"
#define CLUSTER_IP "tcp 10.96.0.10:80"
#define INTERNAL_CLUSTER ": pod cluster, node cluster masqueraded, outside cluster masqueraded, cluster-ip"
#define INTERNAL_LOCAL ": pod local, node local masqueraded, outside local masqueraded, cluster-ip"
#define EXTERNAL_CLUSTER " cluster masqueraded"
#define EXTERNAL_LOCAL ": pod cluster, node cluster masqueraded, outside local"
#define PODS "cluster-cidr=10.244.0.0/16,fd00:244::/48"

#define READY		""
#define NOT_READY	"ready: false"
#define SERVING		"ready: false, serving: true, terminating: true"
#define FINISHED	"ready: false, serving: false, terminating: true"

struct rule {
	const char *what;
	const char *objects;
	const char *state;
	const char *problems;	/* a line each */
	const char *settings;	/* of the node */
	bool nowhere;		/* the machine has no address */
	const char *config;	/* what the kernel is told, where that matters */
	const char *explained;	/* lines that --explain has of the Service */
	const char *of;		/* that Service, if not web */
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
		.settings = "proxy-name=x",
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
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n"
			"+ pool default/web:quic/udp/4 rr\n"
			"+ backend default/web:quic/udp/4 10.0.0.1:8443 up cluster\n"
			"+ pool default/web:s/sctp/4 rr\n"
			"+ backend default/web:s/sctp/4 10.0.0.1:99 up cluster\n"
			VIP "+ service udp 10.96.0.10:80 default/web:quic -> default/web:quic/udp/4, cluster-ip\n"
			"+ service sctp 10.96.0.10:80 default/web:s -> default/web:s/sctp/4, cluster-ip\n",
	}, {
		.what = "OBJ-3: leading zeros are not octal",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.010, ports: [{name: http, port: 80}]}")
			SLICE("a", "IPv4", "[{name: http, port: 8080}]", "[" ENDPOINT("10.000.0.011", READY) "]"),
		.state = POOL BACKEND "10.0.0.11:8080 up cluster\n" VIP,
	}, {
		.what = "a port without a name",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, ports: [{port: 80}]}")
			SLICE("a", "IPv4", "[{name: '', port: 8080}]", "[" ENDPOINT("10.0.0.1", READY) "]"),
		.state = "+ pool default/web/tcp/4 rr\n"
			"+ backend default/web/tcp/4 10.0.0.1:8080 up cluster\n"
			"+ service tcp 10.96.0.10:80 default/web -> default/web/tcp/4, cluster-ip\n",
	}, {
		.what = "VIP-1: each address of clusterIPs, with the pool of its family",
		.objects = SERVICE("web", "{clusterIPs: [10.96.0.10, 'fd00:96::10'], ports: [{name: http, port: 80}]}")
			SLICE("a", "IPv4", "[{name: http, port: 8080}]", "[" ENDPOINT("10.0.0.1", READY) "]")
			SLICE("b", "IPv6", "[{name: http, port: 8081}]", "[" ENDPOINT("'fd00::1'", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n"
			"+ pool default/web:http/tcp/6 rr\n"
			"+ backend default/web:http/tcp/6 [fd00::1]:8081 up cluster\n"
			VIP "+ service tcp [fd00:96::10]:80 default/web:http -> default/web:http/tcp/6, cluster-ip\n",
	}, {
		.what = "END-1: a slice of a family that the Service has not",
		.objects = WEB SLICE("a", "IPv6", "[{name: http, port: 8080}]", "[" ENDPOINT("'fd00::1'", READY) "]"),
		.state = POOL VIP,
		.problems = "EndpointSlice default/a: addressType is IPv6, and Service default/web has no such clusterIP\n",
	}, {
		.what = "END-1: an FQDN slice",
		.objects = WEB SLICE("a", "FQDN", "[{name: http, port: 8080}]", "[{addresses: [a.b]}]"),
		.state = POOL VIP,
	}, {
		.what = "END-1: ready nil is true, serving nil is true, terminating nil is false",
		.objects = WEB SLICE("a", "IPv4", "[{name: http, port: 8080}]",
				     "[{addresses: [10.0.0.1]}, {addresses: [10.0.0.2], conditions: {}}, "
				     ENDPOINT("10.0.0.3", "ready: null") "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up cluster\n"
			BACKEND "10.0.0.3:8080 up cluster\n" VIP,
	}, {
		.what = "END-1: a port is matched by name and protocol",
		.objects = WEB SLICE("a", "IPv4", "[{name: http, port: 1, protocol: UDP}, {name: https, port: 2}, "
				     "{name: http, port: 3}]", "[" ENDPOINT("10.0.0.1", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:3 up cluster\n" VIP,
	}, {
		.what = "END-1: ports without a name field or a number are ignored",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, ports: [{port: 80}]}")
			SLICE("a", "IPv4", "[{port: 1}, {name: '', port: null}, {name: '', port: 0}]",
			      "[" ENDPOINT("10.0.0.1", READY) "]"),
		.state = "+ pool default/web/tcp/4 rr\n"
			"+ service tcp 10.96.0.10:80 default/web -> default/web/tcp/4, cluster-ip\n",
		.problems = "EndpointSlice default/a: ports[0] has no name and is ignored\n"
			"Service default/web: spec.ports[0]: no EndpointSlice of IPv4 has a tcp port \"\"\n",
	}, {
		.what = "END-1: the first address of an endpoint counts",
		.objects = WEB SLICE("a", "IPv4", "[{name: http, port: 8080}]",
				     "[{addresses: [10.0.0.2, 10.0.0.1]}]"),
		.state = POOL BACKEND "10.0.0.2:8080 up cluster\n" VIP,
	}, {
		.what = "END-1: an address and port seen twice counts once, the one not terminating first",
		.objects = WEB
			SLICE("a", "IPv4", "[{name: http, port: 8080}]",
			      "[" ENDPOINT("10.0.0.1", SERVING) ", " ENDPOINT("10.0.0.2", READY) "]")
			SLICE("b", "IPv4", "[{name: http, port: 8080}]",
			      "[" ENDPOINT("10.0.0.1", READY) ", " ENDPOINT("10.0.0.2", FINISHED) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
		.problems = "EndpointSlice default/b: 10.0.0.1:8080 is there more than once, and counts once\n",
	}, {
		.what = "END-1: of two that are not ready the one not terminating, else a ready one, then one of this node",
		.objects = WEB
			SLICE("a", "IPv4", HTTP, "[" ENDPOINT("10.0.0.1", SERVING) ", " ENDPOINT("10.0.0.2", NOT_READY) ", "
			      THERE("10.0.0.3", READY) "]")
			SLICE("b", "IPv4", HTTP, "[" ENDPOINT("10.0.0.1", NOT_READY) ", " ENDPOINT("10.0.0.2", READY) ", "
			      HERE("10.0.0.3", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up in no set\n" BACKEND "10.0.0.2:8080 up cluster\n"
			BACKEND "10.0.0.3:8080 up cluster,local\n" VIP,
		.problems = "EndpointSlice default/b: 10.0.0.1:8080 is there more than once, and counts once\n",
	}, {
		.what = "END-1: of two that terminate the one that still serves",
		.objects = WEB
			SLICE("a", "IPv4", HTTP, "[" ENDPOINT("10.0.0.1", FINISHED) "]")
			SLICE("b", "IPv4", HTTP, "[" ENDPOINT("10.0.0.1", SERVING) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" VIP,
		.problems = "EndpointSlice default/b: 10.0.0.1:8080 is there more than once, and counts once\n",
	}, {
		.what = "one address with two ports is two backends",
		.objects = WEB
			SLICE("a", "IPv4", "[{name: http, port: 8081}]", "[" ENDPOINT("10.0.0.1", READY) "]")
			SLICE("b", "IPv4", "[{name: http, port: 8080}]", "[" ENDPOINT("10.0.0.1", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.1:8081 up cluster\n" VIP,
	}, {
		.what = "END-2: the ready ones; the others are in no set, terminating ones drain",
		.objects = WEB SLICE("a", "IPv4", "[{name: http, port: 8080}]",
				     "[" ENDPOINT("10.0.0.1", READY) ", " ENDPOINT("10.0.0.2", NOT_READY) ", "
				     ENDPOINT("10.0.0.3", SERVING) ", " ENDPOINT("10.0.0.4", FINISHED) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up in no set\n"
			BACKEND "10.0.0.3:8080 draining in no set\n"
			BACKEND "10.0.0.4:8080 draining in no set\n" VIP,
	}, {
		.what = "END-2: none is ready: those that serve and terminate",
		.objects = WEB SLICE("a", "IPv4", "[{name: http, port: 8080}]",
				     "[" ENDPOINT("10.0.0.2", NOT_READY) ", " ENDPOINT("10.0.0.3", SERVING) ", "
				     ENDPOINT("10.0.0.4", FINISHED) "]"),
		.state = POOL BACKEND "10.0.0.2:8080 up in no set\n" BACKEND "10.0.0.3:8080 up cluster\n"
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
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" VIP,
	}, {
		.what = "END-2: each service port and family falls back by itself",
		.objects = SERVICE("web", "{clusterIPs: [10.96.0.10, 'fd00:96::10'], ports: [{name: http, port: 80}]}")
			SLICE("a", "IPv4", "[{name: http, port: 8080}]",
			      "[" ENDPOINT("10.0.0.1", READY) ", " ENDPOINT("10.0.0.2", SERVING) "]")
			SLICE("b", "IPv6", "[{name: http, port: 8080}]", "[" ENDPOINT("'fd00::1'", SERVING) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 draining in no set\n"
			"+ pool default/web:http/tcp/6 rr\n"
			"+ backend default/web:http/tcp/6 [fd00::1]:8080 up cluster\n"
			VIP "+ service tcp [fd00:96::10]:80 default/web:http -> default/web:http/tcp/6, cluster-ip\n",
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
		.explained =
			"  tcp 10.96.0.10:80: clusterIP [VIP-1], internalTrafficPolicy Cluster [SET-1]\n"
			"    not served: it is Service default/web's\n"
			"  pool default/web2:http/tcp/4\n",
		.of = "web2",
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
			"+ service tcp 10.96.0.10:81 default/a:x -> default/a:x/tcp/4, cluster-ip\n",
		.problems =
			"Service default/a: 10.96.0.10:80/tcp is not served: it is Service default/web's\n"
			"Service default/b: 10.96.0.10:80/tcp is not served: it is Service default/web's\n",
	}, {
		.what = "one VIP, two ports or two protocols: two Services share it",
		.objects = SERVICE("a", "{clusterIP: 10.96.0.10, ports: [{port: 81}]}")
			SERVICE("b", "{clusterIP: 10.96.0.10, ports: [{port: 80, protocol: UDP}]}") WEB,
		.state = "+ pool default/a/tcp/4 rr\n+ pool default/b/udp/4 rr\n" POOL VIP
			"+ service tcp 10.96.0.10:81 default/a -> default/a/tcp/4, cluster-ip\n"
			"+ service udp 10.96.0.10:80 default/b -> default/b/udp/4, cluster-ip\n",
	}, {
		.what = "OBJ-3: source ranges may have host bits, leading zeros and blanks, and be there twice",
		.objects = BALANCED("loadBalancerSourceRanges: [' 198.051.100.7/24 ', 198.51.100.0/24, 'fd01::1/64']",
				    "{ip: 203.0.113.1}"),
		.state = POOL AT(CLUSTER_IP, ", cluster-ip")
			AT("tcp 203.0.113.1:80", EXTERNAL_CLUSTER ", restricted")
			"+ range tcp 203.0.113.1:80 from 198.51.100.0/24\n",
	}, {
		.what = "VIP-2: nodePort, in each family of the Service",
		.objects = SERVICE("web", "{type: NodePort, clusterIPs: [10.96.0.10, 'fd00:96::10'], "
				   "ports: [{name: http, port: 80, nodePort: 30080}]}"),
		.state = POOL POOL6 AT(CLUSTER_IP, ", cluster-ip")
			AT("tcp IPv4 node port 30080", EXTERNAL_CLUSTER)
			AT6("tcp [fd00:96::10]:80", ", cluster-ip")
			AT6("tcp IPv6 node port 30080", EXTERNAL_CLUSTER),
		.config = "node-port-cidrs 192.0.2.1/32,2001:db8::1/128 (was none)\n",
	}, {
		.what = "VIP-2: a nodePort of a Service that is neither NodePort nor LoadBalancer does not count, nor does 0",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80, nodePort: 30080}]}")
			SERVICE("b", "{type: NodePort, clusterIP: 10.96.0.11, ports: [{port: 80, nodePort: 0}]}"),
		.state = "+ pool default/b/tcp/4 rr\n" POOL AT(CLUSTER_IP, ", cluster-ip")
			"+ service tcp 10.96.0.11:80 default/b -> default/b/tcp/4, cluster-ip\n",
	}, {
		.what = "VIP-2: the primary addresses are the first of each family in the Node's status",
		.objects = NODE("n1", "", "status: {addresses: [{type: Hostname, address: n1}, {type: ExternalIP, address: 198.51.100.1}, "
				"{type: InternalIP, address: 10.0.0.1}, {type: InternalIP, address: 10.0.0.2}]}"),
		.state = "",
		.config = "node-port-cidrs 10.0.0.1/32 (was none)\n",
	}, {
		.what = "VIP-2: external addresses of a Node count where it has no internal ones",
		.objects = NODE("n1", "", "status: {addresses: [{type: ExternalIP, address: 198.51.100.1}, "
				"{type: ExternalIP, address: '2001:db8::7'}]}"),
		.state = "",
		.config = "node-port-cidrs 198.51.100.1/32,2001:db8::7/128 (was none)\n",
	}, {
		.what = "VIP-2: all addresses",
		.objects = "# none",
		.settings = "nodeport-addresses=all",
		.state = "",
		.config = "node-port-cidrs 0.0.0.0/0,::/0 (was none)\n",
	}, {
		.what = "VIP-2, NONE-4: addresses in some ranges, and no others",
		.objects = "# none",
		.settings = "nodeport-addresses=192.0.2.77/24,2001:db8::/32",
		.state = "",
		.config = "node-port-cidrs 192.0.2.0/24,2001:db8::/32 (was none)\n",
	}, {
		.what = "VIP-3: externalIPs, of the Service's families",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}], "
				   "externalIPs: [198.51.100.80, '2001:db8::80']}"),
		.state = POOL AT(CLUSTER_IP, ", cluster-ip") AT("tcp 198.51.100.80:80", EXTERNAL_CLUSTER),
		.problems = "Service default/web: spec.externalIPs: 2001:db8::80 is not served: there is no clusterIP of its family\n",
	}, {
		.what = "VIP-3: externalIPs are switched off",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}], externalIPs: [198.51.100.80]}"),
		.settings = "external-ips=false",
		.state = POOL AT(CLUSTER_IP, ", cluster-ip"),
	}, {
		.what = "VIP-3: a ClusterIP Service with externalIPs has an external policy",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}], "
				   "externalTrafficPolicy: Local, externalIPs: [198.51.100.80]}"),
		.settings = PODS,
		.state = POOL AT(CLUSTER_IP, INTERNAL_CLUSTER) AT("tcp 198.51.100.80:80", EXTERNAL_LOCAL),
	}, {
		.what = "VIP-4: the load balancer's addresses, but for those of mode Proxy and names",
		.objects = BALANCED("externalTrafficPolicy: Cluster", "{ip: 203.0.113.1, ipMode: VIP}, {ip: 203.0.113.2, ipMode: Proxy}, "
				    "{hostname: lb.example}, {ip: 203.0.113.3}"),
		.state = POOL AT(CLUSTER_IP, ", cluster-ip") AT("tcp 203.0.113.1:80", EXTERNAL_CLUSTER)
			AT("tcp 203.0.113.3:80", EXTERNAL_CLUSTER),
	}, {
		.what = "VIP-4: a status that is left over from another type does not count",
		.objects = WEB "status: {loadBalancer: {ingress: [{ip: 203.0.113.1}]}}\n",
		.state = POOL VIP,
	}, {
		.what = "an address that is the load balancer's and an external one is one service",
		.objects = BALANCED("externalIPs: [203.0.113.1], loadBalancerSourceRanges: [198.51.100.0/24]", "{ip: 203.0.113.1}"),
		.state = POOL AT(CLUSTER_IP, ", cluster-ip") AT("tcp 203.0.113.1:80", EXTERNAL_CLUSTER ", restricted")
			"+ range tcp 203.0.113.1:80 from 198.51.100.0/24\n",
		.explained =
			"  tcp 203.0.113.1:80: externalIP [VIP-3], externalTrafficPolicy Cluster [SET-3]\n"
			"    served by the one above\n"
			"  pool default/web:http/tcp/4\n",
	}, {
		.what = "END-3: all ready endpoints have node hints, one is for this node",
		.objects = WEB SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_NODE("n1"), READY) ", "
				     HINTED("10.0.0.2", FOR_NODE("n2"), READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up in no set\n" VIP,
		.explained = "    cluster set: the ready ones that are hinted for node n1 [END-3]\n",
	}, {
		.what = "END-3: node hints go before zone hints",
		.objects = WEB NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_NODE("n1") ", " FOR_ZONE("z2"), READY) ", "
			      HINTED("10.0.0.2", FOR_NODE("n2") ", " FOR_ZONE("z1"), READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up in no set\n" VIP,
	}, {
		.what = "END-3: node hints, none for this node: zone hints",
		.objects = WEB NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_NODE("n3") ", " FOR_ZONE("z2"), READY) ", "
			      HINTED("10.0.0.2", FOR_NODE("n2") ", " FOR_ZONE("z1"), READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up in no set\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
		.explained = "    cluster set: the ready ones that are hinted for zone z1 [END-3]\n",
	}, {
		.what = "END-3: a ready endpoint without node hints: zone hints",
		.objects = WEB NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_NODE("n1") ", " FOR_ZONE("z2"), READY) ", "
			      HINTED("10.0.0.2", FOR_ZONE("z1"), READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up in no set\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
	}, {
		.what = "END-3: a ready endpoint without zone hints: all",
		.objects = WEB NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_ZONE("z1"), READY) ", "
			      ENDPOINT("10.0.0.2", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
	}, {
		.what = "END-3: a ready endpoint without node hints, and none with zone hints: all",
		.objects = WEB NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_NODE("n1"), READY) ", "
			      ENDPOINT("10.0.0.2", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
	}, {
		.what = "END-3: an empty list of zones is no zone hint",
		.objects = WEB NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_ZONE("z1"), READY) ", "
			      HINTED("10.0.0.2", "forZones: []", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
	}, {
		.what = "END-3: an empty list of nodes is no node hint",
		.objects = WEB NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_NODE("n1") ", " FOR_ZONE("z2"), READY) ", "
			      HINTED("10.0.0.2", "forNodes: [], " FOR_ZONE("z1"), READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up in no set\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
	}, {
		.what = "END-3: hints for other nodes, and none for zones: all",
		.objects = WEB NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_NODE("n2"), READY) ", "
			      HINTED("10.0.0.2", FOR_NODE("n3"), READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
		.problems = "Service default/web: spec.ports[0]: hints are ignored: no ready endpoint of IPv4 is hinted for node n1 or its zone z1\n",
	}, {
		.what = "END-3: each service port and family heeds hints by itself",
		.objects = SERVICE("web", "{clusterIPs: [10.96.0.10, 'fd00:96::10'], ports: [{name: http, port: 80}, {name: alt, port: 81}]}")
			NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_NODE("n1"), READY) ", "
			      HINTED("10.0.0.2", FOR_NODE("n2"), READY) "]")
			SLICE("b", "IPv4", "[{name: alt, port: 8081}]", "[" HINTED("10.0.0.1", FOR_NODE("n1"), READY) ", "
			      ENDPOINT("10.0.0.2", READY) "]")
			SLICE("c", "IPv6", HTTP, "[" HINTED("'fd00::1'", FOR_ZONE("z2"), READY) ", "
			      HINTED("'fd00::2'", FOR_ZONE("z1"), READY) "]")
			SLICE("d", "IPv6", "[{name: alt, port: 8081}]", "[" ENDPOINT("'fd00::1'", READY) ", "
			      HINTED("'fd00::2'", FOR_ZONE("z1"), READY) "]"),
		.state = "+ pool default/web:alt/tcp/4 rr\n"
			"+ backend default/web:alt/tcp/4 10.0.0.1:8081 up cluster\n"
			"+ backend default/web:alt/tcp/4 10.0.0.2:8081 up cluster\n"
			"+ pool default/web:alt/tcp/6 rr\n"
			"+ backend default/web:alt/tcp/6 [fd00::1]:8081 up cluster\n"
			"+ backend default/web:alt/tcp/6 [fd00::2]:8081 up cluster\n"
			POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up in no set\n"
			POOL6 "+ backend default/web:http/tcp/6 [fd00::1]:8080 up in no set\n"
			"+ backend default/web:http/tcp/6 [fd00::2]:8080 up cluster\n"
			VIP "+ service tcp 10.96.0.10:81 default/web:alt -> default/web:alt/tcp/4, cluster-ip\n"
			AT6("tcp [fd00:96::10]:80", ", cluster-ip")
			"+ service tcp [fd00:96::10]:81 default/web:alt -> default/web:alt/tcp/6, cluster-ip\n",
	}, {
		.what = "END-3: hints for zones that no node has: all",
		.objects = WEB NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_ZONE("z8"), READY) ", "
			      HINTED("10.0.0.2", FOR_ZONE("z9"), READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
		.problems = "Service default/web: spec.ports[0]: hints are ignored: no ready endpoint of IPv4 is hinted for node n1 or its zone z1\n",
	}, {
		.what = "END-3: a node whose zone is not known: all",
		.objects = WEB SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_ZONE("z1"), READY) ", "
				     HINTED("10.0.0.2", FOR_ZONE("z2"), READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
		.problems = "Service default/web: spec.ports[0]: hints are ignored: no ready endpoint of IPv4 is hinted for node n1\n",
	}, {
		.what = "END-3: one endpoint is hinted for several zones",
		.objects = WEB NODE("n1", ZONE("z2"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", "forZones: [{name: z1}, {name: z2}]", READY) ", "
			      HINTED("10.0.0.2", FOR_ZONE("z1"), READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up in no set\n" VIP,
	}, {
		.what = "END-3: endpoints that are not ready need no hints, and theirs do not count",
		.objects = WEB NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_ZONE("z1"), READY) ", "
			      HINTED("10.0.0.2", FOR_ZONE("z2"), READY) ", " ENDPOINT("10.0.0.3", NOT_READY) ", "
			      HINTED("10.0.0.4", FOR_NODE("n1") ", " FOR_ZONE("z1"), SERVING) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up in no set\n"
			BACKEND "10.0.0.3:8080 up in no set\n" BACKEND "10.0.0.4:8080 draining in no set\n" VIP,
	}, {
		.what = "END-3, END-2: the fallback heeds no hints",
		.objects = WEB NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP, "[" HINTED("10.0.0.1", FOR_ZONE("z1"), SERVING) ", "
			      HINTED("10.0.0.2", FOR_ZONE("z2"), SERVING) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
	}, {
		.what = "END-3: policy Local heeds no hints",
		.objects = WEB NODE("n1", ZONE("z1"), "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			SLICE("a", "IPv4", HTTP,
			      "[{addresses: [10.0.0.1], nodeName: n1, hints: {forZones: [{name: z2}]}}, "
			      "{addresses: [10.0.0.2], nodeName: n2, hints: {forZones: [{name: z1}]}}]"),
		.state = POOL BACKEND "10.0.0.1:8080 up local\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
	}, {
		.what = "END-4: the ready ones of this node",
		.objects = WEB SLICE("a", "IPv4", HTTP, "[" HERE("10.0.0.1", READY) ", " HERE("10.0.0.2", SERVING) ", "
				     HERE("10.0.0.3", NOT_READY) ", " THERE("10.0.0.4", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster,local\n" BACKEND "10.0.0.2:8080 draining in no set\n"
			BACKEND "10.0.0.3:8080 up in no set\n" BACKEND "10.0.0.4:8080 up cluster\n" VIP,
	}, {
		.what = "END-4: none of this node is ready, though others are: those of it that serve and terminate",
		.objects = WEB SLICE("a", "IPv4", HTTP, "[" HERE("10.0.0.1", SERVING) ", " HERE("10.0.0.2", FINISHED) ", "
				     THERE("10.0.0.3", READY) ", " THERE("10.0.0.4", SERVING) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up local\n" BACKEND "10.0.0.2:8080 draining in no set\n"
			BACKEND "10.0.0.3:8080 up cluster\n" BACKEND "10.0.0.4:8080 draining in no set\n" VIP,
	}, {
		.what = "END-4, END-2: both fall back",
		.objects = WEB SLICE("a", "IPv4", HTTP, "[" HERE("10.0.0.1", SERVING) ", " THERE("10.0.0.2", SERVING) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster,local\n" BACKEND "10.0.0.2:8080 up cluster\n" VIP,
	}, {
		.what = "END-4: the Node is the one that --hostname-override names",
		.objects = WEB SLICE("a", "IPv4", HTTP, "[" HERE("10.0.0.1", READY) ", " THERE("10.0.0.2", READY) "]"),
		.settings = "hostname-override=N2",
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 up cluster,local\n" VIP,
	}, {
		.what = "SET-1: a clusterIP with internal policy Cluster",
		.objects = WEB,
		.settings = PODS,
		.state = POOL AT(CLUSTER_IP, INTERNAL_CLUSTER),
	}, {
		.what = "SET-2: a clusterIP with internal policy Local",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, internalTrafficPolicy: Local, ports: [{name: http, port: 80}]}"),
		.settings = PODS,
		.state = POOL AT(CLUSTER_IP, INTERNAL_LOCAL),
	}, {
		.what = "SET-3: external policy Cluster, whatever the internal one",
		.objects = SERVICE("web", "{type: LoadBalancer, clusterIP: 10.96.0.10, internalTrafficPolicy: Local, "
				   "externalIPs: [198.51.100.80], ports: [{name: http, port: 80, nodePort: 30080}]}")
			"status: {loadBalancer: {ingress: [{ip: 203.0.113.1}]}}\n",
		.settings = PODS,
		.state = POOL AT(CLUSTER_IP, INTERNAL_LOCAL) AT("tcp 198.51.100.80:80", EXTERNAL_CLUSTER)
			AT("tcp 203.0.113.1:80", EXTERNAL_CLUSTER) AT("tcp IPv4 node port 30080", EXTERNAL_CLUSTER),
	}, {
		.what = "SET-4: external policy Local, whatever the internal one",
		.objects = SERVICE("web", "{type: LoadBalancer, clusterIP: 10.96.0.10, externalTrafficPolicy: Local, "
				   "externalIPs: [198.51.100.80], ports: [{name: http, port: 80, nodePort: 30080}]}")
			"status: {loadBalancer: {ingress: [{ip: 203.0.113.1}]}}\n",
		.settings = PODS,
		.state = POOL AT(CLUSTER_IP, INTERNAL_CLUSTER) AT("tcp 198.51.100.80:80", EXTERNAL_LOCAL)
			AT("tcp 203.0.113.1:80", EXTERNAL_LOCAL) AT("tcp IPv4 node port 30080", EXTERNAL_LOCAL),
	}, {
		.what = "SET-5: ClusterCIDR tells pods by address, in the families that it has",
		.objects = SERVICE("web", "{clusterIPs: [10.96.0.10, 'fd00:96::10'], ports: [{name: http, port: 80}]}"),
		.settings = "cluster-cidr=fd00:244::/48",
		.state = POOL POOL6 AT(CLUSTER_IP, ", cluster-ip") AT6("tcp [fd00:96::10]:80", INTERNAL_CLUSTER),
		.problems = "pods of IPv4 are not told from others: --cluster-cidr has no range of it\n",
		.config = "pod-cidrs fd00:244::/48 (was none)\nnode-port-cidrs 192.0.2.1/32,2001:db8::1/128 (was none)\n",
	}, {
		.what = "SET-5: NodeCIDR tells those of this node",
		.objects = WEB NODE("n1", "", "spec: {podCIDR: 10.244.1.0/24, podCIDRs: [10.244.1.0/24, 'fd00:244:1::/64']}\n"
				    "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}")
			NODE("n2", "", "spec: {podCIDRs: [10.244.2.0/24]}"),
		.settings = "detect-local-mode=NodeCIDR cluster-cidr=10.0.0.0/8",
		.state = POOL AT(CLUSTER_IP, INTERNAL_CLUSTER),
		.config = "pod-cidrs 10.244.1.0/24,fd00:244:1::/64 (was none)\nnode-port-cidrs 10.9.0.1/32 (was none)\n",
	}, {
		.what = "SET-5: NodeCIDR of an old Node",
		.objects = WEB NODE("n1", "", "spec: {podCIDR: 10.244.1.0/24}\nstatus: {addresses: [{type: InternalIP, address: 10.9.0.1}]}"),
		.settings = "detect-local-mode=NodeCIDR",
		.state = POOL AT(CLUSTER_IP, INTERNAL_CLUSTER),
		.config = "pod-cidrs 10.244.1.0/24 (was none)\nnode-port-cidrs 10.9.0.1/32 (was none)\n",
	}, {
		.what = "SET-5: NodeCIDR of a Node that has none tells nobody",
		.objects = WEB NODE("n1", "", "status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}"),
		.settings = "detect-local-mode=NodeCIDR",
		.state = POOL VIP,
		.problems = "Node n1: spec.podCIDRs has no range that would tell pods from others\n",
	}, {
		.what = "SET-5: NodeCIDR without a Node tells nobody",
		.objects = WEB,
		.settings = "detect-local-mode=NodeCIDR",
		.state = POOL VIP,
		.problems = "there is no Node n1, whose spec.podCIDRs would tell pods from others\n",
	}, {
		.what = "SET-5: BridgeInterface tells by device, in both families",
		.objects = SERVICE("web", "{clusterIPs: [10.96.0.10, 'fd00:96::10'], ports: [{name: http, port: 80}]}"),
		.settings = "detect-local-mode=BridgeInterface pod-bridge-interface=cni0 cluster-cidr=10.244.0.0/16",
		.state = POOL POOL6 AT(CLUSTER_IP, INTERNAL_CLUSTER) AT6("tcp [fd00:96::10]:80", INTERNAL_CLUSTER),
		.config = "pod-devices cni0 (was none)\nnode-port-cidrs 192.0.2.1/32,2001:db8::1/128 (was none)\n",
	}, {
		.what = "SET-5: InterfaceNamePrefix tells by the beginning of devices' names",
		.objects = WEB,
		.settings = "detect-local-mode=InterfaceNamePrefix pod-interface-name-prefix=veth",
		.state = POOL AT(CLUSTER_IP, INTERNAL_CLUSTER),
		.config = "pod-devices veth* (was none)\nnode-port-cidrs 192.0.2.1/32,2001:db8::1/128 (was none)\n",
	}, {
		.what = "SET-6: the cluster set of every kind of address is the one that hints have left",
		.objects = SERVICE("web", "{type: NodePort, clusterIP: 10.96.0.10, externalTrafficPolicy: Local, "
				   "ports: [{name: http, port: 80, nodePort: 30080}]}")
			SLICE("a", "IPv4", HTTP, "[{addresses: [10.0.0.1], nodeName: n1, hints: {forNodes: [{name: n1}]}}, "
			      "{addresses: [10.0.0.2], nodeName: n2, hints: {forNodes: [{name: n2}]}}]"),
		.settings = PODS,
		.state = POOL BACKEND "10.0.0.1:8080 up cluster,local\n" BACKEND "10.0.0.2:8080 up in no set\n"
			AT(CLUSTER_IP, INTERNAL_CLUSTER) AT("tcp IPv4 node port 30080", EXTERNAL_LOCAL),
	}, {
		.what = "SET-7: masquerade-all is the kernel's, for services that are flagged cluster-ip",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, externalIPs: [198.51.100.80], externalTrafficPolicy: Local, "
				   "ports: [{name: http, port: 80}]}"),
		.settings = "masquerade-all=true",
		.state = POOL AT(CLUSTER_IP, ", cluster-ip") AT("tcp 198.51.100.80:80", EXTERNAL_LOCAL),
		.config = "masquerade-all on (was off)\nnode-port-cidrs 192.0.2.1/32,2001:db8::1/128 (was none)\n",
	}, {
		.what = "SET-8: source ranges hold for load balancers' addresses alone",
		.objects = SERVICE("web", "{type: LoadBalancer, clusterIP: 10.96.0.10, externalIPs: [198.51.100.80], "
				   "loadBalancerSourceRanges: [198.51.100.0/24], ports: [{name: http, port: 80, nodePort: 30080}]}")
			"status: {loadBalancer: {ingress: [{ip: 203.0.113.1}]}}\n",
		.state = POOL AT(CLUSTER_IP, ", cluster-ip") AT("tcp 198.51.100.80:80", EXTERNAL_CLUSTER)
			AT("tcp 203.0.113.1:80", EXTERNAL_CLUSTER ", restricted")
			"+ range tcp 203.0.113.1:80 from 198.51.100.0/24\n"
			AT("tcp IPv4 node port 30080", EXTERNAL_CLUSTER),
	}, {
		.what = "SET-8: a family without a range is open",
		.objects = DUAL_BALANCED("loadBalancerSourceRanges: [198.51.100.0/24]", "{ip: 203.0.113.1}, {ip: '2001:db8:1::1'}"),
		.state = POOL POOL6 AT(CLUSTER_IP, ", cluster-ip") AT("tcp 203.0.113.1:80", EXTERNAL_CLUSTER ", restricted")
			"+ range tcp 203.0.113.1:80 from 198.51.100.0/24\n"
			AT6("tcp [2001:db8:1::1]:80", EXTERNAL_CLUSTER) AT6("tcp [fd00:96::10]:80", ", cluster-ip"),
		.problems = "Service default/web: spec.loadBalancerSourceRanges has no range of the family of 2001:db8:1::1, "
			"which is open to all (vsb/flags: strict-source-ranges closes it)\n",
	}, {
		.what = "SET-8: strict-source-ranges closes it",
		.objects = LABELLED("web", "annotations: {vsb/flags: strict-source-ranges}",
				    "{type: LoadBalancer, clusterIPs: [10.96.0.10, 'fd00:96::10'], "
				    "loadBalancerSourceRanges: [198.51.100.0/24], ports: [{name: http, port: 80}]}")
			"status: {loadBalancer: {ingress: [{ip: '2001:db8:1::1'}]}}\n",
		.state = POOL POOL6 AT(CLUSTER_IP, ", cluster-ip") AT6("tcp [2001:db8:1::1]:80", EXTERNAL_CLUSTER ", restricted")
			AT6("tcp [fd00:96::10]:80", ", cluster-ip"),
	}, {
		.what = "SET-8: where the node may, so may what it sends to itself",
		.objects = BALANCED("loadBalancerSourceRanges: [192.0.2.0/30, 198.51.100.0/24]", "{ip: 203.0.113.1}"),
		.state = POOL AT(CLUSTER_IP, ", cluster-ip") AT("tcp 203.0.113.1:80", EXTERNAL_CLUSTER ", restricted")
			"+ range tcp 203.0.113.1:80 from 192.0.2.0/30\n"
			"+ range tcp 203.0.113.1:80 from 198.51.100.0/24\n"
			"+ range tcp 203.0.113.1:80 from 203.0.113.1/32\n",
	}, {
		.what = "NONE-1: nobody is usable: the pool is there, with empty sets, and the kernel refuses",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, externalIPs: [198.51.100.80], ports: [{name: http, port: 80}]}")
			SLICE("a", "IPv4", HTTP, "[" ENDPOINT("10.0.0.1", NOT_READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up in no set\n" AT(CLUSTER_IP, ", cluster-ip")
			AT("tcp 198.51.100.80:80", EXTERNAL_CLUSTER),
	}, {
		.what = "NONE-2: endpoints elsewhere: dropped unless the Service says reject-elsewhere",
		.objects = LABELLED("web", "annotations: {vsb/flags: reject-elsewhere}",
				    "{clusterIP: 10.96.0.10, internalTrafficPolicy: Local, ports: [{name: http, port: 80}]}")
			SLICE("a", "IPv4", HTTP, "[" THERE("10.0.0.1", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" AT(CLUSTER_IP, " local, elsewhere reject, cluster-ip"),
	}, {
		.what = "NONE-3: the ranges of cluster IPs",
		.objects = "# none",
		.settings = "service-cluster-ip-range=10.96.0.0/12,fd00:96::/112",
		.state = "",
		.config = "service-cidrs 10.96.0.0/12,fd00:96::/112 (was none)\n"
			"node-port-cidrs 192.0.2.1/32,2001:db8::1/128 (was none)\n",
	}, {
		.what = "AFF-1: ClientIP, for three hours unless told, is the pool's and so all addresses'",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, sessionAffinity: ClientIP, externalIPs: [198.51.100.80], "
				   "ports: [{name: http, port: 80}]}")
			SERVICE("b", "{clusterIP: 10.96.0.11, sessionAffinity: ClientIP, "
				"sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}, ports: [{port: 80}]}"),
		.state = "+ pool default/b/tcp/4 rr affinity 60s\n+ pool default/web:http/tcp/4 rr affinity 10800s\n"
			AT(CLUSTER_IP, ", cluster-ip")
			"+ service tcp 10.96.0.11:80 default/b -> default/b/tcp/4, cluster-ip\n"
			AT("tcp 198.51.100.80:80", EXTERNAL_CLUSTER),
	}, {
		.what = "CHG-1: what is not usable any more stays in the pool, for its connections",
		.objects = WEB SLICE("a", "IPv4", HTTP, "[" ENDPOINT("10.0.0.1", READY) ", " ENDPOINT("10.0.0.2", FINISHED) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.0.0.2:8080 draining in no set\n" VIP,
	}, {
		.what = "CHG-2: UDP and SCTP leave an endpoint that serves no longer, not one that still does",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, ports: [{name: u, port: 53, protocol: UDP}, {name: s, port: 54, protocol: SCTP}]}")
			SLICE("a", "IPv4", "[{name: u, port: 5353, protocol: UDP}, {name: s, port: 5354, protocol: SCTP}]",
			      "[" ENDPOINT("10.0.0.1", READY) ", " ENDPOINT("10.0.0.2", SERVING) ", "
			      ENDPOINT("10.0.0.3", FINISHED) ", " ENDPOINT("10.0.0.4", "ready: false, serving: false") ", "
			      ENDPOINT("10.0.0.5", "ready: true, serving: false") "]"),
		.state = "+ pool default/web:s/sctp/4 rr\n"
			"+ backend default/web:s/sctp/4 10.0.0.1:5354 up cluster\n"
			"+ backend default/web:s/sctp/4 10.0.0.2:5354 draining in no set\n"
			"+ backend default/web:s/sctp/4 10.0.0.5:5354 up cluster\n"
			"+ pool default/web:u/udp/4 rr\n"
			"+ backend default/web:u/udp/4 10.0.0.1:5353 up cluster\n"
			"+ backend default/web:u/udp/4 10.0.0.2:5353 draining in no set\n"
			"+ backend default/web:u/udp/4 10.0.0.5:5353 up cluster\n"
			"+ service udp 10.96.0.10:53 default/web:u -> default/web:u/udp/4, cluster-ip\n"
			"+ service sctp 10.96.0.10:54 default/web:s -> default/web:s/sctp/4, cluster-ip\n",
	}, {
		.what = "annotations choose the scheduler and weights",
		.objects = LABELLED("web", "annotations: {vsb/scheduler: wrr, vsb/weights: '10.0.0.1=3, 10.0.0.2=0,fd00::1=5'}",
				    "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}")
			SLICE("a", "IPv4", HTTP, "[" ENDPOINT("10.0.0.1", READY) ", " ENDPOINT("10.0.0.2", READY) ", "
			      ENDPOINT("10.0.0.3", READY) "]"),
		.state = "+ pool default/web:http/tcp/4 wrr\n" BACKEND "10.0.0.1:8080 up weight 3 cluster\n"
			BACKEND "10.0.0.2:8080 up weight 0 cluster\n" BACKEND "10.0.0.3:8080 up cluster\n" VIP,
	}, {
		.what = "weights that nobody heeds are not left without a word, nor two of one address",
		.objects = LABELLED("web", "annotations: {vsb/scheduler: rr, vsb/weights: '10.0.0.1=3'}",
				    "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}")
			LABELLED("x", "annotations: {vsb/weights: '10.0.0.1=3,10.0.0.2=1,10.0.0.1=7'}",
				 "{clusterIP: 10.96.0.11, ports: [{port: 80}]}")
			LABELLED("y", "annotations: {vsb/scheduler: rr, vsb/weights: '10.0.0.1=0,10.0.0.2=1'}",
				 "{clusterIP: 10.96.0.12, ports: [{port: 80}]}"),
		.state = POOL "+ pool default/x/tcp/4 rr\n+ pool default/y/tcp/4 rr\n" VIP
			"+ service tcp 10.96.0.11:80 default/x -> default/x/tcp/4, cluster-ip\n"
			"+ service tcp 10.96.0.12:80 default/y -> default/y/tcp/4, cluster-ip\n",
		.problems =
			"Service default/web: metadata.annotations[vsb/weights] has no effect beyond 0: the scheduler is rr\n"
			"Service default/x: metadata.annotations[vsb/weights] is ignored: \"10.0.0.1\" is there twice\n",
	}, {
		.what = "weights without a scheduler mean one that heeds them",
		.objects = LABELLED("web", "annotations: {vsb/weights: '10.0.0.1=3'}", "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}"),
		.state = "+ pool default/web:http/tcp/4 wrr\n" VIP,
	}, {
		.what = "annotations set the scheduler's flags, wherever the scheduler is named",
		.objects = LABELLED("web", "annotations: {vsb/scheduler-flags: ' port ', vsb/scheduler: ' mh '}",
				    "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}"),
		.state = "+ pool default/web:http/tcp/4 mh port\n" VIP,
	}, {
		.what = "flags of a scheduler that has none are ignored, and so are annotations that there are not",
		.objects = LABELLED("web", "annotations: {vsb/scheduler-flags: port, vsb/schedular: mh, example/x: y}",
				    "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}")
			LABELLED("x", "annotations: {vsb/scheduler-flags: 'port,fallback', vsb/scheduler: 'rr, wrr'}",
				 "{clusterIP: 10.96.0.11, ports: [{port: 80}]}"),
		.state = POOL "+ pool default/x/tcp/4 rr\n" VIP
			"+ service tcp 10.96.0.11:80 default/x -> default/x/tcp/4, cluster-ip\n",
		.problems =
			"Service default/web: metadata.annotations[vsb/schedular] is ignored: there is no such annotation\n"
			"Service default/web: metadata.annotations[vsb/scheduler-flags] is ignored: the scheduler is rr, and only sh and mh have flags\n"
			"Service default/x: metadata.annotations[vsb/scheduler-flags] is ignored: \"fallback\" is not port\n"
			"Service default/x: metadata.annotations[vsb/scheduler] is ignored: \"rr, wrr\" is not one of vsb's schedulers\n",
	}, {
		.what = "bad annotations are ignored, each whole",
		.objects = LABELLED("web", "annotations: {vsb/scheduler: lru, vsb/flags: 'reject-elsewhere, no-such', vsb/weights: '10.0.0.1=3,10.0.0.2=70000'}",
				    "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}")
			SLICE("a", "IPv4", HTTP, "[" ENDPOINT("10.0.0.1", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" VIP,
		.problems =
			"Service default/web: metadata.annotations[vsb/flags] is ignored: \"no-such\" is not reject-elsewhere or strict-source-ranges\n"
			"Service default/web: metadata.annotations[vsb/scheduler] is ignored: \"lru\" is not one of vsb's schedulers\n"
			"Service default/web: metadata.annotations[vsb/weights] is ignored: \"10.0.0.2=70000\" is not ADDRESS=WEIGHT with a weight of 0 to 65535\n",
	}, {
		.what = "bad input: no ports",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10}"),
		.state = "",
		.problems = "Service default/web: has no ports\n",
	}, {
		.what = "bad input: a port that no slice has",
		.objects = SERVICE("web", "{clusterIP: 10.96.0.10, ports: [{name: http, port: 80}, {name: admin, port: 81}]}")
			SLICE("a", "IPv4", HTTP, "[" ENDPOINT("10.0.0.1", READY) "]"),
		.state = "+ pool default/web:admin/tcp/4 rr\n" POOL BACKEND "10.0.0.1:8080 up cluster\n" VIP
			"+ service tcp 10.96.0.10:81 default/web:admin -> default/web:admin/tcp/4, cluster-ip\n",
		.problems = "Service default/web: spec.ports[1]: no EndpointSlice of IPv4 has a tcp port \"admin\"\n",
	}, {
		.what = "bad input: an endpoint that is also a VIP",
		.objects = WEB SERVICE("b", "{clusterIP: 10.96.0.11, ports: [{port: 80}]}")
			SLICE("a", "IPv4", HTTP, "[" ENDPOINT("10.0.0.1", READY) ", " ENDPOINT("10.96.0.11", READY) "]"),
		.state = "+ pool default/b/tcp/4 rr\n" POOL BACKEND "10.0.0.1:8080 up cluster\n" BACKEND "10.96.0.11:8080 up cluster\n" VIP
			"+ service tcp 10.96.0.11:80 default/b -> default/b/tcp/4, cluster-ip\n",
		.problems = "Service default/web: its endpoint 10.96.0.11 is the clusterIP of a Service\n",
	}, {
		.what = "bad input: an endpoint that is a load balancer's or an external address and port, not another port there",
		.objects = SERVICE("b", "{type: LoadBalancer, clusterIP: 10.96.0.11, externalIPs: [198.51.100.80], ports: [{port: 8080}]}")
			"status: {loadBalancer: {ingress: [{ip: 203.0.113.1}]}}\n"
			SERVICE("c", "{clusterIP: 10.96.0.12, externalIPs: [198.51.100.81], ports: [{port: 81}]}") WEB
			SLICE("a", "IPv4", HTTP, "[" ENDPOINT("198.51.100.80", READY) ", " ENDPOINT("198.51.100.81", READY) ", "
			      ENDPOINT("203.0.113.1", READY) "]"),
		.state = "+ pool default/b/tcp/4 rr\n+ pool default/c/tcp/4 rr\n" POOL BACKEND "198.51.100.80:8080 up cluster\n"
			BACKEND "198.51.100.81:8080 up cluster\n" BACKEND "203.0.113.1:8080 up cluster\n" VIP
			"+ service tcp 10.96.0.11:8080 default/b -> default/b/tcp/4, cluster-ip\n"
			"+ service tcp 10.96.0.12:81 default/c -> default/c/tcp/4, cluster-ip\n"
			"+ service tcp 198.51.100.80:8080 default/b -> default/b/tcp/4 cluster masqueraded\n"
			"+ service tcp 198.51.100.81:81 default/c -> default/c/tcp/4 cluster masqueraded\n"
			"+ service tcp 203.0.113.1:8080 default/b -> default/b/tcp/4 cluster masqueraded\n",
		.problems =
			"Service default/web: its endpoint 198.51.100.80:8080/tcp is a virtual address of Service default/b\n"
			"Service default/web: its endpoint 203.0.113.1:8080/tcp is a virtual address of Service default/b\n",
	}, {
		.what = "bad input: a node port that two Services claim",
		.objects = SERVICE("web", "{type: NodePort, clusterIP: 10.96.0.10, ports: [{name: http, port: 80, nodePort: 30080}]}")
			SERVICE("x", "{type: NodePort, clusterIP: 10.96.0.11, ports: [{name: t, port: 80, nodePort: 30080}, "
				"{name: u, port: 80, protocol: UDP, nodePort: 30080}]}"),
		.state = POOL "+ pool default/x:t/tcp/4 rr\n+ pool default/x:u/udp/4 rr\n" AT(CLUSTER_IP, ", cluster-ip")
			"+ service tcp 10.96.0.11:80 default/x:t -> default/x:t/tcp/4, cluster-ip\n"
			"+ service udp 10.96.0.11:80 default/x:u -> default/x:u/udp/4, cluster-ip\n"
			AT("tcp IPv4 node port 30080", EXTERNAL_CLUSTER)
			"+ service udp IPv4 node port 30080 default/x:u -> default/x:u/udp/4 cluster masqueraded\n",
		.problems = "Service default/x: node port 30080/tcp of IPv4 is not served: it is Service default/web's\n",
		.explained =
			"  tcp IPv4 node port 30080: nodePort [VIP-2], externalTrafficPolicy Cluster [SET-3]\n"
			"    not served: it is Service default/web's\n"
			"  pool default/x:t/tcp/4\n",
		.of = "x",
	}, {
		.what = "bad input: a node port that two ports of one Service have",
		.objects = SERVICE("web", "{type: NodePort, clusterIPs: [10.96.0.10, 'fd00:96::10'], ports: ["
				   "{name: http, port: 80, nodePort: 30080}, {name: alt, port: 81, nodePort: 30080}]}"),
		.state = "+ pool default/web:alt/tcp/4 rr\n+ pool default/web:alt/tcp/6 rr\n" POOL POOL6
			AT(CLUSTER_IP, ", cluster-ip")
			"+ service tcp 10.96.0.10:81 default/web:alt -> default/web:alt/tcp/4, cluster-ip\n"
			AT("tcp IPv4 node port 30080", EXTERNAL_CLUSTER)
			AT6("tcp [fd00:96::10]:80", ", cluster-ip")
			"+ service tcp [fd00:96::10]:81 default/web:alt -> default/web:alt/tcp/6, cluster-ip\n"
			AT6("tcp IPv6 node port 30080", EXTERNAL_CLUSTER),
		.problems =
			"Service default/web: node port 30080/tcp of IPv4 is port \"http\"'s, and not port \"alt\"'s\n"
			"Service default/web: node port 30080/tcp of IPv6 is port \"http\"'s, and not port \"alt\"'s\n",
		.explained =
			"  tcp IPv6 node port 30080: nodePort [VIP-2], externalTrafficPolicy Cluster [SET-3]\n"
			"    not served: it is port \"http\"'s\n"
			"  pool default/web:alt/tcp/6\n",
	}, {
		.what = "bad input: an external IP that is another Service's clusterIP, however old",
		.objects = "apiVersion: v1\nkind: Service\n"
			"metadata: {name: old, creationTimestamp: '2020-01-01T00:00:00Z'}\n"
			"spec: {clusterIP: 10.96.0.9, externalIPs: [10.96.0.10], ports: [{port: 80}]}\n" WEB,
		.state = "+ pool default/old/tcp/4 rr\n" POOL
			"+ service tcp 10.96.0.9:80 default/old -> default/old/tcp/4, cluster-ip\n" VIP,
		.problems = "Service default/old: 10.96.0.10:80/tcp is not served: it is Service default/web's\n",
	}, {
		.what = "bad input: addresses that an API server takes and no packet can be sent to",
		.objects = BALANCED("externalIPs: [239.1.1.1, 255.255.255.255, 198.51.100.80]", "{ip: 127.0.0.1}, {ip: 203.0.113.1}")
			SLICE("a", "IPv4", HTTP, "[" ENDPOINT("239.1.1.2", READY) ", " ENDPOINT("10.0.0.1", READY) "]"),
		.state = POOL BACKEND "10.0.0.1:8080 up cluster\n" AT(CLUSTER_IP, ", cluster-ip")
			AT("tcp 198.51.100.80:80", EXTERNAL_CLUSTER) AT("tcp 203.0.113.1:80", EXTERNAL_CLUSTER),
		.problems =
			"EndpointSlice default/a: endpoints[0] is ignored: 239.1.1.2 is a multicast address\n"
			"Service default/web: spec.externalIPs: 239.1.1.1 is not served: it is a multicast address\n"
			"Service default/web: spec.externalIPs: 255.255.255.255 is not served: it is the broadcast address\n"
			"Service default/web: status.loadBalancer.ingress: 127.0.0.1 is not served: it is a loopback address\n",
	}, {
		.what = "bad input: an address of the Node that is none",
		.objects = NODE("n1", ZONE("z"), "status: {addresses: [{type: InternalIP, address: n1.example}, {type: InternalIP, address: 10.9.0.1}]}"),
		.state = "",
		.problems = "Node n1: status.addresses: \"n1.example\" is ignored: it is not an address\n",
		.config = "node-port-cidrs 10.9.0.1/32 (was none)\n",
	}, {
		.what = "bad input: an address of the Node that nobody can send to, and none of a family that node ports have",
		.objects = NODE("n1", ZONE("z"), "status: {addresses: [{type: InternalIP, address: 127.0.0.1}, "
				"{type: InternalIP, address: 10.9.0.1}]}")
			SERVICE("web", "{type: NodePort, clusterIPs: [10.96.0.10, 'fd00:96::10'], "
				"ports: [{name: http, port: 80, nodePort: 30080}]}"),
		.state = POOL POOL6 AT(CLUSTER_IP, ", cluster-ip")
			AT("tcp IPv4 node port 30080", EXTERNAL_CLUSTER)
			AT6("tcp [fd00:96::10]:80", ", cluster-ip")
			AT6("tcp IPv6 node port 30080", EXTERNAL_CLUSTER),
		.problems = "Node n1: status.addresses: 127.0.0.1 is ignored: it is a loopback address\n"
			"Service default/web: its node ports of IPv6 are at no address: node n1 has none\n",
		.config = "node-port-cidrs 10.9.0.1/32 (was none)\n",
	}, {
		.what = "bad input: a Node without addresses",
		.objects = NODE("n1", ZONE("z"), ""),
		.state = "",
		.problems = "Node n1: status.addresses has no address; the machine's count\n",
		.config = "node-port-cidrs 192.0.2.1/32,2001:db8::1/128 (was none)\n",
	}, {
		.what = "VIP-2: no address is known at all",
		.objects = "# none",
		.nowhere = true,
		.state = "",
		.problems = "neither the Node nor the machine has an address that node ports could be at\n",
		.config = "",
	}, {
		.what = "bad input: Nodes, none of which is this one",
		.objects = NODE("n2", ZONE("z"), ""),
		.state = "",
		.problems = "none of the Nodes is this one, n1 (--hostname-override names it)\n",
		.config = "node-port-cidrs 192.0.2.1/32,2001:db8::1/128 (was none)\n",
	},
};

static void check_problems(const struct rule *rule, const struct world *world)
{
	struct problems problems;
	char text[4096] = "";

	world_problems(world, &problems);
	for (size_t i = 0; i < problems.n; i++) {
		strcat(text, problems.list[i].text);
		strcat(text, "\n");
	}
	problems_free(&problems);
	if (strcmp(text, rule->problems ?: ""))
		fail_msg("%s\nproblems:\n%sinstead of:\n%s", rule->what, text,
			 rule->problems ?: "");
}

static void check_config(const struct rule *rule, const struct world *world)
{
	const struct vsb_config none = { 0 };
	char text[1024] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	config_show(&model_node(world->model)->config, &none, "", out);
	fclose(out);
	if (rule->config && strcmp(text, rule->config))
		fail_msg("%s\nsettings:\n%sinstead of:\n%s", rule->what, text,
			 rule->config);
}

static void check_explained(const struct rule *rule, const struct world *world)
{
	autofree char *text = NULL;
	size_t size = 0;
	FILE *out;

	if (!rule->explained)
		return;
	out = open_memstream(&text, &size);
	assert_true(model_explain(world->model, "default", rule->of ?: "web",
				  out));
	fclose(out);
	if (!strstr(text, rule->explained))
		fail_msg("%s\nexplained:\n%swithout:\n%s", rule->what, text,
			 rule->explained);
}

static void check_rule(const struct rule *rule, bool backwards)
{
	cleanup_by(state_put_variable) struct state *state = NULL;
	autofree char *text = NULL;
	const struct machine machine = world_machine();
	struct k8s_list objects;
	struct world world;

	objects_read(rule->objects, &objects);
	world_begin(&world, rule->settings ?: "", rule->nowhere ?
		    &(struct machine) { .name = "n1" } : &machine);
	for (size_t i = 0; i < objects.n; i++)
		model_put(world.model, objects.list[backwards ?
						    objects.n - 1 - i : i]);
	/* What is needed the model holds. */
	k8s_list_free(&objects);
	world_update(&world);

	state = world_state(&world);
	text = state_text(state);
	if (strcmp(text, rule->state))
		fail_msg("%s\n%sinstead of:\n%s", rule->what, text,
			 rule->state);
	check_problems(rule, &world);
	check_config(rule, &world);
	check_explained(rule, &world);
	world_end(&world);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
