#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An endpoint's life, from manifests, under traffic: ready, terminating while
# it still serves, gone; and the flows of one that left while vsbd was down.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent.sh"
. "$(dirname "$0")/flows.sh"

ready="ready: true"
serving="ready: false, serving: true, terminating: true"
finished="ready: false, serving: false, terminating: true"

# life STATE STATE STATE: of b1, b2 and b3, "" for gone
life() {
	local i=0 conditions list=()
	for conditions; do
		i=$((i + 1))
		[ -z "$conditions" ] || list+=("$(endpoint 10.2.$i.2 n$i "$conditions")")
	done
	kube_slice web-1 web 4 "{name: t, port: 8080}, {name: u, port: 8080, protocol: UDP}" "${list[@]}" | save slice.yaml
}

# sets PROTO: where it can go now, "b1 b2"
sets() {
	adm explain "$1" 10.1.0.2 10.96.0.1:80 dev client -j | json backends | grep -o '10\.2\.[0-9]' | sed 's/10.2./b/' | sort | paste -sd ' '
}

can_go() {
	[ "$(sets tcp) $(sets udp)" = "$1 $1" ]
}

# leads STATE STATE STATE WHERE: to where new connections can go
leads() {
	life "$1" "$2" "$3"
	wait_for can_go "$4"
}

# answered COUNT: so many more answers to each client
answered() {
	local log from
	for log in tcp udp; do
		from=$(wc -l <"/run/netns/$log.log")
		wait_for more "$log" $((from + $1)) || return
	done
}

more() {
	[ "$(wc -l <"/run/netns/$1.log")" -gt "$2" ]
}

# who COUNT: the last answers' names, from both clients
who() {
	local log
	for log in tcp udp; do
		tail -n "$1" "/run/netns/$log.log"
	done | cut -d ' ' -f 1 | sort -u | paste -sd ' '
}

network
serve_all
kube_service web "clusterIP: 10.96.0.1, ports: [{name: t, port: 80}, {name: u, port: 80, protocol: UDP}]" | save web.yaml
life "$ready" "$ready" "$ready"
start --hostname-override n1
check "the kernel has three endpoints" wait_for can_go "b1 b2 b3"

# Two clients that never stop
PEER_TIMEOUT=20000 nice peer in client ask tcp 10.96.0.1 80 1000000 >/run/netns/tcp.log &
busy+=" $!"
PEER_TIMEOUT=20000 nice peer in client ask udp 10.96.0.1 80 1000000 11000 >/run/netns/udp.log &
busy+=" $!"
flows 10.96.0.1 u1 u2 u3 u4 u5 u6
# Others take their turns meanwhile: until one is b1's.
tcps=0 answer=
until [ "${answer%% *}" = b1 ] || [ $tcps = 50 ]; do
	tcps=$((tcps + 1))
	hold t$tcps tcp 10.96.0.1 80
done
tcp=t$tcps
check "all are asked" answered 6
is "each of them answers" "$(who 6)" "b1 b2 b3"

check "CHG-1: one terminates, and still serves: new connections go to others" leads "$serving" "$ready" "$ready" "b2 b3"
check "the clients go on" answered 6
is "with the others" "$(who 5)" "b2 b3"
is "CHG-1: its connection goes on" "$(say $tcp on)" on
is "CHG-2: its flows go on" "$(strays "" u1 u2 u3 u4 u5 u6)" ""

check "it serves no longer" leads "$finished" "$ready" "$ready" "b2 b3"
check "CHG-2: its UDP flows end" wait_for none_known 4 udp 1
is "CHG-2: and go to others, whose own stay" "$(strays b1 u1 u2 u3 u4 u5 u6)" ""
is "CHG-1: its TCP connection goes on" "$(say $tcp on)" on
check "it is gone" leads "" "$ready" "$ready" "b2 b3"
is "CHG-1: its TCP connection goes on, still" "$(say $tcp on)" on
check "it comes back" leads "$ready" "$ready" "$ready" "b1 b2 b3"
check "and is asked" answered 9
is "and answers" "$(who 6)" "b1 b2 b3"
check "another terminates, and still serves" leads "$ready" "$ready" "$serving" "b1 b2"
check "the clients go on without it" answered 2
mark
check "none is ready, two serve while they terminate" leads "$serving" "$serving" "$finished" "b1 b2"
check "and the third is gone" wait_for logged 'in sync'
check "the clients go on with these" answered 6
is "and no other" "$(who 5)" "b1 b2"
check "all are ready again" leads "$ready" "$ready" "$ready" "b1 b2 b3"
check "the clients go on with all" answered 6

# shellcheck disable=SC2086 # a list of numbers
{ kill -TERM $busy && wait $busy; } 2>/dev/null
for proto in tcp udp; do
	is "no request of $proto was lost" "$(grep -c ^error /run/netns/$proto.log)" 0
	figure endpoints-requests-$proto "$(wc -l </run/netns/$proto.log)" requests
done

# vsbd is down while one leaves and one begins to terminate.
flows 10.96.0.1 v1 v2 v3 v4 v5 v6
stop KILL
life "$ready" "" "$serving"
others=$(known 4 udp 1; known 4 udp 3)
start --hostname-override n1
check "CHG-3: one that left while vsbd was down has no UDP flow" wait_for none_known 4 udp 2
is "CHG-3: flows of others are not touched" "$(known 4 udp 1; known 4 udp 3)" "$others"
is "CHG-3: exactly its flows go elsewhere" "$(strays b2 v1 v2 v3 v4 v5 v6)" ""
is "CHG-3: TCP goes on" "$(for i in $(seq $tcps); do say t$i on; done | sort -u)" on
before=$(generation)
stop KILL
mark
start --hostname-override n1
check "CHG-3: a restart" wait_for logged 'in sync.*\(0 changed\)'
is "CHG-3: changes nothing" "$(generation)" "$before"
stop TERM
is "its end leaves all in place" "$(sets tcp)" b1
