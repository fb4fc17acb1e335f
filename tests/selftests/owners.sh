#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Two owners on one node: each changes, flushes and saves what is its own, and
# is told whose the rest is.

. "$(dirname "$0")/lib.sh"

network 1
serve_all 1

# listing: without counts of connections, which end by themselves
listing() {
	adm -L -n | sed '/->/s/ Masq.*//'
}

vsbd() {
	adm --owner vsbd "$@"
}

service 4 tcp rr 1
vsbd pool add web family ipv4
vsbd backend add web 10.2.1.2:8080
vsbd service add tcp/10.96.0.2:80 pool web

refuses "a service that another owner has can't be made" 'vsbadm: .*10\.96\.0\.2:80.*owne[rd].* vsbd' \
	adm -A -t 10.96.0.2:80 -s rr
refuses "from whichever side" 'vsbadm: .*10\.96\.0\.1:80.*owne[rd].* admin' vsbd service add tcp/10.96.0.1:80 pool web
refuses "nor can a pool" 'vsbadm: .*web.*owne[rd].* vsbd' adm pool add web family ipv4

before=$(listing)
refuses "a service of another owner can't be changed" 'vsbadm: .*10\.96\.0\.2:80.*owne[rd].* vsbd' \
	adm service change tcp/10.96.0.2:80 elsewhere reject
refuses "nor taken away" 'vsbadm: .*10\.96\.0\.2:80.*owne[rd].* vsbd' adm service del tcp/10.96.0.2:80
refuses "a pool of another owner can't be changed" 'vsbadm: .*web.*owne[rd].* vsbd' adm pool change web scheduler wrr
refuses "nor taken away" 'vsbadm: .*web.*owne[rd].* vsbd' adm pool del web
for verb in add change del; do
	[ $verb = change ] && more='weight 3' || more=
	# shellcheck disable=SC2086 # words
	refuses "a pool of another owner has backends that are its own: $verb" 'vsbadm: .*web.*owne[rd].* vsbd' \
		adm backend $verb web 10.2.1.2:8080 $more
done
for letter in -a -e -d; do
	refuses "$letter names the words that may be used instead" 'vsbadm: .*--owner vsbd backend (add|change|del) web' \
		adm $letter -t 10.96.0.2:80 -r 10.2.1.2:8080
done
refuses "so does -D" 'vsbadm: .*--owner vsbd service del' adm -D -t 10.96.0.2:80
is "all that changed nothing" "$(listing)" "$before"

adm service add tcp/10.96.0.3:80 pool web
is "a service may send its connections to another owner's pool" "$(ask client tcp 10.96.0.3 80)" "b1 10.1.0.2"
before=$(listing)
refuses "a pool that another owner's service uses can't be flushed" 'vsbadm: .*web is in use, services: 1' vsbd flush
is "nor is anything else flushed then" "$(listing)" "$before"

is "what one saves is its own" "$(adm -S)" "$(printf '%s\n' \
	'-A -t 10.96.0.1:80 -s rr' \
	'-a -t 10.96.0.1:80 -r 10.2.1.2:8080 -m -w 1' \
	'service add tcp/10.96.0.3:80 pool web')"
has "and so is what the other one does" "$(vsbd -S)" '^backend add web 10\.2\.1\.2:8080'

adm -C
is "a flush leaves the other's services" "$(adm service show | cut -d ' ' -f 2-4)" "tcp/10.96.0.2:80 owner vsbd"
is "and pools" "$(adm pool show | cut -d ' ' -f 2-4)" "web owner vsbd"
is "which go on" "$(ask client tcp 10.96.0.2 80)" "b1 10.1.0.2"
has "what was flushed does not" "$(adm explain tcp 10.1.0.2 10.96.0.1:80)" 'none of vsb'
vsbd flush
is "with nobody's service left the other flushes too" "$(count node pools services backends)" "0 0 0"

long=$(printf 'x%.0s' {1..255})
adm --owner "$long" pool add long family ipv4
is "an owner's name may be long" "$(adm pool show | cut -d ' ' -f 4)" "$long"
