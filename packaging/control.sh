#!/bin/sh
# Writes into a folder that was laid out what makes it a package of Debian.
#   SOURCE_DATE_EPOCH=SECONDS packaging/control.sh ROOT
set -eu

root=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
version=$(cat "$here/VERSION")
# There is no address yet that anybody reads, and this one says so.
maintainer='Makers of Tacit <tacit@packages.invalid>'
doc=$root/usr/share/doc/tacit

"$here/changelog.sh" "$maintainer" <"$here/../docs/CHANGELOG.md" | gzip -9n >"$doc/changelog.gz"
chmod 644 "$doc/changelog.gz"

# What the programs are linked with, in the versions whose symbols they use.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$root/DEBIAN" "$work/debian" && ln -s "$root" "$work/debian/tacit"
printf 'Source: tacit\n\nPackage: tacit\nArchitecture: any\n' >"$work/debian/control"
linked=$(cd "$work" && dpkg-shlibdeps -O debian/tacit/usr/bin/tacit debian/tacit/usr/bin/tacitd | sed 's/^shlibs:Depends=//')
[ -n "$linked" ]

echo /etc/default/tacit-mailbox >"$root/DEBIAN/conffiles"
(cd "$root" && find usr -type f | LC_ALL=C sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"
# No program is linked with the rest: GLFW opens the libraries behind libx11 by their names when the window opens, Mesa's
# driver draws, and of the two sound systems one is opened where it is there.
cat >"$root/DEBIAN/control" <<END
Package: tacit
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: $maintainer
Installed-Size: $(du -k --apparent-size -s "$root/usr" | cut -f1)
Depends: $linked, libx11-xcb1, libxcursor1, libxi6, libxinerama1, libxrandr2, libxrender1, libxxf86vm1
Recommends: libgl1-mesa-dri, libpulse0 | libasound2
Conflicts: tacit-mailbox
Replaces: tacit-mailbox
Section: net
Priority: optional
Description: messenger that is silent about its users
 Two people meet by a QR code or a link, check each other by two short codes
 read aloud, and from then on write to each other directly, sealed against the
 listeners of today and the quantum computers of tomorrow. There is no account,
 no telephone number and no directory.
 .
 With it comes tacitd, the same without a window, which is also a mailbox node:
 it keeps sealed messages for people who are away. The service tacit-mailbox
 runs only when somebody enables it.
END
"$here/scripts.sh" "$root/DEBIAN"
chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/md5sums" "$root/DEBIAN/conffiles"
