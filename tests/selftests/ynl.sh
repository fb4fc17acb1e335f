#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernel's own generic netlink client, which knows of us what the spec
# says and nothing else.

. "$(dirname "$0")/lib.sh"

spec=$(dirname "$0")/../../include/netlink/vsb.yaml
network 1
serve_all 1
# It looks the family up and does not ask for it.
adm info >/dev/null
points in_ns node python3 "$(dirname "$0")/ynl.py"
is "connections go where it said" "$(ask client tcp 10.96.0.1 80)" "b1 10.1.0.2"

is "its command line does the same" \
	"$(in_ns node python3 /usr/lib/ynl/cli.py --spec "$spec" --no-schema --output-json --dump service-get |
		json address port route/pool)" "10.96.0.1 80 web web"
