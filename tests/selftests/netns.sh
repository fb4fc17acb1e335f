#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each network namespace has its own state, and may go at any moment.
#
#	client --- node --- b2
#	            |
#	           b1		balances 10.97.0.0/16 and fd97::/64

. "$(dirname "$0")/lib.sh"

here=$(dirname "$0")

other() {
	in_ns b1 vsbadm "$@"
}

# linger NAMESPACE WHAT...
linger() {
	local ns=$1
	shift
	nsenter --net=/run/netns/"$ns" python3 "$here/linger.py" "$@" >"/run/netns/$ns.lingers" &
	wait_for grep -q lingers "/run/netns/$ns.lingers"
}

# traffic NAMESPACE PROTO ADDRESS: without end and without patience, but not in
# anybody's way.
traffic() {
	PEER_TIMEOUT=100 nice -n 19 peer in "$1" ask "$2" "$3" 80 1000000 >"/run/netns/$1.$2" &
	check "there is traffic: $2 from $1 to $3" wait_for grep -q ^b2 "/run/netns/$1.$2"
}

network 2
serve_all 2
ip -n node route add 10.97.0.0/16 via 10.2.1.2
ip -n node route add fd97::/64 via fd02:1::2
in_ns b1 sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
# Sockets that nobody has any more would keep their namespaces for minutes.
for ns in client b1 b2; do
	in_ns $ns sysctl -qw net.ipv4.tcp_orphan_retries=1
done

service 4 tcp rr 2
service 4 udp rr 2
other txn <<-END
	config change masquerade-all on
	-A -t 10.97.0.1:80 -s rr
	-a -t 10.97.0.1:80 -r 10.2.2.2:8080
	service change tcp/10.97.0.1:80 flags cluster-ip
	-A -u [fd97::1]:80 -s rr
	-a -u [fd97::1]:80 -r [fd02:2::2]:8080
	service change udp/[fd97::1]:80 flags cluster-ip
	-A -t 10.96.0.1:80 -s rr
END
is "what one serves" "$(ask client tcp 10.97.0.1 80)" "b2 10.2.1.2"
has "the other does not" "$(adm explain tcp 10.1.0.2 10.97.0.1:80)" 'none of vsb'
is "one key may be another service in another network namespace" \
	"$(ask client tcp 10.96.0.1 80) $(ask b1 tcp 10.96.0.1 80)" "b2 10.1.0.2 error ECONNREFUSED"
is "each counts its own" "$(count node pools services backends) $(count b1 pools services backends)" "2 2 2 3 3 2"
is "each has its own settings" "$(adm config show | cut -d ' ' -f 6-7) $(other config show | cut -d ' ' -f 6-7)" \
	"masquerade-all off masquerade-all on"
other pool add mine family ipv4
adm --owner vsbd pool add mine family ipv4
adm --owner vsbd flush
is "a flush is of one of them" "$(count node pools) $(count b1 pools)" "2 4"

# Everything that a namespace can be busy with, and then it is no more.
linger b1 txn dump listen
linger node listen
is "each has its own transactions" "$(count node transactions) $(count b1 transactions)" "0 1"
hold one tcp 10.96.0.1 80
hold two tcp 10.97.0.1 80
is "connections are held" "$answer" "b2 10.2.1.2"
traffic client tcp 10.97.0.1
traffic client udp fd97::1
traffic b1 tcp 10.97.0.1
traffic b1 udp fd97::1
other service del tcp/10.96.0.1:80
other backend del 'udp/[fd97::1]:80' '[fd02:2::2]:8080'

# The name goes first, the namespace with the last process in it.
pids=$(ip netns pids b1)
ip netns delete b1
# shellcheck disable=SC2086 # a list of numbers
{ kill -KILL $pids; wait $pids; } 2>/dev/null
gone() {
	! ip -n node link show b1
}
check "a network namespace goes under traffic" wait_for gone
is "another is as it was" "$(count node pools services backends transactions)" "2 2 2 0"
is "and its connections go on" "$(say one still)" still
