#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is counted: connections, those that live and those that are over,
# whatever ended them; by backend, pool and service, and how fast it grows.

. "$(dirname "$0")/lib.sh"

network
serve_all

counted=(stats/connections stats/packets-in stats/packets-out)

# stats pool|service NAME: connections, and packets of both directions
stats() {
	adm -j "$1" show "$2" | json "${counted[@]/#/${1}s/}"
}

# backend_stats ADDRESS: likewise
backend_stats() {
	adm -j backend show web | json "${counted[@]/#/backends/address=$1/}"
}

# none_recorded: all that was is counted
none_recorded() {
	[ "$(count node connections records)" = "0 0" ]
}

# in_use ADDRESS: active and all connections
in_use() {
	adm -j backend show web | json "backends/address=$1/active" "backends/address=$1/connections"
}

adm txn <<-END
	pool add web family ipv4
	backend add web 10.2.1.2:8080
	backend add web 10.2.2.2:8080
	service add tcp/10.96.0.1:80 pool web
	service add udp/10.96.0.1:80 pool web
END

# Each answer is one packet, to one.
ask client udp 10.96.0.1 80 10 >/dev/null
in_ns node conntrack -D -p udp --orig-dst 10.96.0.1 --orig-port-src 10000 2>/dev/null >/dev/null
check "what conntrack -D ended is over" wait_for eval '[ "$(count node connections records)" = "9 9" ]'
check "and counted, as what lives is" wait_for eval '[ "$(stats service udp/10.96.0.1:80)" = "10 10 10" ]'
in_ns node conntrack -F 2>/dev/null
check "what conntrack -F ended is over" wait_for none_recorded
is "and counted once" "$(stats service udp/10.96.0.1:80)" "10 10 10"
is "each backend has its part" "$(backend_stats 10.2.1.2) $(backend_stats 10.2.2.2)" "5 5 5 5 5 5"
is "the pool has all" "$(stats pool web)" "10 10 10"
adm backend del web 10.2.1.2:8080
is "also when a backend has left" "$(stats pool web)" "10 10 10"

# In use
hold one tcp 10.96.0.1 80
hold two udp 10.96.0.1 80
is "connections are in use" "$(in_use 10.2.2.2)" "2 2"
close one
check "one that closes is not" wait_for eval '[ "$(in_use 10.2.2.2)" = "1 2" ]'
in_ns node conntrack -F 2>/dev/null
check "what is over is neither" wait_for eval '[ "$(in_use 10.2.2.2)" = "0 0" ]'

# Many that are over at once: none of them is in use until it is gone.
in_ns node sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=600 \
	net.netfilter.nf_conntrack_tcp_timeout_close_wait=600 net.netfilter.nf_conntrack_tcp_timeout_last_ack=600
all_closing() {
	[ "$(in_use 10.2.2.2)" = "0 1000" ]
}
# Whether the end of many was seen when some were left; how many were in use then at most is in /run/netns/looks.
seen_ending() {
	ask client tcp 10.96.0.1 80 1000 >/dev/null
	wait_for all_closing
	python3 "$(dirname "$0")/in_use.py" web >/run/netns/looks &
	wait_for grep -q ready /run/netns/looks
	in_ns node conntrack -F
	wait $!
	tail -n 1 /run/netns/looks | grep -q ' [1-9]'
}
check "many are over at once" wait_for seen_ending
# But for the one that "conntrack -F" is at: it holds that a moment longer than its record does.
check "and none of them in use again" test "$(tail -n 1 /run/netns/looks | cut -d ' ' -f 1)" -le 1

# While it lives: one packet each way for its beginning, one for each word.
before=$(stats service udp/10.96.0.1:80)
hold three udp 10.96.0.1 80
for _ in 1 2 3 4; do
	say three word >/dev/null
done
more() {
	[ "$(stats service udp/10.96.0.1:80)" = "$(echo "$before" | awk -v n="$1" '{ print $1 + 1, $2 + n, $3 + n }')" ]
}
check "one that lives is counted, with what it has sent" wait_for more 5
say three word >/dev/null
check "and what it sends" wait_for more 6
in_ns node conntrack -L -z -p udp >/dev/null 2>&1
say three word >/dev/null
check "also when others set conntrack's counters to 0" wait_for more 7
close three
in_ns node conntrack -F 2>/dev/null
check "nothing of it is counted twice" wait_for eval '[ "$(in_use 10.2.2.2)" = "0 0" ]'
check "at its end" more 7

# How fast
rate() {
	adm -j service show udp/10.96.0.1:80 | json services/stats/rate-connections services/stats/rate-packets-in
}
is_fast() {
	ask client udp 10.96.0.1 80 40 >/dev/null
	[ "$(rate | awk '{ print ($1 > 0) ($2 > 0) }')" = 11 ]
}
check "there is a rate" wait_for is_fast
seen=$(rate | cut -d ' ' -f 1)
check "of the backend, too" test "$(adm -j backend show web | json backends/stats/rate-packets-out)" -gt 0
in_ns node conntrack -F 2>/dev/null
check "all of it is counted" wait_for none_recorded
falls() {
	local last=$seen
	seen=$(rate | cut -d ' ' -f 1)
	[ "$seen" -lt "$last" ]
}
check "it falls when there are no more" wait_for falls

# Back to 0
adm pool change web scheduler random
adm service zero udp/10.96.0.1:80
is "a service begins afresh" "$(stats service udp/10.96.0.1:80) $(rate)" "0 0 0 0 0"
check "and no other" test "$(stats pool web)" != "0 0 0"
adm pool zero web
is "a pool, with its backends" "$(stats pool web) $(backend_stats 10.2.2.2)" "0 0 0 0 0 0"
ask client tcp 10.96.0.1 80 >/dev/null
in_ns node conntrack -F 2>/dev/null
# The packets of one that lives are counted a pass later.
check "what comes is counted" wait_for eval 'none_recorded && [ "$(stats pool web | cut -d " " -f 1)" = 1 ]'
adm -Z
is "-Z is for all" "$(stats service tcp/10.96.0.1:80) $(stats pool web)" "0 0 0 0 0 0"
refuses "what is not there has none" 'vsbadm: .*none' adm pool zero none
refuses "nor has another owner's" 'vsbadm: .*owned by admin' adm --owner vsbd pool zero web

# What came to nothing, by reason
adm service add udp/10.96.0.2:80 pool web set 1
before=$(count node rejected dropped elsewhere no-backend)
PEER_TIMEOUT=200 ask client udp 10.96.0.2 80 >/dev/null
adm backend del web 10.2.2.2:8080
ask client tcp 10.96.0.1 80 >/dev/null
read -r rejected dropped elsewhere empty <<<"$before"
is "rejected and dropped, by reason" "$(count node rejected dropped elsewhere no-backend)" \
	"$((rejected + 1)) $((dropped + 1)) $((elsewhere + 1)) $((empty + 1))"

# Rejections have a rate
adm config change reject-rate 1
PEER_TIMEOUT=100 ask client udp 10.96.0.1 80 6 >/dev/null
check "beyond the rate nobody is answered" test "$(count node reject-limited)" -gt 0
adm config change reject-rate 0
before=$(count node reject-limited)
PEER_TIMEOUT=100 ask client udp 10.96.0.1 80 6 >/dev/null
is "without one all are" "$(count node reject-limited)" "$before"

# Limits are settings
adm config change max-pools 2 max-services 4 max-backends 2
adm pool add second family ipv4
refuses "a pool too many" 'vsbadm: .*no more than 2 pools' adm pool add third family ipv4
adm service add tcp/10.96.0.4:80 pool web
refuses "a service too many" 'vsbadm: .*no more than 4 services' adm service add tcp/10.96.0.5:80 pool web
adm backend add web 10.2.1.2:8080
adm backend add web 10.2.2.2:8080
refuses "a backend too many" 'vsbadm: .*no more than 2 backends' adm backend add web 10.2.3.2:8080
adm config change max-pools 1 max-services 2 max-backends 1
check "what there is may be replaced, though limits are below it" eval 'adm -S | adm -R --replace'
is "as it was" "$(count node pools services backends)" "2 4 2"
refuses "and no more than that" 'vsbadm: .*no more than 1 pools' adm -R --replace <<-END
	$(adm -S)
	pool add third family ipv4
END
adm pool change web scheduler rr
is "all else goes on" "$(ask client tcp 10.96.0.4 80 2 | names)" "b1 1,b2 1"

# Tracepoints, where the kernel has any
traced() {
	grep -Eq -- "$1" /sys/kernel/tracing/trace
}
if grep -qw tracefs /proc/filesystems; then
	mount -t tracefs trace /sys/kernel/tracing
	echo 1 >/sys/kernel/tracing/events/vsb/enable
	adm backend del web 10.2.1.2:8080
	ask client tcp 10.96.0.4 80 >/dev/null
	check "a decision is traced" \
		traced 'vsb_decide: .* source=10\.1\.0\.2:[0-9]+ destination=10\.96\.0\.4:80 .*verdict=dnat .*backend=10\.2\.2\.2:8080'
	check "so is a backend that left" wait_for traced 'vsb_backend_left: .*pool=web backend=10\.2\.1\.2:8080 '
	adm backend del web 10.2.2.2:8080
	ask client tcp 10.96.0.4 80 >/dev/null
	check "and a refusal" traced 'vsb_decide: .*verdict=reject reason=no-backend .*backend=0\.0\.0\.0:0'
	check "with whether it was answered" traced 'vsb_reject: .*destination=10\.96\.0\.4:80 answered=1'
	echo 0 >/sys/kernel/tracing/events/vsb/enable
fi
