#!/bin/sh
# Writes into a folder that was laid out what makes it a package of Debian.
#   SOURCE_DATE_EPOCH=SECONDS packaging/control.sh ROOT
set -eu

root=$1
here=$(cd "$(dirname "$0")" && pwd)
version=$(cat "$here/VERSION")
maintainer='Tacit <nobody@localhost>'
doc=$root/usr/share/doc/tacit

install -D -m 644 "$here/lintian-overrides" "$root/usr/share/lintian/overrides/tacit"
{
	printf 'tacit (%s) unstable; urgency=medium\n\n  * What is new stands in CHANGELOG.md.gz.\n\n' "$version"
	printf ' -- %s  %s\n' "$maintainer" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9n >"$doc/changelog.gz"
chmod 644 "$doc/changelog.gz"

mkdir -p "$root/DEBIAN"
echo /etc/default/tacit-mailbox >"$root/DEBIAN/conffiles"
(cd "$root" && find usr -type f | LC_ALL=C sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"
# GLFW opens the libraries behind libx11 by their names when the window opens.
cat >"$root/DEBIAN/control" <<END
Package: tacit
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: $maintainer
Installed-Size: $(du -k --apparent-size -s "$root/usr" | cut -f1)
Depends: libc6 (>= 2.34), libgl1, libx11-6, libxcursor1, libxi6, libxinerama1, libxrandr2, libxxf86vm1
Recommends: libgl1-mesa-dri
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
cat >"$root/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
[ -d /run/systemd/system ] || exit 0
systemctl daemon-reload
systemctl try-restart tacit-mailbox
END
cat >"$root/DEBIAN/prerm" <<'END'
#!/bin/sh
set -e
[ -d /run/systemd/system ] || exit 0
[ "$1" = remove ] && systemctl disable --now tacit-mailbox
exit 0
END
chmod 755 "$root/DEBIAN/postinst" "$root/DEBIAN/prerm"
chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/md5sums" "$root/DEBIAN/conffiles"
