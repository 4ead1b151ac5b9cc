#!/bin/sh
# The part of try-deb.sh that runs inside the clean root.
set -eu

version=$VERSION
trial=/trial
say() { printf '== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
quiet() { "$@" >"$trial/log" 2>&1 || { cat "$trial/log" >&2; fail "$*"; }; }
useradd -m -s /bin/bash amina
as_amina() { runuser -u amina -- env HOME=/home/amina "$@"; }

say "apt installs tacit and what it needs, and nothing else is there"
quiet apt-get update
quiet apt-get install -y "$trial/tacit.deb"
grep '^Unpacking' "$trial/log" | sed 's/ (.*//; s/^Unpacking //; s/:amd64//' | tr '\n' ' ' | fold -sw 110 | sed 's/^/   /'
echo
# GLFW opens these by their names, so that the linker does not tell of them.
grep -ao 'libX[0-9A-Za-z-]*\.so\.[0-9]*' /usr/bin/tacit | sort -u >"$trial/opened"
while read -r library; do
	/sbin/ldconfig -p | grep -q "$library " || fail "$library is missing"
done <"$trial/opened"
[ "$(wc -l <"$trial/opened")" -gt 4 ] || fail "only $(wc -l <"$trial/opened") libraries are opened by name"
for p in tacit tacitd; do
	ldd "/usr/bin/$p" | grep 'not found' && fail "$p lacks a library"
	said=$(as_amina "$p" --version)
	echo "   $said"
	case $said in "$p $version ("*) ;; *) fail "--version says $said" ;; esac
done

say "tools of the trial: a reader of pages, shells, Xvfb"
quiet apt-get install -y --no-install-recommends man-db bash-completion zsh fish xvfb xauth x11-utils imagemagick procps

say "man pages"
for page in tacit tacitd tacitd-mailbox; do
	MANWIDTH=80 man --warnings=w "$page" >"$trial/page" 2>"$trial/warnings" || fail "man $page"
	[ ! -s "$trial/warnings" ] || { cat "$trial/warnings"; fail "man $page warns"; }
	grep -q '^NAME' "$trial/page" && grep -q '^SYNOPSIS' "$trial/page" || fail "$page has no NAME or SYNOPSIS"
	echo "   $page: $(wc -l <"$trial/page") lines"
done

say "completions"
for p in tacit tacitd; do
	bash -c ". /usr/share/bash-completion/bash_completion; . /usr/share/bash-completion/completions/$p
		COMP_WORDS=($p --ver); COMP_CWORD=1; _$p; [ \"\${COMPREPLY[*]}\" = --version ]" || fail "bash completes nothing of $p"
	zsh -fc "autoload -Uz compinit && compinit -u -d /trial/zcompdump && [ \"\$_comps[$p]\" = _$p ] && autoload +X -Uz _$p" ||
		fail "zsh does not know _$p"
	HOME=$trial fish -c "complete -C '$p --ver' | string match -q -- '--version*'" || fail "fish completes nothing of $p"
done
zsh -fc 'for f in /usr/share/zsh/vendor-completions/_tacit*; do zsh -n $f || exit 1; done' || fail "zsh does not parse"
echo "   bash, zsh and fish complete --version of both"

say "tacitd makes a profile, opens it and speaks"
printf 'correct horse battery staple\n' >"$trial/pass"
chmod 644 "$trial/pass"
as_amina tacitd init --profile /home/amina/bot --name Amina --passphrase-file "$trial/pass"
{
	echo '{"jsonrpc":"2.0","id":1,"method":"profile.get"}'
	echo '{"jsonrpc":"2.0","id":2,"method":"shutdown"}'
} | as_amina tacitd run --profile /home/amina/bot --passphrase-file "$trial/pass" --listen loopback >"$trial/said" 2>"$trial/log" ||
	{ cat "$trial/log" >&2; fail "tacitd run"; }
grep -q '"name":"Amina"' "$trial/said" || fail "tacitd did not name the profile"

say "the window opens on Xvfb, drawn by software"
# It chooses a display that no other has.
Xvfb -displayfd 3 -screen 0 1100x760x24 -nolisten tcp 3>"$trial/display" >/dev/null 2>&1 &
xvfb=$!
until [ -s "$trial/display" ]; do
	kill -0 $xvfb 2>/dev/null || fail "Xvfb did not start"
	sleep 0.2
done
DISPLAY=:$(cat "$trial/display")
export DISPLAY
: >"$trial/window"
# GLFW and Fyne need nothing else of a desktop: no session bus, no tray, no window manager.
as_amina env LIBGL_ALWAYS_SOFTWARE=1 LANG=en_US.UTF-8 tacit --size 1100x760 --trace-start >"$trial/window" 2>"$trial/errors" &
window=$!
n=0
until grep -q '^first window' "$trial/window"; do
	n=$((n + 1))
	[ $n -lt 120 ] && kill -0 $window 2>/dev/null || { cat "$trial/errors" >&2; fail "no window came"; }
	sleep 0.5
done
# It is drawn when the picture has more than a handful of colours, and stays the same for a second.
last=
for n in $(seq 60); do
	sleep 1
	import -silent -window root "$trial/window.png"
	now=$(identify -format '%# %k' "$trial/window.png")
	[ "${now##* }" -gt 50 ] && [ "$now" = "$last" ] && break
	last=$now
done
[ "${now##* }" -gt 50 ] || fail "the window is empty"
convert "$trial/window.png" -strip +dither -colors 128 "PNG8:$trial/window.png"
echo "   $(cat "$trial/window") ms after its start"
xwininfo -root -tree | grep -q '"Tacit"' || fail "no window is called Tacit"
pkill -TERM -u amina -x tacit
wait $window && ended=0 || ended=$?
kill $xvfb
[ "$ended" = 0 ] || echo "   (it ended with status $ended on SIGTERM)"
grep -E 'panic|goroutine' "$trial/errors" && fail "it panicked"

say "purging it leaves nothing but profiles"
dpkg -L tacit >"$trial/files"
quiet apt-get purge -y --autoremove tacit
while read -r file; do
	[ -d "$file" ] && [ "${file#*tacit}" = "$file" ] || [ ! -e "$file" ] || fail "$file is left"
done <"$trial/files"
find / -xdev \( -path /proc -o -path /dev -o -path "$trial" -o -path /home/amina -o -path /var/cache/man \) -prune -o -iname '*tacit*' -print >"$trial/left"
[ ! -s "$trial/left" ] || fail "left: $(tr '\n' ' ' <"$trial/left")"
[ -e /home/amina/bot/vault ] || fail "the profile is gone"
echo "   $(wc -l <"$trial/files") paths are gone; the profile in the home is there"
