#!/bin/sh
# Builds the packages of this commit into a folder: .deb, .tar.gz and the list of what they are built from. The same commit and
# compilers give the same bytes: every time is the commit's, every owner root, every order that of the letters.
# Outside a clone of git, COMMIT and SOURCE_DATE_EPOCH say what is built and of when. PROGRAMS are tacit and tacitd, built before.
#   packaging/package.sh FOLDER [PROGRAMS]
set -eu
umask 022

mkdir -p "$1"
[ -z "${2-}" ] || set -- "$1" "$(cd "$2" && pwd)"
to=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
version=$(cat "$here/VERSION")
machine=$(uname -m)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
programs=${2:-$work/programs}
[ -n "${2-}" ] || "$here/build.sh" "$programs"
root=$work/root
"$here/stage.sh" "$programs" "$root"

sbom=tacit_$version.cdx.json
"$here/sbom.sh" "$programs/tacit" "$programs/tacitd" >"$to/$sbom"
install -D -m 644 "$to/$sbom" "$root/usr/share/doc/tacit/$sbom"

find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
tar -C "$root" --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
	--transform "s,^\./,tacit-$version/," -cf - ./etc ./usr | gzip -9n >"$to/tacit-$version-linux-$machine.tar.gz"

if command -v dpkg-deb >/dev/null 2>&1 && command -v dpkg-shlibdeps >/dev/null 2>&1; then
	"$here/control.sh" "$root"
	find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
	# With several threads xz cuts its blocks otherwise. Higher levels take minutes.
	DPKG_DEB_THREADS_MAX=1 dpkg-deb -Zxz -z1 --root-owner-group --build "$root" \
		"$to/tacit_${version}_$(dpkg --print-architecture).deb" >/dev/null
else
	echo "There are no dpkg-deb and dpkg-shlibdeps here (Debian: dpkg-dev): no .deb was built." >&2
fi
ls -l "$to" >&2
