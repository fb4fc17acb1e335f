#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Who may configure: whoever has CAP_NET_ADMIN in the user namespace that owns
# the network namespace, and nobody else.

. "$(dirname "$0")/lib.sh"

vsbadm -A -t 10.96.0.1:80 -s rr
before=$(vsbadm -L -n)

nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

points python3 "$(dirname "$0")/perm.py"
refuses "vsbadm says what is lacking" 'vsbadm: .*CAP_NET_ADMIN' nobody vsbadm -A -t 10.96.0.2:80 -s rr
refuses "to those who want to look, too" 'vsbadm: .*CAP_NET_ADMIN' nobody vsbadm -L -n
refuses "root without the capability is refused" 'vsbadm: .*CAP_NET_ADMIN' \
	setpriv --bounding-set -net_admin --inh-caps -net_admin vsbadm -L -n

# 0 in a user namespace, and all capabilities there.
refuses "root of a user namespace is refused in a network namespace that is not its own" 'vsbadm: .*CAP_NET_ADMIN' \
	nobody unshare -Ur vsbadm info
own=$(nobody unshare -Urn sh -c '
	vsbadm -S && vsbadm info | grep -c "^services 0 "
	vsbadm -A -t 10.96.0.1:80 -s rr && vsbadm -a -t 10.96.0.1:80 -r 127.0.0.1:8080
	vsbadm -A -t 10.96.0.2:80 -s rr
	vsbadm -S' 2>&1)
is "in its own it sees nothing of others, and configures it" "$own" "$(printf '%s\n' \
	1 \
	'-A -t 10.96.0.1:80 -s rr' \
	'-a -t 10.96.0.1:80 -r 127.0.0.1:8080 -m -w 1' \
	'-A -t 10.96.0.2:80 -s rr')"
is "and may hold a sixteenth of what others may" \
	"$(nobody unshare -Urn vsbadm info | grep -E '^(pools|services|backends) ' | awk '{ print $4 }' | xargs)" "16384 16384 65536"
refuses "of connections that are over, too" 'finished-max: 1048576 is more than 65536' \
	nobody unshare -Urn vsbadm config change finished-max 1048576
is "all that changed nothing" "$(vsbadm -L -n)" "$before"
