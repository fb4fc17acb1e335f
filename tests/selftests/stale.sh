#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A change ends the UDP and SCTP flows that it has made stale, and no others:
# those of a backend that is gone, and those older than their service.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/flows.sh"

network
serve_all
serve_sctp

for family in 4 6; do
	address=${vip[$family]}
	# By its records in one family, by a walk in the other.
	for accounting in $([ $family = 4 ] && echo yes || echo no); do
		case="IPv$family, accounting $accounting"
		adm config change accounting $accounting
		service $family udp rr 1 2 3
		service $family tcp rr 1 2 3
		service $family sctp rr 1
		names=$(printf "u$family$accounting%s " 1 2 3 4 5 6)
		# shellcheck disable=SC2086 # a list of names
		flows "$address" $names
		for i in 1 2 3; do
			hold "t$family$accounting$i" tcp "$address" 80
			[ "${answer%% *}" != b1 ] || tcp=t$family$accounting$i
		done
		hold "s$family$accounting" sctp "$address" 80

		adm backend change "udp/$(at "$address" 80)" "$(at "$(backend $family 2)" 8080)" state draining
		is "CHG-2: a backend that drains keeps its flows, $case" "$(strays "" $names)" ""

		others=$(known $family udp 2; known $family udp 3)
		for proto in udp tcp sctp; do
			adm backend del "$proto/$(at "$address" 80)" "$(at "$(backend $family 1)" 8080)"
		done
		check "CHG-2: one that is gone has no UDP flow any more, $case" wait_for none_known $family udp 1
		check "CHG-2: nor one of SCTP, $case" wait_for none_known $family sctp 1
		is "CHG-2: flows of others are not touched, $case" "$(known $family udp 2; known $family udp 3)" "$others"
		is "CHG-2: TCP goes on, $case" "$(say "$tcp" on)" on
		is "the next datagram goes to another, $case" "$(strays b1 $names)" ""
		# One whose conntrack is deleted could not end.
		for i in 1 2 3; do
			close "t$family$accounting$i"
		done
		adm -C
		in_ns node conntrack -F 2>/dev/null
	done
done

# Flows that conntrack knows since before there was the service.
in_ns node nft -f - <<-END
	table inet seen { chain c { type filter hook forward priority 0; ct state new counter; }; }
END
adm config change accounting yes
service 4 tcp rr 1
for family in 4 6; do
	[ $family = 4 ] && old=10.96.0.7 other=10.96.0.8 || old=fd96::7 other=fd96::8
	PEER_TIMEOUT=100 ask client udp $old 80 1 20000 >/dev/null
	PEER_TIMEOUT=100 ask client udp $other 80 1 20001 >/dev/null
	id() {
		in_ns node conntrack -L -f ipv$family --orig-dst "$1" -o id 2>/dev/null | grep -o 'id=[0-9]*'
	}
	before=$(id $other)
	has "a flow to no service is known, IPv$family" "$before" '^id='
	adm -R <<-END
		-A -u $(at $old 80) -s rr
		-a -u $(at $old 80) -r $(at "$(backend $family 1)" 8080)
	END
	answered() {
		[ "$(PEER_TIMEOUT=500 ask client udp $old 80 1 20000 | cut -d ' ' -f 1)" = b1 ]
	}
	check "CHG-2: a flow that is older than its service gets a backend, IPv$family" wait_for answered
	is "one to no service stays, IPv$family" "$(id $other)" "$before"
done

# A first packet that waits in a queue while its backend goes. Nothing ends by itself here; what the backend answers may come
# when the flow has ended, but the packet gets through. Where the last service of a family goes so do vsb's hooks, with what
# waits in any queue: so both families keep one.
adm -C
in_ns node conntrack -F 2>/dev/null
in_ns node sysctl -qw net.netfilter.nf_conntrack_udp_timeout=600 net.netfilter.nf_conntrack_udp_timeout_stream=600
adm config change accounting no
service 4 udp rr 1
service 6 udp rr 1
hold walked udp 10.96.0.1 80
in_ns node nft -f - <<-END
	table inet withhold {
		chain forward { type filter hook forward priority 0; meta l4proto udp ct state new queue num 5; }
	}
END
in_ns b1 nft 'add table ip late; add chain ip late c { type filter hook input priority 0; }; add rule ip late c udp dport 8080 counter'
withhold 5
peer in client ask udp 10.96.0.1 80 >/dev/null &
check "a first packet waits" wait_for grep -qx "udp 4" /run/netns/withheld
adm backend del udp/10.96.0.1:80 10.2.1.2:8080
check "its backend goes, and flows to it" wait_for none_known 4 udp 1
let_go
arrived() {
	in_ns b1 nft list chain ip late c | grep -q 'counter packets 1 '
}
check "it gets through" wait_for arrived
check "CHG-2: but its flow does not last" wait_for none_known 4 udp 1
