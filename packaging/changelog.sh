#!/bin/sh
# Turns docs/CHANGELOG.md, read from standard input, into a changelog of Debian: one entry a section "## VERSION, YYYY-MM-DD".
#   packaging/changelog.sh MAINTAINER
set -eu

export LC_ALL=C TZ=UTC
awk -v maintainer="$1" '
	function end() {
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
	!version || /^$/ { next }
	{
		gsub(/\*\*|`/, "")
		gsub(/\]\([^)]*\)/, "")
		gsub(/\[/, "")
		at = "  * "
		if (sub(/^- /, "")) at = "    - "
		else if (sub(/^  /, "")) at = "      "
		line = at
		for (i = 1; i <= NF; i++) {
			if (length(line) + length($i) > 78) {
				sub(/ $/, "", line)
				print line
				line = at == "  * " ? "    " : "      "
			}
			line = line $i " "
		}
		sub(/ $/, "", line)
		print line
	}
	END { end() }'
