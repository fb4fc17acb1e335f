# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What tests of flows that end, or do not, share.

declare -A goes

# flows VIP NAME...: a UDP flow each; which backend has it is in goes[NAME]
flows() {
	local name vip=$1
	shift
	for name; do
		hold "$name" udp "$vip" 80
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

# strays GONE NAME...: those that do not go where they should, now that this backend, "" for none, is gone
strays() {
	local name now gone=$1
	shift
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
