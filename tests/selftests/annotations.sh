#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Annotations of Services, from manifests, with packets: what each of them
# changes, and that it is as before without it.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent.sh"

# web [ANNOTATIONS [SPEC [NODE [STATUS]]]]: the Service, with b1 and b2 on a node; the kernel has it then
web() {
	local family
	{
		kube_service "web, annotations: {${1-}}" "clusterIPs: [10.96.0.1, 'fd96::1'], ${2:+$2, }
			ports: [{name: t, port: 80}, {name: u, port: 80, protocol: UDP}]" "${4-}"
		for family in 4 6; do
			kube_slice web-$family web $family "{name: t, port: 8080}, {name: u, port: 8080, protocol: UDP}" \
				"$(endpoint "$(backend $family 1)" "${3-n1}")" "$(endpoint "$(backend $family 2)" "${3-n1}")"
		done
	} | save web.yaml
	vsbd --manifests "$dir" --hostname-override n1 --cluster-cidr 10.2.0.0/16,fd02::/16 --once
}

# gets NAMESPACE ADDRESS...: what TCP and UDP get there, "an answer" or "error WHICH", each once
gets() {
	local ns=$1 address proto
	shift
	for address; do
		for proto in tcp udp; do
			ask "$ns" $proto "$address" 80
		done
	done | sed 's/^b[12] .*/an answer/' | sort -u | paste -sd ,
}

# drops NAMESPACE ADDRESS...: likewise, where nothing is to come back
drops() {
	PEER_TIMEOUT=300 gets "$@"
}

network
serve_all
# Turns are each processor's own.
taskset -cp 0 $$ >/dev/null

# Nobody here to answer
elsewhere="internalTrafficPolicy: Local, externalTrafficPolicy: Local, externalIPs: [10.99.0.1, 'fd99::1']"
check "a Service, both policies Local, its endpoints elsewhere" web "" "$elsewhere" n2
is "NONE-2: is dropped at an external address" "$(drops client 10.99.0.1 fd99::1)" "error ETIMEDOUT"
is "NONE-2: and at a clusterIP" "$(drops client 10.96.0.1 fd96::1)" "error ETIMEDOUT"
check "with reject-elsewhere" web "vsb/flags: reject-elsewhere" "$elsewhere" n2
is "NONE-2: is refused at an external address" "$(gets client 10.99.0.1 fd99::1)" "error ECONNREFUSED"
is "NONE-2: and at a clusterIP" "$(gets client 10.96.0.1 fd96::1)" "error ECONNREFUSED"
is "SET-4: not where a pod gets the cluster set" "$(gets b3 10.99.0.1 fd99::1)" "an answer"
check "without again" web "" "$elsewhere" n2
is "NONE-2: is dropped" "$(drops client 10.99.0.1 fd99::1)" "error ETIMEDOUT"
check "with endpoints here and reject-elsewhere" web "vsb/flags: reject-elsewhere" "$elsewhere" n1
is "NONE-2: is answered" "$(gets client 10.99.0.1 fd99::1)" "an answer"

# Source ranges of one family
ranges="type: LoadBalancer, loadBalancerSourceRanges: [10.1.0.0/24]"
status="loadBalancer: {ingress: [{ip: 10.98.0.1}, {ip: 'fd98::1'}]}"
has "source ranges of IPv4 alone: a line says that IPv6 is open" "$(web "" "$ranges" n1 "$status" 2>&1)" \
	'no range of the family of fd98::1, which is open to all'
is "SET-8: IPv6 is open" "$(gets client 10.98.0.1 fd98::1)" "an answer"
is "SET-8: to all" "$(gets b3 fd98::1)" "an answer"
is "SET-8: and IPv4 closed to others" "$(drops b3 10.98.0.1)" "error ETIMEDOUT"
is "with strict-source-ranges there is no such line" "$(web "vsb/flags: strict-source-ranges" "$ranges" n1 "$status" 2>&1 |
	grep -c 'is open to all')" 0
is "SET-8: IPv6 is closed" "$(drops client fd98::1)" "error ETIMEDOUT"
is "SET-8: to all" "$(drops b3 10.98.0.1 fd98::1)" "error ETIMEDOUT"
is "SET-8: and IPv4 is open where it was" "$(gets client 10.98.0.1)" "an answer"
is "SET-8: not at the clusterIP" "$(gets b3 10.96.0.1 fd96::1)" "an answer"
check "without again" web "" "$ranges" n1 "$status"
is "SET-8: IPv6 is open" "$(gets client 10.98.0.1 fd98::1)" "an answer"
check "without ranges strict-source-ranges" web "vsb/flags: strict-source-ranges" "type: LoadBalancer" n1 "$status"
is "closes nothing" "$(gets b3 10.98.0.1 fd98::1)" "an answer"

# shares: of eight connections, by TCP over IPv4 and UDP over IPv6
shares() {
	echo "$(ask client tcp 10.96.0.1 80 8 | names) $(ask client udp fd96::1 80 8 | names)"
}

check "weights, IPv6's the other way round" web "vsb/weights: '10.2.1.2=3, 10.2.2.2=1, fd02:1::2=1, fd02:2::2=3'"
is "are kept to exactly" "$(shares)" "b1 6,b2 2 b1 2,b2 6"
check "one of them less" web "vsb/weights: '10.2.1.2=3, fd02:2::2=0'"
is "is 1, and one of 0 gets nothing" "$(shares)" "b1 6,b2 2 b1 8"
check "a scheduler without weights" web "vsb/scheduler: rr, vsb/weights: '10.2.1.2=3'"
is "heeds none" "$(shares)" "b1 4,b2 4 b1 4,b2 4"
check "no weights" web
is "all alike" "$(shares)" "b1 4,b2 4 b1 4,b2 4"
