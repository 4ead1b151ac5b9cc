#!/bin/sh
# Turns docs/CHANGELOG.md, read from standard input, into a changelog of Debian: one entry a section "## VERSION, YYYY-MM-DD".
#   packaging/changelog.sh MAINTAINER
set -eu

export LC_ALL=C TZ=UTC
awk -v maintainer="$1" '
	# say prints the paragraph or item that was gathered, in lines of 78.
	function say(   n, i, words, line) {
		n = split(text, words, " ")
		line = first
		for (i = 1; i <= n; i++) {
			if (length(line) + length(words[i]) > 78) {
				sub(/ $/, "", line)
				print line
				line = rest
			}
			line = line words[i] " "
		}
		sub(/ $/, "", line)
		if (n) print line
		text = ""
	}
	function end() {
		say()
		if (!version) return
		command = "date -R -d " day
		command | getline when
		close(command)
		printf "\n -- %s  %s\n\n", maintainer, when
		version = ""
	}
	/^## / {
		end()
		if ($2 !~ /^[0-9.]+,$/ || $3 !~ /^[0-9]+-[0-9]+-[0-9]+$/) next
		version = substr($2, 1, length($2) - 1)
		day = $3
		printf "tacit (%s) unstable; urgency=medium\n\n", version
		next
	}
	!version { next }
	/^$/ { say(); next }
	{
		gsub(/\*\*|`/, "")
		gsub(/\]\([^)]*\)/, "")
		gsub(/\[/, "")
		if (sub(/^- /, "")) { say(); first = "    - "; rest = "      " }
		else if (!text) { first = "  * "; rest = "    " }
		text = text " " $0
	}
	END { end() }'
