#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A million UDP flows and ten thousand TCP connections through one service; a
# full connection table, and a flood of SYNs at it. On a kernel that watches
# its memory, one fiftieth of that.

. "$(dirname "$0")/../selftests/lib.sh"
. "$(dirname "$0")/../selftests/pktgen.sh"

watched=/sys/kernel/debug/kmemleak
flows=1000000 connections=10000
[ ! -e $watched ] || flows=15000 connections=5000

# arrived: packets that came to the backends
arrived() {
	local i
	for i in 1 2 3; do
		nsenter --net=/run/netns/b$i iptables -t raw -nvxL PREROUTING | awk '/DROP/ { print $1 }'
	done | awk '{ sum += $1 } END { print sum }'
}

# finished CONNECTIONS: whether there are no more, when those of UDP are deleted
finished() {
	in_ns node conntrack -D -p udp
	[ "$(count node connections records)" = "$1 $1" ]
} 2>/dev/null

all_over() {
	in_ns node conntrack -F
	[ "$(count node connections records)" = "0 0" ]
} 2>/dev/null

service_connections() {
	adm -j service show "$1" | json services/stats/connections
}

network
serve_all
{
	echo "pool add web family ipv4"
	for i in 1 2 3; do
		echo "backend add web 10.2.$i.2:8080"
		nsenter --net=/run/netns/b$i iptables -t raw -A PREROUTING -p udp --dport 8080 -j DROP
	done
	echo "service add tcp/10.96.0.1:80 pool web"
	echo "service add udp/10.96.0.1:80 pool web"
} | adm txn
max=$(sysctl -n net.netfilter.nf_conntrack_max)
table_max 2000000
mac=$(ip -n node -br link show client | awk '{ print $3 }')
in_ns node sysctl -qw net.netfilter.nf_conntrack_udp_timeout=5
hold one tcp 10.96.0.1 80
hold two tcp 10.96.0.1 80
before=$(memory)

# 1009 is prime, and no factor of the number of ports: no flow comes twice.
start=$SECONDS
flood "count $flows" "clone_skb 0" "pkt_size 60" "delay 0" "dst 10.96.0.1" "dst_mac $mac" "udp_dst_min 80" "udp_dst_max 80" \
	"src_min 10.1.4.0" "src_max 10.1.7.240" "udp_src_min 1024" "udp_src_max 65000"
figure flood-udp-seconds $((SECONDS - start)) s
came=$(arrived)
figure flood-udp-flows "$came" flows
check "nearly all packets came through" test "$came" -gt $((flows * 9 / 10))
check "all flows end" wait_for finished 2
is "each was counted, but for those without a record" \
	"$(($(service_connections udp/10.96.0.1:80) + $(count node unrecorded)))" "$came"

# TCP, four at a time
start=$SECONDS
for i in 1 2 3 4; do
	PEER_TIMEOUT=30000 ask client tcp 10.96.0.1 80 $((connections / 4)) >"/run/netns/$i.log" &
	asking[i]=$!
done
wait "${asking[@]}"
figure flood-tcp-seconds $((SECONDS - start)) s
is "every connection was answered" "$(cat /run/netns/[1-4].log | grep -c '^b[123] 10.1.0.2$')" "$connections"
is "those that were there go on" "$(say one on) $(say two on)" "on on"

# A table that is full
close one
close two
check "all connections end" wait_for all_over
hold three tcp 10.96.0.1 80
used=$(in_ns node sysctl -n net.netfilter.nf_conntrack_count)
table_max $((used + 100))
flood "count 20000" "clone_skb 0" "delay 0" "src_min 10.1.4.0" "src_max 10.1.7.240" "udp_src_min 1024" "udp_src_max 65000"
in_ns client python3 "$(dirname "$0")/synflood.py" 10.96.0.1 80 10000
# What makes place for a newer one stays for our sweeper, up to finished-max.
limit=$((used + 100 + 4096)) records=$(count node records)
is "a flood of SYNs does not go beyond the table" \
	"$(($(in_ns node sysctl -n net.netfilter.nf_conntrack_count) <= limit))" 1
is "nor do our records" $((records <= limit)) 1
figure flood-syn-records "$records" records
# One that was answered is not given up for a newer one.
answered_only() {
	in_ns node conntrack -D -p udp
	in_ns node conntrack -D -p tcp --state SYN_SENT
	in_ns node conntrack -D -p tcp --state SYN_RECV
	[ "$(count node connections)" = 1 ]
} 2>/dev/null
check "what was never answered goes" wait_for answered_only
table_max 1
is "with the table full a new connection fails" "$(PEER_TIMEOUT=2000 ask client tcp 10.96.0.1 80)" "error ETIMEDOUT"
check "which conntrack counts" test \
	"$(in_ns node conntrack -S | sed 's/.* drop=\([0-9]*\).*/\1/' | awk '{ sum += $1 } END { print sum }')" -gt 0
is "one that was there goes on" "$(say three on)" on
is "and nothing of ours failed" "$(count node failed)" 0
table_max "$max"
adm info >/dev/null
check "with room again they are made" wait_for eval '[ "$(ask client tcp 10.96.0.1 80 | cut -c 1)" = b ]'

close three
check "all connections end, again" wait_for all_over
returned() {
	echo 3 >/proc/sys/vm/drop_caches
	[ $(($(memory) - before)) -lt 20480 ]
}
# Where memory is watched what was freed is kept for a while; there the end of the run says what leaks.
[ -e $watched ] || check "memory is where it was" wait_for returned
