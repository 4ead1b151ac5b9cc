#!/bin/sh
# Writes what dpkg runs when a package with the mailbox node's service comes, changes and goes. A node that runs is started anew
# with the new program; none is started or enabled.
#   packaging/scripts.sh DEBIAN-FOLDER
set -eu

cat >"$1/postinst" <<'END'
#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
	systemctl --system daemon-reload >/dev/null || true
	deb-systemd-invoke try-restart tacit-mailbox.service >/dev/null || true
fi
END
cat >"$1/prerm" <<'END'
#!/bin/sh
set -e
if [ "$1" = remove ]; then
	[ ! -d /run/systemd/system ] || deb-systemd-invoke stop tacit-mailbox.service >/dev/null
	deb-systemd-helper disable tacit-mailbox.service >/dev/null || true
fi
END
cat >"$1/postrm" <<'END'
#!/bin/sh
set -e
if [ "$1" = purge ]; then
	deb-systemd-helper purge tacit-mailbox.service >/dev/null 2>&1 || true
	# The node's keys and what waits for people. Profiles lie in the homes of those who own them, and stay.
	rm -rf /var/lib/private/tacit-mailbox /var/lib/tacit-mailbox
fi
[ ! -d /run/systemd/system ] || systemctl --system daemon-reload >/dev/null || true
END
chmod 755 "$1/postinst" "$1/prerm" "$1/postrm"
