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
options=(--manifests "$dir" --hostname-override n1 --cluster-cidr "10.2.0.0/16,fd02::/16"
	--nodeport-addresses "10.1.0.0/24,fd01::/64")
check "vsbd takes it to the kernel" vsbd "${options[@]}" --once
points python3 "$here/rules.py"

# explained "NAME..." [OPTION]...: by vsbd: protocol, family, destination, kind of source, set, whether it is masqueraded, and
# the endpoints that are in the set
explained() {
	local name
	for name in $1; do
		vsbd "${options[@]}" "${@:2}" --explain "$name"
	done | awk '
		# The endpoints come behind all that leads to their pool.
		function flush(i) {
			for (i = 1; i <= rows; i++)
				print row[i] " [" who[set[i]] "]"
			rows = pool = 0
			who["cluster"] = who["local"] = ""
		}
		BEGIN { flush() }
		/^  (tcp|udp|sctp) / {
			if (pool)
				flush()
			family = /\[.*\]:|IPv6/ ? 6 : 4
			to = $3 != "node" ? substr($2, 1, length($2) - 1) : (family == 6 ? "[fd01::1]:" : "10.1.0.1:") ($5 + 0)
			to = $1 " " family " " to
		}
		/^    pod: / {
			n = split($0, ways, ";")
			for (i = 1; i <= n; i++) {
				split(ways[i], words)
				set[++rows] = words[2]
				row[rows] = to " " substr(words[1], 1, length(words[1]) - 1) " " (words[2] == "local") " " \
					(ways[i] ~ /masqueraded/ ? "true" : "false")
			}
		}
		/^  pool / { pool = 1 }
		/ of EndpointSlice .* -> / {
			for (i in who)
				if (substr($0, index($0, " -> ")) ~ i)
					who[i] = who[i] (who[i] ? "," : "") "\"" $1 "\""
		}
		END { flush() }'
}

# answered: the same questions, to the kernel
answered() {
	local proto family to kind from
	local -A sources=([4pod]=10.2.3.2 [6pod]=fd02:3::2 [4node]=10.1.0.1 [6node]=fd01::1 [4outside]=10.1.0.2 [6outside]=fd01::2)
	local -A devices=([pod]="dev b3" [node]="" [outside]="dev client")
	while read -r proto family to kind _; do
		from=${sources[$family$kind]}
		# shellcheck disable=SC2086 # none or two words
		echo "$proto $family $to $kind $(adm explain "$proto" "$from" "$to" ${devices[$kind]} -j |
			json set masquerade backends)"
	done
}

said=$(explained "web1 web2 web3 web4")
is "--explain has every address from every kind of source" "$(wc -l <<<"$said")" 180
is "--explain says what the kernel does" "$said" "$(answered <<<"$said")"
check "with masquerade-all" vsbd "${options[@]}" --masquerade-all --once
said=$(explained web1 --masquerade-all)
is "SET-7: of a clusterIP, too, --explain says what the kernel does" "$said" "$(answered <<<"$said")"
