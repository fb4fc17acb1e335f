#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The tables of docs/semantics.md, with real packets: kind of source, kind of
# address, policy, family and protocol. b1 and b2 are all endpoints of each
# service (set 0), b2 is the one on this node (set 1), and b3 is a pod.

. "$(dirname "$0")/lib.sh"

here=$(dirname "$0")
network
serve_all
serve_sctp

internal_cluster="pod pool POOL node,outside pool POOL masquerade yes"
internal_local="pod pool POOL set 1 node,outside pool POOL set 1 masquerade yes"
external_cluster="pool POOL masquerade yes"
external_local="pod pool POOL node pool POOL masquerade yes outside pool POOL set 1"

for family in 4 6; do
	vip_net=$([ $family = 4 ] && echo 10.96.0. || echo fd96::)
	lb_net=$([ $family = 4 ] && echo 10.98.0. || echo fd98::)
	ext_net=$([ $family = 4 ] && echo 10.99.0. || echo fd99::)
	any=$([ $family = 4 ] && echo 0.0.0.0 || echo ::)
	for proto in tcp udp sctp; do
		pool=$proto$family
		cat <<-END
			pool add $pool family ipv$family
			backend add $pool $(at "$(backend $family 1)" 8080) sets 0
			backend add $pool $(at "$(backend $family 2)" 8080) sets 0,1
			service add $proto/$(at "${vip_net}1" 80) flags cluster-ip ${internal_cluster//POOL/$pool}
			service add $proto/$(at "${vip_net}2" 80) flags cluster-ip ${internal_local//POOL/$pool}
			service add $proto/$(at "${lb_net}3" 80) ${external_cluster//POOL/$pool}
			service add $proto/$(at "${lb_net}4" 80) ${external_local//POOL/$pool}
			service add $proto/$(at "${ext_net}3" 80) ${external_cluster//POOL/$pool}
			service add $proto/$(at "${ext_net}4" 80) ${external_local//POOL/$pool}
			service add $proto/$(at "$any" 30003) ${external_cluster//POOL/$pool}
			service add $proto/$(at "$any" 30004) ${external_local//POOL/$pool}
		END
	done
done | adm txn
adm config change pod-cidrs 10.2.0.0/16,fd02::/16

points python3 "$here/rules.py"
