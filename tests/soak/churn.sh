#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A minute of backends that come and go, drain and come back, change sets and
# weights, under traffic of several clients; b1 stays as it is, and nothing may
# happen to its connections.

. "$(dirname "$0")/../selftests/lib.sh"

network 4
serve_all 4

# traffic NAME NAMESPACE PROTO COUNT: connections, one after another; UDP waits a second for an answer.
traffic() {
	PEER_TIMEOUT=$([ "$3" = tcp ] && echo 20000 || echo 1000) nice peer in "$2" ask "$3" 10.96.0.1 80 1000000 \
		${4:+"$4"} >"/run/netns/$1.log" &
	busy+=" $!"
}

# b1 is in both sets, so that none is ever empty.
adm txn <<-END
	pool add web family ipv4 scheduler wrr
	backend add web 10.2.1.2:8080 sets 0,1
	service add tcp/10.96.0.1:80 pool web outside pool web set 1
	service add udp/10.96.0.1:80 pool web outside pool web set 1
END
for i in 1 2 3 4 5; do
	hold "tcp$i" tcp 10.96.0.1 80
	hold "udp$i" udp 10.96.0.1 80
done
busy=
traffic one client tcp ''
traffic two client tcp ''
traffic three node tcp ''
traffic four client udp 11000
traffic five b4 udp 12000

# One commit of a few changes to b2, b3 and b4, each of which is there or not.
declare -A there
churn() {
	local i address
	for i in 2 3 4; do
		address=10.2.$i.2:8080
		if [ -z "${there[$i]-}" ]; then
			echo "backend add web $address weight $((RANDOM % 5)) sets $((RANDOM % 2))"
			there[$i]=yes
			continue
		fi
		case $((RANDOM % 6)) in
		0 | 1)
			echo "backend del web $address"
			there[$i]=
			;;
		2) echo "backend change web $address state draining" ;;
		3) echo "backend change web $address state up weight $((RANDOM % 100))" ;;
		4) echo "backend change web $address sets $((RANDOM % 2))" ;;
		5) echo "pool change web scheduler $(shuf -n 1 -e rr wrr random) affinity-timeout $((RANDOM % 2 * 5))" ;;
		esac
	done >/run/netns/changes
	adm txn /run/netns/changes
	commits=$((commits + 1))
}

commits=0 refused=0
end=$((SECONDS + 60))
while [ $SECONDS -lt $end ]; do
	churn || refused=$((refused + 1))
done
figure churn-commits $commits commits
is "every change was taken" $refused 0

# What is left of those that go
for i in 2 3 4; do
	[ -z "${there[$i]-}" ] || echo "backend del web 10.2.$i.2:8080"
done | adm txn
is "b1 is what is left" "$(adm -j backend show web | json backends/address)" 10.2.1.2
stale() {
	local i
	for i in 2 3 4; do
		in_ns node conntrack -L -p udp --reply-src 10.2.$i.2 --orig-dst 10.96.0.1 2>/dev/null
	done
}
none_stale() {
	[ -z "$(stale)" ]
}
check "CHG-2: no UDP flow is left on a backend that is gone" wait_for none_stale

# shellcheck disable=SC2086 # a list of numbers
{ kill -TERM $busy && wait $busy; } 2>/dev/null
for i in 1 2 3 4 5; do
	is "CHG-1: a TCP connection of b1 went on, $i" "$(say "tcp$i" on)" on
	is "CHG-1: and a UDP flow, $i" "$(say "udp$i" on)" "b1 10.1.0.2"
done
for log in one two three; do
	is "no TCP connection failed, $log" "$(grep -c ^error "/run/netns/$log.log")" 0
	check "there were many, $log" test "$(wc -l <"/run/netns/$log.log")" -gt 100
done
for log in four five; do
	check "UDP was answered, $log" test "$(grep -c '^b' "/run/netns/$log.log")" -gt 100
	figure "churn-udp-unanswered-$log" "$(grep -c '^error' "/run/netns/$log.log")" datagrams
done

# Counters add up, when all is over: what services counted is what pools did, and at least what clients saw.
for i in 1 2 3 4 5; do
	close "tcp$i"
	close "udp$i"
done
quiet() {
	in_ns node conntrack -F 2>/dev/null
	[ "$(count node connections records)" = "0 0" ]
}
check "all connections end" wait_for quiet
connections() {
	adm -j "$1" show | json "${1}s/stats/connections" | tr ' ' '\n' | awk '{ sum += $1 } END { print sum }'
}
is "pools and services counted the same" "$(connections pool)" "$(connections service)"
is "every one of them, but for those without a record" \
	"$(($(connections pool) + $(count node unrecorded) >= $(cat /run/netns/{one,two,three}.log | wc -l)))" 1
is "nothing failed" "$(count node failed)" 0
