#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The module goes under traffic and comes back; connections that it leaves
# behind go on where somebody else translates too, and are never taken for new
# ones. With nothing to do it leaves no hook.

. "$(dirname "$0")/lib.sh"

here=$(dirname "$0")

# tracked: whether the node tracks what is none of our business
tracked() {
	in_ns node conntrack -F
	[ "$(ask client "$1" "$2" 8080 | cut -d ' ' -f 1)" = b1 ] &&
		in_ns node conntrack -L -f "$3" | grep -q "$2"
} 2>/dev/null

# tracked_beside ADDRESS: the same, leaving other connections alone
tracked_beside() {
	ask client tcp "$1" 8080 >/dev/null
	in_ns node conntrack -L --orig-dst "$1" 2>/dev/null | grep -q "$1"
}

untracked() {
	! tracked "$@"
}

# traffic: without end and without patience, but not in anybody's way
traffic() {
	local proto
	traffic=
	rm -f /run/netns/{tcp,udp}.log
	for proto in tcp udp; do
		PEER_TIMEOUT=100 nice -n 19 peer in client ask $proto 10.96.0.1 80 1000000 >"/run/netns/$proto.log" &
		traffic+=" $!"
	done
	wait_for grep -q b1 /run/netns/tcp.log
	wait_for grep -q b1 /run/netns/udp.log
}

# no_traffic: ends what traffic() began
no_traffic() {
	# shellcheck disable=SC2086 # a list of numbers
	kill -KILL $traffic
	# shellcheck disable=SC2086
	wait $traffic
} 2>/dev/null

configure() {
	service 4 tcp rr 1
	service 4 udp rr 1
	service 6 tcp rr 1
}

network 1
serve_all 1
# Sockets that nobody has any more would keep their namespaces for minutes.
for ns in client b1; do
	in_ns $ns sysctl -qw net.ipv4.tcp_orphan_retries=1
done

# Nothing to do.
adm info >/dev/null
check "where there is no service nothing is tracked" untracked tcp 10.2.1.2 ipv4
adm -A -t 10.96.0.1:80 -s rr
adm -a -t 10.96.0.1:80 -r 10.2.1.2:8080
check "a service has connections tracked" tracked tcp 10.2.1.2 ipv4
check "of its own family" untracked tcp fd02:1::2 ipv6
hold one tcp 10.96.0.1 80
adm -C
is "a connection outlives its service" "$(say one still)" still
check "and has connections tracked as long as it lives" tracked_beside 10.2.1.2
is "and goes on" "$(say one on)" on
exec {in_one}>&-
in_ns node conntrack -F 2>/dev/null
check "with the last connection goes the last hook" wait_for untracked tcp 10.2.1.2 ipv4
is "and the last record" "$(count node records)" 0

# Alone.
configure
traffic
check "the module goes under traffic" rmmod vsb
no_traffic
check "and takes its hooks with it" wait_for untracked tcp 10.2.1.2 ipv4

# Beside somebody else who translates: a chain without a rule would not have
# connections tracked.
modprobe vsb
in_ns node nft -f - <<-END
	table inet other {
		chain post {
			type nat hook postrouting priority srcnat;
			oifname "none" masquerade
		}
	}
END
configure
adm service add tcp/10.96.0.2:80 pool tcp/10.96.0.1:80 masquerade yes
hold two tcp 10.96.0.1 80
hold three udp 10.96.0.1 80
hold four tcp fd96::1 80
hold five tcp 10.96.0.2 80
is "a masqueraded connection is there" "$answer" "b1 10.2.1.1"
traffic
check "the module goes under traffic, beside another who translates" rmmod vsb
is "TCP goes on" "$(say two a)" a
is "UDP goes on" "$(say three b)" "b1 10.1.0.2"
is "IPv6 goes on" "$(say four c)" c
is "masqueraded TCP goes on" "$(say five d)" d
no_traffic
modprobe vsb
is "a module that comes back knows of no connection" "$(count node connections)" 0
configure
is "nor when it has the same to do" "$(count node connections records)" "0 0"
is "TCP still goes on" "$(say two e)" e
is "UDP still goes on" "$(say three f)" "b1 10.1.0.2"
is "IPv6 still goes on" "$(say four g)" g
is "masqueraded TCP still goes on" "$(say five h)" h
is "and none is counted" "$(count node connections not-syn failed)" "0 0 0"
hold six tcp 10.96.0.1 80
is "a new connection is made" "$answer" "b1 10.1.0.2"
is "and counted" "$(count node connections)" 1

# In the middle of something.
linger() {
	rm -f /run/netns/lingers
	nsenter --net=/run/netns/node python3 "$here/linger.py" "$@" >/run/netns/lingers &
	wait_for grep -q lingers /run/netns/lingers
}
linger dump
refuses "a listing that was begun needs the module" 'in use' rmmod vsb
{ kill -KILL $!; wait $!; } 2>/dev/null
linger txn listen
check "a listener and an open transaction do not" rmmod vsb
modprobe vsb
is "the transaction went with it" "$(count node transactions)" 0

configure
traffic
for i in {1..5}; do
	[ "$(ask client tcp 10.96.0.1 80)" = "b1 10.1.0.2" ] || not_ok "cycle $i works"
	rmmod vsb || not_ok "cycle $i ends"
	modprobe vsb
	service 4 tcp rr 1
done
is "it comes and goes" "$i" 5
