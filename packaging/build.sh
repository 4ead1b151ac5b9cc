#!/bin/sh
# Builds tacit and tacitd so that the same commit gives the same bytes in any folder: no paths, no build IDs, and of the
# version only packaging/VERSION and the commit.
#   packaging/build.sh FOLDER [windows]
set -eu

to=$1
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
[ -z "$(git status --porcelain 2>/dev/null)" ] ||
	echo "There are changes here that are not committed: what is built is not the commit that it names." >&2

settings=tacit/ui/settings
flags="-s -w -buildid= -X $settings.version=$(cat "$here/VERSION") -X $settings.commit=$(git rev-parse --short=12 HEAD)"
suffix=
case ${2-} in
windows)
	export GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc
	# A program with a window opens no console beside it.
	window="$flags -H windowsgui"
	suffix=.exe
	;;
*)
	# Tables of the linker are read-only before the program begins.
	flags="$flags -extldflags=-Wl,-z,relro,-z,now"
	window=$flags
	;;
esac
mkdir -p "$to"
CGO_ENABLED=1 go build -trimpath -ldflags "$flags" -o "$to/tacitd$suffix" ./ui/cmd/tacitd
CGO_ENABLED=1 go build -trimpath -ldflags "$window" -o "$to/tacit$suffix" ./ui/cmd/tacit
