#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Connections as they are listed, and how long conntrack remembers them.

. "$(dirname "$0")/lib.sh"

network
serve_all

adm -R <<-END
	-A -t 10.96.0.1:80 -s rr -p 300
	-a -t 10.96.0.1:80 -r 10.2.1.2:8080
	-A -t [fd96::1]:80 -s rr
	-a -t [fd96::1]:80 -r [fd02:2::2]:8080
	-A -f 7 -s rr -p 300 -M 255.255.255.0
	-a -f 7 -r 10.2.3.2:8080
	pool add dns family ipv4
	backend add dns 10.2.2.2:8080
	service add udp/10.96.0.2:53 pool dns masquerade yes
END
nft -f - <<-END
	table inet marks {
		chain prerouting {
			type filter hook prerouting priority mangle;
			tcp dport 9999 meta mark set 7
		}
	}
END

connections() {
	adm -L -n -c
}

# line PROTOCOL STATE SOURCE SERVICE BACKEND: of the table, as an extended regular expression
line() {
	# Times of less than 100 minutes leave one more blank.
	echo "^$1 +([0-9][0-9]:[0-9][0-9] |[0-9]{3,}:[0-9][0-9]) $2 +$3 +$4 +$5\$"
}

is "without connections there is a title" "$(connections)" "IPVS connection entries
pro expire state       source             virtual            destination"

hold one tcp 10.96.0.1 80
hold two tcp fd96::1 80
hold three tcp 192.0.2.9 9999
hold four udp 10.96.0.2 53
list=$(connections)
has "TCP" "$list" "$(line TCP ESTABLISHED '10\.1\.0\.2:[1-9][0-9]*' '10\.96\.0\.1:80' '10\.2\.1\.2:8080')"
has "over IPv6" "$list" "$(line TCP ESTABLISHED '\[fd01::2\]:[1-9][0-9]*' '\[fd96::1\]:80' '\[fd02:2::2\]:8080')"
has "by a mark" "$list" "$(line TCP ESTABLISHED '10\.1\.0\.2:[1-9][0-9]*' '192\.0\.2\.9:9999' '10\.2\.3\.2:8080')"
has "UDP" "$list" "$(line UDP UDP '10\.1\.0\.2:[1-9][0-9]*' '10\.96\.0\.2:53' '10\.2\.2\.2:8080')"
has "a client that affinity knows" "$list" "$(line TCP NONE '10\.1\.0\.2:0' '10\.96\.0\.1:80' '10\.2\.1\.2:8080')"
has "clients of a mark" "$list" "$(line IP NONE '10\.1\.0\.0:0' '0\.0\.0\.7:0' '10\.2\.3\.2:8080')"
is "and no more" "$(wc -l <<<"$list")" 8
serve node
adm txn <<-END
	pool add here family ipv4
	backend add here 10.1.0.1:8080
	service add udp/10.96.0.4:80 pool here masquerade yes
END
hold here udp 10.96.0.4 80
is "who is sent to the node itself is seen there" "$answer" "node 10.1.0.2"
is "JSON says who is masqueraded" "$(adm -j -L -c | jq -c '.connections[] | select(.masquerade) | [.pool, .destination, .replied]')" \
	'["dns","10.96.0.2",true]'
is "and whom affinity knows" "$(adm -j -L -c | jq '.affinity | length')" 2
has "backends have as many clients" "$(adm -L -n --persistent-conn)" '^  -> 10\.2\.3\.2:8080 +1 +1 +1 +0'
is "another network namespace has none" "$(in_ns client vsbadm -L -n -c | wc -l)" 2

adm config change accounting off
hold five tcp 10.96.0.1 80
is "those without a record are listed, too" "$(connections | grep -c ESTABLISHED)" 4
is "as no numbers are" "$(adm -L -n --stats -t 10.96.0.1:80 | awk '/TCP/ { print $3 $4 $5 $6 $7 }')" -----
adm config change accounting on
adm -d -t 10.96.0.1:80 -r 10.2.1.2:8080
is "and those of a backend that left" "$(connections | grep -c 'ESTABLISHED.*10\.2\.1\.2:8080')" 2
close one
close five
gone() {
	in_ns node conntrack -D -p tcp --orig-dst 10.96.0.1
	! connections | grep -q '10\.2\.1\.2:8080'
}
check "what is over is not" wait_for gone

ask client udp 10.96.0.2 53 1000 >/dev/null
is "as many as there are" "$(connections | awk '/^UDP .*10\.2\.2\.2:8080$/ { print $4 }' | sort -u | wc -l)" 1001
is "a reader that goes does not matter" "$(connections 2>/dev/null | head -n 1)" "IPVS connection entries"

# Timeouts

# remembered PROTOCOL: how many seconds conntrack remembers the client's connections of port 80 or 53, the longest
remembered() {
	in_ns node conntrack -L -p "$1" -s 10.1.0.2 2>/dev/null | awk '/dport=(80|53) / { print $3 }' | sort -n | tail -n 1
}

in_ns node conntrack -D -p udp >/dev/null 2>&1
adm -R <<-END
	-A -t 10.96.0.3:80 -s rr
	-a -t 10.96.0.3:80 -r 10.2.1.2:8080
END
tcp=$(sysctl -n net.netfilter.nf_conntrack_tcp_timeout_established)
udp=$(sysctl -n net.netfilter.nf_conntrack_udp_timeout_stream)
is "timeouts are conntrack's" "$(adm -L --timeout)" "Timeout (tcp tcpfin udp): $tcp 120 $udp"
if set=$(adm --set 900 77 9 2>&1); then
	is "they can be set" "$(adm -L --timeout)" "Timeout (tcp tcpfin udp): 900 77 9"
	adm --set 0 0 88
	is "one by one" "$(adm -j -L --timeout | jq -c .)" '{"timeout-tcp":900,"timeout-tcp-fin":77,"timeout-udp":88}'
	hold six udp 10.96.0.2 53
	check "a flow has its own" test "$(remembered udp)" -le 88
	say six on >/dev/null
	check "when it goes on, too" test "$(remembered udp)" -le 88
	hold seven tcp 10.96.0.3 80
	check "so has a connection that is set up" test "$(remembered tcp)" -le 900
	check "and no shorter one" test "$(remembered tcp)" -gt 800
	close seven
	check "so has one that is closing" wait_for eval '[ "$(remembered tcp)" -le 77 ]'
	check "and no shorter one, either" test "$(remembered tcp)" -gt 40
	serve b1 direct 80
	hold eight tcp 10.2.1.2 80
	check "what is not ours keeps conntrack's" test "$(remembered tcp)" -gt 900
	adm config change timeout-tcp 0 timeout-tcp-fin 0 timeout-udp 0
	is "there is a way back" "$(adm -L --timeout)" "Timeout (tcp tcpfin udp): $tcp 120 $udp"
else
	has "a kernel that can't says so" "$set" "^vsbadm: config: timeout-tcp: this kernel has none for single connections\$"
	is "and they stay" "$(adm -L --timeout)" "Timeout (tcp tcpfin udp): $tcp 120 $udp"
	check "which is none that should" grep -q '^6\.12\.' /proc/sys/kernel/osrelease
fi
