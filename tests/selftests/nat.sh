#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Connections to a VIP reach the backends in turn, from another host and from
# the node itself, and what comes back looks as if it came from the VIP.

. "$(dirname "$0")/lib.sh"

network
serve_all
serve_sctp

for family in 4 6; do
	for proto in tcp udp sctp; do
		service $family $proto rr 1 2 3
		is "$proto over IPv$family from another host: each backend has its turn" \
			"$(ask client $proto ${vip[$family]} 80 12 | names)" "b1 4,b2 4,b3 4"
		is "$proto over IPv$family from the node: each backend has its turn" \
			"$(ask node $proto ${vip[$family]} 80 12 | names)" "b1 4,b2 4,b3 4"
		is "$proto over IPv$family keeps the client's address" \
			"$(ask client $proto ${vip[$family]} 80 3 | cut -d ' ' -f 2 | sort -u)" \
			"$([ $family = 4 ] && echo 10.1.0.2 || echo fd01::2)"
	done
done

# A backend that does not listen: its host's ICMP error must name the VIP, or
# the client's connected socket would not take it for its own.
for family in 4 6; do
	adm -A -u "$(at ${vip[$family]} 81)" -s rr
	adm -a -u "$(at ${vip[$family]} 81)" -r "$(at "$(backend $family 1)" 9999)"
	is "an ICMPv$family error of a backend reaches the client of the VIP" \
		"$(ask client udp ${vip[$family]} 81)" "error ECONNREFUSED"
	is "an ICMPv$family error of a backend reaches a client on the node" \
		"$(ask node udp ${vip[$family]} 81)" "error ECONNREFUSED"
done

# Fragmentation needed, from a router between node and backend.
ip -n b1 link set eth0 mtu 1300
ip -n node link set b1 mtu 1300
adm -A -t 10.96.0.2:80 -s rr
adm -a -t 10.96.0.2:80 -r 10.2.1.2:8080
big=$(printf 'x%.0s' {1..20000})
is "a path with a smaller MTU behind the VIP is found" \
	"$(PEER_TIMEOUT=20000 peer in client hold tcp 10.96.0.2 80 <<<"$big" | tail -n +2 | wc -c)" 20001

# Port 0 is every port, of a service; of a backend it is the client's.
for family in 4 6; do
	any=$([ $family = 4 ] && echo 10.96.0.3 || echo fd96::3)
	adm txn <<-END
		pool add any$family family ipv$family
		backend add any$family $(at "$(backend $family 2)" 0)
		service add tcp/$(at "$any" 0) pool any$family
		service add tcp/$(at "$any" 81) pool tcp/$(at "${vip[$family]}" 80)
	END
	adm backend change "tcp/$(at "${vip[$family]}" 80)" "$(at "$(backend $family 2)" 8080)" weight 0
	is "a service of port 0 has any port, and a backend of port 0 the same, IPv$family" \
		"$(ask client tcp "$any" 8080 2 | names)" "b2 2"
	has "but those that have a service of their own, IPv$family" "$(ask client tcp "$any" 81 2 | names)" '^b1 1,b3 1$'
	adm service del "tcp/$(at "$any" 0)"
	is "and none when it is gone, IPv$family" "$(adm -j explain tcp "${vip[$family]}" "$(at "$any" 8080)" | json verdict)" none
done

is "a port that no service has is not ours" "$(adm explain tcp 10.1.0.2 10.96.0.1:8081 -j | json verdict)" none
