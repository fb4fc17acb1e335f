#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Kinds of source: a pod, the node and the outside each have a pool, a set and
# a rule for masquerading; a backend that reaches itself is always masqueraded.

. "$(dirname "$0")/lib.sh"

network
serve_all
ip -n node addr add 10.1.0.3/24 dev client

declare -A node=([4]=10.1.0.1 [6]=fd01::1) gate=([4]=10.2.1.1 [6]=fd02:1::1) client=([4]=10.1.0.2 [6]=fd01::2)

for family in 4 6; do
	address=$(at "${vip[$family]}" 80)
	{
		echo "pool add near$family family ipv$family"
		echo "pool add far$family family ipv$family"
		echo "backend add near$family $(at "$(backend $family 1)" 8080) sets 0"
		echo "backend add near$family $(at "$(backend $family 2)" 8080) sets 1"
		echo "backend add far$family $(at "$(backend $family 3)" 8080) sets 0"
		for proto in tcp udp; do
			echo "service add $proto/$address pod pool near$family set 1 node pool near$family set 0 masquerade yes" \
				"outside pool far$family masquerade yes"
		done
	} | adm txn
done
adm config change pod-cidrs 10.2.1.0/24,fd02:1::/64

for family in 4 6; do
	for proto in tcp udp; do
		is "$proto over IPv$family from a pod: its set, its address kept" \
			"$(ask b1 $proto "${vip[$family]}" 80)" "b2 $(backend $family 1)"
		is "$proto over IPv$family from the node: its set" \
			"$(ask node $proto "${vip[$family]}" 80)" "b1 ${gate[$family]}"
		is "$proto over IPv$family from outside: its pool, masqueraded" \
			"$(ask client $proto "${vip[$family]}" 80)" \
			"b3 $([ $family = 4 ] && echo 10.2.3.1 || echo fd02:3::1)"
	done
	for from in "pod $(backend $family 1)" "node ${node[$family]}" "outside ${client[$family]}"; do
		is "explain tells the kind of source: $from" \
			"$(adm -j explain tcp "${from#* }" "$(at "${vip[$family]}" 80)" | json source-kind)" "${from% *}"
	done
done

# b1 is behind a VIP that it asks itself.
for family in 4 6; do
	address=$(at "${vip[$family]}" 81)
	adm -R <<-END
		-A -t $address -s rr
		-a -t $address -r $(at "$(backend $family 1)" 8080)
	END
	is "a backend reaches itself by its VIP over IPv$family, masqueraded" \
		"$(ask b1 tcp "${vip[$family]}" 81)" "b1 ${gate[$family]}"
done

adm config change masquerade-all yes
is "masquerade-all is for cluster IPs" "$(ask b1 tcp 10.96.0.1 80)" "b2 10.2.1.2"
adm service change tcp/10.96.0.1:80 flags cluster-ip
is "SET-7: with it a pod's connection to one is masqueraded too" "$(ask b1 tcp 10.96.0.1 80)" "b2 10.2.2.1"

# The source port of a masqueraded connection is drawn at random.
adm config change masquerade-all no
for port in 20001 20002 20003; do
	ask client udp 10.96.0.1 80 1 $port
done >/dev/null
ports=$(in_ns node conntrack -L -p udp 2>/dev/null | sed -n 's/.*sport=2000[123] .*dport=\([0-9]*\) .*/\1/p')
has "the port of a masqueraded connection is not the client's" "$(grep -vc '^2000[123]$' <<<"$ports")" '^[123]$'
