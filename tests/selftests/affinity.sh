#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Session affinity: where a client's connections go, and when no more.

. "$(dirname "$0")/lib.sh"

network
serve_all

declare -A client=([4]=10.1.0.2 [6]=fd01::2) neighbour=([4]=10.1.0.77 [6]=fd01::4d) bits=([4]=24 [6]=64)

# chosen FAMILY [SOURCE]: the backend that explain says affinity chooses
chosen() {
	adm -j explain tcp "${2:-${client[$1]}}" "$(at ${vip[$1]} 80)" | json affinity | sed 's/nothing\|null/none/'
}

# weights FAMILY WEIGHT: of all backends
weights() {
	local i
	for i in 1 2 3; do
		adm backend change "web$1" "$(at "$(backend "$1" $i)" 8080)" weight "$2"
	done
}

for family in 4 6; do
	{
		echo "pool add web$family family ipv$family affinity-timeout 3600"
		for i in 1 2 3; do
			echo "backend add web$family $(at "$(backend $family $i)" 8080)"
		done
		echo "service add tcp/$(at ${vip[$family]} 80) pool web$family"
		echo "service add udp/$(at ${vip[$family]} 81) pool web$family"
	} | adm txn
	is "before its first connection nothing is chosen, IPv$family" "$(chosen $family)" none
	first=$(ask client tcp ${vip[$family]} 80)
	is "AFF-1: a client stays with its backend, IPv$family" \
		"$(ask client tcp ${vip[$family]} 80 5 | sort -u)" "$first"
	is "AFF-1: over all services of the pool, IPv$family" "$(ask client udp ${vip[$family]} 81)" "$first"
	mine=$(at "$(backend $family "${first:1:1}")" 8080)
	is "AFF-1: explain says so, IPv$family" "$(chosen $family)" "$mine"
	is "AFF-1: another client goes where the scheduler says, IPv$family" \
		"$(ask node tcp ${vip[$family]} 80 | cut -d ' ' -f 1 | grep -c "${first%% *}")" 0

	adm backend change web$family "$mine" weight 0
	is "AFF-1: it stays while the weight is 0, IPv$family" "$(ask client tcp ${vip[$family]} 80)" "$first"
	weights $family 0
	is "AFF-1: also where all weights are 0, IPv$family" "$(ask client tcp ${vip[$family]} 80)" "$first"
	has "AFF-1: which explain knows, IPv$family" "$(adm explain tcp ${client[$family]} "$(at ${vip[$family]} 80)")" \
		'^The connection is sent to a backend: nobody in the set has weight, but affinity knows the client'
	is "AFF-1: with its backend, IPv$family" "$(chosen $family)" "$mine"
	is "AFF-1: others are refused then, IPv$family" "$(ask b3 tcp ${vip[$family]} 80)" "error ECONNREFUSED"
	weights $family 1
	adm backend change web$family "$mine" weight 1 state draining
	is "AFF-1: affinity to a draining backend is void, IPv$family" "$(chosen $family)" none
	adm backend change web$family "$mine" state up sets 1
	is "AFF-1: so is that to one outside of the set, IPv$family" "$(chosen $family)" none
	adm backend change web$family "$mine" sets 0,1
	is "AFF-1: to one that came back it holds, IPv$family" "$(ask client tcp ${vip[$family]} 80)" "$first"
	adm pool change web$family scheduler random
	is "AFF-1: whatever the scheduler, IPv$family" "$(ask client tcp ${vip[$family]} 80)" "$first"
	adm backend del web$family "$mine"
	adm backend add web$family "$mine"
	is "AFF-1: to one that left and came again it does not, IPv$family" "$(chosen $family)" none

	adm pool change web$family affinity-prefix-len ${bits[$family]}
	adm affinity del web$family
	ask client tcp ${vip[$family]} 80 >/dev/null
	check "AFF-1: a prefix makes neighbours one client, IPv$family" \
		test "$(chosen $family ${neighbour[$family]})" != none -a \
		"$(chosen $family ${neighbour[$family]})" = "$(chosen $family)"
	adm pool change web$family affinity-timeout 1
	ask client tcp ${vip[$family]} 80 >/dev/null
	check "AFF-1: it ends with the timeout, IPv$family" wait_for eval '[ "$(chosen $family)" = none ]'
	adm pool change web$family affinity-timeout 3600
	ask client tcp ${vip[$family]} 80 >/dev/null
	adm pool change web$family affinity-timeout 0
	adm pool change web$family affinity-timeout 3600
	is "AFF-1: a timeout that comes back knows nobody, IPv$family" "$(chosen $family)" none
	adm pool change web$family affinity-timeout 0
	ask client tcp ${vip[$family]} 80 >/dev/null
	is "AFF-1: without a timeout there is none, IPv$family" "$(chosen $family)" none
done
check "hits are counted" test "$(count node affinity-hits)" -ge 16

# Listed, taken away and restored

adm pool change web4 affinity-timeout 3600 affinity-prefix-len 32
for i in $(seq 1 40); do
	echo "affinity add web4 10.3.0.$i 10.2.2.2:8080 expires $((1000 + i))"
done >/run/netns/clients
check "clients are restored" adm affinity restore /run/netns/clients
is "they are listed" "$(adm affinity show web4 | wc -l)" 40
is "with their backend" "$(adm affinity show | cut -d ' ' -f 4 | sort -u)" 10.2.2.2:8080
is "which is theirs" "$(chosen 4 10.3.0.17)" 10.2.2.2:8080
adm affinity save >/run/netns/saved
adm affinity del web4 10.3.0.17
is "one is forgotten" "$(chosen 4 10.3.0.17) $(chosen 4 10.3.0.18)" "none 10.2.2.2:8080"
refuses "and is not there then" 'vsbadm: .*client' adm affinity del web4 10.3.0.17
adm affinity del web4
is "all of a pool are" "$(adm affinity show | wc -l)" 0
check "what was saved is restored" adm affinity restore /run/netns/saved
is "with all of it" "$(adm affinity save | cut -d ' ' -f 1-5 | sort | sha1sum)" \
	"$(cut -d ' ' -f 1-5 /run/netns/saved | sort | sha1sum)"
refuses "a client of a backend that is none" 'vsbadm: .*backend' adm affinity add web4 10.3.0.1 10.2.9.9:8080
refuses "and of a pool without affinity" 'vsbadm: .*affinity' adm affinity add web6 fd03::1 '[fd02:1::2]:8080'

# Bounded

adm config change affinity-max 64
is "a smaller table keeps what it has room for" "$(($(adm affinity show | wc -l) >= 24))" 1
for i in $(seq 1 200); do
	echo "affinity add web4 10.4.0.$i 10.2.1.2:8080"
done >/run/netns/clients
adm affinity restore /run/netns/clients
is "it never has more" "$(($(count node affinity-entries) <= 64))" 1
check "those that make place are counted" test "$(count node affinity-evictions)" -gt 100
is "the last one is there" "$(chosen 4 10.4.0.200)" 10.2.1.2:8080
# The clock of the table has seconds. Half of each bucket is used again, and stays when others come.
read -rt 1.1 -u "$nothing"
adm affinity save | awk 'NR % 8 < 4' | sed 's/ expires.*//' >/run/netns/used
adm affinity restore /run/netns/used
for i in 1 2 3 4; do
	echo "affinity add web4 10.5.0.$i 10.2.1.2:8080"
done >/run/netns/clients
adm affinity restore /run/netns/clients
is "those that were used last stay" \
	"$(adm affinity save | sed 's/ expires.*//' | grep -cxFf /run/netns/used)" 32
held=$(adm affinity show | sed 's/ expires.*//' | sort | sha1sum)
adm config change affinity-max 100000
is "a larger one takes over all" "$(adm affinity show | sed 's/ expires.*//' | sort | sha1sum)" "$held"

# As ipvsadm's users ask for it

declare -A mask=([4]=255.255.255.0 [6]=64)
for family in 4 6; do
	persistent="-A -t $(at ${vip[$family]} 82) -s rr -p 300 -M ${mask[$family]}"
	{
		echo "$persistent"
		for i in 1 2 3; do
			echo "-a -t $(at ${vip[$family]} 82) -r $(at "$(backend $family $i)" 8080)"
		done
	} >/run/netns/asked
	adm -R </run/netns/asked
	is "-p and -M: a client stays with its backend, IPv$family" \
		"$(ask client tcp ${vip[$family]} 82 6 | sort -u | wc -l)" 1
	has "they are listed, IPv$family" "$(adm -L -n)" \
		"^TCP  $(at ${vip[$family]} 82 | sed 's/[][]/\\&/g') rr persistent 300 mask ${mask[$family]}\$"
	adm -S >/run/netns/saved
	is "and saved, IPv$family" "$(grep -cxF -e "$persistent" /run/netns/saved)" 1
	adm -C
	adm -R </run/netns/saved
	is "and restored, IPv$family" "$(adm -S)" "$(cat /run/netns/saved)"
done
