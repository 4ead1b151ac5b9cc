#!/bin/sh
# Builds tacit and tacitd so that the same commit gives the same bytes in any folder: no paths, no build IDs, and of the
# version only packaging/VERSION and the commit.
#   packaging/build.sh FOLDER
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
to=$(cd "$1" && pwd)
cd "$here/.."
flags=$("$here/flags.sh")
# The program lies where nobody can foretell, and tables of the linker are read-only before it begins.
# Functions in C check the ends of what they write.
export CGO_ENABLED=1 CGO_CFLAGS="-O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2"
go build -trimpath -buildmode=pie -ldflags "$flags -extldflags=-Wl,-z,relro,-z,now" \
	-o "$to/" ./ui/cmd/tacit ./ui/cmd/tacitd
