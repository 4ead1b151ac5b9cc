// Tacit is the window: it shows one profile, kept in one folder.
package main

import (
	"context"
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

	"tacit/ui"
	_ "tacit/ui/cmd/internal/locale" // before Fyne reads the environment
	"tacit/ui/cmd/internal/profile"
)

const usage = `tacit opens the window.

  --profile DIR            the folder of the profile (default: %s)
  --listen lan|loopback    who can reach it: this network, or this computer only
  --title TEXT             title of the window
  --size WxH               size of the window
  --name NAME              with --passphrase-file: make the profile without a question
  --passphrase-file FILE   open the profile without a question
  --trace-start            print when the first window was drawn
`

func main() {
	began := time.Now()
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	o, err := parse(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, usage, defaultProfile())
		os.Exit(2)
	}
	if err := run(o, began); err != nil {
		fmt.Fprintln(os.Stderr, "tacit: "+err.Error())
		os.Exit(1)
	}
}

type options struct {
	profile    string
	listen     profile.Listen
	window     ui.Options
	passFile   string
	traceStart bool
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
	flags.BoolVar(&o.traceStart, "trace-start", false, "")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
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
	w, err := open(o)
	if err != nil {
		return err
	}
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
	return ui.New(fyneapp.New(), profiles{o.profile, o.listen}, o.window), nil
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

// profiles is the one profile in a folder, as the window opens it.
type profiles struct {
	dir    string
	listen profile.Listen
}

func (p profiles) options() profile.Options {
	return profile.Options{Listen: p.listen, Logger: slog.Default()}
}

func (p profiles) Exists() bool { return profile.Exists(p.dir) }

func (p profiles) Create(ctx context.Context, name, passphrase string) (ui.Running, error) {
	return running(profile.Start(ctx, p.dir, name, passphrase, p.options()))
}

func (p profiles) Open(ctx context.Context, passphrase string) (ui.Running, error) {
	return running(profile.Open(ctx, p.dir, passphrase, p.options()))
}

func running(r *profile.Running, err error) (ui.Running, error) {
	if err != nil {
		return ui.Running{}, err
	}
	return ui.Running{Messenger: r.Messenger, Ended: r.Ended(), Close: func() error {
		err := r.Close()
		if err != nil {
			slog.Error("close the profile", "error", err)
		}
		return err
	}}, nil
}
