#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The tables of docs/semantics.md once more, with the Services that a cluster
# has: vsbd makes of manifests what rules.sh makes by hand.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent.sh"

here=$(dirname "$0")
network
serve_all
serve_sctp

ports() {
	local name
	for name in t:TCP u:UDP s:SCTP; do
		printf '{name: %s, protocol: %s, port: %s%s}, ' "${name%:*}" "${name#*:}" "$1" "${2:+, nodePort: $2}"
	done
}

# web NUMBER SPEC [NODE-PORT]: of both families, its endpoints b1, elsewhere, and b2, here
web() {
	kube_service "web$1" "clusterIPs: [10.96.0.$1, 'fd96::$1'], $2, ports: [$(ports 80 "${3-}")]" \
		"${3:+loadBalancer: {ingress: [{ip: 10.98.0.$1\}, {ip: 'fd98::$1'\}]\}}"
	for family in 4 6; do
		kube_slice "web$1-$family" "web$1" $family "$(ports 8080)" "$(endpoint "$(backend $family 1)" n2)" \
			"$(endpoint "$(backend $family 2)" n1)"
	done
}

external() {
	printf "type: LoadBalancer, externalIPs: [10.99.0.%s, 'fd99::%s'], externalTrafficPolicy: %s" "$1" "$1" "$2"
}

{
	web 1 "internalTrafficPolicy: Cluster"
	web 2 "internalTrafficPolicy: Local"
	web 3 "$(external 3 Cluster)" 30003
	web 4 "$(external 4 Local)" 30004
} | save web.yaml
check "vsbd takes it to the kernel" vsbd --manifests "$dir" --once --hostname-override n1 --cluster-cidr 10.2.0.0/16,fd02::/16 \
	--nodeport-addresses 10.1.0.0/24,fd01::/64
points python3 "$here/rules.py"
