#!/bin/sh
# Gives each fuzz target of the Makefile its time and says what came of it. What a target finds is a file in
# its package's testdata/fuzz: mend the code, and keep the file.
#   packaging/fuzz.sh TIME ./package:FuzzTarget...
set -eu

time=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=

printf '%-45s %12s %16s\n' target executions new-interesting
for t in "$@"; do
	package=${t%:*} name=${t#*:}
	# One worker: the targets take turns, and the computer stays usable.
	if ! go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 200x -parallel 1 "$package" >"$log" 2>&1; then
		cat "$log"
		failed="$failed $t"
		continue
	fi
	last=$(sed -n 's/.*execs: \([0-9]*\).*new interesting: \([0-9]*\).*/\1 \2/p' "$log" | tail -n 1)
	# shellcheck disable=SC2086 # two words
	printf '%-45s %12s %16s\n' "$t" ${last:-0 0}
done
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
