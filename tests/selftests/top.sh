#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What goes on, as it goes on: monitor's lines, and top in a terminal.

. "$(dirname "$0")/lib.sh"

network 2
serve_all 2
dir=$(mktemp -d)

# ---- monitor

# monitor NAME [ARGUMENT]...: begins to listen; lines go to $dir/NAME, errors to $dir/NAME.err, the process is $pid.
monitor() {
	local name=$1
	shift
	env --default-signal=INT vsbadm "$@" >"$dir/$name" 2>"$dir/$name.err" &
	pid=$!
	wait_for hears "$pid"
}

# hears PID: it waits for signals only when it hears what changes.
hears() {
	readlink "/proc/$1"/fd/* | grep -q signalfd
}

# ends PID [STATUS]: that it ends like that
ends() {
	wait_for eval "! kill -0 $1"
	wait "$1"
	[ $? = "${2-0}" ]
}

# lines NAME NUMBER: the first words of so many lines, once they are there
lines() {
	wait_for eval "[ \$(wc -l <$dir/$1) -ge $2 ]"
	cut -d ' ' -f 1-4 "$dir/$1"
}

refuses "monitor has its own words" 'vsbadm: monitor "frob": must be pool, backend, service, range or config' adm monitor frob
refuses "settings have no owner" 'vsbadm: monitor config: settings have no owner' adm --owner vsbd monitor config

monitor all monitor
all=$pid
monitor json -j monitor
json=$pid
monitor sources -j monitor range
sources=$pid
monitor services monitor service
services=$pid
monitor theirs --owner vsbd monitor
theirs=$pid
monitor ranges monitor range
ranges=$pid
monitor full monitor pool config

adm pool add web family ipv4
adm pool change web affinity-timeout 60
adm backend add web 10.2.1.2:8080 weight 3
adm service add tcp/10.96.0.1:80 label 'the web' flags restricted pool web
adm range add tcp/10.96.0.1:80 10.1.0.0/16,10.3.0.0/16
adm config change reject-rate 17
adm backend change web 10.2.1.2:8080 weight 4
adm --owner vsbd pool add other family ipv6
adm service del tcp/10.96.0.1:80
adm -C
is "monitor tells of each change" "$(lines all 11)" "$(printf '%s\n' \
	'new pool web owner' \
	'set pool web owner' \
	'new backend web 10.2.1.2:8080' \
	'new service tcp/10.96.0.1:80 owner' \
	'set service tcp/10.96.0.1:80 owner' \
	'set config accounting on' \
	'set backend web 10.2.1.2:8080' \
	'new pool other owner' \
	'del service tcp/10.96.0.1:80 owner' \
	'del backend web 10.2.1.2:8080' \
	'del pool web owner')"
has "with what it is since" "$(cat "$dir/all")" '^set backend web 10\.2\.1\.2:8080 weight 4 state up .* generation [0-9]+$'
has "in the words of listings" "$(cat "$dir/all")" \
	'^set service tcp/10\.96\.0\.1:80 owner admin label "the web" .*flags restricted ranges 2 .* pool web .* generation [0-9]+$'
is "and the generation" "$(tail -n 1 "$dir/all" | sed 's/.* //')" "$(count node generation)"
is "only of what is asked for" "$(lines services 3 | cut -d ' ' -f 1,2)" "$(printf '%s service\n' new set del)"
is "only of whose it is" "$(lines theirs 1)" "new pool other owner"
lines ranges 2 >/dev/null
is "of a service's ranges" "$(sed 's/ generation .*//' "$dir/ranges")" "$(printf '%s\n' \
	'set range tcp/10.96.0.1:80 10.1.0.0/16,10.3.0.0/16' 'del range tcp/10.96.0.1:80 none')"
lines full 5 >/dev/null
is "of several" "$(cut -d ' ' -f 1,2 "$dir/full" | paste -sd ,)" "new pool,set pool,set config,new pool,del pool"

lines json 11 >/dev/null
is "in JSON a line is an object" "$(jq -r '[.change, .type, .object.name // .object.pool // .object.port] | @tsv' "$dir/json")" \
	"$(printf '%s\t%s\t%s\n' new pool web set pool web new backend web new service 80 set service 80 set config '' set backend web \
		new pool other del service 80 del backend web del pool web)"
is "with numbers" "$(jq -c 'select(.type == "backend") | [.object.weight, .object.sets, .object.stats]' "$dir/json" | head -n 1)" \
	"[3,[0],null]"
lines sources 2 >/dev/null
cat "$dir/json" "$dir/sources" >"$dir/told"
points python3 "$(dirname "$0")/schema.py" "$dir/told"
is "all told it once" "$(wc -l <"$dir/all") $(wc -l <"$dir/json")" "11 11"

kill -TERM "$all"
kill -INT "$json"
ends "$all"
is "SIGTERM is an end" $? 0
ends "$json"
is "so is SIGINT" $? 0
{ kill "$sources" "$services" "$theirs" "$ranges" "$pid"; wait "$sources" "$services" "$theirs" "$ranges" "$pid"; } 2>/dev/null
is "no word of an error" "$(cat "$dir"/*.err)" ""

# Nobody reads any more
{ vsbadm monitor 2>"$dir/pipe.err"; echo $? >"$dir/pipe.status"; } | head -n 1 >"$dir/pipe" &
wait_for eval 'hears $(pidof vsbadm)'
adm --owner vsbd pool change other scheduler wrr
check "it ends with its pipe" wait_for test -s "$dir/pipe.status"
is "which is an error" "$(cat "$dir/pipe.status" "$dir/pipe.err")" "1"$'\n'"vsbadm: cannot write: Broken pipe"
has "after what was read" "$(cat "$dir/pipe")" '^set pool other '
env --default-signal=INT vsbadm monitor >/dev/full 2>"$dir/full.err" &
pid=$!
wait_for hears $pid
adm --owner vsbd pool change other scheduler rr
ends $pid 1
is "so is a full disk" "$? $(cat "$dir/full.err")" "0 vsbadm: cannot write: No space left on device"

# Who has no right to a large buffer is told of what was lost. 7.x gives a much larger one to anybody.
room() {
	nsenter --net=/run/first-netns sysctl "$@"
}
room_before=$(room -n net.core.rmem_max)
room -qw net.core.rmem_max=212992
cat >"$dir/slow" <<-'END'
	vsbadm monitor >"$1/slow.out" 2>"$1/slow.err" &
	until readlink /proc/$!/fd/* | grep -q signalfd; do
		sleep 0.1
	done
	kill -STOP $!
	{
		echo 'pool add web family ipv4'
		for i in {1..3000}; do
			echo "service add tcp/10.96.$((i / 250)).$((i % 250)):80 pool web"
		done
	} | vsbadm txn
	kill -CONT $!
	until [ -s "$1/slow.err" ]; do
		sleep 0.1
	done
	until grep -q 'reject-rate 23' "$1/slow.out"; do
		vsbadm config change reject-rate 22
		vsbadm config change reject-rate 23
		sleep 0.1
	done
	kill $!
	wait $!
	echo $?
END
is "changes that are lost are told of, and it goes on" \
	"$(timeout 120 unshare --user --map-root-user --net bash "$dir/slow" "$dir")" 0
room -qw net.core.rmem_max="$room_before"
has "in words" "$(cat "$dir/slow.err")" '^vsbadm: monitor: changes came too fast, some are not shown$'
check "there were some" test "$(wc -l <"$dir/slow.out")" -lt 3000
adm --owner vsbd -C

# ---- top

refuses "top wants a terminal" 'vsbadm: top: standard output is not a terminal' adm top
refuses "and knows its words" 'vsbadm: "frob": not expected here' adm top frob
refuses "an interval is a number" 'vsbadm: interval "0": must be 1 to 3600' adm top interval 0

term() {
	tmux -L top "$@"
}

screen() {
	term capture-pane -p "$@" | sed 's/ *$//'
}

# shows PATTERN: that the screen has a line like that, by and by
shows() {
	wait_for eval "screen | grep -Eq -- '$1'" || { screen; return 1; }
}

# rows: the services on the screen
rows() {
	screen | grep -Eo '(tcp|udp)/[^ ]+' | paste -sd ' '
}

# has_rows NAME...: that these are the services on the screen, in that order, by and by
has_rows() {
	wait_for eval "[ \"\$(rows)\" = '$*' ]" || { screen; return 1; }
}

keys() {
	term send-keys "$@"
}

# value ADDRESS: what the last column of a service's row has, which is its active connections
value() {
	screen | awk -v name="tcp/$1:80" '$2 == name || $1 == name { print $NF }'
}

# begin [WORD]...: top in the terminal's shell
begin() {
	term clear-history
	keys "clear; vsbadm top $*; echo status \$?" Enter
	shows 'sort CPS'
}

# restored: that the terminal is the shell's again, as it was
restored() {
	rm -f "$dir/stty"
	keys "stty -g >$dir/stty.new && mv $dir/stty.new $dir/stty" Enter
	wait_for test -s "$dir/stty"
	[ "$(cat "$dir/stty")" = "$before" ] && [ "$(term display-message -p '#{alternate_on}')" = 0 ]
}

adm txn <<-END
	pool add web family ipv4 scheduler rr
	backend add web 10.2.1.2:8080 weight 3
	backend add web 10.2.2.2:8080 weight 7
	backend add web 10.2.3.2:8080 sets 1
	pool add six family ipv6
	backend add six [fd02:1::2]:8080
	service add tcp/10.96.0.1:80 pool web
	service add tcp/10.96.0.2:80 label default/shop pool web set 1
	service add udp/[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:53 label kube-system/a-long-name-of-a-service:dns pool six
END
six='udp/\[2001:db8:aaaa:bbbb'

term -f /dev/null new-session -d -x 80 -y 24 'PS1="$ " exec bash --norc'
wait_for eval 'screen | grep -q "[$]"'
keys "stty -g >$dir/before" Enter
wait_for test -s "$dir/before"
before=$(cat "$dir/before")

begin interval 1
check "rows appear" shows 'tcp/10\.96\.0\.1:80 '
has "with columns" "$(screen)" '^Service +CPS +InPPS +OutPPS +InBPS +OutBPS +Active +Weight$'
has "and a summary" "$(screen)" '^services 3 \(3 shown\)  backends 4 '
is "in 80 columns nothing wraps" "$(screen | grep -c .) $(screen | sed -n '4,6p' | grep -Ec '(tcp|udp)/.* 0$')" "6 3"
is "backends are not there unless asked for" "$(screen | grep -c 10.2.1.2)" 0

keys Enter
check "a service expands" shows '^- tcp/10\.96\.0\.1:80 '
has "to its backends" "$(screen)" '^    10\.2\.1\.2:8080 .* 0 +3$'
is "those that sources outside get" "$(screen | grep -c 10.2.3.2)" 0
keys Down Down Down Enter
check "the row that keys are about moves" shows '^    10\.2\.3\.2:8080 '
keys e
check "all expand" shows '^    \[fd02:1::2\]:8080 '
keys w
check "backends are sorted too" wait_for eval '[ "$(screen | grep -Eo "10\.2\.[12]\.2" | paste -sd " ")" = "10.2.2.2 10.2.1.2" ]'
keys e
check "and none" wait_for eval '! screen | grep -q 8080'

adm service add tcp/10.96.0.3:80 pool web
check "what is new appears" shows 'tcp/10\.96\.0\.3:80 '
adm service change tcp/10.96.0.3:80 label default/größeres
check "what is changed changes, and is cut between characters" shows 'tcp/10\.96\.0\.3:80 default/größ +0 '

keys a
check "the sort column is named" shows '^sort Active '
hold one tcp 10.96.0.3 80
# All three have the backends of one pool, but for the second.
check "a live connection is active" wait_for eval '[ "$(value 10.96.0.1)" = 1 ]'
adm txn <<-END
	pool add own family ipv4
	backend add own 10.2.1.2:8080
	service change tcp/10.96.0.2:80 pool own
END
hold two tcp 10.96.0.2 80
hold three tcp 10.96.0.2 80
keys / 1 0 . Enter
check "the one with the most is first" has_rows tcp/10.96.0.2:80 tcp/10.96.0.1:80 tcp/10.96.0.3:80
is "it has two" "$(value 10.96.0.2)" 2
keys r
check "or the last" has_rows tcp/10.96.0.1:80 tcp/10.96.0.3:80 tcp/10.96.0.2:80
keys r n
check "names have an order too" has_rows tcp/10.96.0.1:80 tcp/10.96.0.2:80 tcp/10.96.0.3:80
keys '>'
check "the next column" shows '^sort CPS '
keys '<' '<'
check "and the one before, all around" shows '^sort Weight '
keys n
close one
check "a connection that ends is not" wait_for eval '[ "$(value 10.96.0.1)" = 0 ]'

keys Escape
check "without a filter all are there" shows "$six"
keys / s h o
check "a filter shows itself" shows '^filter: sho_$'
check "and narrows while it is typed, by labels" has_rows tcp/10.96.0.2:80
keys x BSpace p Enter
check "it stays" shows '^sort Service   filter shop   \? help$'
has "and counts" "$(screen)" '\(1 shown\)'
keys / BSpace BSpace BSpace BSpace 9 6 . 0 . 3 Enter
check "by names" has_rows tcp/10.96.0.3:80
keys Escape

for i in {1..40}; do
	echo "service add tcp/10.97.0.$i:80 pool web"
done | adm txn
check "as many as there is room for" wait_for eval '[ "$(screen | grep -c "tcp/")" = 21 ]'
keys End
check "the last is at the end" shows "$six"
keys Home
check "the first at the beginning" shows 'tcp/10\.96\.0\.1:80 '
keys NPage
check "a page further is another" shows 'tcp/10\.97\.0\.19:80 '
keys PPage
check "and back" shows 'tcp/10\.96\.0\.1:80 '

keys '?'
check "there is help" shows 'Enter or space +backends of a service'
keys x
check "for as long as wanted" shows '^sort Service '

term resize-window -x 40 -y 6
check "it may be too small" shows '^too small$'
term resize-window -x 60 -y 8
check "at 60 columns there are fewer" shows '^Service +CPS +InBPS +OutBPS +Active$'
term resize-window -x 130 -y 30
check "in a wide terminal there are all" shows '^Service +CPS +InPPS +OutPPS +InBPS +OutBPS +Active +InAct +Weight$'
keys End
check "and long names" shows 'eeee:ffff\]:53 kube-system/a-long-name'
term resize-window -x 80 -y 24

keys q
check "q ends it well" shows '^status 0$'
check "and restores the terminal" restored

begin
has "it is every two seconds unless told" "$(screen)" 'every 2 s'
pkill -TERM -x vsbadm
check "so does SIGTERM" shows '^status 0$'
check "with the terminal" restored

begin
keys C-c
check "so does ^C" shows '^status 0$'
check "with it, too" restored

# ---- monitor in a terminal

keys 'clear; vsbadm monitor; echo status $?' Enter
wait_for eval 'hears "$(pidof vsbadm)"'
adm backend change web 10.2.2.2:8080 weight 9
check "in a terminal monitor shows a change as it happens" shows '^set backend web 10\.2\.2\.2:8080 weight 9 '
adm config change reject-rate 19
check "and the next" shows 'reject-rate 19( |$)'
is "each once" "$(screen | grep -c '^set ')" 2
keys C-c
check "^C ends it" shows '\^Cstatus 0$'
check "with the terminal as it was" restored

# ---- top again

begin interval 1
close two
close three
adm -C
in_ns node conntrack -F 2>/dev/null
wait_for rmmod vsb
check "an error ends it" shows '^status 1$'
has "and is said behind it" "$(screen)" '^vsbadm: listing: '
check "the terminal is restored" restored

term resize-window -x 40 -y 6
# Not the words of the run before
keys 'clear; vsbadm top; echo ended $?' Enter
check "a terminal that is too small is refused" shows '^ended 1$'
has "in words" "$(screen -J)" '^vsbadm: top: the terminal has 40 columns and 6 lines, 60 and 8 are needed$'
term resize-window -x 80 -y 24
keys 'clear; TERM=frob vsbadm top; echo status $?' Enter
check "so is one that is not known" shows '^vsbadm: top: the terminal.s type "frob" is not known$'
keys 'clear; vsbadm top </dev/null; echo status $?' Enter
check "so is no keyboard" shows '^vsbadm: top: standard input is not a terminal$'
term kill-server
rm -r "$dir"
