#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vsbd keeps the kernel as a directory of manifests says: what it finds, what
# changes, what it can't read, and what it finds when it comes back.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent.sh"

# manifest NAME VIP PROTOCOL BACKEND...: a Service at port 80 and its endpoints at port 8080
manifest() {
	local name=$1 vip=$2 protocol=$3 family=IPv4 address
	shift 3
	[[ $vip != *:* ]] || family=IPv6
	cat <<-END
		apiVersion: v1
		kind: Service
		metadata: {name: $name}
		spec:
		  clusterIP: "$vip"
		  clusterIPs: ["$vip"]
		  ports: [{port: 80, protocol: $protocol}]
		---
		apiVersion: discovery.k8s.io/v1
		kind: EndpointSlice
		metadata: {name: $name-1, labels: {kubernetes.io/service-name: $name}}
		addressType: $family
		ports: [{name: "", port: 8080, protocol: $protocol}]
		endpoints:
	END
	for address; do
		echo "- addresses: [\"$address\"]"
	done
}

# backends: all that vsbd has in the kernel
backends() {
	adm -j --owner vsbd backend show | json backends/address | tr ' ' '\n' | sort | paste -sd ' '
}

has_backends() {
	[ "$(backends)" = "$1" ]
}

# complains WHAT PATTERN: one line of the log says so, and nothing has changed
complains() {
	wait_for logged "$2"
	is "$1: one line says so" "$(logged "$2" | wc -l)" 1
	is "$1: nothing changed" "$(generation) $(backends)" "$unchanged"
}

network
serve_all
manifest web 10.96.0.1 TCP 10.2.1.2 10.2.2.2 >"$dir/web.yaml"
manifest dns 10.96.0.1 UDP 10.2.3.2 >"$dir/dns.yaml"
manifest six fd96::1 TCP fd02:1::2 fd02:2::2 >"$dir/six.yaml"

# Once
has "--dry-run says what it would do" "$(vsbd --manifests "$dir" --dry-run 2>&1)" 'web'
blind() {
	setpriv --bounding-set -net_admin --inh-caps -net_admin vsbd --manifests "$dir" --dry-run
}
has "--dry-run without the right to ask the kernel says so" "$(blind 2>&1)" '^compared with an empty kernel: .*CAP_NET_ADMIN'
is "and takes it for what it begins with" "$(blind 2>/dev/null)" "$(vsbd --manifests "$dir" --dry-run 2>/dev/null)"
is "--dry-run does nothing" "$(backends)" ""
status() {
	"$@" >/dev/null 2>&1
	echo $?
}
# shown WHAT STATUS OPTION...: that what only looks ends so
shown() {
	is "$1: --dry-run ends with $2" "$(status vsbd "${@:3}" --dry-run)" "$2"
	is "$1: --explain ends with $2" "$(status vsbd "${@:3}" --explain web)" "$2"
}
shown "what is good" 0 --manifests "$dir"
shown "no directory" 1 --manifests /nonexist
shown "a file in its place" 1 --manifests "$dir/web.yaml"
is "no such Service: --explain ends with 1" "$(status vsbd --manifests "$dir" --explain nobody)" 1
: >"$dir/empty.yaml"
shown "a bad manifest" 1 --manifests "$dir"
has "a bad manifest: others are shown by --dry-run" "$(vsbd --manifests "$dir" --dry-run 2>/dev/null)" 'web'
has "a bad manifest: others are shown by --explain" "$(vsbd --manifests "$dir" --explain web 2>/dev/null)" '10\.96\.0\.1'
rm "$dir/empty.yaml"
unwritten() {
	"$@" 2>&1 >/dev/full | grep 'cannot write'
	return "${PIPESTATUS[0]}"
}
for option in --dry-run --explain=web --help --version; do
	refuses "$option says if its output can't be written" '^cannot write the output: No space left' \
		unwritten vsbd --manifests "$dir" $option
done
check "--once brings it to the kernel" vsbd --manifests "$dir" --once
is "TCP over IPv4 is balanced" "$(ask client tcp 10.96.0.1 80 4 | names)" "b1 2,b2 2"
is "UDP over IPv4 is balanced" "$(ask client udp 10.96.0.1 80 4 | names)" "b3 4"
is "TCP over IPv6 is balanced" "$(ask node tcp fd96::1 80 4 | names)" "b1 2,b2 2"
before=$(generation)
is "--once again finds nothing to change" "$(vsbd --manifests "$dir" --once 2>&1 | grep -c '(0 changed)') $(generation)" "1 $before"
: >"$dir/empty.yaml"
is "a bad manifest: --once ends with 1" "$(status vsbd --manifests "$dir" --once) $(generation)" "1 $before"
rm "$dir/empty.yaml"

# What changes
start
wait_for logged 'in sync'
is "a start finds nothing to change" "$(generation)" "$before"
manifest web 10.96.0.1 TCP 10.2.1.2 10.2.3.2 | save web.yaml
check "a file that an editor saved" wait_for has_backends "10.2.1.2 10.2.3.2 10.2.3.2 fd02:1::2 fd02:2::2"
is "is followed" "$(ask client tcp 10.96.0.1 80 4 | names)" "b1 2,b3 2"
mark
manifest web 10.96.0.1 TCP 10.2.1.2 10.2.2.2 >"$dir/../web.yaml"
python3 -c 'import os, sys
new, old = sys.argv[1:]
os.rename(old, old + "~")
os.rename(new, old)' "$dir/../web.yaml" "$dir/web.yaml"
check "a file that an editor renamed first" wait_for has_backends "10.2.1.2 10.2.2.2 10.2.3.2 fd02:1::2 fd02:2::2"
is "is not missed in between" "$(logged 'in sync: 2 services' | wc -l)" 0
rm "$dir/web.yaml~"
manifest web 10.96.0.1 TCP 10.2.1.2 10.2.3.2 | save web.yaml
wait_for has_backends "10.2.1.2 10.2.3.2 10.2.3.2 fd02:1::2 fd02:2::2"
rm "$dir/dns.yaml"
check "a file that is gone" wait_for has_backends "10.2.1.2 10.2.3.2 fd02:1::2 fd02:2::2"
is "takes its service along: a port that the clusterIP no longer serves" "$(adm explain udp 10.1.0.2 10.96.0.1:80 -j | json verdict)" reject

# As kubelet mounts a ConfigMap, and updates it.
mkdir "$dir/..1" "$dir/..2"
manifest cm 10.96.0.2 TCP 10.2.1.2 >"$dir/..1/cm.yaml"
manifest cm 10.96.0.2 TCP 10.2.2.2 >"$dir/..2/cm.yaml"
ln -s ..1 "$dir/..data"
ln -s ..data/cm.yaml "$dir/cm.yaml"
check "a ConfigMap" wait_for has_backends "10.2.1.2 10.2.1.2 10.2.3.2 fd02:1::2 fd02:2::2"
ln -s ..2 "$dir/..data_tmp"
mv -T "$dir/..data_tmp" "$dir/..data"
check "and its update" wait_for has_backends "10.2.1.2 10.2.2.2 10.2.3.2 fd02:1::2 fd02:2::2"
is "is followed" "$(ask client tcp 10.96.0.2 80 2 | names)" "b2 2"

# What can't be
unchanged="$(generation) $(backends)"
mark
manifest web 10.96.0.1 TCP 10.2.2.2 | sed 's/port: 80,/port: 80000,/' | save web.yaml
complains "a bad port" 'web\.yaml: document 1, line 7: spec\.ports\[0\]\.port: .*80000'
mark
manifest web 10.96.0.1 TCP 10.2.2.2 | sed 's/protocol: TCP/protocol: TPC/' | save web.yaml
complains "a bad protocol" 'web\.yaml: document 1, line 7: spec\.ports\[0\]\.protocol: .*TPC'
mark
manifest web 10.96.0.1 TCP 10.2.2.256 | save web.yaml
complains "a bad address" 'web\.yaml: document 2, line 15: endpoints\[0\]\.addresses\[0\]: .*10\.2\.2\.256'
mark
: | save web.yaml
complains "an empty file" 'web\.yaml: is empty'
mark
ln -s loop.yaml "$dir/loop.yaml"
complains "a symlink loop" 'loop\.yaml: Too many levels'
rm "$dir/loop.yaml"
mark
{ manifest web 10.96.0.1 TCP 10.2.2.2 && echo "x: '" && head -c 1000000 /dev/zero | tr '\0' x; } | save web.yaml
complains "a megabyte that never ends" 'web\.yaml: document 2, line [0-9]+: '
mark
mv "$dir" "$dir.away"
complains "a directory that vanishes" "$dir: No such file"
is "traffic goes on" "$(ask client tcp 10.96.0.1 80 2 | names)" "b1 1,b3 1"
mv "$dir.away" "$dir"
mark
manifest six fd96::1 TCP fd02:3::2 | save six.yaml
check "beside a file that is bad others are followed" wait_for has_backends "10.2.1.2 10.2.2.2 10.2.3.2 fd02:3::2"
is "with packets" "$(ask client tcp fd96::1 80 2 | names)" "b3 2"
manifest web 10.96.0.1 TCP 10.2.1.2 10.2.2.2 | save web.yaml
check "one that is good again counts" wait_for has_backends "10.2.1.2 10.2.2.2 10.2.2.2 fd02:3::2"

# The agent's end
hold 1 tcp 10.96.0.1 80
before=$(generation)
stop KILL
is "when vsbd is killed new connections are made" "$(ask client tcp 10.96.0.1 80 4 | names)" "b1 2,b2 2"
mark
start
wait_for logged 'in sync'
is "one that comes back changes nothing" "$(generation)" "$before"
is "and no connection is lost" "$(say 1 still)" still
stop KILL
unchanged="$(generation) $(backends)"
: | save web.yaml
mark
start
wait_for logged 'in sync'
complains "a file that is bad at the start" 'web\.yaml: is empty'
stop KILL
manifest web 10.96.0.1 TCP 10.2.3.2 | save web.yaml
mark
start
check "what changed meanwhile is made up for" wait_for has_backends "10.2.2.2 10.2.3.2 fd02:3::2"
is "in one commit" "$(generation)" "$((before + 1))"
is "a connection to a backend that left goes on" "$(say 1 on)" on
mark
adm --owner vsbd -C
kill -HUP $vsbd
check "a reload repairs what somebody else took away" wait_for has_backends "10.2.2.2 10.2.3.2 fd02:3::2"
stop TERM
is "its end is no failure" $? 0
is "its end leaves all in place" "$(backends)" "10.2.2.2 10.2.3.2 fd02:3::2"
