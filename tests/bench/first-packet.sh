#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The first packet of a connection, by schedulers with 1,000 backends: the
# instructions that it takes from the client's device to the backends' network,
# the packet generator's own left out. IPVS is the peer, with conntrack, which
# vsb cannot do without. All packets have to arrive, and each has to be a new
# connection.

. "$(dirname "$0")/../selftests/lib.sh"
. "$(dirname "$0")/../selftests/pktgen.sh"

backends=1000
warm=2000
packets=20000
vip=10.96.0.1

# on_host COMMAND [ARGUMENT]...: for settings of the first network namespace
on_host() {
	nsenter --net=/run/first-netns "$@"
}

# rules SCHEDULER: the service as both tools read it
rules() {
	local i
	echo "-A -u $vip:80 -s $1"
	for ((i = 0; i < backends; i++)); do
		echo "-a -u $vip:80 -r 10.3.$((i / 250)).$((i % 250 + 1)):8080 -m -w 1"
	done
}

received() {
	ip -n b1 -s -j link show eth0 | jq '.[].stats64.rx.packets'
}

has_received() {
	[ "$(received)" = "$1" ]
}

tracked() {
	[ "$(conntrack -C)" = "$1" ]
}

# burst COUNT ADDRESS MAC: so many packets, each a new flow of sources that no other burst has
bursts=0
burst() {
	bursts=$((bursts + 1))
	flood "count $1" "clone_skb 0" "burst 1" "pkt_size 128" "delay 0" "flag UDPCSUM" "dst $2" "dst_mac $3" \
		"udp_dst_min 80" "udp_dst_max 80" "udp_src_min 1024" "udp_src_max 65000" \
		"src_min 10.$((bursts + 100)).4.0" "src_max 10.$((bursts + 100)).7.240"
}

# cost: instructions per packet of the last burst
cost() {
	flooded | awk '{ printf "%.1f", $2 * 1000 / $1 }'
}

# measure NAME ADDRESS: the cost of a new flow to the address
measure() {
	local before
	before=$(received)
	burst $warm "$2" "$mac"
	check "$1: warm-up arrives" wait_for has_received $((before + warm))
	burst $packets "$2" "$mac"
	figure "first-packet-$1" "$(awk -v all="$(cost)" -v own="$generator" 'BEGIN { printf "%.1f", all - own }')" instructions
	check "$1: all that was sent arrives" wait_for has_received $((before + warm + packets))
	is "$1: all was sent" "$(flooded | cut -d ' ' -f 1)" $packets
	check "$1: each is a connection" tracked $((warm + packets))
	conntrack -F 2>/dev/null
	check "$1: none is left" wait_for tracked 0
}

network 1
ip -n b1 route add local 10.3.0.0/16 dev lo
ip -n node route add 10.3.0.0/16 via 10.2.1.2
# No packets but those that are sent.
for ns in client node b1; do
	in_ns $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=1
done
mac=$(ip -n node -br link show client | awk '{ print $3 }')
dead=02:00:00:00:00:99
# What comes to the backends' network is dropped at its first step.
ip -n node neigh replace 10.2.1.2 dev b1 lladdr $dead nud permanent
on_host bash -c 'echo 262144 >/sys/module/nf_conntrack/parameters/hashsize'
on_host sysctl -qw net.core.netdev_max_backlog=20000
table_max 1000000

before=$(received)
burst $warm $vip $dead
burst $packets $vip $dead
generator=$(cost)
figure first-packet-generator/both "$generator" instructions
is "which does not arrive" "$(received)" "$before"

# Something that asks for conntrack and has no hook of its own.
nft 'add table ip t; add chain ip t c; add rule ip t c ct state new'
measure forwarded/both 10.3.0.1
for scheduler in rr random p2c lc wlc sed mh; do
	rules $scheduler | vsbadm -R
	measure $scheduler/vsb $vip
	vsbadm -C
done
check "vsb goes" wait_for rmmod vsb

# IPVS looks at what comes to addresses of the node's own.
ip -n node route add local $vip dev lo
modprobe ip_vs conn_tab_bits=18
for scheduler in rr lc wlc sed mh; do
	rules $scheduler | ipvsadm -R
	sysctl -qw net.ipv4.vs.conntrack=1
	measure $scheduler/ipvs $vip
	ipvsadm -C
done
