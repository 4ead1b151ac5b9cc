#!/bin/sh
# Builds tacit and tacitd so that the same commit gives the same bytes in any folder: no paths, no build IDs, and of the
# version only packaging/VERSION and the commit.
#   packaging/build.sh FOLDER
set -eu

to=$1
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
[ -z "$(git status --porcelain 2>/dev/null)" ] ||
	echo "There are changes here that are not committed: what is built is not the commit that it names." >&2

settings=tacit/ui/settings
flags="-s -w -buildid= -X $settings.version=$(cat "$here/VERSION") -X $settings.commit=$(git rev-parse --short=12 HEAD)"
# Tables of the linker are read-only before the program begins.
flags="$flags -extldflags=-Wl,-z,relro,-z,now"
mkdir -p "$to"
CGO_ENABLED=1 go build -trimpath -ldflags "$flags" -o "$to/" ./ui/cmd/tacit ./ui/cmd/tacitd
