#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Packets that are not as simple as they could be reach a backend all the same.

. "$(dirname "$0")/lib.sh"

network 2
serve b1
for family in 4 6; do
	for proto in tcp udp; do
		service $family $proto rr 1
	done
done
points python3 "$(dirname "$0")/packets.py"
