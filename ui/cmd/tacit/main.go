// Tacit is the window: it shows one profile at a time, each kept in a folder of its own.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	fyneapp "fyne.io/fyne/v2/app"
	fynelang "fyne.io/fyne/v2/lang"

	"tacit/ui"
	"tacit/ui/cmd/internal/build"
	"tacit/ui/cmd/internal/instance"
	"tacit/ui/cmd/internal/locale" // also sets the environment right before Fyne reads it
	"tacit/ui/cmd/internal/profile"
	"tacit/ui/desktop"
	"tacit/ui/lang"
	"tacit/ui/pairing/camera"
	"tacit/ui/settings"
	"tacit/ui/voice/device"
)

const usage = `tacit opens the window.

  --profile DIR            open the profile in this folder and no other (default: those in %s)
  --listen lan|loopback    who can reach it: this network, or this computer only
  --title TEXT             title of the window
  --size WxH               size of the window
  --name NAME              with --passphrase-file: make the profile without a question
  --passphrase-file FILE   open the profile without a question
  --minimised              begin out of sight: in the tray, or iconified where there is none
  --trace-start            print when the first window was drawn
  --version                print which version this is
`

func main() {
	began := time.Now()
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	o, err := parse(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, usage, defaultProfile())
		os.Exit(2)
	}
	if o.version {
		fmt.Println(build.This().Line("tacit"))
		return
	}
	if err := run(o, began); err != nil {
		fmt.Fprintln(os.Stderr, "tacit: "+err.Error())
		os.Exit(1)
	}
}

type options struct {
	profile    string
	single     bool // a profile was named
	listen     profile.Listen
	window     ui.Options
	passFile   string
	traceStart bool
	version    bool
}

func parse(args []string) (options, error) {
	flags := flag.NewFlagSet("tacit", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	var o options
	var listen, size string
	flags.StringVar(&o.profile, "profile", defaultProfile(), "")
	flags.StringVar(&listen, "listen", string(profile.LAN), "")
	flags.StringVar(&o.window.Title, "title", "", "")
	flags.StringVar(&size, "size", "", "")
	flags.StringVar(&o.window.Name, "name", "", "")
	flags.StringVar(&o.passFile, "passphrase-file", "", "")
	flags.BoolVar(&o.window.Minimised, "minimised", false, "")
	flags.BoolVar(&o.traceStart, "trace-start", false, "")
	flags.BoolVar(&o.version, "version", false, "")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	flags.Visit(func(f *flag.Flag) { o.single = o.single || f.Name == "profile" })
	o.listen = profile.Listen(listen)
	if flags.NArg() > 0 || o.profile == "" || o.listen != profile.LAN && o.listen != profile.Loopback {
		return o, errors.New("usage")
	}
	if size != "" {
		if _, err := fmt.Sscanf(size, "%fx%f", &o.window.Size.Width, &o.window.Size.Height); err != nil {
			return o, err
		}
	}
	return o, nil
}

// defaultProfile is the folder for a person who names none; "" where the system has no
// place for one.
func defaultProfile() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "tacit")
}

func run(o options, began time.Time) error {
	if err := haveDisplay(); err != nil {
		return err
	}
	if o.passFile != "" {
		passphrase, err := os.ReadFile(o.passFile)
		if err != nil {
			return errors.New("the file with the passphrase cannot be read")
		}
		o.window.Passphrase = strings.TrimRight(string(passphrase), "\r\n")
	}
	if o.traceStart {
		o.window.Started = func() { fmt.Printf("first window %d\n", time.Since(began).Milliseconds()) }
	}
	one := &only{}
	if err := one.claim(o); err != nil {
		if errors.Is(err, instance.ErrServed) {
			return nil
		}
		return err
	}
	defer one.close()
	w, err := open(o)
	if err != nil {
		return err
	}
	one.shows(w)
	w.Run()
	return nil
}

// open makes the window. The app has no ID, so that Fyne keeps no file of preferences about
// it. Fyne panics where the display does not answer.
func open(o options) (w *ui.Window, err error) {
	defer func() {
		if recover() != nil {
			err = errDisplay
		}
	}()
	if err := haveGraphics(); err != nil {
		return nil, err
	}
	o.window.System = newSystem
	o.window.Desktop = func(e desktop.Ears, t desktop.Tray) ui.Desktop { return desktop.Start(e, t) }
	if a := autostart(o); a != nil {
		o.window.Starter = a
	}
	o.window.Motion = desktop.WatchMotion
	o.window.Build = settings.Build(build.This())
	o.window.Sound, o.window.Cameras = device.Devices{}, camera.New()
	all := profile.NewRoster(o.profile)
	o.window.Locale, o.window.Speech = systemLocale(), all
	tellOfLanguages()
	of := roster{all, o.single, o.listen}
	return ui.New(fyneapp.New(), of, o.window), nil
}

// systemLocale is the language of the desktop, as the system names it.
func systemLocale() string {
	switch runtime.GOOS {
	case "darwin", "windows":
		return fynelang.SystemLocale().String()
	}
	return locale.Preferred()
}

// tellOfLanguages says in the log why the window may speak another language than expected.
func tellOfLanguages() {
	if l := locale.Refused(); l != "" {
		slog.Warn("the environment names no language that can be understood", "locale", l)
	}
	for _, err := range lang.Faults() {
		slog.Error("a language cannot be offered, English stands in", "err", err)
	}
}

var errDisplay = errors.New("the display cannot be opened; tacitd is Tacit without a window")

// haveDisplay reports in words why there can be no window.
func haveDisplay() error {
	switch runtime.GOOS {
	case "darwin", "windows":
		return nil
	}
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no display here to open a window on; tacitd is Tacit without a window")
	}
	return nil
}
