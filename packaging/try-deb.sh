#!/bin/sh
# Tries a .deb of tacit as somebody meets it: lintian; then in a clean root of Debian, made by debootstrap, apt installs it with what
# it needs, its pages and completions are read, tacitd speaks, the window opens on Xvfb, and purging it leaves profiles alone.
# Needs Linux and root. TRY_ROOT names a folder where the clean root is kept for the next time.
#   packaging/try-deb.sh DEB SCREENSHOT
set -eu

deb=$(realpath "$1")
mkdir -p "$(dirname "$2")"
picture=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
[ "$(id -u)" = 0 ] || { echo "make try-deb makes a root and changes into it: run it as root." >&2; exit 1; }

# What is mounted below ends with this script.
[ -n "${TRY_OWN-}" ] || TRY_OWN=1 exec unshare --mount --propagation private "$0" "$deb" "$picture"

suite=bookworm
work=$(mktemp -d)
trap 'cd /; umount -R "$work/root/proc" "$work/root/dev" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT
base=${TRY_ROOT:-$work/base}
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

echo "== lintian"
lintian --allow-root --fail-on error,warning "$deb"

echo "== a clean root of $suite"
[ -e "$base/etc/debian_version" ] || debootstrap --variant=minbase --include=ca-certificates "$suite" "$base" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$work/log" ||
	{ tail "$work/log" >&2; exit 1; }
cp -a "$base" "$work/root"
root=$work/root
cp /etc/resolv.conf "$root/etc/resolv.conf"
mkdir "$root/trial"
cp "$deb" "$root/trial/tacit.deb"
cp "$here/try-deb-inside.sh" "$root/trial/"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for d in null zero full random urandom tty; do
	touch "$root/dev/$d"
	mount --bind "/dev/$d" "$root/dev/$d"
done
mkdir -m 1777 "$root/dev/shm"
mkdir "$root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

# Nothing of this computer's environment comes along but the way out.
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive VERSION="$(cat "$here/VERSION")" \
	http_proxy="${http_proxy-}" https_proxy="${https_proxy-}" \
	chroot "$root" sh /trial/try-deb-inside.sh
cp "$root/trial/window.png" "$picture"
echo "== all is well; the window is in $picture"
