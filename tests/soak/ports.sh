#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A service at every port of one address.

. "$(dirname "$0")/../selftests/lib.sh"

network 1
serve_all 1
{
	echo "pool add web family ipv4"
	echo "backend add web 10.2.1.2:8080"
	printf 'service add tcp/10.96.0.1:%s pool web\n' {1..65535}
	echo "service add tcp/10.96.0.1:0 pool web"
} >/run/netns/all
start=$SECONDS
check "65,536 services at one address are one transaction" adm txn /run/netns/all
figure ports-restore-seconds $((SECONDS - start)) s
is "all are there" "$(count node services generation)" "65536 2"
for port in 1 80 32768 65535; do
	is "a connection to port $port" "$(ask client tcp 10.96.0.1 $port)" "b1 10.1.0.2"
done
is "explain tells them apart" "$(adm -j explain tcp 10.1.0.2 10.96.0.1:40000 | json service)" tcp/10.96.0.1:40000
start=$SECONDS
adm -C
figure ports-flush-seconds $((SECONDS - start)) s
is "none is left" "$(count node services)" 0
