#!/bin/sh
# Installs the system packages that are needed to build; with "test", to test the network, mailboxes in PostgreSQL and QR codes; with "e2e", to
# drive the window; with "package", to pack a .deb; with "windows", to build for Windows; with "clean-root", to try the .deb in one.
# It says what it installs, uses sudo where it is not root, and where it cannot, prints the command and stops.
#   packaging/setup.sh [build] [test] [e2e] [package] [windows] [clean-root]
set -eu

say() { printf '%s\n' "$*" >&2; }

if ! command -v go >/dev/null 2>&1; then
	say "Go is not installed. Install Go 1.26 or newer from https://go.dev/dl and run this again."
	exit 1
fi

wants=${*:-build}
missing=

# need CHECK PACKAGE...: adds the packages for which CHECK fails.
need() {
	check=$1
	shift
	for p in "$@"; do
		$check "$p" >/dev/null 2>&1 || missing="$missing $p"
	done
}

has_deb() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

install=
if command -v apt-get >/dev/null 2>&1; then
	for w in $wants; do
		case $w in
		build) need has_deb gcc libc6-dev pkg-config libgl1-mesa-dev libgl1-mesa-dri libx11-dev libxcursor-dev \
			libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev libopus-dev ;;
		package) need has_deb dpkg-dev xz-utils ;;
		windows) need has_deb gcc-mingw-w64-x86-64 zip ;;
		clean-root) need has_deb debootstrap dpkg-dev lintian ;;
		test) need has_deb iproute2 postgresql qrencode zbar-tools dbus-daemon pulseaudio pulseaudio-utils xvfb dpkg-dev xz-utils ;;
		e2e) need has_deb xvfb xdotool openbox xclip iproute2 ;;
		esac
	done
	install="apt-get install -y --no-install-recommends"
	refresh="apt-get update"
elif command -v dnf >/dev/null 2>&1; then
	for w in $wants; do
		case $w in
		build) need "rpm -q" gcc pkgconf-pkg-config mesa-libGL-devel mesa-dri-drivers libX11-devel libXcursor-devel \
			libXrandr-devel libXinerama-devel libXi-devel libXxf86vm-devel opus-devel ;;
		windows) need "rpm -q" mingw64-gcc zip ;;
		test) need "rpm -q" iproute postgresql-server qrencode zbar dbus-daemon pulseaudio pulseaudio-utils xorg-x11-server-Xvfb ;;
		e2e) need "rpm -q" xorg-x11-server-Xvfb xdotool openbox xclip iproute ;;
		esac
	done
	install="dnf install -y"
	refresh=
elif command -v pacman >/dev/null 2>&1; then
	for w in $wants; do
		case $w in
		build) need "pacman -Q" gcc pkgconf mesa libx11 libxcursor libxrandr libxinerama libxi libxxf86vm opus ;;
		windows) need "pacman -Q" mingw-w64-gcc zip ;;
		test) need "pacman -Q" iproute2 postgresql qrencode zbar dbus pulseaudio libpulse xorg-server-xvfb ;;
		e2e) need "pacman -Q" xorg-server-xvfb xdotool openbox xclip iproute2 ;;
		esac
	done
	install="pacman -S --needed --noconfirm"
	refresh=
elif command -v brew >/dev/null 2>&1; then
	case " $wants " in *" e2e "*)
		say "The tests that drive the window need an X server (Xvfb) and network namespaces: run them on Linux."
		exit 1
		;;
	esac
	# macOS brings OpenGL and its window system; only the compiler and Opus may be missing.
	command -v cc >/dev/null 2>&1 || missing=" gcc"
	need "brew list" pkg-config opus
	install="brew install"
	refresh=
else
	command -v cc >/dev/null 2>&1 && command -v pkg-config >/dev/null 2>&1 && pkg-config --exists opus && exit 0
	say "No package manager that this script knows (apt, dnf, pacman, brew). Install a C compiler, pkg-config and the"
	say "development files of Opus, OpenGL and X11 (Xcursor, Xrandr, Xinerama, Xi, Xxf86vm), then run this again."
	exit 1
fi

[ -n "$missing" ] || exit 0

root=
if [ "$(id -u)" != 0 ] && [ "${install%% *}" != brew ]; then
	if command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
		root=sudo
	else
		say "Some system packages are missing and this user may not install them. As root, run:"
		[ -z "$refresh" ] || say "    $refresh"
		say "    $install$missing"
		exit 1
	fi
fi

say "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
if [ -n "$refresh" ]; then
	# shellcheck disable=SC2086
	$root $refresh >/dev/null || say "(the package list could not be refreshed; trying with the one at hand)"
fi
# shellcheck disable=SC2086
if ! $root $install $missing >/dev/null; then
	say "The installation failed. To see why, run:"
	say "    ${root:+$root }$install$missing"
	exit 1
fi
