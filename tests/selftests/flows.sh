# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What tests of flows that end, or do not, share; $address is the VIP that they go to.

declare -A goes

# flows NAME...: a UDP flow each; which backend has it is in goes[NAME]
flows() {
	local name
	for name; do
		hold "$name" udp "$address" 80
		goes[$name]=${answer%% *}
	done
}

# known FAMILY PROTO BACKEND: its flows that conntrack knows. An SCTP client
# also looks after the backend's own addresses: that is none of ours.
known() {
	in_ns node conntrack -L -f "ipv$1" -p "$2" --orig-dst "${vip[$1]}" --reply-src "$(backend "$1" "$3")" -o id 2>/dev/null |
		grep -o 'id=[0-9]*' | sort
}

none_known() {
	[ -z "$(known "$@")" ]
}

# strays NAME...: those that do not go where they should, now that $gone is gone
strays() {
	local name now
	for name; do
		now=$(say "$name" x)
		now=${now%% *}
		if [ "${goes[$name]}" = "$gone" ]; then
			[[ $now = b? && $now != "$gone" ]] || echo "$name: from $gone to $now"
		else
			[ "$now" = "${goes[$name]}" ] || echo "$name: from ${goes[$name]} to $now"
		fi
	done
}
