#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Transactions: whole or not at all, whatever else is going on; and a
# replacement of everything leaves what stays the same alone.

. "$(dirname "$0")/lib.sh"

network 1
serve_all 1
service 4 tcp rr 1
service 4 udp rr 1
points in_ns node python3 "$(dirname "$0")/txn.py"
