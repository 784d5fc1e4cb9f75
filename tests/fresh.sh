#!/bin/sh
# The promise of the README, on a machine that has nothing: a new Debian 12 root made with debootstrap, with only git
# and make added, a clone of this repository in it, then `make demo` and `make test`.  Needs root and debootstrap.
#   tests/fresh.sh FOLDER        FOLDER must not exist; it is left behind for a look, remove it yourself
set -eu
root=${1:?"usage: tests/fresh.sh FOLDER"}
here=$(cd "$(dirname "$0")/.." && pwd)
mirror=${MIRROR:-http://deb.debian.org/debian}
[ ! -e "$root" ] || { echo "$root exists" >&2; exit 2; }
sh "$here/tests/packages.sh" debootstrap
mkdir -p "$root"
root=$(cd "$root" && pwd)
clean() {
	umount "$root/proc" 2>/dev/null || true
	umount "$root/dev" 2>/dev/null || true
}
trap clean EXIT
trap 'exit 130' INT TERM
debootstrap --variant=minbase --include=git,make,ca-certificates bookworm "$root" "$mirror" >"$root.log" 2>&1 || {
	tail -5 "$root.log"
	exit 3
}
# the security suite, as any Debian 12 has it, so that versions agree with the packages of this machine's mirror
[ -f /etc/apt/sources.list.d/debian.sources ] && cp /etc/apt/sources.list.d/debian.sources "$root/etc/apt/sources.list.d/"
[ -d /etc/apt/apt.conf.d ] && cp -n /etc/apt/apt.conf.d/*proxy* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
# a package that brings a server does not start it here
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
git clone -q "$here" "$root/pccm"
for target in demo test; do
	echo "== make $target"
	chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 http_proxy="${http_proxy:-}" \
		https_proxy="${https_proxy:-}" sh -c "cd /pccm && make $target"
done
