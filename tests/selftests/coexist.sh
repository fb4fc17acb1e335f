#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Beside others who translate, mark and queue packets on the same node.

. "$(dirname "$0")/lib.sh"

rules() {
	in_ns node nft -f -
}

# translated FAMILY PROTO: how conntrack has it
translated() {
	in_ns node conntrack -L -f "ipv$1" -p "$2" --orig-dst "${vip[$1]}" 2>/dev/null
}

# counted FAMILY PROTO: connections of the service so far
counted() {
	adm -j service show "$2/$(at "${vip[$1]}" 80)" | sed -n 's/.*"connections": \([0-9]*\).*/\1/p'
}

is_counted() {
	[ "$(counted "$1" "$2")" = "$3" ]
}

network 2
serve_all 2
for family in 4 6; do
	for proto in tcp udp; do
		service $family $proto rr 1
	done
done

# Marks are their owner's.
rules <<-END
	table inet other {
		chain give { type filter hook prerouting priority mangle; ct mark set 7; meta mark set 9; }
		chain see { type filter hook postrouting priority mangle; meta mark 9 ct mark 7 counter; }
	}
END
is "a marked connection is balanced" "$(ask client tcp 10.96.0.1 80)" "b1 10.1.0.2"
has "conntrack shows how, and the mark" "$(translated 4 tcp)" \
	'src=10\.1\.0\.2 dst=10\.96\.0\.1 sport=[0-9]+ dport=80 .*src=10\.2\.1\.2 dst=10\.1\.0\.2 sport=8080 .*mark=7'
ask client tcp fd96::1 80 >/dev/null
has "that of IPv6 too" "$(translated 6 tcp)" \
	'src=fd01::2 dst=fd96::1 sport=[0-9]+ dport=80 .*src=fd02:1::2 dst=fd01::2 sport=8080 .*mark=7'
has "packets keep theirs" "$(in_ns node nft list chain inet other see)" 'counter packets [1-9]'

# A chain that translates destinations.
rules <<-END
	table ip translate {
		chain pre {
			type nat hook prerouting priority dstnat;
			ip daddr 10.96.0.9 tcp dport 80 dnat to 10.2.2.2:8080
			ip daddr 10.96.0.1 tcp dport 81 dnat to 10.2.2.2:8080
		}
	}
END
is "an nft chain translates another address" "$(ask client tcp 10.96.0.9 80)" "b2 10.1.0.2"
is "another port of ours" "$(ask client tcp 10.96.0.1 81)" "b2 10.1.0.2"
is "and we ours" "$(ask client tcp 10.96.0.1 80)" "b1 10.1.0.2"
rules <<-END
	table ip translate {
		chain pre { ip daddr 10.96.0.1 tcp dport 80 dnat to 10.2.2.2:8080; }
	}
END
is "of the same address and port at dstnat we come first" "$(ask client tcp 10.96.0.1 80)" "b1 10.1.0.2"
rules <<-END
	table ip translate {
		chain before {
			type nat hook prerouting priority dstnat - 10;
			ip daddr 10.96.0.1 tcp dport 80 dnat to 10.2.2.2:8080
		}
	}
END
is "a chain before that wins" "$(ask client tcp 10.96.0.1 80)" "b2 10.1.0.2"
rules <<<"delete table ip translate"
is "until it goes" "$(ask client tcp 10.96.0.1 80)" "b1 10.1.0.2"
is "and we count what is ours" "$(count node failed)" 0

# A packet that a socket was assigned to is that socket's, and one that is not
# tracked is nobody's.
in_ns node ip rule add fwmark 5 lookup 55
in_ns node ip route add local default dev lo table 55
PEER_TRANSPARENT=1 serve node proxy 9999
rules <<-END
	table ip take {
		chain pre {
			type filter hook prerouting priority mangle + 1;
			ip daddr 10.96.0.1 tcp dport 80 meta mark set 5 tproxy to :9999 accept
		}
	}
END
is "a transparent proxy has what it takes" "$(ask client tcp 10.96.0.1 80)" "proxy 10.1.0.2"
rules <<-END
	delete table ip take
	table ip untracked {
		chain pre { type filter hook prerouting priority raw; ip daddr 10.96.0.1 udp dport 80 notrack; }
	}
END
is "what is not tracked is not ours" "$(PEER_TIMEOUT=300 ask client udp 10.96.0.1 80)" "error ETIMEDOUT"
rules <<<"delete table ip untracked"
is "until it is" "$(ask client udp 10.96.0.1 80)" "b1 10.1.0.2"

# Who asks conntrack for news of new connections hears of ours.
nsenter --net=/run/netns/node conntrack -E -b 1048576 >/run/netns/events 2>&1 &
events=$!
# Without a listener a rule's choice of news is none.
wait_for grep -q NOTICE /run/netns/events
in_ns node iptables -t raw -A PREROUTING -d 10.96.0.1 -j CT --ctevents new
heard() {
	ask client udp 10.96.0.1 80 >/dev/null
	grep -q 'NEW.*dst=10.96.0.1 ' /run/netns/events
}
check "conntrack tells of a new connection as new" wait_for heard
{ kill $events; wait $events; } 2>/dev/null
in_ns node iptables -t raw -F

# Others masquerade.
for family in 4 6; do
	iptables=iptables address=10.2.1.1
	[ $family = 4 ] || iptables=ip6tables address=fd02:1::1
	in_ns node $iptables -t nat -A POSTROUTING -o b1 -j MASQUERADE
	for proto in tcp udp; do
		is "a backend sees who masquerades, $proto over IPv$family" "$(ask client $proto ${vip[$family]} 80)" "b1 $address"
	done
	has "conntrack shows both translations, IPv$family" "$(translated $family udp)" "dst=${vip[$family]} .*dst=$address "
	in_ns node $iptables -t nat -F
done

# A chain that chooses the source before we are asked to.
in_ns node conntrack -F 2>/dev/null
settled() {
	[ "$(count node connections records)" = "0 0" ]
}
check "all that was is over" wait_for settled
rules <<-END
	table ip early {
		chain post {
			type nat hook postrouting priority srcnat - 10;
			ip daddr 10.2.1.2 snat to 10.2.1.1
		}
	}
END
hold early tcp 10.96.0.1 80
is "a chain before us chooses the source" "$answer" "b1 10.2.1.1"
is "and the connection goes on" "$(say early on)" on
is "it is recorded like any other" "$(count node records connections)" "1 1"
rules <<<"delete table ip early"
close early

# A queue that withholds first packets. Nobody else may hold a connection that
# is not confirmed, or its packet is dropped there.
in_ns node conntrack -F 2>/dev/null
declare -A base
check "again all that was is over" wait_for settled
rules <<-END
	table inet withhold {
		chain forward { type filter hook forward priority 0; ct state new queue num 5; }
	}
END
withhold 5
for family in 4 6; do
	for proto in tcp udp; do
		base[$proto$family]=$(counted $family $proto)
		PEER_TIMEOUT=30000 peer in client ask $proto ${vip[$family]} 80 >"/run/netns/$proto$family" &
	done
done
for kind in tcp\ 4 udp\ 4 tcp\ 6 udp\ 6; do
	check "a first packet is withheld: $kind" wait_for grep -qx "$kind" /run/netns/withheld
done
is "nobody has an answer" "$(cat /run/netns/{tcp,udp}{4,6})" ""
let_go
for family in 4 6; do
	address=10.1.0.2
	[ $family = 4 ] || address=fd01::2
	for proto in tcp udp; do
		wait_for test -s /run/netns/$proto$family
		is "then it gets through, $proto over IPv$family" "$(cat /run/netns/$proto$family)" "b1 $address"
	done
done
in_ns node conntrack -F 2>/dev/null
for family in 4 6; do
	for proto in tcp udp; do
		check "and its connection is counted, $proto over IPv$family" \
			wait_for is_counted $family $proto $((base[$proto$family] + 1))
	done
done
