#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Ten thousand services with five backends each: restored, listed, saved and
# flushed, with the time and memory that this takes.

. "$(dirname "$0")/lib.sh"

# Where memory is watched closely everything takes longer, and what was freed
# is kept for a while: there the end of the run says what leaks.
watched=/sys/kernel/debug/kmemleak
services=10000
[ ! -e $watched ] || services=500
saved=/run/netns/saved

# seconds COMMAND [ARGUMENT]...: how long it takes is in $took.
seconds() {
	local start=$EPOCHREALTIME
	"$@" || not_ok "$*"
	took=$((${EPOCHREALTIME/./} - ${start/./}))
	took=$((took / 1000000)).$(printf %02d $((took / 10000 % 100)))
}

restore() {
	adm -R <$saved
}

list() {
	adm -L -n >/run/netns/listed
}

save() {
	adm -S >/run/netns/again
}

network 1
for i in 3 4 5 6; do
	ip -n b1 addr add 10.2.1.$i/24 dev eth0
done
serve_all 1
# VIPs from 10.96.0.0 on, as ipvsadm -S would write them.
awk -v n=$services 'BEGIN {
	for (i = 0; i < n; i++) {
		at = "-t 10.96." int(i / 256) "." i % 256 ":80"
		if (i % 256 == 0)
			at = "-t 10.97.0." int(i / 256) ":80"
		print "-A " at " -s rr"
		for (j = 2; j < 7; j++)
			print "-a " at " -r 10.2.1." j ":8080 -m -w " j
	}
}' >$saved

adm info >/dev/null
before=$(memory)
seconds restore
figure scale-restore-$services-services "$took" s
used=$(($(memory) - before))
figure scale-memory-$services-services $((used / 1024)) MB
is "all are there" "$(count node pools services backends generation)" \
	"$services $services $((services * 5)) 2"

seconds list
figure scale-list-$services-services "$took" s
is "all are listed" "$(awk '/^TCP/ { n++ } / -> 10/ { m++ } END { print n, m }' /run/netns/listed)" \
	"$services $((services * 5))"
seconds save
figure scale-save-$services-services "$took" s
is "what is saved is what was restored" "$(sort /run/netns/again | md5sum)" "$(sort $saved | md5sum)"

is "the first works" "$(ask client tcp 10.96.0.1 80 10 | names)" "b1 10"
is "the last works" "$(ask client tcp 10.97.0.$(((services - 1) / 256)) 80 10 | names)" "b1 10"
has "beside them is nothing" "$(adm explain tcp 10.1.0.2 10.97.1.0:80)" 'none of vsb'

seconds adm -C
figure scale-flush-$services-services "$took" s
is "none is left" "$(count node pools services backends)" "0 0 0"
returned() {
	[ $(($(memory) - before)) -lt $((used / 4)) ]
}
[ -e $watched ] || check "and their memory is returned" wait_for returned
