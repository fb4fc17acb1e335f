#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Ten thousand services with five backends each, in a file as ipvsadm -S writes
# it: the instructions that loading it takes, and the kernel's memory, IPVS's
# by ipvsadm and vsb's by vsbadm. Both have to have all of it afterwards.

. "$(dirname "$0")/../selftests/lib.sh"

services=10000
file=/run/netns/services

# generate: the file
generate() {
	awk -v n=$services 'BEGIN {
		for (i = 0; i < n; i++) {
			at = "-t 10." 96 + int(i / 65536) "." int(i / 256) % 256 "." i % 256 ":80"
			print "-A " at " -s rr"
			for (j = 1; j <= 5; j++)
				print "-a " at " -r 10.2.1." j ":8080 -m -w 1"
		}
	}'
}

# used: the kernel's memory in kB, without what its caches would give back
used() {
	local cache
	for cache in /sys/kernel/slab/*; do
		echo 1 >"$cache/shrink"
	done
	memory
}

# load COMMAND: has it read the file; sets $instructions and $kilobytes to what that took.
load() {
	local memory time
	# Its files are in memory then, and the module is there.
	"$1" -R </dev/null
	memory=$(used)
	time=$EPOCHREALTIME
	"$1" -R <$file || not_ok "$1 loads the file"
	time=$((${EPOCHREALTIME/./} - ${time/./}))
	instructions=$((time * 1000))
	kilobytes=$(($(used) - memory))
}

generate >$file
sorted=$(sort $file | md5sum)
modprobe ip_vs_rr

load ipvsadm
figure restore/ipvs "$instructions" instructions
figure restore-memory/ipvs "$kilobytes" kB
check "ipvsadm saves" eval "ipvsadm -S -n >/run/netns/saved"
is "IPVS has all of it" "$(sort /run/netns/saved | md5sum)" "$sorted"

load vsbadm
figure restore/vsb "$instructions" instructions
figure restore-memory/vsb "$kilobytes" kB
is "vsb has all of it, by one commit" "$(count node services backends generation)" "$services $((services * 5)) 2"
is "vsbadm saves what it was given" "$(vsbadm -S -n | sort | md5sum)" "$sorted"

vsbadm -C
check "what ipvsadm saves vsbadm loads" vsbadm -R </run/netns/saved
is "by one commit" "$(count node services backends generation)" "$services $((services * 5)) 4"
is "and saves again" "$(vsbadm -S -n | sort | md5sum)" "$sorted"
