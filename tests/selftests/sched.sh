#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Schedulers, with real connections on one processor.

. "$(dirname "$0")/lib.sh"

network
serve_all
taskset -cp 0 $$ >/dev/null

service 4 tcp rr 1 2 3
answers=$(ask client tcp 10.96.0.1 80 9 | cut -d ' ' -f 1)
is "rr goes round without a repeat" \
	"$(head -3 <<<"$answers" | sort | paste -sd ' ')" "b1 b2 b3"
is "and round in the same order" "$(tail -6 <<<"$answers" | head -3)" "$(tail -3 <<<"$answers")"
again=$(for _ in 1 2 3; do
	ask client tcp 10.96.0.1 80 | cut -d ' ' -f 1
	adm explain tcp 10.1.0.2 10.96.0.1:80 >/dev/null
done)
is "and explain takes nobody's turn" "$again" "$(head -3 <<<"$answers")"

service 4 udp wrr 1 2 3
adm -e -u 10.96.0.1:80 -r 10.2.1.2:8080 -w 5
adm -e -u 10.96.0.1:80 -r 10.2.2.2:8080 -w 3
adm -e -u 10.96.0.1:80 -r 10.2.3.2:8080 -w 2
is "wrr keeps to the weights exactly over a round" \
	"$(ask client udp 10.96.0.1 80 10 | names)" "b1 5,b2 3,b3 2"
is "and over the next ones" "$(ask client udp 10.96.0.1 80 20 | names)" "b1 10,b2 6,b3 4"
is "no backend of wrr has three turns in a row" \
	"$(ask client udp 10.96.0.1 80 40 | cut -d ' ' -f 1 | uniq -c | awk '$1 > 2')" ""

adm -e -u 10.96.0.1:80 -r 10.2.2.2:8080 -w 0
is "a backend of weight 0 gets nothing" "$(ask client udp 10.96.0.1 80 14 | names)" "b1 10,b3 4"

adm -E -u 10.96.0.1:80 -s rr
is "a change of scheduler counts at once" "$(ask client udp 10.96.0.1 80 10 | names)" "b1 5,b3 5"

service 6 udp random 1 2 3
adm -e -u '[fd96::1]:80' -r '[fd02:1::2]:8080' -w 0
seen=$(ask client udp fd96::1 80 60 | names)
has "random reaches every backend with weight" "$seen" '^b2 [0-9]+,b3 [0-9]+$'
