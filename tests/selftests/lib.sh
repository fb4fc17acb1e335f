# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What selftests share: TAP output, waiting for a state, and a network.
#
#	       client  10.1.0.2  fd01::2        the default route of "node"
#	         |                              leads here
#	       10.1.0.1  fd01::1
#	        node                            where vsb works
#	  10.2.N.1  fd02:N::1
#	     |      |      |
#	    b1     b2     b3   10.2.N.2  fd02:N::2   backends
#
# VIPs are in 10.96.0.0/16 and fd96::/64, on no device.

set -u
exec 2>&1

tests=0
failed=0

# The names of network namespaces are this test's own.
mount -t tmpfs none /run/netns

echo 10000 >/run/netns/ports

# Nothing ever comes from it: who waits for that sleeps, without a process.
mkfifo /run/netns/nothing
exec {nothing}<>/run/netns/nothing
# Servers say there that they listen.
mkfifo /run/netns/listening
exec {listening}<>/run/netns/listening

finish() {
	local status=$?

	[ $status = 0 ] || echo "# ended with status $status"
	# Not a word of each that is killed.
	{ jobs -p | xargs -r kill -KILL; wait; } 2>/dev/null
	ip -all netns delete
	echo "1..$tests"
	[ $status = 0 ] && [ $failed = 0 ] || exit 1
}
trap finish EXIT

ok() {
	tests=$((tests + 1))
	echo "ok $tests - $1"
}

# not_ok WHAT [DIAGNOSTICS]
not_ok() {
	tests=$((tests + 1))
	failed=$((failed + 1))
	echo "not ok $tests - $1"
	[ $# = 1 ] || sed 's/^/#   /' <<<"$2"
}

# check WHAT COMMAND [ARGUMENT]...: that the command succeeds.
check() {
	local what=$1 output
	shift
	if output=$("$@" 2>&1); then
		ok "$what"
	else
		not_ok "$what" "status $? of: $*"$'\n'"$output"
	fi
}

# is WHAT GOT WANT: that two strings are the same.
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "got:"$'\n'"$2"$'\n'"want:"$'\n'"$3"
	fi
}

# has WHAT TEXT PATTERN: that a line of the text matches.
has() {
	if grep -Eq -- "$3" <<<"$2"; then
		ok "$1"
	else
		not_ok "$1" "no line matches $3:"$'\n'"$2"
	fi
}

# refuses WHAT PATTERN COMMAND [ARGUMENT]...: that the command fails with one line that matches.
refuses() {
	local what=$1 pattern=$2 output
	shift 2
	if output=$("$@" 2>&1); then
		not_ok "$what" "succeeded: $*"$'\n'"$output"
	elif [[ $output = *$'\n'* || ! $output =~ $pattern ]]; then
		not_ok "$what" "want one line that matches $pattern, got:"$'\n'"$output"
	else
		ok "$what"
	fi
}

# points COMMAND [ARGUMENT]...: the points that a program makes, "ok - WHAT" or "not ok - WHAT"; it has to end well.
points() {
	local line
	shopt -s lastpipe
	"$@" | while IFS= read -r line; do
		case $line in
		'ok - '*) ok "${line#ok - }" ;;
		'not ok - '*) not_ok "${line#not ok - }" ;;
		*) echo "# ${line#\# }" ;;
		esac
	done
	[ "${PIPESTATUS[0]}" = 0 ] || not_ok "to the end: $*"
	shopt -u lastpipe
}

# wait_for COMMAND [ARGUMENT]...: until it succeeds; half a minute and five tries are for ever.
wait_for() {
	local end=$((SECONDS + 30)) tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $SECONDS -lt $end ] || [ $tries -lt 5 ] || return 1
		read -rt 0.05 -u "$nothing" || true
	done
}

# figure NAME VALUE UNIT: for the report.
figure() {
	echo "# figure: $*"
}

# memory: the kernel's own, in kB
memory() {
	awk '/^(Slab|VmallocUsed|Percpu):/ { sum += $2 } END { print sum }' /proc/meminfo
}

# table_max N: connections that there may be, a setting of the first network namespace
table_max() {
	nsenter --net=/run/first-netns sysctl -qw net.netfilter.nf_conntrack_max="$1"
}

# in_ns NAMESPACE COMMAND [ARGUMENT]...
in_ns() {
	local ns=$1
	shift
	if [ "$ns" = node ]; then
		"$@"
	else
		nsenter --net=/run/netns/"$ns" "$@"
	fi
}

adm() {
	vsbadm "$@"
}

# count NAMESPACE NAME...: what vsbadm's info has by these names, in one line.
count() {
	local all name key value line=
	all=$(in_ns "$1" vsbadm info)
	shift
	for name; do
		while read -r key value _ && [ "$key" != "$name" ]; do
			:
		done <<<"$all"
		line+=" $value"
	done
	echo "${line# }"
}

# network [BACKENDS]: the picture above, with three backends unless told.
network() {
	local backends names ns i
	backends=$(seq "${1:-3}")
	ip netns attach node $$
	names="client ${backends:+$(printf 'b%s ' $backends)}"
	# shellcheck disable=SC2086 # a list of names
	printf 'netns add %s\n' $names | ip -batch -
	{
		echo "link set lo up"
		near client 10.1.0 fd01
		for i in $backends; do
			near "b$i" "10.2.$i" "fd02:$i"
		done
		echo "route add default via 10.1.0.2"
		echo "route add default via fd01::2"
	} | ip -n node -batch -
	far 10.1.0 fd01 | ip -n client -batch -
	for i in $backends; do
		far "10.2.$i" "fd02:$i" | ip -n "b$i" -batch -
	done
	# What is killed while its other end goes, too, keeps its namespace for seconds, not for minutes.
	for ns in $names; do
		in_ns "$ns" sysctl -qw net.ipv4.tcp_orphan_retries=3
	done
	# A flow that says nothing while others are asked is to stay one, however long that takes.
	in_ns node sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.tcp_orphan_retries=3 \
		net.netfilter.nf_conntrack_udp_timeout=600 net.netfilter.nf_conntrack_udp_timeout_stream=600
}

# near NAMESPACE NET4 NET6: the node's end of a veth to it, for ip -batch.
near() {
	cat <<-END
		link add $1 type veth peer name eth0 netns $1
		addr add $2.1/24 dev $1
		addr add $3::1/64 dev $1 nodad
		link set $1 up
	END
}

# far NET4 NET6: the other end.
far() {
	cat <<-END
		link set lo up
		addr add $1.2/24 dev eth0
		addr add $2::2/64 dev eth0 nodad
		link set eth0 up
		route add default via $1.1
		route add default via $2::1
	END
}

# serve NAMESPACE [NAME [PORT]]: answers there, with its name.
serve() {
	peer in "$1" serve "${2:-$1}" "${3:-8080}" >&"$listening" &
	listen 1
}

# listen SERVERS: until so many more listen
listen() {
	local i
	for i in $(seq "$1"); do
		read -r -t 30 -u "$listening"
	done
}

# serve_all [BACKENDS]
serve_all() {
	local i
	for i in $(seq "${1:-3}"); do
		peer in "b$i" serve "b$i" 8080 >&"$listening" &
	done
	listen "${1:-3}"
}

# serve_sctp: SCTP too, from all three
serve_sctp() {
	local i ns
	# What is lost comes again soon, and an association whose other end is gone keeps its namespace for seconds, not minutes;
	# but one whose other end has no processor for a second is not lost.
	modprobe sctp
	for ns in client b1 b2 b3; do
		in_ns $ns sysctl -qw net.sctp.rto_min=100 net.sctp.rto_max=500 net.sctp.rto_initial=500
	done
	for i in 1 2 3; do
		peer in "b$i" serve "b$i" 8080 10.2.$i.2 fd02:$i::2 >&"$listening" &
	done
	listen 3
}

# ask NAMESPACE PROTO ADDRESS PORT [COUNT [SOURCE-PORT]]: the answers, "NAME CLIENT".
ask() {
	local ns=$1 proto=$2 address=$3 port=$4 count=${5-1} from=${6-}
	# A port that a flow had which conntrack still knows would be that flow's again; TCP begins anew.
	if [ -z "$from" ] && [ "$proto" != tcp ]; then
		from=$(</run/netns/ports)
		echo $((from + count < 50000 ? from + count : 10000)) >/run/netns/ports
	fi
	peer in "$ns" ask "$proto" "$address" "$port" "$count" $from
}

# hold NAME PROTO ADDRESS PORT [NAMESPACE]: a connection of client's, or another's, that stays; its answer is in $answer.
hold() {
	mkfifo "/run/netns/$1.in" "/run/netns/$1.out"
	peer in "${5:-client}" hold "$2" "$3" "$4" <"/run/netns/$1.in" >"/run/netns/$1.out" &
	eval "pid_$1=$! && exec {in_$1}>/run/netns/$1.in {out_$1}</run/netns/$1.out"
	local out=out_$1
	# shellcheck disable=SC2034 # for the caller
	read -r -u "${!out}" -t 30 answer
}

# close NAME: ends it.
close() {
	local pid=pid_$1
	{ kill "${!pid}" && wait "${!pid}"; } 2>/dev/null
}

# say NAME WORD: what comes back on it.
say() {
	local in=in_$1 out=out_$1
	echo "$2" >&"${!in}"
	read -r -u "${!out}" -t 30 echo && echo "$echo"
}

# withhold QUEUE: withholds the packets that netfilter queues there; a line for each, "PROTO FAMILY", is in /run/netns/withheld
withhold() {
	mkfifo /run/netns/go
	nsenter --net=/run/netns/node python3 "$(dirname "$0")/withhold.py" "$1" >/run/netns/withheld <>/run/netns/go &
	wait_for grep -q ready /run/netns/withheld
}

# let_go: what is withheld, and all that comes
let_go() {
	echo >/run/netns/go
}

# names: of "NAME CLIENT" lines, how often each name, or "error WHICH", came, sorted.
names() {
	awk '{ n[$1 == "error" ? $0 : $1]++ } END { for (i in n) print i, n[i] }' | sort | paste -sd ,
}

# What differs between IPv4 and IPv6.
declare -A vip=([4]=10.96.0.1 [6]=fd96::1)
backend() {
	case $1 in
	4) echo "10.2.$2.2" ;;
	6) echo "fd02:$2::2" ;;
	esac
}

# at ADDRESS PORT: as ipvsadm writes it.
at() {
	case $1 in
	*:*) echo "[$1]:$2" ;;
	*) echo "$1:$2" ;;
	esac
}

# service FAMILY PROTO SCHEDULER [BACKEND]...: at port 80 of the VIP, its backends at port 8080.
service() {
	local family=$1 scheduler=$3 address i
	address="--$2-service $(at "${vip[$family]}" 80)"
	shift 3
	{
		echo "-A $address -s $scheduler"
		for i in "$@"; do
			echo "-a $address -r $(at "$(backend "$family" "$i")" 8080)"
		done
	} | adm -R
}
