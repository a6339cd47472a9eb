#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# debian.sh cloud|qemu10: unpack a Debian package beside the system, in the
# cache, and print what to use of it. Nothing is installed. Exits with 4, the
# reason as last line, if it can't be had.
#
#	cloud	the 6.12 cloud kernel: prints its directory
#	qemu10	QEMU 10.0 of Debian 12's backports: prints the program
set -eu
. "$(dirname "$0")/lib.sh"

cannot()
{
	echo "$*"
	exit 4
}

# An apt with lists and archives of its own: the machine's are left alone.
private_apt()
{
	tool=$1
	shift
	"$tool" -o Dir::Etc::sourcelist="$apt/sources.list" \
		-o Dir::Etc::sourceparts=- -o Dir::State::lists="$apt/lists" \
		-o Dir::Cache="$apt" -o Dir::Cache::archives="$apt/archives" \
		-o Debug::NoLocking=1 -o APT::Sandbox::User=root -q "$@"
}

# The machine's own Debian sources, and backports from the same place.
private_sources()
{
	key=/usr/share/keyrings/debian-archive-keyring.gpg
	apt-get indextargets --format '$(REPO_URI) $(RELEASE)' \
		'Created-By: Packages' | sort -u |
	while read -r uri release; do
		case $release in bookworm* | trixie*) ;; *) continue ;; esac
		echo "deb [signed-by=$key] $uri $release main"
		[ "$release" != bookworm ] ||
			echo "deb [signed-by=$key] $uri $release-backports main"
	done | sort -u >"$apt/sources.list"
}

# unpack DIR: every archive that apt has fetched.
unpack()
{
	rm -rf "$1"
	mkdir -p "$1.new"
	for deb in "$apt"/archives/*.deb; do
		[ -e "$deb" ] || return 1
		dpkg -x "$deb" "$1.new"
	done
	mv "$1.new" "$1"
}

cloud_package()
{
	private_apt apt-cache depends linux-image-6.12-cloud-amd64 \
		linux-image-cloud-amd64 2>/dev/null |
		sed -n 's/.*Depends: \(linux-image-6.12[^ ]*\)$/\1/p' |
		head -n 1
}

get_cloud()
{
	set -- "$CACHE"/debian/linux-image-6.12*
	if [ -d "$1" ]; then
		echo "$1"
		return
	fi
	private_sources
	private_apt apt-get update >&2 || cannot "apt-get update failed"
	package=$(cloud_package)
	[ -n "$package" ] || cannot "apt knows no Debian 6.12 cloud kernel"
	dir=$CACHE/debian/$package
	say "fetching $package"
	(cd "$apt/archives" && private_apt apt-get download "$package") >&2 ||
		cannot "cannot fetch $package"
	unpack "$dir" || cannot "cannot unpack $package"
	echo "$dir"
}

get_qemu10()
{
	if qemu-system-x86_64 --version | grep -q ' 1[0-9]\.'; then
		command -v qemu-system-x86_64
		return
	fi
	dir=$CACHE/debian/qemu10
	if [ ! -x "$dir/qemu" ]; then
		say "fetching QEMU 10.0 from Debian 12's backports"
		private_sources
		{
			private_apt apt-get update &&
			private_apt apt-get install -y --download-only \
				--no-install-recommends -t bookworm-backports \
				qemu-system-x86
		} >&2 || cannot "apt has no QEMU 10.0 for this system"
		unpack "$dir" || cannot "cannot unpack QEMU 10.0"
		lib=lib/x86_64-linux-gnu
		cat >"$dir/qemu" <<-EOF
		#!/bin/sh
		export LD_LIBRARY_PATH=$dir/usr/$lib:$dir/$lib
		exec $dir/usr/bin/qemu-system-x86_64 "\$@"
		EOF
		chmod +x "$dir/qemu"
	fi
	"$dir/qemu" --version >/dev/null || cannot "QEMU 10.0 doesn't start here"
	echo "$dir/qemu"
}

mkdir -p "$CACHE/debian"
apt=$(mktemp -d "$CACHE/debian/apt.XXXXXX")
trap 'rm -rf "$apt"' EXIT
mkdir -p "$apt/lists/partial" "$apt/archives/partial"
exec 9>"$CACHE/debian/lock"
flock 9
case ${1:-} in
cloud) get_cloud ;;
qemu10) get_qemu10 ;;
*) die "cloud or qemu10?" ;;
esac
