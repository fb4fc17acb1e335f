#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vsbd on a directory of 5,000 Services with 50,000 endpoints: the first sync,
# one endpoint that changes, and what each costs.

. "$(dirname "$0")/../selftests/lib.sh"
. "$(dirname "$0")/../selftests/agent.sh"

# used: milliseconds of vsbd's processor time so far
used() {
	awk '{ print $1 / 1000000 }' /proc/$vsbd/schedstat
}

in_sync() {
	logged "in sync: 5000 services, 5000 pools, 50000 backends"
}

changed() {
	logged '\(2 changed\)'
}

network 1
serve_all 1
python3 "$(dirname "$0")/cluster.py" "$dir" 5000 10
start --hostname-override n1
wait_for in_sync || wait_for in_sync
check "all is in sync" wait_for in_sync
is "all is in the kernel" "$(count node services pools backends)" "5000 5000 50000"
figure directory-first-sync "$(used)" "ms of processor time"

# One endpoint of one Service leaves for another.
costs=
for i in 1 2 3 4 5; do
	mark
	before=$(used)
	sed "s/addresses: \[10.128.0.${i}0\]/addresses: [10.2.1.2]/" "$dir/web$i.yaml" | save "web$i.yaml"
	check "one endpoint changes, $i" wait_for changed
	costs+="$(awk -v from="$before" -v to="$(used)" 'BEGIN { print to - from }') "
done
figure directory-one-change "$(tr ' ' '\n' <<<"$costs" | grep . | sort -n | sed -n 3p)" "ms of processor time"
figure directory-memory "$(awk '/VmHWM/ { print $2 / 1000 }' /proc/$vsbd/status)" MB
has "packets follow" "$(ask client tcp 10.96.0.1 80 1 | names; adm explain tcp 10.1.0.2 10.96.0.1:80 -j | json backends)" '10\.2\.1\.2:8080'

before=$(generation)
has "a second one finds nothing to change" "$(vsbd --manifests "$dir" --hostname-override n1 --once 2>&1)" '\(0 changed\)'
is "and changes nothing" "$(generation)" "$before"
stop TERM
is "its end is no failure" $? 0
