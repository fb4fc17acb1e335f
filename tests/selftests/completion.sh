#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What bash completes of vsbadm's and vsbd's command lines.

. "$(dirname "$0")/lib.sh"

# vsbd's takes vsbadm's along.
# shellcheck source=userspace/completion/vsbd
. /usr/share/bash-completion/completions/vsbd

# completed LINE: what it may become, as bash asks for it, sorted
completed() {
	COMP_LINE=$1 COMP_POINT=${#1}
	read -ra COMP_WORDS <<<"${1//:/ : }"
	[[ $1 != *' ' ]] || COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMPREPLY=(unset)
	"_${COMP_WORDS[0]%-*}" "${COMP_WORDS[0]}"
	printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | paste -sd ' '
}

# completes LINE WANT
completes() {
	is "$1" "$(completed "$1")" "$2"
}

# offers LINE WORD...: these are among what it may become.
offers() {
	local line=$1 all word missing=
	shift
	all=" $(completed "$line") "
	for word; do
		[[ $all == *" $word "* ]] || missing+=" $word"
	done
	is "$line has $*" "$missing" ""
}

# Without the module

completes "vsbadm pool del " ""
check "to ask does not load the module" test ! -d /sys/module/vsb
offers "vsbadm " pool backend service range config affinity txn apply diff explain monitor top info flush help
completes "vsbadm po" pool
completes "vsbadm -A -t 192.0.2.2:80 -s " "dh fo lc mh nq ovf p2c random rr sed sh wlc wrr"
completes "vsbadm pool change web scheduler w" "wlc wrr"
completes "vsbadm-save -" "--numeric --owner -n"
completes "vsbadm-restore --" "--owner --replace"
completes "vsbadm-restore --owner=v" vsbd
completes "vsbadm-restore " ""
completes "vsbadm-restore < /proc/sys/kernel/hostn" /proc/sys/kernel/hostname
for name in vsbadm vsbadm-save vsbadm-restore; do
	has "bash finds what completes $name" "$(bash -c ". /usr/share/bash-completion/completions/$name; complete -p $name")" _vsbadm
done

# With it

network 1
adm txn <<-END
	-A -t 192.0.2.1:80 -s rr
	-a -t 192.0.2.1:80 -r 10.2.1.2:8080
	-a -t 192.0.2.1:80 -r 10.2.1.2:8081
	-A -t [2001:db8::1]:80 -s rr
	-A -u 192.0.2.1:53 -s rr
	-A -f 5
	-A -f 6 -6
	pool add web family ipv4 affinity-timeout 3600
	pool add we\$(reboot) family ipv4
	backend add web 10.2.1.3
	service add tcp/0.0.0.0:30080 pool web
	service add tcp/192.0.2.9:80 pool web flags restricted
	range add tcp/192.0.2.9:80 10.0.0.0/8,10.1.0.0/16
END
adm affinity add web 10.9.9.9 10.2.1.3

# What ipvsadm's words name
completes "vsbadm -e -t " "192.0.2.1:80 192.0.2.9:80 [2001:db8::1]:80"
completes "vsbadm -e -t 192.0.2.1:" 80
completes "vsbadm -e --tcp-service [2001:d" "db8::1]:80"
completes "vsbadm -D -u " 192.0.2.1:53
completes "vsbadm -D -f " 5
completes "vsbadm -D -6 -f " 6
completes "vsbadm -e -t 192.0.2.1:80 -r " "10.2.1.2:8080 10.2.1.2:8081"
completes "vsbadm -dt 192.0.2.1:80 -r 10.2.1.2:8" "8080 8081"
completes "vsbadm -dt=192.0.2.1:80 -r 10.2.1.2:8" "8080 8081"
offers "vsbadm -A -t 192.0.2.2:80 -s " rr wrr lc wlc sed nq p2c random sh dh mh fo ovf
completes "vsbadm -A -t 192.0.2.2:80 -s wl" wlc
completes "vsbadm -A -t 192.0.2.2:80 -s mh -b mh-port," mh-port,mh-fallback
completes "vsbadm -L --per" --persistent-conn
completes "vsbadm -R --" "--owner --replace"
completes "vsbadm --owner=v" vsbd
completes "vsbadm txn --r" --replace
completes "vsbadm pool show -" "--help --json --numeric --owner -h -j -n"
completes "vsbadm pool del web -" "--help --owner -h"

# The own words
completes "vsbadm pool " "add change del show zero"
completes "vsbadm pool del w" 'we\$\(reboot\) web'
completes "vsbadm pool change web family" ""
completes "vsbadm pool add new family " "ipv4 ipv6"
completes "vsbadm pool change web affinity-timeout 5 affinity-" affinity-prefix-len
completes "vsbadm backend del tcp/192.0.2.1:80 " "10.2.1.2:8080 10.2.1.2:8081"
completes "vsbadm backend change web 10.2.1.3:0 state " "draining up"
completes "vsbadm backend change web 10.2.1.3:0 sets 0,1,2,3,4,5," "0,1,2,3,4,5,6 0,1,2,3,4,5,7"
completes "vsbadm service show tcp/[" tcp/[2001:db8::1]:80
completes "vsbadm service change mark/ipv4:5 pod,no" pod,node
completes "vsbadm service change mark/ipv4:5 pod,node " pool
completes "vsbadm service change mark/ipv4:5 label x " "elsewhere flags masquerade node outside pod pool set"
completes "vsbadm service change mark/ipv4:5 flags " "cluster-ip none restricted"
completes "vsbadm service change mark/ipv4:5 pod pool we" 'we\$\(reboot\) web'
completes "vsbadm range del tcp/192.0.2.9:80 10.0.0.0/8," 10.0.0.0/8,10.1.0.0/16
completes "vsbadm config change masquerade-all " "off on"
completes "vsbadm config change pod-devices cl" client
completes "vsbadm affinity del web " 10.9.9.9
completes "vsbadm affinity add web 10.9.9.8 " 10.2.1.3:0
completes "vsbadm explain udp 10.0.0.1 " 192.0.2.1:53
completes "vsbadm explain udp 10.0.0.1 192.0.2.1:53 dev cl" client
completes "vsbadm help aff" affinity
completes "vsbadm monitor config " "backend pool range service"
completes "vsbadm monitor pool " "backend config range service"
completes "vsbadm top " interval

# Files
completes "vsbadm txn /proc/sys/kernel/hostn" /proc/sys/kernel/hostname
completes "vsbadm diff /proc/sys/kernel/hostn" /proc/sys/kernel/hostname
completes "vsbadm affinity restore /proc/sys/kernel/hostn" /proc/sys/kernel/hostname
completes "vsbadm -R < /proc/sys/kernel/hostn" /proc/sys/kernel/hostname
completes "vsbd --manifests /proc/sys/ke" /proc/sys/kernel
completes "vsbd --config=/proc/sys/kernel/hostn" /proc/sys/kernel/hostname

completes "vsbd --detect-local-mode=N" NodeCIDR
completes "vsbd --detect-local-mode N" NodeCIDR
completes "vsbd --external-ips=" "false true"
completes "vsbd --pod-br" --pod-bridge-interface=
