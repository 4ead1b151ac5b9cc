#!/bin/sh
# Builds the packages of the last commit twice and compares their hashes: in two folders with names of different length, the second time
# in another time zone and language, with another umask, and with an empty cache of compiled code (or with the same one: CACHE=shared).
#   packaging/package-check.sh
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for n in one another-folder; do
	git clone -q "$here/.." "$work/$n/src"
	if [ "$n" = another-folder ]; then
		export TZ=Pacific/Auckland LC_ALL=C.UTF-8
		umask 077
		[ "${CACHE-}" = shared ] || export GOCACHE="$work/cache"
	fi
	"$work/$n/src/packaging/package.sh" "$work/$n/out" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
	(cd "$work/$n/out" && sha256sum -- *) >"$work/$n/hashes"
	echo "built in $n:"
	cat "$work/$n/hashes"
done
cmp "$work/one/hashes" "$work/another-folder/hashes" || { echo "The builds differ."; exit 1; }
echo "Both builds are the same."
