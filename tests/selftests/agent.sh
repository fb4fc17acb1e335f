# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What tests of vsbd share: a directory of manifests, and vsbd on it in "node".

dir=$(mktemp -d)/manifests
log=$(mktemp)
lines=0
mkdir "$dir"

# save FILE: what comes in, as an editor saves it
save() {
	cat >"$dir/.$1.new"
	mv "$dir/.$1.new" "$dir/$1"
}

# start [OPTION]...
start() {
	nsenter --net=/run/netns/node vsbd --manifests "$dir" "$@" 2>>"$log" &
	vsbd=$!
}

# stop SIGNAL
stop() {
	{ kill "-$1" $vsbd; wait $vsbd; } 2>/dev/null
}

# mark: what logged looks at begins here
mark() {
	lines=$(wc -l <"$log")
}

# logged PATTERN: lines since the last mark
logged() {
	tail -n "+$((lines + 1))" "$log" | grep -E -- "$1"
}

generation() {
	count node generation
}

# kube_service NAME SPEC [STATUS]: both in YAML's flow style
kube_service() {
	printf -- '---\napiVersion: v1\nkind: Service\nmetadata: {name: %s}\nspec: {%s}\nstatus: {%s}\n' "$1" "$2" "${3-}"
}

# kube_slice NAME SERVICE FAMILY PORTS ENDPOINT...
kube_slice() {
	printf -- '---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: %s, labels: {kubernetes.io/service-name: %s}}\n' "$1" "$2"
	printf 'addressType: IPv%s\nports: [%s]\nendpoints:\n' "$3" "$4"
	shift 4
	printf -- '- %s\n' "$@"
}

# endpoint ADDRESS [NODE [CONDITIONS]]
endpoint() {
	printf '{addresses: ["%s"], nodeName: %s, conditions: {%s}}' "$1" "${2:-n1}" "${3-}"
}
