#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a change means for connections: new ones follow it at once, those that
# are there go on.

. "$(dirname "$0")/lib.sh"

network
serve_all
service 4 tcp rr 1
pool=tcp/10.96.0.1:80

# A download, while backends come and go around it.
hold 1 tcp 10.96.0.1 80
has "a connection" "$answer" '^b1 '
in_ns client bash -c 'exec 3<>/dev/tcp/10.96.0.1/80; read -r _ <&3; : >/run/netns/begun
	head -c 3000000 /dev/zero | tr "\0" x >&3 & exec head -c 3000000 <&3 | md5sum >/run/download' &
download=$!
check "a download begins" wait_for test -e /run/netns/begun
adm -a -t 10.96.0.1:80 -r 10.2.2.2:8080
adm -a -t 10.96.0.1:80 -r 10.2.3.2:8080
for i in {1..5}; do
	adm backend change $pool 10.2.2.2:8080 weight "$i"
done
adm -d -t 10.96.0.1:80 -r 10.2.1.2:8080
is "CHG-1: new connections follow a swap at once" "$(ask client tcp 10.96.0.1 80 4 | names)" "b2 2,b3 2"
is "CHG-1: a connection to a backend that left goes on" "$(say 1 hello)" hello
wait $download
is "a download during swaps is whole" "$(cat /run/download)" "$(head -c 3000000 /dev/zero | tr '\0' x | md5sum)"

# Draining.
hold 2 tcp 10.96.0.1 80
draining=${answer%% *}
adm backend change $pool "$(backend 4 "${draining#b}"):8080" state draining
is "CHG-1: a draining backend gets nothing new" "$(ask client tcp 10.96.0.1 80 4 | grep -c "$draining")" 0
is "CHG-1: and keeps what it has" "$(say 2 hello)" hello
has "its live connections are counted" \
	"$(adm -j backend show $pool | json "backends/address=$(backend 4 "${draining#b}")/connections")" '^[1-9]'
# One whose conntrack is deleted below could not end.
close 1
close 2

# What a listing counts, when connections are over.
adm -C
service 4 udp rr 1 2
is "ten datagrams and their answers" "$(ask client udp 10.96.0.1 80 10 | names)" "b1 5,b2 5"
in_ns node conntrack -D -p udp >/dev/null 2>&1
counted() {
	[ "$(adm -j service show | json services/stats/{connections,packets-in,packets-out})" = "10 10 10" ] &&
		[ "$(adm -j backend show udp/10.96.0.1:80 | json backends/stats/{connections,packets-in,packets-out})" = "5 5 5 5 5 5" ]
}
check "the statistics of a service and of each backend are exact when connections are deleted" wait_for counted
is "bytes are of whole packets" "$(adm -j service show | json services/stats/bytes-in)" "$((10 * 30))"

is "more connections" "$(ask client udp 10.96.0.1 80 4 | names)" "b1 2,b2 2"
in_ns node conntrack -F >/dev/null 2>&1
adm -C
retired() {
	[ "$(adm -j info | json retired/connections)" -ge 14 ]
}
check "what a deleted service counted goes to the total" wait_for retired

adm config change accounting no
service 4 udp rr 1
is "with accounting off connections are made" "$(ask client udp 10.96.0.1 80 3 | names)" "b1 3"
is "and not recorded" "$(count node records connections)" "0 3"
is "nor counted" "$(adm -j backend show udp/10.96.0.1:80 | json backends/stats)" null
