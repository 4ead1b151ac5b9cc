#!/bin/sh
# Prints the linker's flags for programs that are given away: no symbols, no build ID, and the version and commit as stamp.
#   packaging/flags.sh
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
commit=${COMMIT:-$(git describe --always --exclude='*' --abbrev=12 --dirty=+)}
case $commit in
*+) echo "There are changes here that are not committed: what is built is not the commit that it names, and says so by a +." >&2 ;;
esac
stamp=tacit/ui/cmd/internal/build
echo "-s -w -buildid= -X $stamp.version=$(cat "$here/VERSION") -X $stamp.commit=$commit"
