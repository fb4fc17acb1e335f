# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # what is set here is for those who source this
# Owns the kernels that tests run on: where each comes from, and how its folder in the cache is made.
#
# A kernel's folder holds release (as uname -r has it), vmlinux, modules.erofs, and tree/: its files, headers included, to
# lay over a build chroot.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/cache.sh"

# The table. Sets $suite, whose $package a kernel comes from, $compiler, the suite that compiles for it, and $fill, which
# makes its folder.
describe() {
	fill=stock_kernel package=linux-image-amd64 compiler=bookworm
	case $1 in
	6.1) suite=bookworm ;;
	6.12) suite=bookworm-backports ;;
	7) suite=trixie-backports compiler=trixie ;;
	debug) suite=bookworm-backports fill=debug_kernel package=linux-source-6.12 ;;
	newest) newest_suite && fill=headers_only package=linux-headers-amd64 ;;
	*) die "no kernel is called $1; there are 6.1, 6.12, 7, debug, and newest for compiling" ;;
	esac
}

newest_suite() {
	suite=trixie-backports compiler=trixie
	refresh sid && refresh trixie-backports || return 0
	if dpkg --compare-versions "$(version sid linux-headers-amd64)" gt "$(version "$suite" linux-headers-amd64)"; then
		suite=sid compiler=sid
	fi
}

# kernel NAME: sets $kernel to its folder, $chroot to the chroot that compiles for it.
kernel() {
	local suite compiler fill package key
	describe "$1"
	tools
	chroot_of "$compiler"
	if refresh "$suite"; then
		key=$(version "$suite" "$package")
		[ "$1" = debug ] && key+=-$(digest "$here/debug.config")
	else
		key=$(newest_kept "kernel-$1") || die "$VSB_MIRROR does not answer, and no kernel $1 is kept"
		note "$VSB_MIRROR does not answer: kernel $1 is $key, kept from earlier"
	fi
	keep "$VSB_CACHE/kernel-$1" "$key" "$fill" "$suite"
	kernel=$kept
}

# chroot_of SUITE: sets $chroot to SUITE with compilers.
chroot_of() {
	local list=compile
	[ "$1" = bookworm ] && list=build
	installed "chroot-$1" "$1" $list
	chroot=$kept
}

# tools: sets $tools to the chroot that has everything: compilers, userspace's libraries, linters, image makers.
tools() {
	chroot_of bookworm
	tools=$chroot
}

# guest_root: sets $guest_root to the image that all guests share.
guest_root() {
	tools
	installed guest bookworm guest install_packed
	guest_root=$kept/root.erofs
}

# emulator: sets $emulator to a chroot with QEMU; 7.2, of bookworm, translates code that another processor is about to patch, and a
# guest dies of it at a static key.
emulator() {
	installed emulator trixie emulate
	emulator=$kept
}

# installed KIND SUITE LIST [COMMAND]: sets $kept to SUITE with the packages of LIST, as of its latest point release, made by
# COMMAND SUITE LIST FOLDER.
installed() {
	local key
	if refresh "$2"; then
		key=$(point_release "$2")
		key=${key:-rolling}-$(packages "$3" | digest)
	else
		key=$(newest_kept "$1") || die "$VSB_MIRROR does not answer, and no $1 is kept"
	fi
	keep "$VSB_CACHE/$1" "$key" "${4-install}" "$2" "$3"
}

install() {
	note "installing $1 for $2"
	sources "$1" | mmdebstrap --quiet --variant=minbase --include="$(packages "$2" | tr -s ' \n' ,)" \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' --aptopt='Acquire::Check-Valid-Until "false"' "$1" "$3" -
}

install_packed() {
	install "$1" "$2" "$3/tree"
	"$here/inside" "$tools" "$3=/out" -- mkfs.erofs --quiet /out/root.erofs /out/tree
	rm -rf "$3/tree"
}

packages() {
	sed -n "s/^$1 //p" "$here/packages"
}

digest() {
	cat "$@" | sha256sum | cut -c 1-12
}

stock_kernel() {
	local suite=$1 dir=$2 image
	note "fetching the kernel of $suite"
	unpack "$suite" "$dir" linux-image-amd64 linux-headers-amd64
	prune_drivers "$dir"
	# Newer packages have the image beside the modules.
	image=$(find "$dir"/tree/boot "$dir"/tree/usr/lib/modules/* -maxdepth 1 -name 'vmlinuz*' 2>/dev/null || true)
	mv "$image" "$dir/vmlinuz"
	"$here/inside" "$tools" "$dir=/out" "$here=/here" -- /here/vmlinux /out/vmlinuz /out/vmlinux
	rm -r "$dir/vmlinuz"
	pack_modules "$dir"
}

# linux_source: sets $linux_source to a folder with the tarball of the kernel that debug is built from.
linux_source() {
	local key
	if refresh bookworm-backports; then
		key=$(version bookworm-backports linux-source-6.12)
	else
		key=$(newest_kept linux-source) || die "$VSB_MIRROR does not answer, and no linux-source is kept"
	fi
	keep "$VSB_CACHE/linux-source" "$key" fetch_source
	linux_source=$kept
}

fetch_source() {
	note "fetching linux-source"
	download bookworm-backports "$1" linux-source-6.12
	mv "$1"/usr/src/linux-source-*.tar.xz "$1/"
	rm -r "${1:?}/usr"
}

# kernel_tools: sets $kernel_tools to the kernel's own checkers and its generic netlink client, laid out as in its source.
kernel_tools() {
	linux_source
	keep "$VSB_CACHE/kernel-tools" "$(basename "$linux_source")" unpack_tools
	kernel_tools=$kept
}

unpack_tools() {
	tar -xJf "$linux_source"/*.tar.xz -C "$1" --strip-components=1 --wildcards '*/tools/net/ynl/*' '*/Documentation/netlink/*' \
		'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' '*/scripts/const_structs.checkpatch' '*/scripts/kernel-doc'
}

debug_kernel() {
	local dir=$2
	linux_source
	note "building the debug kernel, once for this source and configuration; it takes ten minutes or more"
	mkdir -p "$dir/tree/usr/src" "$dir/build"
	tar -xJf "$linux_source"/*.tar.xz -C "$dir/build" --strip-components=1
	"$here/inside" "$tools" "$dir=/out" "$here=/here" -- /here/debug-kernel >"$dir/build.log" 2>&1 ||
		{ tail -n 40 "$dir/build.log" >&2 && die "the debug kernel does not build"; }
	rm -r "$dir/build"
	pack_modules "$dir"
}

headers_only() {
	note "fetching the headers of $1"
	unpack "$1" "$2" linux-headers-amd64
}

# unpack SUITE FOLDER PACKAGE...: the packages of one kernel, into FOLDER/tree.
unpack() {
	local suite=$1 dir=$2
	shift 2
	mkdir "$dir/tree"
	# shellcheck disable=SC2046 # a list of names
	download "$suite" "$dir/tree" $(aptly "$suite" apt-cache depends --recurse --important "$@" | grep '^linux-')
	basename "$dir"/tree/usr/lib/modules/* >"$dir/release"
}

# A guest has no hardware: what drives some is half of the modules.
prune_drivers() {
	local modules
	modules=$(echo "$1"/tree/usr/lib/modules/*/kernel)
	rm -rf "$modules/sound" "$modules"/drivers/net/{ethernet,wireless,usb,can,phy,wwan}
	find "$modules/drivers" -mindepth 1 -maxdepth 1 ! -name net ! -name block ! -name virtio ! -name char ! -name firmware \
		-exec rm -r {} +
}

# pack_modules FOLDER: makes modules.erofs, where modprobe finds its way without another depmod.
pack_modules() {
	# shellcheck disable=SC2016 # expanded inside
	"$here/inside" "$tools" "$1=/out" "$1/tree/usr/lib=/in/usr/lib" -- sh -euc '
		depmod -b /in/usr "$(cat /out/release)"
		mkfs.erofs --quiet /out/modules.erofs /in'
}
