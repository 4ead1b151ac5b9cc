#!/bin/sh
# Builds tacit.exe and tacitd.exe on Linux with mingw-w64, and packs them: the same bytes for the same commit.
#   packaging/windows.sh FOLDER
set -eu
umask 022

cross=x86_64-w64-mingw32
for tool in $cross-gcc $cross-windres zip; do
	command -v "$tool" >/dev/null || {
		echo "There is no $tool here: make setup-windows installs it (Debian: gcc-mingw-w64-x86-64, zip)." >&2
		exit 1
	}
done
mkdir -p "$1"
to=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
version=$(cat "$here/VERSION")
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

flags=$("$here/flags.sh")

# program NAME DESCRIPTION [FLAG]: built with its icon, version and manifest.
program() {
	$cross-windres -I "$here/windows" -DNAME="\\\"$1\\\"" -DDOES="\\\"$2\\\"" -DVERSION="\\\"$version\\\"" \
		-DNUMBERS="$(echo "$version" | tr . ,),0" "$here/windows/tacit.rc" "$work/$1.res.o"
	GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=$cross-gcc CXX=$cross-g++ \
		go build -trimpath -ldflags "$flags ${3-} -extldflags=$work/$1.res.o" \
		-o "$work/tacit-$version/$1.exe" "./ui/cmd/$1"
}
program tacitd "Tacit without a window"
# A program with a window opens no console beside it.
program tacit Tacit -H=windowsgui

at=$work/tacit-$version
"$here/sbom.sh" "$at/tacit.exe" "$at/tacitd.exe" >"$to/tacit_${version}_windows.cdx.json"
cp "$to/tacit_${version}_windows.cdx.json" "$at/"
cp LICENSE "$at/LICENSE.txt"
cp ui/settings/licences.txt docs/CHANGELOG.md docs/headless.md docs/mailbox.md "$at/"
find "$at" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
rm -f "$to/tacit-$version-windows-x86_64.zip"
(cd "$work" && find "tacit-$version" -type f | sort | zip -qX9@ "$to/tacit-$version-windows-x86_64.zip")
cp "$at/tacit.exe" "$at/tacitd.exe" "$to/"
ls -l "$to" >&2
