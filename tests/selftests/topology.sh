#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Topology hints, from manifests, with packets: where new connections go while
# the node's zone, the hints and who is ready change under a running vsbd.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent.sh"

z1="forZones: [{name: z1}]" z2="forZones: [{name: z2}]"
n1="forNodes: [{name: n1}]" n2="forNodes: [{name: n2}]"

# node [ZONE]: this node, in a zone
node() {
	printf 'apiVersion: v1\nkind: Node\nmetadata: {name: n1, labels: {%s}}\nstatus: {addresses: [%s]}\n' \
		"${1:+topology.kubernetes.io/zone: $1}" "{type: InternalIP, address: 10.1.0.1}" | save node.yaml
}

# hints HINTS HINTS HINTS [CONDITIONS]: of b1, whose conditions these are, b2 and b3
hints() {
	local family
	for family in 4 6; do
		kube_slice web-$family web $family "{name: t, port: 8080}, {name: u, port: 8080, protocol: UDP}" \
			"{addresses: ['$(backend $family 1)'], hints: {$1}, conditions: {${4-}}}" \
			"{addresses: ['$(backend $family 2)'], hints: {$2}}" "{addresses: ['$(backend $family 3)'], hints: {$3}}"
	done | save slices.yaml
}

# go WHAT ANSWERS COMMAND...: after this change connections of both families and protocols get these answers, of six each
go() {
	local what=$1 want=$2 family proto
	mark
	shift 2
	"$@"
	wait_for logged 'in sync'
	is "$what" "$(for family in 4 6; do
		for proto in tcp udp; do
			ask client $proto "${vip[$family]}" 80 6 | names
		done
	done | sort | uniq -c | sed 's/^ *//')" "4 $want"
}

network
serve_all
# Turns are each processor's own.
taskset -cp 0 $$ >/dev/null
kube_service web "type: NodePort, clusterIPs: [10.96.0.1, 'fd96::1'],
	ports: [{name: t, port: 80, nodePort: 30080}, {name: u, port: 80, protocol: UDP}]" | save web.yaml
node z1
hints "$z1" "$z2" "$z2"
go "END-3: the endpoints that are hinted for the node's zone" "b1 6" start --hostname-override n1 --sync-period 1s
is "SET-6: at a node port, too" "$(ask client tcp 10.1.0.1 30080 6 | names)" "b1 6"
go "END-3: the node is in another zone" "b2 3,b3 3" node z2
go "END-3: the node is in a zone that no hint is for: all" "b1 2,b2 2,b3 2" node z9
check "END-3: a line says so" logged 'hints are ignored: no ready endpoint of IPv4 is hinted for node n1 or its zone z9'
go "END-3: and again in one that some are for" "b1 6" node z1
go "END-3: the node has no zone: all" "b1 2,b2 2,b3 2" node
go "END-3: and again has one" "b1 6" node z1
go "END-3: an endpoint without hints: all" "b1 2,b2 2,b3 2" hints "$z1" "" "$z2"
go "END-3: and with some again" "b2 3,b3 3" hints "$z2" "$z1" "$z1"
go "END-3: an endpoint with an empty list of them: all" "b1 2,b2 2,b3 2" hints "$z2" "$z1" "forZones: []"
go "END-3: hints for nodes go before those for zones" "b1 6" hints "$n1, $z2" "$n2, $z1" "$n2, $z1"
go "END-3: unless an endpoint has none" "b2 3,b3 3" hints "$n1, $z2" "$n2, $z1" "$z1"
go "END-3: one for the zone" "b1 6" hints "$z1" "$z2" "$z2"
go "END-3: is not ready, so no ready one is for the zone: all of these" "b2 3,b3 3" hints "$z1" "$z2" "$z2" "ready: false"
stop TERM
