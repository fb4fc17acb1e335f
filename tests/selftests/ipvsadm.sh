#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vsbadm beside the real ipvsadm on IPVS: what each saves the other restores,
# and ipvsadm.lines, about which they agree.

. "$(dirname "$0")/lib.sh"

here=$(dirname "$0")

# No names but these, one of them twice.
cat >/run/netns/hosts <<-END
	127.0.0.1 localhost
	10.96.0.20 one.test
	fd96::20 six.test
	10.96.0.21 many.test
	10.96.0.22 many.test
	10.96.0.23 both.test
	fd96::23 both.test
	10.96.0.24 again.test
	10.96.0.24 again.test
	10.2.1.30 a-name-of-a-server-that-is-rather-long.test
END
mount --bind /run/netns/hosts /etc/hosts
echo nameserver 127.0.0.1 >/run/netns/resolv.conf
mount --bind /run/netns/resolv.conf /etc/resolv.conf

schedulers=(rr wrr lc wlc sed nq sh dh mh fo ovf)

# everything: all that IPVS can express and vsb has
everything() {
	local i=0 scheduler
	for scheduler in "${schedulers[@]}"; do
		i=$((i + 1))
		echo "-A -t 10.96.0.1:$i -s $scheduler"
		echo "-a -t 10.96.0.1:$i -r 10.2.1.2:8080 -m -w $i"
		echo "-A -u [fd96::1]:$i -s $scheduler -p $((60 * i))"
		echo "-a -u [fd96::1]:$i -r [fd02:1::2]:8080 -m -w 0"
	done
	cat <<-END
		-A --sctp-service 10.96.0.1:90 -s sh -b sh-port
		-A --sctp-service [fd96::1]:90 -s sh -b sh-fallback,sh-port
		-A -t 10.96.0.2:80 -s mh -b mh-fallback -p 90 -M 255.255.255.0
		-A -t 10.96.0.2:0 -s wlc -p
		-A -t [fd96::2]:80 -s mh -b mh-fallback,mh-port -p 2678400 -M 64
		-A -u 10.96.0.20:53 -s rr -p 60 -M 0.0.0.0
		-A -u [fd96::20]:80 -s rr
		-A -t 10.96.0.23:80 -s rr
		-A -t [fd96::23]:80 -s rr
		-A -f 5 -s rr
		-A -f 5 -6 -s rr -p 60 -M 48
		-A -f 2147483647 -s wlc
		-a --sctp-service 10.96.0.1:90 -r 10.2.1.2:9090 -m
		-a --sctp-service [fd96::1]:90 -r [fd02:1::2]:9090 -m
		-a -t 10.96.0.2:80 -r 10.2.1.2:8080 -m -w 65535 -x 100 -y 50
		-a -t 10.96.0.2:80 -r 10.2.1.3:8080 -m -x 100
		-a -t 10.96.0.2:80 -r 10.2.1.30:http -m
		-a -t 10.96.0.2:0 -r 10.2.1.2 -m
		-a -t 10.96.0.2:0 -r 10.2.1.3:8080 -m
		-a -t [fd96::2]:80 -r [fd02:1::2]:80 -m
		-a -u [fd96::20]:80 -r [fd96::20]:80 -m
		-a -t 10.96.0.23:80 -r 10.96.0.23:8080 -m
		-a -t [fd96::23]:80 -r [fd96::23]:8080 -m
		-a -f 5 -r 10.2.1.2 -m
		-a -f 5 -r 10.2.1.3:8080 -m
		-a -f 5 -6 -r [fd02:1::2]:0 -m
	END
}

# table TOOL [OPTION]...: what it lists, but for the title
table() {
	"$1" -L -n "${@:2}" | sed 1d
}

# restored WHAT SAVED COMMAND...: where there was nothing it makes the table that is $want
restored() {
	local what=$1 saved=$2 tool=${3%-restore}
	shift 2
	"$tool" -C
	check "$what" "$@" <<<"$saved"
	is "$what: the same table" "$(table "$tool")" "$want"
}

everything | vsbadm -R
ours=$(vsbadm -S)
is "vsbadm-save prints what -S does" "$(vsbadm-save) $(vsbadm-save -n)" "$ours $ours"
check "vsbadm-restore" vsbadm-restore <<<"$ours"
is "has lost nothing" "$(vsbadm-save)" "$ours"

# All of it once more, on IPVS
check "the kernel has all of IPVS that is compared" \
	modprobe -a ip_vs "${schedulers[@]/#/ip_vs_}" ip_vs_lblc ip_vs_lblcr ip_vs_pe_sip
everything | ipvsadm -R
want=$(table ipvsadm)
is "IPVS and vsb have the same" "$(table vsbadm)" "$want"
check "which is not little" test "$(wc -l <<<"$want")" -ge 65

is "vsb: saved as ipvsadm saves, but for thresholds" "$(sed -E 's/ -[xy] [0-9]+//g' <<<"$ours")" "$(ipvsadm -S -n)"
has "which it saves as well" "$ours" '^-a -t 10.96.0.2:80 -r 10.2.1.2:8080 -m -w 65535 -x 100 -y 50$'

thresholds=$(table ipvsadm --thresholds)
restored "ipvsadm -S -n | vsbadm -R" "$(ipvsadm -S -n)" vsbadm -R
has "ipvsadm -S has names, of both families" "$(ipvsadm -S)" '^-a -u .six.test.:80 -r .six.test.:80 '
restored "ipvsadm -S | vsbadm -R" "$(ipvsadm -S)" vsbadm -R
restored "ipvsadm-save | vsbadm-restore" "$(ipvsadm-save)" vsbadm-restore
restored "vsbadm -S | ipvsadm -R" "$ours" ipvsadm -R
is "with thresholds" "$(table ipvsadm --thresholds)" "$thresholds"
restored "vsbadm-save | ipvsadm-restore" "$ours" ipvsadm-restore

points python3 "$here/ipvsadm.py" "$here/ipvsadm.lines" /vsb/userspace/man/vsbadm.8

# In the place of what there was, or not at all
vsbadm -C
vsbadm -A -t 10.96.0.9:80 -s rr
refuses "vsbadm-restore: a bad line is named" 'line 2: .*10.96.0.1:80' vsbadm-restore <<-END
	-A -t 10.96.0.1:80 -s rr
	-A -t 10.96.0.1:80 -s rr
END
is "and nothing is done" "$(vsbadm-save)" "-A -t 10.96.0.9:80 -s rr"
refuses "vsbadm-restore: a bad option" 'unknown option' vsbadm-restore --nothing <<<""
check "vsbadm-restore --replace" vsbadm-restore --replace <<<"-A -t 10.96.0.1:80 -s rr"
is "replaces, as without" "$(vsbadm-save)" "-A -t 10.96.0.1:80 -s rr"
check "vsbadm-restore, another owner's" vsbadm-restore --owner other <<<"-A -t 10.96.0.2:80 -s rr"
is "leaves ours" "$(vsbadm-save) $(vsbadm-save --owner other)" "-A -t 10.96.0.1:80 -s rr -A -t 10.96.0.2:80 -s rr"
vsbadm --owner other -C

# A long file with one bad line
generation() {
	vsbadm -j info | json generation
}
before=$(generation)
seq 10000 | awk '
	$1 == 5000 { print "-A -t 10.96.1.1:http -s nonesuch" }
	$1 != 5000 { print "-A -t 10.97." int($1 / 250) "." $1 % 250 ":80 -s rr" }' >/run/netns/long
refuses "a file is restored whole or not at all" 'line 5000: .*"nonesuch"' vsbadm -R </run/netns/long
is "nothing of it is there" "$(generation) $(vsbadm-save)" "$before -A -t 10.96.0.1:80 -s rr"
sed -i 5000d /run/netns/long
check "without that line it is" vsbadm -R </run/netns/long
is "in one transaction" "$(generation) $(vsbadm-save | wc -l)" "$((before + 1)) 10000"
vsbadm -C
vsbadm -A -t 10.96.0.1:80 -s rr

# Names
check "a name" vsbadm -A -t localhost:http -s rr
check "is its address" vsbadm -D -t 127.0.0.1:80
refuses "a name with several addresses is refused with these" \
	'^vsbadm: -t "many.test": .*(10.96.0.21, 10.96.0.22|10.96.0.22, 10.96.0.21)$' vsbadm -A -t many.test:80
refuses "a server's, too" '^vsbadm: -r "many.test": ' vsbadm -a -t 10.96.0.1:80 -r many.test
refuses "and one of another family" '^vsbadm: -r "six.test": ' vsbadm -a -t 10.96.0.1:80 -r six.test
check "one of both families is IPv4's" vsbadm -A -t both.test:80 -s rr
check "in brackets IPv6's" vsbadm -A -t [both.test]:80 -s rr
check "and a server's what the service is" vsbadm -R <<-END
	-a -t both.test:80 -r both.test:8080 -m
	-a -t [both.test]:80 -r both.test:8080 -m
END
has "each at its address" "$(table vsbadm)" '-> 10.96.0.23:8080 '
has "in its family" "$(table vsbadm)" '-> \[fd96::23\]:8080 '
check "one that is there twice is one" vsbadm -a -t 10.96.0.1:80 -r again.test:80 -m
has "at its address" "$(table vsbadm)" '-> 10.96.0.24:80 '
