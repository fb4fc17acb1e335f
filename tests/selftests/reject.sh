#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Nobody to answer: the client learns it at once, from a reset, an ICMP error
# or its system call.

. "$(dirname "$0")/lib.sh"

network 1
serve_all 1

# capture NAMESPACE FILTER FILE
capture() {
	nsenter --net=/run/netns/"$1" tcpdump -U -n -i eth0 -w "$3" "$2" 2>"$3.log" &
	tcpdump=$!
	wait_for grep -q listening "$3.log"
}

# packets FILE FILTER: how many the capture has
packets() {
	tcpdump -n -r "$1" "$2" 2>/dev/null | wc -l
}

captured() {
	[ "$(packets "$1" "$2")" -gt 0 ]
}

declare -A client=([4]=10.1.0.2 [6]=fd01::2)
# Port unreachable
declare -A unreachable=([4]='icmp[0] == 3 and icmp[1] == 3' [6]='icmp6[0] == 1 and icmp6[1] == 4')

for family in 4 6; do
	for proto in tcp udp sctp; do
		service $family $proto rr
	done
	address=${vip[$family]}

	capture client "host $address" /tmp/$family.pcap
	is "NONE-1: connect() to an empty pool over IPv$family is refused" \
		"$(ask client tcp $address 80)" "error ECONNREFUSED"
	wait_for captured /tmp/$family.pcap "src host $address"
	kill $tcpdump
	wait $tcpdump
	is "by one packet in answer to one, IPv$family" \
		"$(packets /tmp/$family.pcap "dst host $address") $(packets /tmp/$family.pcap "src host $address")" "1 1"
	has "which is a reset, IPv$family" "$(tcpdump -n -r /tmp/$family.pcap "src host $address" 2>/dev/null)" 'Flags \[R'

	is "NONE-1: UDP to an empty pool over IPv$family is refused" "$(ask client udp $address 80)" "error ECONNREFUSED"
	is "NONE-1: connect() on the node over IPv$family is refused" "$(ask node tcp $address 80)" "error ECONNREFUSED"
	is "NONE-1: UDP on the node over IPv$family is refused" "$(ask node udp $address 80)" "error ECONNREFUSED"
	# An SCTP socket does not hear of it.
	capture client "icmp or icmp6" /tmp/sctp$family.pcap
	PEER_TIMEOUT=100 ask client sctp $address 80 >/dev/null
	check "NONE-1: SCTP to an empty pool over IPv$family is answered by an ICMP error" \
		wait_for captured /tmp/sctp$family.pcap "${unreachable[$family]}"
	kill $tcpdump
	wait $tcpdump
	is "explain says so, IPv$family" \
		"$(adm -j explain tcp "$(at "${client[$family]}" 1234)" "$(at "$address" 80)" |
			json verdict reason)" \
		"reject no-backend"
done
is "each is counted" "$(count node rejected)" 10

adm -a -t 10.96.0.1:80 -r 10.2.1.2:8080
is "a first backend is used at once" "$(ask client tcp 10.96.0.1 80 | names)" "b1 1"

# Usable backends in another set only.
adm backend change tcp/10.96.0.1:80 10.2.1.2:8080 sets 1
is "NONE-2: backends elsewhere only: dropped by default" \
	"$(PEER_TIMEOUT=500 ask client tcp 10.96.0.1 80)" "error ETIMEDOUT"
adm service change tcp/10.96.0.1:80 elsewhere reject
is "NONE-2: backends elsewhere only: rejected if the service says so" "$(ask client tcp 10.96.0.1 80)" "error ECONNREFUSED"
is "and is not when a set has them" "$(adm backend change tcp/10.96.0.1:80 10.2.1.2:8080 sets 0,1 &&
	ask client tcp 10.96.0.1 80 | names)" "b1 1"

# In the middle of a connection that nobody knows any more.
adm -a -t "[fd96::1]:80" -r "[fd02:1::2]:8080"
for family in 4 6; do
	for from in client node; do
		hold $from$family tcp ${vip[$family]} 80 $from
		in_ns node conntrack -F 2>/dev/null
		is "a first packet that is no SYN is reset, from the $from over IPv$family" \
			"$(say $from$family hello)" "error ECONNRESET"
	done
done
is "each is counted as such" "$(count node not-syn)" 4
