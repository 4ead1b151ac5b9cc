#!/bin/sh
# Lays out a folder as the programs are installed, with what belongs to them.
#   packaging/stage.sh PROGRAMS ROOT
set -eu

programs=$1
root=$2
here=$(cd "$(dirname "$0")" && pwd)
share=$root/usr/share

put() { install -D -m 644 "$1" "$2"; }
squeeze() { install -d -m 755 "$(dirname "$2")" && gzip -9n <"$1" >"$2" && chmod 644 "$2"; }

for p in tacit tacitd; do
	install -D -m 755 "$programs/$p" "$root/usr/bin/$p"
	put "$here/completions/$p.bash" "$share/bash-completion/completions/$p"
	put "$here/completions/_$p" "$share/zsh/vendor-completions/_$p"
	put "$here/completions/$p.fish" "$share/fish/vendor_completions.d/$p.fish"
done
for page in tacit tacitd tacitd-mailbox; do
	squeeze "$here/man/$page.1" "$share/man/man1/$page.1.gz"
done
put "$here/tacit.desktop" "$share/applications/tacit.desktop"
put "$here/icons/tacit.svg" "$share/icons/hicolor/scalable/apps/tacit.svg"
for n in 16 24 32 48 64 128 256; do
	put "$here/icons/tacit-$n.png" "$share/icons/hicolor/${n}x$n/apps/tacit.png"
done
put "$here/tacit-mailbox.service" "$root/usr/lib/systemd/system/tacit-mailbox.service"
put "$here/tacit-mailbox.default" "$root/etc/default/tacit-mailbox"

put "$here/copyright" "$share/doc/tacit/copyright"
squeeze "$here/../ui/settings/licences.txt" "$share/doc/tacit/licences.txt.gz"
squeeze "$here/../docs/CHANGELOG.md" "$share/doc/tacit/CHANGELOG.md.gz"
put "$here/../docs/headless.md" "$share/doc/tacit/headless.md"
# The unit and its options name this place.
put "$here/../docs/mailbox.md" "$share/doc/tacit-mailbox/mailbox.md"
