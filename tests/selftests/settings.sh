#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What vsbd is told of its node, by options, a file, the Node and the machine,
# and that a change of each is taken up while it runs; what others change is
# put right; and objects that an API server takes and a proxy stumbles over.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agent.sh"

settings=$(mktemp -d)/settings.yaml

# setting NAME: as the kernel has it
setting() {
	adm -j config show | json "$1" | tr -d '[]"' | tr , ' '
}

is_set() {
	[ "$(setting "$1")" = "$2" ]
}

# seen SOURCE-NAMESPACE ADDRESS PORT: the client's address as a backend sees it
seen() {
	ask "$1" tcp "$2" "$3" 1 | cut -d ' ' -f 2
}

# web SPEC [STATUS]: with all backends
web() {
	kube_service web "clusterIPs: [10.96.0.1, 'fd96::1'], $1" "${2-}"
	kube_slice web-4 web 4 "{name: '', port: 8080}" "$(endpoint 10.2.1.2 n1)" "$(endpoint 10.2.2.2 n2)"
	kube_slice web-6 web 6 "{name: '', port: 8080}" "$(endpoint fd02:1::2 n1)" "$(endpoint fd02:2::2 n2)"
}

# node NAME ADDRESS POD-CIDR
node() {
	cat <<-END
		apiVersion: v1
		kind: Node
		metadata: {name: $1}
		spec: {podCIDRs: [$3]}
		status: {addresses: [{type: InternalIP, address: $2}]}
	END
}

network
serve_all
port="ports: [{port: 80, nodePort: 30080}]"
web "type: NodePort, $port" | save web.yaml

# The file of settings
echo "cluster-cidr: 10.2.0.0/16" >"$settings"
start --config "$settings" --hostname-override n1 --sync-period 1s
check "a setting of the file" wait_for is_set pod-cidrs 10.2.0.0/16
check "makes routes" wait_for logged 'in sync'
is "SET-1: what is no pod is masqueraded" "$(seen client 10.96.0.1 80 | cut -d . -f 4)" 1
is "SET-1: a pod is not" "$(seen b3 10.96.0.1 80)" 10.2.3.2
is "SET-5: nobody is in a family without a detector" "$(seen client fd96::1 80)" fd01::2
mark
echo "cluster-cidr: [10.2.0.0/16, fd02::/16]" >"$settings"
check "a change of the file" wait_for is_set pod-cidrs "10.2.0.0/16 fd02::/16"
check "is taken up" wait_for logged 'in sync'
is "SET-5: by the other family, too" "$(seen client fd96::1 80 | cut -d : -f 1)" fd02
mark
echo "cluster-cidr: 10.2.0.0" >"$settings"
check "a bad one is named" wait_for logged "settings.yaml: line 1: cluster-cidr: \"10.2.0.0\" is not .* \(settings stay as they were\)"
is "and changes nothing" "$(setting pod-cidrs)" "10.2.0.0/16 fd02::/16"
: >"$settings"
check "one that somebody is about to write is named" wait_for logged 'settings\.yaml: is empty'
is "and changes nothing, either" "$(setting pod-cidrs)" "10.2.0.0/16 fd02::/16"
mark
printf 'detect-local-mode: InterfaceNamePrefix\npod-interface-name-prefix: b\nmasquerade-all: true\n' >"$settings.new"
mv "$settings.new" "$settings"
check "pods told by device" wait_for is_set pod-devices 'b*'
check "SET-7: and masquerade-all" wait_for is_set masquerade-all true
is "no complaint is left" "$(logged 'no longer: .*is empty' | wc -l)" 1
is "SET-7: a pod is masqueraded" "$(seen b3 10.96.0.1 80 | cut -d . -f 4)" 1
echo "# none" >"$settings"
check "no settings" wait_for is_set masquerade-all false

# Node ports
is "VIP-2: where no Node says it, the primary addresses are the machine's" "$(setting node-port-cidrs)" "10.1.0.1/32 fd01::1/128"
has "VIP-2: a node port answers there" "$(ask client tcp 10.1.0.1 30080 1)" '^b'
is "NONE-4: not at another address of the node" "$(ask client tcp 10.2.1.1 30080 1)" "error ECONNREFUSED"
node n1 10.2.1.1 10.2.0.0/16 | save node.yaml
check "VIP-2: the Node's address goes before" wait_for is_set node-port-cidrs 10.2.1.1/32
has "VIP-2: the node port is there" "$(ask client tcp 10.2.1.1 30080 1)" '^b'
is "NONE-4: and no longer at the other" "$(ask client tcp 10.1.0.1 30080 1)" "error ECONNREFUSED"
rm "$dir/node.yaml"
check "VIP-2: the Node has gone" wait_for is_set node-port-cidrs "10.1.0.1/32 fd01::1/128"
echo "detect-local-mode: NodeCIDR" >"$settings"
node n1 10.1.0.1 10.2.0.0/16 | save node.yaml
check "SET-5: the Node's podCIDRs" wait_for is_set pod-cidrs 10.2.0.0/16
rm "$dir/node.yaml"
check "SET-5: a Node less" wait_for is_set pod-cidrs ""
echo "# none" >"$settings"
ip addr add 10.1.0.7/24 dev client
ip route replace default via 10.1.0.2 src 10.1.0.7
check "VIP-2: the machine's primary address is another" wait_for is_set node-port-cidrs "10.1.0.7/32 fd01::1/128"
has "VIP-2: the node port goes with it" "$(ask client tcp 10.1.0.7 30080 1)" '^b'
stop TERM
mark

# How often others are looked after
echo "sync-period: 1h" >"$settings"
start --config "$settings" --hostname-override n1
check "with a long sync-period it is in sync" wait_for logged 'in sync'
adm --owner vsbd service del tcp/10.96.0.1:80
echo "sync-period: 1s" >"$settings"
check "a shorter one counts at once" wait_for eval 'adm service show tcp/10.96.0.1:80'
stop TERM
mark
start --nodeport-addresses 10.1.0.0/24 --hostname-override n1 --sync-period 1s --cluster-cidr 10.2.0.0/16
check "VIP-2: node ports in a range, and all addresses of the other family" wait_for is_set node-port-cidrs "10.1.0.0/24 ::/0"
ip addr add 10.1.0.9/24 dev client
has "VIP-2: at an address that the node gets later" "$(ask client tcp 10.1.0.9 30080 1)" '^b'

# Affinity, source ranges, switches
wait_for logged 'in sync'
mark
web "type: LoadBalancer, sessionAffinity: ClientIP, loadBalancerSourceRanges: [10.1.0.0/24], $port" \
	"loadBalancer: {ingress: [{ip: 10.98.0.1}]}" | save web.yaml
wait_for logged 'in sync'
is "AFF-1: a client stays with its endpoint" "$(ask client tcp 10.96.0.1 80 6 | names | grep -c ,)" 0
is "AFF-1: over all addresses of the service port" "$(for i in 10.96.0.1:80 10.1.0.1:30080 10.98.0.1:80; do
	ask client tcp ${i%:*} ${i#*:} 1 | cut -d ' ' -f 1
done | sort -u | wc -l)" 1
is "SET-8: a pod outside of the source ranges is dropped" "$(PEER_TIMEOUT=300 ask b3 tcp 10.98.0.1 80 1)" "error ETIMEDOUT"
has "SET-8: not at the node port" "$(ask b3 tcp 10.1.0.1 30080 1)" '^b'
has "the answer is explained" "$(vsbd --manifests "$dir" --hostname-override n1 --cluster-cidr 10.2.0.0/16 --explain web)" \
	'from 10\.1\.0\.0/24 10\.98\.0\.1/32 only \[SET-8\]'

# What others change
mark
adm --owner vsbd backend del default/web/tcp/4 10.2.1.2:8080
check "what somebody else took away is named" wait_for logged 'somebody else .*: backend 10\.2\.1\.2:8080 of pool default/web/tcp/4'
check "and comes back" wait_for logged 'in sync.*\(1 changed\)'
mark
adm --owner vsbd backend change default/web/tcp/4 10.2.1.2:8080 upper 1
check "and what vsbd itself never sets" wait_for logged 'in sync.*\(1 changed\)'
is "is put right, too" "$(adm -j backend show | json backends/upper | tr ' ' '\n' | sort -u)" 0
mark
adm config change masquerade-all on
check "a setting that somebody else changed is put right" wait_for logged 'setting masquerade-all off \(was on\)'
adm -A -t 10.96.0.9:80 -s rr
mark
kube_service taken "clusterIP: 10.96.0.9, ports: [{port: 80}]" | save taken.yaml
kube_service free "clusterIP: 10.96.0.8, ports: [{port: 80}]" | save free.yaml
check "a Service that the kernel refuses is named" wait_for logged 'Service default/taken is applied but for this: service tcp 10\.96\.0\.9:80'
check "others are applied" wait_for logged 'in sync but for what is refused: .*\([1-4] changed\)'
adm -D -t 10.96.0.9:80
# What changes all the time does not keep others from their turn.
while sleep 0.1; do
	kube_service free "clusterIP: 10.96.0.8, ports: [{port: $((8000 + RANDOM % 1000))}]" | save free.yaml
done &
busy=$!
check "it comes when it can" wait_for logged 'no longer: Service default/taken'
{ kill $busy && wait $busy; } 2>/dev/null
rm "$dir/taken.yaml" "$dir/free.yaml"

# What only the end of a commit shows, and what names no change of it
mark
room=$(setting table-bytes-max)
adm config change table-bytes-max 0
{
	printf -- '---\napiVersion: v1\nkind: Service\nmetadata: {name: hashed, annotations: {vsb/scheduler: mh}}\n'
	printf 'spec: {clusterIP: 10.96.0.6, ports: [{port: 80}]}\n'
	kube_slice hashed-1 hashed 4 "{name: '', port: 8080}" "$(endpoint 10.2.1.2)"
} | save hashed.yaml
kube_service used "clusterIP: 10.96.0.5, ports: [{port: 80}]" | save used.yaml
check "a Service without room for its table is named" \
	wait_for logged 'Service default/hashed is not applied, others are: .*table-bytes-max'
served() {
	[ "$(adm explain tcp 10.1.0.2 "$1:80" -j | json service)" = "tcp/$1:80" ]
}
check "others are applied" wait_for served 10.96.0.5
adm config change table-bytes-max "$room"
check "it comes when there is room" wait_for served 10.96.0.6
wait_for logged 'no longer: Service default/hashed'
rm "$dir/hashed.yaml"

# Somebody else uses a pool of vsbd's
mark
adm service add tcp/10.96.9.9:80 pool default/used/tcp/4
rm "$dir/used.yaml"
check "a pool that somebody else uses is named" \
	wait_for logged 'Service default/used is applied but for this: pool default/used/tcp/4: .*in use'
is "its service has gone" "$(adm explain tcp 10.1.0.2 10.96.0.5:80 -j | json service)" null
adm service del tcp/10.96.9.9:80
check "it goes when it can" wait_for logged 'no longer: Service default/used'

# Bad input, all at once; each has a line, and the rest works.
mark
{
	kube_service portless "clusterIP: 10.96.1.1"
	kube_service named "clusterIP: 10.96.1.2, ports: [{name: http, port: 80}]"
	kube_slice named-1 named 4 "{name: https, port: 8080}" "$(endpoint 10.2.1.2)"
	kube_slice orphan nobody 4 "{name: '', port: 8080}" "$(endpoint 10.2.1.2)"
	kube_service vip "clusterIP: 10.96.1.3, ports: [{port: 80}]"
	kube_slice vip-1 vip 4 "{name: '', port: 8080}" "$(endpoint 10.96.1.1)"
	kube_service six "clusterIP: 10.96.1.4, ports: [{port: 80}]"
	kube_slice six-1 six 6 "{name: '', port: 8080}" "$(endpoint fd02:1::2)"
	kube_service twice "clusterIP: 10.96.1.5, ports: [{port: 80}]"
	kube_slice twice-1 twice 4 "{name: '', port: 8080}" "$(endpoint 10.2.1.2)" "$(endpoint 10.2.1.2)"
	kube_service y-same "clusterIP: 10.96.1.5, ports: [{port: 80}]"
	kube_service z-port "type: NodePort, clusterIP: 10.96.1.6, ports: [{port: 80, nodePort: 30080}]"
	kube_service hints "clusterIP: 10.96.1.7, ports: [{port: 80}]"
	kube_slice hints-1 hints 4 "{name: '', port: 8080}" '{addresses: [10.2.1.2], hints: {forZones: [{name: nowhere}]}}'
	printf -- '---\napiVersion: v1\nkind: Node\nmetadata: {name: n1}\n'
} | save bad.yaml
says() {
	check "bad input: $1" wait_for logged "$2"
	is "bad input: one line says so: $1" "$(logged "$2" | wc -l)" 1
}
says "no ports" 'Service default/portless: has no ports'
says "a port that no slice has" 'Service default/named: spec\.ports\[0\]: no EndpointSlice of IPv4 has a tcp port "http"'
says "a slice of no Service" 'EndpointSlice default/orphan: there is no Service default/nobody'
says "an endpoint that is a VIP" 'Service default/vip: its endpoint 10\.96\.1\.1 is the clusterIP of a Service'
says "a slice of another family" 'EndpointSlice default/six-1: addressType is IPv6, and Service default/six has no such clusterIP'
says "an address twice" 'EndpointSlice default/twice-1: 10\.2\.1\.2:8080 is there more than once'
says "a VIP and port twice" 'Service default/y-same: 10\.96\.1\.5:80/tcp is not served: it is Service default/twice.s'
says "a node port twice" 'Service default/z-port: node port 30080/tcp of IPv4 is not served: it is Service default/web.s'
says "hints for no node's zone" 'Service default/hints: spec\.ports\[0\]: hints are ignored'
says "a Node without addresses" 'Node n1: status\.addresses has no address; the machine.s count'
wait_for eval '[ "$(adm -j explain tcp 10.1.0.2 10.96.1.7:80 | json verdict)" = dnat ]'
is "the rest works" "$(for i in 10.96.1.5 10.96.1.7; do ask client tcp $i 80 1 | names; done | paste -sd ' ')" "b1 1 b1 1"
is "and what was there" "$(ask client tcp 10.96.0.1 80 1 | wc -l)" 1

# A Service with as many EndpointSlices as one may think of
{
	kube_service many "clusterIP: 10.96.1.8, ports: [{port: 80}]"
	for i in $(seq 0 999); do
		kube_slice many-$i many 4 "{name: '', port: 8080}" "{addresses: [10.3.$((i / 200)).$((i % 200 + 1))]}"
	done
} | save many.yaml
candidates() {
	adm explain tcp 10.1.0.2 10.96.1.8:80 dev client -j | json candidates
}
has_all() {
	[ "$(candidates)" = 1000 ]
}
check "1,000 EndpointSlices" wait_for has_all
is "others are served meanwhile" "$(ask client tcp 10.96.0.1 80 1 | wc -l)" 1
rm "$dir/many.yaml"
stop TERM

# Many changes one after another. The next comes when a twin, which has no minimum, has applied the one before.
ip netns add twin
mark
start --min-sync-period 10s
check "the first sync waits for nothing" wait_for logged 'in sync'
nsenter --net=/run/netns/twin vsbd --manifests "$dir" 2>"$log.twin" &
twin=$!
wait_for grep -q 'in sync' "$log.twin"
commits=$(generation)
twins=$(count twin generation)
twin_has() {
	[ "$(count twin generation)" = $((twins + $1)) ]
}
for i in $(seq 20); do
	kube_service paced "clusterIP: 10.96.2.1, ports: [{port: $((8000 + i))}]" | save paced.yaml
	wait_for twin_has "$i"
done
check "without a minimum each of 20 changes is a commit" twin_has 20
has_last() {
	[ "$(adm explain tcp 10.1.0.2 10.96.2.1:8020 -j | json service)" = tcp/10.96.2.1:8020 ]
}
check "with --min-sync-period the last of them arrives" wait_for has_last
commits=$(($(generation) - commits))
check "and they are collected into few commits, here $commits" test "$commits" -le 10
rm "$dir/paced.yaml"
{ kill $twin && wait $twin; } 2>/dev/null
stop TERM

# Options
refuses "an option that is not right" 'detect-local-mode: "x" is not ClusterCIDR' vsbd --manifests "$dir" --once --detect-local-mode x
refuses "a mode that needs another option" 'needs pod-bridge-interface' vsbd --manifests "$dir" --once --detect-local-mode BridgeInterface
refuses "a file that is not there" 'No such file' vsbd --manifests "$dir" --once --config /nowhere
echo "no-such: 1" >"$settings"
refuses "a setting that there is not" 'line 1: no-such: there is no such setting' vsbd --manifests "$dir" --once --config "$settings"
has "SET-5: without a range of pods a line says so" "$(vsbd --manifests "$dir" --dry-run 2>&1)" '^without --cluster-cidr pods are not told'
