#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Bad input: each has one answer, which says what is wrong, and changes nothing.

. "$(dirname "$0")/lib.sh"

points python3 "$(dirname "$0")/input.py"

# The same by vsbadm, half of which never gets to the kernel.
before=$(vsbadm -L -n)
bad() {
	local what=$1 pattern=$2
	shift 2
	refuses "vsbadm: $what" "^vsbadm: .*$pattern" vsbadm "$@"
}
bad "an IPv6 backend in an IPv4 pool" 'address' backend add web '[fd02::1]:80'
bad "a service that exists" 'tcp/10\.96\.0\.1:80.*exists' -A -t 10.96.0.1:80 -s rr
bad "a pool that does not exist" 'no pool none' service add tcp/10.96.0.9:80 pool none
bad "a backend that exists" '10\.2\.1\.2:8080' backend add web 10.2.1.2:8080
bad "a weight over 65535" 'weight.*65535' backend add web 10.2.1.3:8080 weight 65536
bad "a name too long" '255' pool add "$(printf 'x%.0s' {1..256})" family ipv4
bad "a name with a blank" 'blank' pool add 'a b' family ipv4
bad "a port that is none" '65536' -A -t 10.96.0.9:65536 -s rr
bad "an address that is none" '10\.96\.0\.256' -A -t 10.96.0.256:80 -s rr
bad "a scheduler that there is not, with those there are" 'rr.*wrr.*random' -A -t 10.96.0.9:80 -s lru
bad "a line of a file, with its number" 'line 2: .*no pool none' txn <<-END
	pool add new family ipv4
	service add tcp/10.96.0.9:80 pool none
END
for command in txn apply; do
	status=0
	vsbadm $command - <<<"-a -t 10.96.0.1:80 -r 10.2.1.9 -w" 2>/dev/null || status=$?
	is "vsbadm: $command ends alike for a line of either grammar" $status 2
done
is "vsbadm: all that changed nothing" "$(vsbadm -L -n)" "$before"
