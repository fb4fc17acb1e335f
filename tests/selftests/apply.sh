#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Files that say what is to be: apply makes it so, and touches nothing else;
# diff says what that is; and what -j prints is as its schema says.

. "$(dirname "$0")/lib.sh"

network
serve_all
dir=$(mktemp -d)
generation() {
	count node generation
}

# plain: JSON without what packets change
plain() {
	jq -S 'walk(if type == "object" then del(.stats, .connections, .active) else . end)'
}

listing() {
	adm -j -L | plain
}

# edit FILTER [FILE]: makes a file of what there is, with a change
edit() {
	adm -j -L | jq "$1" >"${2:-$dir/edited}"
}

# ends WHAT STATUS COMMAND...: with this exit status
ends() {
	local what=$1 want=$2 status=0
	shift 2
	"$@" >"$dir/out" 2>&1 || status=$?
	is "$what" "$status" "$want"
}

# All that there can be
cat >"$dir/lines" <<-'END'
	pool add other-six family ipv6 scheduler wlc affinity-timeout 3600 affinity-prefix-len 64
	pool add table family ipv4 scheduler mh sched-flags fallback,port table-size 251
	pool add web family ipv4 scheduler rr
	backend add other-six [fd02:2::2]:8080 weight 7
	backend add table 10.2.1.2:8080 weight 1
	backend add web 10.2.1.2:8080 weight 1
	backend add web 10.2.2.2:8080 weight 65535 sets 0,7 upper 9 lower 3
	backend add web 10.2.3.2:0 weight 0 state draining sets none
	-A -t 10.96.0.1:80 -s wrr -p 300
	-a -t 10.96.0.1:80 -r 10.2.1.2:8080 -m -w 3 -x 4
	-A -f 7 -s sh -b sh-port
	service add tcp/10.96.0.2:80 label "a \"b\" \\ #c" elsewhere reject flags cluster-ip,restricted pod pool web set 7 masquerade yes node,outside pool table
	service add udp/10.96.0.2:0 pool web
	service add tcp/0.0.0.0:30080 pool web
	service add sctp/[fd96::2]:80 pool other-six
	service add mark/ipv6:4294967295 flags restricted pool other-six
	range add tcp/10.96.0.2:80 10.1.0.0/16,198.51.100.0/24
	range add mark/ipv6:4294967295 fd01::/64
END
adm txn "$dir/lines"
adm --owner other txn <<-END
	pool add theirs family ipv4
	backend add theirs 10.2.3.2:8080
	service add tcp/10.96.0.9:80 pool theirs
END
adm service add tcp/10.96.0.3:80 pool theirs
adm config change pod-cidrs 10.244.0.0/16,fd00:244::/48 pod-devices 'cni0,veth*' service-cidrs 10.96.0.0/12 \
	masquerade-all on max-pools 1000 reject-rate 7
ask client udp 10.96.0.2 8080 3 >/dev/null
adm affinity add other-six fd01:: '[fd02:2::2]:8080'

# The schema
points in_ns node python3 "$(dirname "$0")/schema.py" <<-'END'
	state -L
	state -L -t 10.96.0.1:80
	state -L --persistent-conn
	pools pool show
	pools pool show web
	backends backend show
	services service show
	services service show tcp/0.0.0.0:30080
	ranges range show
	affinity affinity show
	config config show
	connections -L -c
	timeouts -L --timeout
	info info
	explanation explain tcp 10.1.0.2 10.96.0.2:80
	explanation explain udp 10.1.0.2 192.0.2.1:5
END

is "clients are counted where they are asked for" \
	"$(adm -j -L --persistent-conn | jq -c "[.pools[].backends[].clients] | add > 0")" true
is "and are not otherwise" "$(adm -j -L | jq -c '[.pools[].backends[] | has("clients")] | any')" false

# There and back
adm -j -L --persistent-conn >"$dir/counted"
is "what is only counted does not differ" "$(adm diff "$dir/counted")" ""
adm -j -L >"$dir/all"
want=$(listing)
adm -S >"$dir/saved"
is "what there is does not differ" "$(adm diff "$dir/all"; adm diff "$dir/saved")" ""
before=$(generation)
adm apply "$dir/all"
adm apply "$dir/saved"
is "to apply it is no change" "$(generation)" "$before"
adm config change masquerade-all off pod-devices none max-pools 2000
adm -C
is "apply says nothing" "$(adm apply "$dir/all" 2>&1)" ""
is "all is as it was, from JSON" "$(listing)" "$want"
adm -C
adm apply - <"$dir/saved"
is "and from lines" "$(listing)" "$want"
adm -C
ends "diff's status says that it differs" 1 adm diff "$dir/all"
adm diff "$dir/all" | adm txn
is "diff's lines make txn do the same" "$(listing)" "$want"
ends "diff's status says that nothing differs" 0 adm diff - <"$dir/all"
edit '.pools |= map(select(.owner == "other")) | .services |= map(select(.owner == "other")) | .ranges = []'
adm diff "$dir/edited" | adm txn
is "also to nothing" "$(adm -S)" ""
is "which leaves another owner's" "$(adm service show | cut -d ' ' -f 2-4)" "tcp/10.96.0.9:80 owner other"
adm apply "$dir/all"
is "and back" "$(listing)" "$want"

# Nothing but what differs
hold tcp tcp 10.96.0.1 80
hold udp udp 10.96.0.2 8080
flow=$answer
in_use() {
	adm -j backend show tcp/10.96.0.1:80 | json backends/address=10.2.1.2/connections
}
check "a connection counts" wait_for eval '[ "$(in_use)" = 1 ]'
before=$(adm -j service show tcp/10.96.0.2:80 | jq -c '[.services[].stats]')
edit '(.pools[] | select(.name == "tcp/10.96.0.1:80").scheduler) = "rr" |
	(.pools[] | select(.name == "web").backends[] | select(.address == "10.2.3.2").weight) = 5'
is "diff has only that" "$(adm diff "$dir/edited")" "pool change tcp/10.96.0.1:80 scheduler rr
backend change web 10.2.3.2:0 weight 5"
was=$(generation)
adm apply "$dir/edited"
is "it is one commit" "$(($(generation) - was))" 1
is "a connection still counts" "$(in_use)" 1
is "it goes on" "$(say tcp more)" more
is "and so does a flow" "$(say udp more)" "$flow"
is "statistics stay" "$(adm -j service show tcp/10.96.0.2:80 | jq -c '[.services[].stats]')" "$before"
edit '(.pools[] | select(.name == "web").backends) |= map(select(.address != "'"$(backend 4 "${flow:1:1}")"'"))'
adm apply "$dir/edited"
# What is on its way meanwhile would have no answer.
flow_known() {
	in_ns node conntrack -L -p udp --orig-dst 10.96.0.2 --reply-src "$1" 2>/dev/null | grep -q .
}
check "the flow of a backend that leaves ends" wait_for eval '! flow_known '"$(backend 4 "${flow:1:1}")"
is "and goes to another" "$(say udp more)" "b$((3 - ${flow:1:1})) 10.1.0.2"
close tcp
close udp
adm apply "$dir/all"

# Settings, as far as a file has them
edit 'del(.config)'
adm config change reject-rate 9
adm apply "$dir/edited"
is "without settings in the file they stay" "$(adm -j config show | json reject-rate)" 9
edit '.config = {"reject-rate": 5}'
adm apply "$dir/edited"
is "one that is there is set" "$(adm -j config show | json reject-rate max-pools)" "5 1000"
adm apply "$dir/all"

# A pool that becomes one of the other family takes its services along.
edit '.pools |= map(if .name == "other-six" then .family = "ipv4" | .backends = [] | .["affinity-prefix-len"] = 32 else . end) |
	.services |= map(select(.kind != "mark" or .family != "ipv6") | select(.address != "fd96::2")) |
	.ranges |= map(select(.service | startswith("mark") | not))'
adm apply "$dir/edited"
is "a pool may change its family" "$(adm -j pool show other-six | json pools/family)" ipv4
adm apply "$dir/all"
is "and back, with its services" "$(listing)" "$want"

# Whose
before=$(adm -S)
adm --owner other apply "$dir/all"
is "another owner's apply leaves ours alone" "$(adm -S)" "$before"
edit '(.pools[] | select(.name == "theirs").scheduler) = "wrr"'
is "what a file says of others' is not ours" "$(adm diff "$dir/edited")" ""
is "but theirs" "$(adm --owner other diff "$dir/edited")" "pool change theirs scheduler wrr"
edit 'del(.services[].owner, .pools[].owner) | .pools |= map(select(.name == "web")) | .services = [] | .ranges = []'
is "an object without an owner is whose the command is" "$(adm --owner other diff "$dir/edited" 2>&1)" \
	'vsbadm: pools[0]: pool "web": exists already, owner admin'

# Another commit at each moment of an apply: it stops behind each message that it sends, until somebody else has changed something.
edit '(.pools[] | select(.name == "web").scheduler) = "wrr"' "$dir/wrr"
cp "$dir/all" "$dir/rr"
wrong=
sent=()
for moment in {1..40}; do
	[ $((moment % 2)) = 0 ] && scheduler=rr || scheduler=wrr
	: >"$dir/trace"
	strace -o "$dir/trace" -e trace=sendto -e inject=sendto:signal=SIGSTOP:when="$moment" \
		vsbadm apply "$dir/$scheduler" 2>"$dir/out" &
	wait_for grep -Eq 'stopped by SIGSTOP|exited with' "$dir/trace" || wrong+=" $moment: not stopped"
	grep -q 'stopped by SIGSTOP' "$dir/trace" || break
	adm --owner meddler pool add "m$moment" family ipv4
	pkill -CONT -P $!
	wait $! || wrong+=" $moment: $(<"$dir/out")"
	[ "$(adm -j pool show web | json pools/scheduler)" = $scheduler ] || wrong+=" $moment: not $scheduler"
	sent+=("$(grep -c '^sendto' "$dir/trace")")
done
wait $!
is "it is done whenever somebody else changes things" "$wrong" ""
check "they come at any moment: ${sent[*]}" test "$moment" -gt 8
check "it looked again where it had looked" test "$(printf '%s\n' "${sent[@]}" | sort -nu | wc -l)" -gt 1
is "the other's changes are there" "$(adm -j pool show | jq '[.pools[] | select(.owner == "meddler")] | length')" ${#sent[@]}
adm --owner meddler -C
adm apply "$dir/all"

# What is wrong in a file
before=$(generation)
adm -S >"$dir/before"
printf '{"pools": [],\n "services": [,]}' >"$dir/bad"
refuses "JSON that is none" '^vsbadm: line 2, column [0-9]+: ' adm apply "$dir/bad"
# bad FILTER PATTERN: apply refuses what there is with this change.
bad() {
	edit "$1" "$dir/bad"
	refuses "$1" "^vsbadm: $2" adm apply "$dir/bad"
}
bad '.more = 1' 'more: not a key here; there are: pools, services'
bad '.pools[1].weight = 1' 'pools\[1\]\.weight: not a key here'
bad '.services[1].routes[0].pool = "gone"' 'services\[1\]\.routes\[0\]\.pool: pool "gone": no such pool'
bad '.services[1].routes[0].pool = 5' 'services\[1\]\.routes\[0\]\.pool: must be a string'
bad '.services[1].port = "80"' 'services\[1\]\.port: must be a whole number from 0 to 65535'
bad '.services += [.services[0]]' 'services\[[0-9]+\]: service tcp/10\.96\.0\.1:80: is there twice'
bad '(.pools[] | select(.name == "web").backends[0].address) = "fd02::1"' \
	'pools\[[0-9]\]\.backends\[0\]\.address: "fd02::1": must be an ipv4 address'
bad 'del(.ranges)' 'services\[[0-9]+\]\.ranges: the file has no list of ranges'
bad '(.pools[] | select(.name == "web").scheduler) = "best"' 'pools\[[0-9]\]: scheduler "best": the module does not have it'
printf '%s\n' 'pool add a family ipv4' 'service add tcp/10.96.1.1:80 pool gone' >"$dir/bad"
refuses "a line that is wrong" '^vsbadm: line 2: pool "gone": no such pool' adm apply "$dir/bad"
edit '(.pools[] | select(.name == "table")["table-size"]) = 250' "$dir/bad"
refuses "what the kernel refuses is named" '^vsbadm: pool table: .*250 is no prime' adm apply "$dir/bad"
refuses "no file" '^vsbadm: apply: needs a FILE' adm apply
for command in apply diff; do
	refuses "a file that is not there" '^vsbadm: /nowhere: ' adm $command /nowhere
done
ends "trouble is no difference" 2 adm diff "$dir/bad.none"
adm -S >"$dir/after"
check "all that has changed nothing" cmp "$dir/before" "$dir/after"
is "at all" "$(generation)" "$before"
adm --owner third service add tcp/10.96.0.33:80 pool web
edit '.pools |= map(select(.name != "web")) | .services |= map(select(.routes | all(.pool != "web"))) |
	.ranges |= map(select(.service | startswith("mark")))' "$dir/bad"
refuses "a pool that another owner's service uses can't go" '^vsbadm: pool web: .*in use' adm apply "$dir/bad"
