#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The schedulers that look at connections, with connections that stay open,
# those that look at addresses, and backends that are full.

. "$(dirname "$0")/lib.sh"

network
serve_all
# A connection that has ended is closing as long as it takes here.
in_ns node sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=600 \
	net.netfilter.nf_conntrack_tcp_timeout_close_wait=600 net.netfilter.nf_conntrack_tcp_timeout_last_ack=600
held=0 open=

# end_all: all that are held; one whose conntrack is deleted could not
end_all() {
	local i
	for i in $open; do
		close "h$i"
	done
	open=
	wait_for idle
}

idle() {
	[[ ! $(adm -j backend show | json backends/active) =~ [1-9] ]]
}

# scheduler NAME [WEIGHT WEIGHT WEIGHT [OPTION]...]: a service anew, without a connection
scheduler() {
	local name=$1 weights="$2 ${3-} ${4-}" i=0 weight
	shift 4
	end_all
	adm -C
	in_ns node conntrack -F 2>/dev/null
	{
		echo "-A -t 10.96.0.1:80 -s $name $*"
		for weight in $weights; do
			i=$((i + 1))
			echo "-a -t 10.96.0.1:80 -r 10.2.$i.2:8080 -w $weight"
		done
	} | adm -R
}

# stay COUNT: so many connections that stay; who has them, in order, is in $who
stay() {
	local i
	who=
	for i in $(seq "$1"); do
		held=$((held + 1))
		open+=" $held"
		hold "h$held" tcp 10.96.0.1 80
		who+="${who:+ }${answer%% *}"
	done
}

# chosen [SOURCE-PORT]: the backend that explain says the scheduler would choose for the client
chosen() {
	adm -j explain tcp "10.1.0.2${1:+:$1}" 10.96.0.1:80 dev client | json choice | sed 's/^10\.2\.\([1-3]\)\.2:8080$/b\1/'
}

# foretold COUNT: so many that stay, of each of which explain says first where it will go; who that is, in order, is in $told
foretold() {
	local all=
	told=
	for _ in $(seq "$1"); do
		told+="${told:+ }$(chosen)"
		stay 1
		all+="${all:+ }$who"
	done
	who=$all
}

# counted: "b1 N,b2 N,b3 N" of $who
counted() {
	tr ' ' '\n' <<<"$who" | names
}

# active BACKEND
active() {
	adm -j backend show tcp/10.96.0.1:80 | json "backends/address=10.2.$1.2/active"
}

is_active() {
	[ "$(active "$1")" = "$2" ]
}

# end NUMBER BACKEND LEFT: one that is held, of this backend, which has so many left then
end() {
	close "h$1"
	open=$(tr ' ' '\n' <<<"$open" | grep -vx "$1")
	wait_for is_active "$2" "$3"
}

scheduler lc 1 5 1
stay 6
is "lc: the one with the fewest, whatever its weight" "$who" "b1 b2 b3 b1 b2 b3"
end 2 2 1
foretold 2
is "lc: one that is closing weighs less than one in use" "$who" "b2 b1"
is "lc: explain says so" "$told" "$who"

scheduler wlc 1 2 3
stay 6
is "wlc: the fewest by weight" "$(counted)" "b1 1,b2 2,b3 3"
foretold 6
is "wlc: and on" "$(counted)" "b1 1,b2 2,b3 3"
is "wlc: explain says so" "$told" "$who"
adm -E -t 10.96.0.1:80 -s lc
is "a change of scheduler loses no connection" "$(say "h$held" on)" on
stay 1
is "and counts at once, with the connections that there are" "$who" b1

scheduler sed 1 2 3
foretold 6
is "sed: the least expected delay" "$who" "b3 b2 b3 b1 b2 b3"
is "sed: explain says so" "$told" "$who"

scheduler nq 1 2 30
foretold 5
is "nq: idle ones first, then the least expected delay" "$who" "b1 b2 b3 b3 b3"
is "nq: explain says so" "$told" "$who"

scheduler p2c 1 1 1
stay 36
far=$(counted | tr ',' '\n' | awk '$2 < 9 || $2 > 15')
is "p2c: nobody is far from a third" "$far" ""
is "p2c: what is a matter of chance explain does not say" "$(chosen)" null
scheduler p2c 1 2 3
adm -e -t 10.96.0.1:80 -r 10.2.3.2:8080 -w 0
stay 18
has "p2c: by weight" "$(counted)" '^b1 [4-8],b2 1[0-4]$'

scheduler fo 1 5 3
stay 3
is "fo: the heaviest" "$who" "b2 b2 b2"
adm -e -t 10.96.0.1:80 -r 10.2.2.2:8080 -w 0
foretold 2
is "fo: and when that is gone the next" "$who" "b3 b3"
is "fo: explain says so" "$told" "$who"

scheduler ovf 1 2 3
foretold 9
is "ovf: the heaviest until it has more than its weight" "$who" "b3 b3 b3 b3 b2 b2 b2 b1 b1"
is "ovf: explain says so" "$told" "$who"
is "ovf: beyond all, nobody" "$(ask client tcp 10.96.0.1 80)" "error ECONNREFUSED"
has "ovf: and explain knows" "$(adm explain tcp 10.1.0.2 10.96.0.1:80 dev client)" 'rejected: all backends that the scheduler may choose'

# same [FROM-PORT]: who answers at 20 source ports, one line
same() {
	ask client tcp 10.96.0.1 80 20 "${1-20000}" | cut -d ' ' -f 1 | paste -sd ' '
}

# same_told: who explain says will answer there
same_told() {
	local port
	for port in {20000..20019}; do
		chosen $port
	done | paste -sd ' '
}

kinds() {
	tr ' ' '\n' | sort -u | wc -l
}

for name in sh mh; do
	scheduler $name 1 1 1
	is "$name: a client has one backend" "$(same | kinds)" 1
	is "$name: the same from other ports" "$(same 30000 | kinds)" 1
	is "$name: explain says which, without a port" "$(chosen)" "$(same | cut -d ' ' -f 1)"
	scheduler $name 1 2 3 -b $name-port
	before=$(same)
	is "$name-port: ports have different ones" "$(kinds <<<"$before")" 3
	is "$name-port: each port the same again" "$(same)" "$before"
	is "$name-port: explain says which" "$(same_told)" "$before"
	is "$name-port: which it can't without a port" "$(chosen)" null
	# Made in another order, as another node may have made it
	adm -C
	adm -R <<-END
		-A -t 10.96.0.1:80 -s $name -b $name-port
		-a -t 10.96.0.1:80 -r 10.2.3.2:8080 -w 3
		-a -t 10.96.0.1:80 -r 10.2.1.2:8080 -w 1
		-a -t 10.96.0.1:80 -r 10.2.2.2:8080 -w 2
	END
	is "$name: who made it in another order agrees" "$(same)" "$before"
	# A backend that is full has nothing for a client of it, unless others may.
	first=${before%% *}
	adm backend change tcp/10.96.0.1:80 "10.2.${first#b}.2:8080" upper 1
	in_ns node conntrack -F 2>/dev/null
	until stay 1 && [ "$who" = "$first" ]; do :; done
	is "$name: where its backend is full a client has none" \
		"$(same)" "${before//$first/error}"
	adm -E -t 10.96.0.1:80 -s $name -b $name-port,$name-fallback
	is "$name-fallback: but another then" "$(same | grep -c "error\|$first")" 0
done

scheduler dh 1 1 1
is "dh: an address has one backend" "$(same | kinds)" 1
is "dh: explain says which" "$(chosen)" "$(same | cut -d ' ' -f 1)"
adm -E -t 10.96.0.1:80 -s dh -p 60
who=$(ask client tcp 10.96.0.1 80 | cut -d ' ' -f 1)
is "but affinity where it knows the client" \
	"$(adm -j explain tcp 10.1.0.2 10.96.0.1:80 dev client | json affinity choice)" "10.2.${who#b}.2:8080 null"
adm -E -t 10.96.0.1:80 -s dh
for i in {1..12}; do
	adm service add tcp/10.96.1.$i:80 pool tcp/10.96.0.1:80
done
# by_address: who answers at twelve more addresses of the pool, one line
by_address() {
	for i in {1..12}; do
		ask client tcp 10.96.1.$i 80
	done | cut -d ' ' -f 1 | paste -sd ' '
}
before=$(by_address)
is "dh: addresses have different ones" "$(kinds <<<"$before")" 3
is "dh: each address the same again" "$(by_address)" "$before"

# Thresholds
scheduler rr 1 1 1
adm -e -t 10.96.0.1:80 -r 10.2.1.2:8080 -x 2 -y 1
adm -e -t 10.96.0.1:80 -r 10.2.2.2:8080 -x 4
adm -e -t 10.96.0.1:80 -r 10.2.3.2:8080 -x 1
before=$(count node full)
is "what is a matter of turns explain does not say" "$(chosen)" null
stay 7
is "a backend gets as many connections as it may" "$(counted)" "b1 2,b2 4,b3 1"
is "where all are full, nobody" "$(ask client tcp 10.96.0.1 80)" "error ECONNREFUSED"
is "which is counted" "$(count node full)" $((before + 1))
has "and explained" "$(adm explain tcp 10.1.0.2 10.96.0.1:80 dev client)" 'rejected: all backends that the scheduler may choose'
adm backend change tcp/10.96.0.1:80 10.2.3.2:8080 upper 2
is "one that may have more has one more at once" "$(adm explain tcp 10.1.0.2 10.96.0.1:80 dev client -j | json backends)" '["10.2.3.2:8080"]'
adm backend change tcp/10.96.0.1:80 10.2.3.2:8080 upper 1
verdict() {
	adm -j explain tcp 10.1.0.2 10.96.0.1:80 dev client | json verdict
}
connections() {
	adm -j backend show tcp/10.96.0.1:80 | json "backends/address=10.2.$1.2/connections"
}
has_connections() {
	# Looking at the table is what takes the expired out of it soon.
	in_ns node conntrack -L >/dev/null 2>&1
	[ "$(connections "$1")" = "$2" ]
}
# Of b1 both end, and are over at once.
in_ns node sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=1 \
	net.netfilter.nf_conntrack_tcp_timeout_close_wait=1 net.netfilter.nf_conntrack_tcp_timeout_last_ack=1
i=$((held - 7))
seconds=()
for name in $who; do
	i=$((i + 1))
	[ "$name" != b1 ] || close "h$i"
	[ "$name" != b2 ] || seconds+=("h$i")
done
check "those of one are over" wait_for has_connections 1 0
stay 2
is "below its lower threshold it gets new ones" "$(counted)" "b1 2"
adm backend change tcp/10.96.0.1:80 10.2.2.2:8080 upper 0 lower 0
adm backend change tcp/10.96.0.1:80 10.2.2.2:8080 upper 3 lower 1
close "${seconds[0]}"
close "${seconds[1]}"
check "one that has more than it may is full" wait_for has_connections 2 2
is "until it is below the lower threshold" "$(verdict)" reject
adm backend change tcp/10.96.0.1:80 10.2.2.2:8080 upper 4 lower 0
stay 2
is "without one it gets new ones below three quarters" "$(counted)" "b2 2"
close "h$held"
check "one that has been full" wait_for has_connections 2 3
is "is so at three quarters" "$(verdict)" reject
close "h$((held - 1))"
check "and with less" wait_for has_connections 2 2
is "is not" "$(adm explain tcp 10.1.0.2 10.96.0.1:80 dev client -j | json backends)" '["10.2.2.2:8080"]'
is "-S keeps flags and thresholds" "$(adm -S | grep -c -- '-x 2 -y 1\|-x 4$\|-x 1$')" 3

# What makes a backend full again is a connection, not other thresholds.
scheduler rr 1 0 0
adm backend change tcp/10.96.0.1:80 10.2.1.2:8080 upper 4 lower 3
stay 4
is "a backend is full" "$(verdict)" reject
close "h$held"
close "h$((held - 1))"
check "two end" wait_for has_connections 1 2
is "and it is so no longer" "$(verdict)" dnat
adm backend change tcp/10.96.0.1:80 10.2.1.2:8080 lower 1
is "nor by a lower threshold that came later" "$(verdict)" dnat
adm backend change tcp/10.96.0.1:80 10.2.1.2:8080 upper 3
is "nor by an upper one above what it has" "$(verdict)" dnat
stay 1
is "but when it has got so many" "$(verdict)" reject

# Tables
scheduler mh 1 1 1
is "a table counts" "$(count node table-bytes)" $((16381 * 2))
refuses "a table that there is no room for" 'table-bytes-max: .* has no room for its table' adm -R <<-END
	config change table-bytes-max 40000
	-A -t 10.96.0.2:80 -s mh
	-a -t 10.96.0.2:80 -r 10.2.1.2:8080
END
check "what is there may change, though there is no room for more" adm txn <<-END
	config change table-bytes-max 1000
	backend change tcp/10.96.0.1:80 10.2.1.2:8080 weight 2
END
adm pool change tcp/10.96.0.1:80 table-size 251
is "a smaller one counts less" "$(count node table-bytes)" $((251 * 2))
adm -C
is "none counts nothing" "$(count node table-bytes)" 0
refuses "a size that is no prime" 'table-size: 250 is no prime' adm pool add x family ipv4 scheduler mh table-size 250
refuses "flags that a scheduler has not" 'sched-flags: rr does not have these' adm pool add x family ipv4 sched-flags port
adm pool add x family ipv4
refuses "thresholds the wrong way round" 'lower threshold above its upper one' adm backend add x 10.0.0.1:80 upper 1 lower 2
