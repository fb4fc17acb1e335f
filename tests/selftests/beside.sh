#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The same connections through IPVS and through vsb: what ipvsadm lists of
# them, vsbadm does.

. "$(dirname "$0")/lib.sh"

# rules: a service of each kind; where turns may begin anywhere all servers get the same
rules() {
	cat <<-END
		-A -u 10.96.0.1:80 -s rr
		-a -u 10.96.0.1:80 -r 10.2.1.2:8080 -m -x 100 -y 50
		-a -u 10.96.0.1:80 -r 10.2.2.2:8080 -m -w 3
		-A -t 10.96.0.1:80 -s rr
		-a -t 10.96.0.1:80 -r 10.2.1.2:8080 -m -x 100 -y 50
		-a -t 10.96.0.1:80 -r 10.2.2.2:8080 -m -w 3
		-A -t 10.96.0.1:81 -s rr -p 600
		-a -t 10.96.0.1:81 -r 10.2.1.2:8080 -m
	END
}

# begin NAME: four UDP flows; four TCP connections, half of which end; and two of one client that is sent to one server
begin() {
	ask client udp 10.96.0.1 80 4 >/dev/null
	for i in 1 2 3 4; do
		hold "$1$i" tcp 10.96.0.1 80
	done
	for i in 5 6; do
		hold "$1$i" tcp 10.96.0.1 81
	done
	close "${1}1"
	close "${1}2"
}

# end NAME: of all that stay
end() {
	for i in 3 4 5 6; do
		close "$1$i"
	done
}

# services TOOL [OPTION]: without the title. Of UDP only how many there are: vsb has those that live among the active
# ones. Of TCP's statistics only the connections: how many packets it takes is not given.
services() {
	"$1" -L -n "${@:2}" | sed 1d | awk -v stats="${2-}" '
		/^[TU]/ { protocol = $1 }
		protocol == "UDP" && /->/ && stats != "--stats" { $(NF - 1) += $NF; NF-- }
		protocol == "TCP" && stats == "--stats" { print /->/ ? $1 " " $2 " " $3 : $1 " " $2; next }
		{ print }'
}

# connections TOOL: without times and ports; whether a connection of a client that is remembered has been established only
# IPVS knows
connections() {
	"$1" -L -n -c | sed -E '
		1,2d
		s/ [0-9]+:[0-9]{2} +/ TIME /
		s/ (NONE|ASSURED) +(10\.1\.0\.2):0 / NONE \2:0 /
		s/(10\.1\.0\.2):[1-9][0-9]* +/\1:PORT /' | sort | uniq -c
}

listings() {
	local option
	services "$1"
	for option in --stats --thresholds --persistent-conn; do
		services "$1" $option
	done
	connections "$1"
}

# counted TOOL: that it has seen all of the connections, and that two have ended
counted() {
	local seen
	seen=$({ services "$1"; services "$1" --stats; connections "$1"; } | grep -Ec \
		-e '^  -> 10\.2\.[12]\.2:8080 +Masq +[13] +1 +1 *$' -e ' TCP TIME TIME_WAIT ' \
		-e '^ *-> 10\.2\.[12]\.2:8080 +2( +2 +2 |$)')
	[ "$seen" = 9 ]
}

network 2
serve_all 2
modprobe ip_vs
ip addr add 10.96.0.1/32 dev lo
rules | ipvsadm -R
begin ipvs
check "IPVS has the connections" wait_for counted ipvsadm
want=$(listings ipvsadm)
end ipvs
ipvsadm -C
ip addr del 10.96.0.1/32 dev lo
conntrack -F 2>/dev/null

rules | vsbadm -R
begin vsb
check "vsb has them" wait_for counted vsbadm
got=$(listings vsbadm)
end vsb
is "what ipvsadm lists of connections vsbadm lists" "$got" "$want"
has "in which there are some" "$want" ' TCP TIME TIME_WAIT +10\.1\.0\.2:PORT +10\.96\.0\.1:80 +10\.2\.'
