# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Owns what a guest gets from this tree: the module built for its kernel, userspace, and the tree itself as /vsb.

. "$(dirname "${BASH_SOURCE[0]}")/kernels.sh"
"$here/host"
tree=$(cd "$here/../.." && pwd)
out=$tree/build/qemu

# snapshot: sets $snapshot to a copy of the tree, without what git ignores, that stays as it is while others edit; it is that
# of the caller, $VSB_SNAPSHOT, if there is one.
snapshot() {
	snapshot=${VSB_SNAPSHOT-}
	[ -z "$snapshot" ] || return 0
	snapshot=$(mktemp -d)
	trap 'rm -rf "$snapshot"' EXIT
	(cd "$tree" && git -c safe.directory='*' ls-files -z -co --exclude-standard | existing |
		tar -c --null --no-recursion -T - | tar -x -C "$snapshot")
}

existing() {
	local file
	while IFS= read -rd '' file; do
		[ ! -e "$file" ] && [ ! -L "$file" ] || printf '%s\0' "$file"
	done
}

# build KERNEL: sets what kernel and guest_root set, and $userspace, $programs and $module, the folders with what this tree gives.
build() {
	[ -n "${snapshot-}" ] || snapshot
	guest_root
	kernel_tools
	kernel "$1"
	built userspace "$tools" Makefile dkms.conf userspace include docs/vsbadm.schema.json
	userspace=$kept
	built programs "$tools" Makefile tests/selftests
	programs=$kept
	built module "$kernel" Kbuild dkms.conf kmod include
	module=$kept
}

# payload FOLDER: packs what was built into FOLDER/initrd and FOLDER/payload.erofs.
payload() {
	"$here/inside" "$kernel/tree:$tools" "$snapshot=/src" "$kernel=/kernel" "$module=/module" "$userspace=/userspace" \
		"$programs=/programs" "$kernel_tools=/kernel-tools" "$1=/out" -- /src/tests/qemu/pack
}

# built WHAT ON PATH...: sets $kept to the result of build_WHAT on the folder ON from the snapshot's PATHs as they are.
built() {
	local what=$1 on=$2 key
	shift 2
	key=$(cd "$snapshot" && find "$@" -type f -exec sha256sum {} + | sort -k 2 | digest)
	linger=60 keep "$out/$what" "$(echo "$on" | digest)-$key" "build_$what"
}

build_module() {
	note "building the module for $(cat "$kernel/release")"
	# shellcheck disable=SC2016 # expanded inside
	logged "module.$(cat "$kernel/release")" "$kernel/tree:$chroot" "$snapshot=/src" "$1=/out" -- sh -euc '
		cp -a /src /build
		make -j2 -C "/lib/modules/$1/build" M=/build modules
		cp /build/vsb.ko /out' sh "$(cat "$kernel/release")"
}

build_userspace() {
	note "building userspace"
	logged userspace "$tools" "$snapshot=/src" "$1=/out" -- sh -euc '
		cp -a /src /build
		make -j2 -C /build userspace
		make -C /build install-userspace DESTDIR=/out PREFIX=/usr'
}

# What selftests call.
build_programs() {
	logged programs "$tools" "$snapshot=/src" "$1=/out" -- sh -euc '
		cp -a /src /build
		mkdir -p /build/build/tests/selftests
		make -C /build selftest-programs
		mkdir -p /out/usr/bin
		find /build/build/tests/selftests -type f -executable -exec cp {} /out/usr/bin \;'
}

# logged NAME ARGUMENT...: inside ARGUMENT..., with the output in a file, shown if it fails.
logged() {
	local log=$out/$1.log
	shift
	if ! "$here/inside" "$@" >"$log" 2>&1; then
		tail -n 40 "$log" >&2
		die "that failed; all of it is in $log"
	fi
}
