#!/bin/sh
# Builds tacit-mailbox_VERSION_ARCH.deb from a tacitd that was built: the mailbox node as a service, for a server
# without a window; what people install is of package.sh.
#   packaging/deb.sh TACITD FOLDER
set -eu

tacitd=$1
to=$2
here=$(dirname "$0")
version=$(cat "$here/VERSION")
arch=$(dpkg --print-architecture)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

install -D -m 755 "$tacitd" "$root/usr/bin/tacitd"
install -D -m 644 "$here/tacit-mailbox.service" "$root/usr/lib/systemd/system/tacit-mailbox.service"
install -D -m 644 "$here/tacit-mailbox.default" "$root/etc/default/tacit-mailbox"
install -D -m 644 "$here/../docs/mailbox.md" "$root/usr/share/doc/tacit-mailbox/mailbox.md"
install -D -m 644 "$here/../LICENSE" "$root/usr/share/doc/tacit-mailbox/copyright"
chmod 755 "$root"
mkdir -p "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<EOF
Package: tacit-mailbox
Version: $version
Architecture: $arch
Maintainer: Makers of Tacit <tacit@packages.invalid>
Depends: libc6
Conflicts: tacit
Replaces: tacit
Section: net
Priority: optional
Description: mailbox node of Tacit
 Keeps sealed messages for people who are away, relays between those who
 cannot reach each other, and learns nothing of who writes to whom.
EOF
echo /etc/default/tacit-mailbox >"$root/DEBIAN/conffiles"
"$here/scripts.sh" "$root/DEBIAN"
mkdir -p "$to"
dpkg-deb --root-owner-group --build "$root" "$to/tacit-mailbox_${version}_$arch.deb"
