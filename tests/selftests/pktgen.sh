# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Owns the kernel's packet generator as tests use it, at the client of lib.sh's network.

modprobe pktgen

# flood DEVICE-COMMANDS...: packets from the client
flood() {
	printf '%s\n' "rem_device_all" "add_device eth0" | tell kpktgend_0
	printf '%s\n' "$@" | tell eth0
	echo start | tell pgctrl
}

# tell FILE: what is on standard input, line by line, each a write of its own
tell() {
	nsenter --net=/run/netns/client bash -c 'while read -r line; do echo "$line" >"/proc/net/pktgen/$1"; done' sh "$1"
}

# flooded: what the generator says of its last flood: packets and microseconds
flooded() {
	nsenter --net=/run/netns/client sed -nE 's/^Result: OK: ([0-9]+)\(.*, ([0-9]+) \(.*frags\)/\2 \1/p' /proc/net/pktgen/eth0
}
