#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Services that are not told by a virtual address alone: node ports, firewall
# marks, cluster IPs with nothing behind a port, and restricted sources.

. "$(dirname "$0")/lib.sh"

network
serve_all
in_ns node sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.client.accept_dad=0

# verdict SOURCE DESTINATION [PROTOCOL]: what explain says, and why
verdict() {
	adm -j explain "${3:-tcp}" "$1" "$2" | json verdict reason
}

# pool FAMILY NAME [BACKEND]...
pool() {
	local family=$1 name=$2 i
	shift 2
	echo "pool add $name family ipv$family"
	for i in "$@"; do
		echo "backend add $name $(at "$(backend "$family" "$i")" 8080)"
	done
}

declare -A node=([4]=10.1.0.1 [6]=fd01::1) more=([4]=10.1.0.9 [6]=fd01::9) any=([4]=0.0.0.0 [6]=::)
declare -A inner=([4]=10.2.1.1 [6]=fd02:1::1) client=([4]=10.1.0.2 [6]=fd01::2) loopback=([4]=127.0.0.1 [6]=::1)
declare -A unallocated=([4]=10.96.7.7 [6]=fd96::7:7)
declare -A bits=([4]=32 [6]=128) lb=([4]=10.98.0.1 [6]=fd98::1) near=([4]=10.1.0.0/24 [6]=fd01::/64)

# A range for services, and none yet

adm config change service-cidrs 10.96.0.0/16,fd96::/64
for family in 4 6; do
	is "NONE-3: a service range needs no service, IPv$family" \
		"$(PEER_TIMEOUT=300 ask client udp ${unallocated[$family]} 53)" "error ETIMEDOUT"
done
check "NONE-3: what is dropped for it is counted" wait_for eval '[ "$(count node unallocated)" = 2 ]'
adm config change service-cidrs none

# Node ports

for family in 4 6; do
	{
		pool $family np$family 1
		echo "service add tcp/$(at ${any[$family]} 30080) pool np$family"
		echo "service add udp/$(at ${any[$family]} 30080) pool np$family"
	} | adm txn
	is "VIP-2: a node port is at the node's addresses, IPv$family" \
		"$(ask client tcp ${node[$family]} 30080; ask client udp ${inner[$family]} 30080)" \
		"b1 ${client[$family]}"$'\n'"b1 ${client[$family]}"
	is "VIP-2: for the node itself too, IPv$family" "$(ask node tcp ${node[$family]} 30080 | cut -d ' ' -f 1)" b1
	is "VIP-2: never at loopback, IPv$family" \
		"$(verdict ${loopback[$family]} "$(at ${loopback[$family]} 30080)")" "none no-service"
	is "VIP-2: nor at an address of another host, IPv$family" \
		"$(verdict ${client[$family]} "$(at "$(backend $family 2)" 30080)")" "none no-service"
	ip -n node addr add ${more[$family]}/${bits[$family]} dev client
	is "VIP-2: at an address that comes later, at once, IPv$family" \
		"$(ask client tcp ${more[$family]} 30080)" "b1 ${client[$family]}"
	ip -n node addr del ${more[$family]}/${bits[$family]} dev client
	is "VIP-2: no more at one that has gone, IPv$family" \
		"$(verdict ${client[$family]} "$(at ${more[$family]} 30080)")" "none no-service"
	is "OBJ-2: nor over a protocol that has no service, IPv$family" \
		"$(verdict ${client[$family]} "$(at ${node[$family]} 30080)" sctp)" "none no-service"
done
serve node node 30080
adm config change node-port-cidrs 10.1.0.1/32,fd01::1/128
for family in 4 6; do
	is "NONE-4: an address that is not chosen is the node's own, IPv$family" \
		"$(ask b1 tcp ${inner[$family]} 30080)" "node $(backend $family 1)"
	is "VIP-2: one that is chosen has the node port, IPv$family" \
		"$(ask client tcp ${node[$family]} 30080)" "b1 ${client[$family]}"
done
adm config change node-port-cidrs none
is "NONE-4: without any, no address has it" "$(ask client tcp 10.1.0.1 30080)" "node 10.1.0.2"
adm config change node-port-cidrs 0.0.0.0/0,::/0

# Firewall marks

in_ns node nft -f - <<-END
	table inet marks {
		chain in {
			type filter hook prerouting priority mangle
			th dport 9999 meta mark set 7
			meta l4proto tcp th dport 80 meta mark set 8
		}
		chain out {
			type route hook output priority mangle
			th dport 9999 meta mark set 7
		}
		chain forward {
			type filter hook forward priority mangle
			meta mark set 0
		}
	}
END
for family in 4 6; do
	{
		pool $family fw$family 2
		echo "service add mark/ipv$family:7 pool fw$family"
	} | adm txn
	service $family tcp rr 3
	for proto in tcp udp; do
		is "a mark is a service at any address, $proto over IPv$family" \
			"$(ask client $proto ${unallocated[$family]} 9999)" "b2 ${client[$family]}"
		is "also for the node, $proto over IPv$family" \
			"$(ask node $proto ${unallocated[$family]} 9999)" "b2 ${node[$family]}"
	done
	is "a mark that no service has does not matter, IPv$family" \
		"$(ask client tcp ${vip[$family]} 80)" "b3 ${client[$family]}"
	adm service add mark/ipv$family:8 pool fw$family
	is "one that a service has goes before the address, IPv$family" \
		"$(ask client tcp ${vip[$family]} 80)" "b2 ${client[$family]}"
	is "explain looks at the mark, IPv$family" \
		"$(adm -j explain tcp ${client[$family]} "$(at ${vip[$family]} 80)" mark 7 | json service pool)" \
		"mark/ipv$family:7 fw$family"
	adm service del mark/ipv$family:8
done
# sent_to ADDRESS: what becomes of a datagram of the node's own that has the mark
sent_to() {
	adm -j explain udp 10.1.0.1 "$1:9999" mark 7 | json verdict
}
is "a broadcast of the node's own is no service's, whatever mark it has" \
	"$(sent_to 10.1.0.255) $(sent_to 255.255.255.255) $(sent_to 10.1.0.254)" "none none dnat"
in_ns node conntrack -F 2>/dev/null
connections() {
	adm -j service show "$1" | json services/stats/connections
}
check "a connection is counted where it came in, though the mark has gone" \
	wait_for eval '[ "$(connections mark/ipv4:7)" = 4 ] && [ "$(connections mark/ipv6:7)" = 4 ]'

# Cluster IPs

for family in 4 6; do
	address=${vip[$family]}
	is "without the flag another port is nobody's, IPv$family" \
		"$(verdict ${client[$family]} "$(at $address 81)")" "none no-service"
	adm service change "tcp/$(at $address 80)" flags cluster-ip
	for from in client node; do
		is "NONE-3: an unserved port of a cluster IP is refused, IPv$family, $from" \
			"$(ask $from tcp $address 81; ask $from udp $address 80)" \
			"error ECONNREFUSED"$'\n'"error ECONNREFUSED"
	done
	has "NONE-3: an echo is refused, IPv$family" \
		"$(in_ns client ping -c 1 -W 5 $address)" 'From .* (Destination Port Unreachable|Destination unreachable: Port unreachable)'
	is "NONE-3: and so is SCTP, IPv$family" \
		"$(verdict ${client[$family]} "$(at $address 80)" sctp)" "reject unserved"
	is "one that is served is not, IPv$family" "$(ask client tcp $address 80)" "b3 ${client[$family]}"
done
before=$(count node unserved)
ask client tcp 10.96.0.1 81 >/dev/null
is "NONE-3: such packets are counted" "$(count node unserved)" $((before + 1))

adm config change service-cidrs 10.96.0.0/16,fd96::/64
for family in 4 6; do
	address=${unallocated[$family]}
	[ $family = 4 ] && nodad='' || nodad=nodad
	before=$(count node unallocated)
	is "NONE-3: an address of a service range that is no cluster IP: dropped, IPv$family" \
		"$(PEER_TIMEOUT=300 ask client udp $address 53)" "error ETIMEDOUT"
	is "NONE-3: it is counted, IPv$family" "$(count node unallocated)" $((before + 1))
	is "NONE-3: and explained, IPv$family" "$(verdict ${client[$family]} "$(at $address 53)" udp)" "drop unallocated"
	is "NONE-3: an address outside of it is not ours, IPv$family" \
		"$(verdict ${client[$family]} "$(at ${lb[$family]} 53)" udp)" "none no-service"
	# A DNS cache on the node.
	ip -n node addr add ${vip[$family]}/${bits[$family]} dev lo $nodad
	ip -n node addr add $address/${bits[$family]} dev lo $nodad
	is "NONE-3: neither where the node has the address, IPv$family" \
		"$(verdict ${client[$family]} "$(at ${vip[$family]} 81)") $(verdict ${client[$family]} "$(at $address 81)")" \
		"none no-service none no-service"
	ip -n node addr del ${vip[$family]}/${bits[$family]} dev lo
	ip -n node addr del $address/${bits[$family]} dev lo
done
adm service del tcp/10.96.0.1:80
is "NONE-3: a cluster IP whose services have gone is none" "$(verdict 10.1.0.2 10.96.0.1:80)" "drop unallocated"
adm -C
adm config change service-cidrs none

# Source ranges

for family in 4 6; do
	address=$(at ${lb[$family]} 80)
	{
		pool $family lb$family 1
		echo "service add tcp/$address flags restricted pool lb$family"
		echo "service add tcp/$(at ${any[$family]} 30081) pool lb$family"
	} | adm txn
	is "SET-8: without ranges nobody is allowed, IPv$family" \
		"$(PEER_TIMEOUT=500 ask client tcp ${lb[$family]} 80)" "error ETIMEDOUT"
	adm range add "tcp/$address" ${near[$family]}
	is "SET-8: a source of a range is allowed, IPv$family" \
		"$(ask client tcp ${lb[$family]} 80)" "b1 ${client[$family]}"
	before=$(count node not-allowed)
	is "SET-8: another is dropped, IPv$family" "$(PEER_TIMEOUT=500 ask b3 tcp ${lb[$family]} 80)" "error ETIMEDOUT"
	check "SET-8: and counted, IPv$family" test "$(count node not-allowed)" -gt "$before"
	is "SET-8: the node port is for all, IPv$family" \
		"$(ask b3 tcp ${node[$family]} 30081)" "b1 $(backend $family 3)"
	adm backend del lb$family "$(at "$(backend $family 1)" 8080)"
	is "SET-8: without endpoints others are dropped, not refused, IPv$family" \
		"$(verdict "$(backend $family 3)" "$address") $(verdict ${client[$family]} "$address")" \
		"drop not-allowed reject no-backend"
	adm backend add lb$family "$(at "$(backend $family 1)" 8080)"
	adm range add "tcp/$address" ${lb[$family]}/${bits[$family]}
	is "SET-8: the address may be its own source, where a range has it, IPv$family" \
		"$(verdict ${lb[$family]} "$address")" "dnat candidates"
	adm range del "tcp/$address" ${near[$family]},${lb[$family]}/${bits[$family]}
	is "SET-8: what is taken away is allowed no more, IPv$family" \
		"$(verdict ${client[$family]} "$address")" "drop not-allowed"
done

# Ten thousand of them, each with one address; and one inside of another.
adm txn <<<"range add tcp/10.98.0.1:80 $(printf '%s,' 10.{100..104}.{0..9}.{1..200}/32)10.9.9.9/32"
adm range add tcp/10.98.0.1:80 10.1.0.0/16,10.1.0.128/25
is "10,003 ranges are there" "$(adm -j service show tcp/10.98.0.1:80 | json services/ranges)" 10003
is "each of them counts, and nothing between them" \
	"$(for a in 10.100.0.1 10.104.9.200 10.102.5.100 10.104.9.201 10.99.255.255 10.1.0.1 10.1.0.129 10.1.255.255 10.2.0.0; do
		adm -j explain tcp $a 10.98.0.1:80 | json verdict
	done | paste -sd ' ')" "dnat dnat dnat drop drop dnat dnat dnat drop"
saved=$(adm -S)
adm -C
adm -R <<<"$saved"
is "they are saved and restored" "$(adm -S | sha1sum)" "$(sha1sum <<<"$saved")"
is "with what they mean" "$(verdict 10.104.9.200 10.98.0.1:80) $(verdict 10.104.9.201 10.98.0.1:80)" \
	"dnat candidates drop not-allowed"
refuses "one that is there can't be added" 'vsbadm: .*10\.1\.0\.0/16.* there' adm range add tcp/10.98.0.1:80 10.1.2.3/16
refuses "nor one of the other family" 'vsbadm: .*ipv4' adm range add tcp/10.98.0.1:80 fd01::/64

# Pods told by the device that they come by

adm -C
{
	pool 4 near 1
	pool 4 far 2
	echo "service add tcp/10.96.0.1:80 pod pool near node,outside pool far"
} | adm txn
for devices in b3 'b*' eth0,b3; do
	adm config change pod-devices "$devices"
	is "SET-5: a pod is told by its device: $devices" "$(ask b3 tcp 10.96.0.1 80) $(ask client tcp 10.96.0.1 80)" \
		"b1 10.2.3.2 b2 10.1.0.2"
done
is "SET-5: the node sends by none" "$(ask node tcp 10.96.0.1 80)" "b2 10.1.0.1"
adm config change pod-devices none
is "SET-5: a device that is none of theirs makes no pod" "$(ask b3 tcp 10.96.0.1 80)" "b2 10.2.3.2"
refuses "an asterisk is at the end" 'vsbadm: .*pod-devices' adm config change pod-devices 'a*b'

# A VRF has addresses of its own

adm -C
ip -n node link add red type vrf table 10
ip -n node link set red up
ip -n node link set b2 master red
{
	pool 4 red 2
	echo "service add tcp/0.0.0.0:30090 pool red node pool red masquerade yes"
} | adm txn
# asked SOURCE [dev D|vrf V]: verdict and kind of source
asked() {
	adm -j explain tcp "$1" 10.2.2.1:30090 "${@:2}" | json verdict source-kind
}
is "VIP-2: an address in the packet's VRF is the node's" "$(ask b2 tcp 10.2.2.1 30090)" "b2 10.2.2.1"
is "VIP-2: one in another VRF is not" "$(asked 10.1.0.2 dev client) $(asked 10.2.2.2 dev b2)" "none outside dnat outside"
is "SET-5: so is a source" "$(asked 10.2.2.1 vrf red) $(asked 10.2.2.1)" "dnat node none outside"
refuses "a device that is no VRF" 'vsbadm: .*vrf' adm explain tcp 10.2.2.1 10.2.2.1:30090 vrf client

ip -n node addr add fd02:2::1/64 dev b2 nodad
# The kernel may have told the host of another way just now, and ICMP to one host is limited.
in_ns node sysctl -qw net.ipv4.icmp_ratelimit=0
{
	echo "pool add empty family ipv4"
	echo "pool add empty6 family ipv6"
	for proto in tcp udp; do
		echo "service add $proto/10.96.0.9:80 pool empty"
		echo "service add $proto/[fd96::9]:80 pool empty6"
	done
} | adm txn
for family in 4 6; do
	[ $family = 4 ] && address=10.96.0.9 || address=fd96::9
	is "NONE-1: who is in a VRF is answered there, IPv$family" \
		"$(ask b2 tcp $address 80) $(ask b2 udp $address 80)" "error ECONNREFUSED error ECONNREFUSED"
done

# Who has no route back there, where the main table is not asked
ip -n node route add unreachable default metric 4278198272 table 10
ip -n b2 addr add 10.9.9.9/32 dev eth0
ip -n b2 route replace default via 10.2.2.1 src 10.9.9.9
in_ns client nft 'add table ip t; add chain ip t c { type filter hook prerouting priority 0; }; add rule ip t c ip saddr 10.96.0.9 counter'
before=$(count node rejected)
PEER_TIMEOUT=200 ask b2 tcp 10.96.0.9 80 >/dev/null
check "NONE-1: one without a way back is refused" test "$(count node rejected)" -gt "$before"
has "NONE-1: and not answered outside of its VRF" "$(in_ns client nft list chain ip t c)" 'counter packets 0 '
