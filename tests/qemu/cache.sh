# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Owns the cache: what is kept outside the tree, by version, complete or not at all; and apt, which is asked for the versions.

VSB_CACHE=${VSB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vsb}
VSB_MIRROR=${VSB_MIRROR:-http://deb.debian.org/debian}
# Trees with different recipes may share a cache, so what was used today stays.
linger=1440
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

note() {
	echo "# $*" >&2
}

die() {
	echo "$0: $*" >&2
	exit 1
}

# keep FOLDER KEY COMMAND [ARGUMENT]...
# Sets $kept to FOLDER/KEY; if there is none, COMMAND fills it (its name is COMMAND's last argument). Nobody removes it while this
# process lives. Others in FOLDER go when they were not used for $linger minutes.
keep() {
	local kind=$1 key=$2 lock use
	shift 2
	mkdir -p "$kind"
	exec {lock}>"$kind/.lock"
	flock "$lock"
	if [ ! -d "$kind/$key" ]; then
		rm -rf "$kind"/.new
		mkdir "$kind/.new"
		"$@" "$kind/.new"
		mv "$kind/.new" "$kind/$key"
	fi
	kept=$kind/$key
	exec {use}<"$kept"
	flock --shared "$use"
	touch "$kept"
	find "$kind" -mindepth 1 -maxdepth 1 -type d ! -path "$kept" -mmin "+$linger" \
		-exec flock --nonblock {} rm -rf {} \;
	exec {lock}>&-
}

# newest_kept KIND: the version of KIND used last, for when the mirror is out of reach.
newest_kept() {
	local dir
	dir=$(find "$VSB_CACHE/$1" -mindepth 1 -maxdepth 1 -type d ! -name .new -printf '%T@ %f\n' 2>/dev/null | sort -rn | head -n 1)
	[ -n "$dir" ] && echo "${dir#* }"
}

# aptly SUITE COMMAND [ARGUMENT]...: COMMAND of apt with lists of its own, untouched by what this machine has.
aptly() {
	local suite=$1
	shift
	APT_CONFIG=$VSB_CACHE/apt/$suite/apt.conf "$@"
}

# refresh SUITE: asks the mirror, at most once an hour; fails if it does not answer.
refresh() {
	local suite=$1 dir=$VSB_CACHE/apt/$1 lock
	mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial"
	exec {lock}>"$dir/.lock"
	flock "$lock"
	if [ -n "$(find "$dir/asked" -mmin -60 2>/dev/null)" ]; then
		exec {lock}>&-
		return
	fi
	sources "$suite" >"$dir/sources.list"
	: >"$dir/status"
	# A mirror that lags serves as well.
	cat >"$dir/apt.conf" <<-END
		Dir::State "$dir/state";
		Dir::State::status "$dir/status";
		Dir::Cache "$dir/cache";
		Dir::Etc::SourceList "$dir/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
		APT::Architecture "amd64";
		APT::Architectures "amd64";
		APT::Sandbox::User "root";
		APT::Update::Error-Mode "any";
		Acquire::Languages "none";
		Acquire::Check-Valid-Until "false";
	END
	if aptly "$suite" apt-get -qq update >"$dir/update.log" 2>&1; then
		touch "$dir/asked"
		exec {lock}>&-
	else
		exec {lock}>&-
		return 1
	fi
}

# sources SUITE: its sources.list.
sources() {
	local option="[arch=amd64 signed-by=$keyring]"
	echo "deb $option $VSB_MIRROR $1 main"
	case $1 in
	sid | *-backports) ;;
	*) echo "deb $option ${VSB_MIRROR%/}-security $1-security main" ;;
	esac
}

# version SUITE PACKAGE: the newest version that apt knows of.
version() {
	local dir=$VSB_CACHE/apt/$1 new
	# apt takes a second to answer, always the same until it asks the mirror again.
	if [ ! "$dir/version.$2" -nt "$dir/asked" ]; then
		new=$(mktemp -p "$dir")
		aptly "$1" apt-cache policy "$2" | sed -n 's/^  Candidate: \([^(].*\)/\1/p' >"$new"
		mv "$new" "$dir/version.$2"
	fi
	cat "$dir/version.$2"
}

# point_release SUITE: such as 12.15, or nothing for a suite that has none.
point_release() {
	sed -n 's/^Version: //p' "$VSB_CACHE/apt/$1"/state/lists/*_"$1"_InRelease
}

# download SUITE FOLDER PACKAGE...: unpacks into FOLDER without installing.
download() {
	local suite=$1 dir=$2
	shift 2
	mkdir "$dir/debs"
	if ! (cd "$dir/debs" && aptly "$suite" apt-get -qq download "$@"); then
		# What the mirror had an hour ago it may have replaced.
		rm -f "$VSB_CACHE/apt/$suite/asked"
		die "$VSB_MIRROR does not hand over $*; the next attempt asks for the newest again"
	fi
	for deb in "$dir"/debs/*.deb; do
		dpkg-deb -x "$deb" "$dir"
	done
	rm -r "$dir/debs"
	# Packages from before the merge of /lib into /usr.
	if [ -d "$dir/lib" ]; then
		mkdir -p "$dir/usr/lib"
		cp -a --link "$dir/lib/." "$dir/usr/lib/"
		rm -r "${dir:?}/lib"
	fi
}
