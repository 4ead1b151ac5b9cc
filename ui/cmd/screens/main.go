// Screens opens the window of Tacit over people in memory, goes through every screen of it
// in each language, and writes pictures of them in both palettes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	_ "tacit/ui/cmd/internal/locale" // sets the environment right before Fyne reads it
	"tacit/ui/cmd/internal/xvfb"
)

// The folder of the pictures, and the page that shows them.
const (
	picturesFolder = "docs/screenshots"
	pageFile       = "docs/screens.md"
)

type options struct {
	out       string   // folder of the pictures
	page      string   // file of the page; empty: none
	version   string   // of the program
	screen    string   // folder of the frame buffer, of the process that opens the window; else empty
	languages []string // tags
	only      *regexp.Regexp
}

func main() {
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "screens:", err)
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	var o options
	var languages, only string
	flags := flag.NewFlagSet("screens", flag.ContinueOnError)
	flags.StringVar(&o.out, "out", picturesFolder, "the folder for the pictures")
	flags.StringVar(&o.page, "page", pageFile, "the page that shows them")
	flags.StringVar(&o.version, "version", "", "the version that the program says to be")
	flags.StringVar(&o.screen, "screen", "", "open the window here and now, on the X server whose frame buffer is in this folder")
	flags.StringVar(&languages, "languages", "en,fr,ar", "which languages, by tag; none: only the page is written")
	flags.StringVar(&only, "only", "", "only the scenes whose name matches this expression; no page is written then")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if languages != "" {
		o.languages = strings.Split(languages, ",")
	}
	for _, l := range o.languages {
		if casts[l] == nil {
			return o, fmt.Errorf("no people speak %q", l)
		}
	}
	var err error
	o.only, err = regexp.Compile("^(?:" + only + ")$")
	if only == "" {
		o.only = regexp.MustCompile("")
	} else {
		o.page = ""
	}
	return o, err
}

// run has a process for each language, since Fyne runs once in a process. Each spends most
// of its time waiting for what it did to be shown, so they run side by side.
func run(o options) error {
	if o.screen != "" {
		return takePictures(o, o.languages[0])
	}
	failed := make([]error, len(o.languages)+1)
	var all sync.WaitGroup
	for i, l := range o.languages {
		all.Go(func() {
			began := time.Now()
			if err := o.picturesIn(l); err != nil {
				failed[i] = fmt.Errorf("%s: %w", l, err)
			}
			fmt.Printf("%6.1f s  %s\n", time.Since(began).Seconds(), l)
		})
	}
	all.Wait()
	if o.page != "" {
		failed[len(o.languages)] = writePage(o.page, o.out)
	}
	return errors.Join(failed...)
}

// picturesIn runs this program for one language, on an X server of its own.
func (o options) picturesIn(language string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "tacit-screens-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	x, err := xvfb.Start(dir, 3*windowWidth, windowHeight) // the pointer is in its middle, beside the window
	if err != nil {
		return fmt.Errorf("start the X server: %w", err)
	}
	defer x.Stop()
	cmd := exec.Command(self, "-screen", dir, "-out", o.out, "-languages", language, "-version", o.version, "-only", o.only.String())
	// The toolkit keeps a file in the home. No session bus: it would ask the desktop for
	// light or dark.
	home := homeOf(language)
	if err := furnish(home, casts[language]); err != nil {
		return err
	}
	defer os.RemoveAll(home)
	cmd.Env = append(x.Env(), "FYNE_SCALE=1", "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(dir, "config"),
		"XDG_CACHE_HOME="+filepath.Join(dir, "cache"), "DBUS_SESSION_BUS_ADDRESS=unix:path="+filepath.Join(dir, "nobody"))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	xvfb.Tie(cmd)
	return cmd.Run()
}

// homeOf is the home of who uses the window, with files to choose from: its name is in the
// pictures.
func homeOf(language string) string { return filepath.Join(os.TempDir(), "tacit-"+language) }

// furnish makes the home, in place of one that an earlier run left.
func furnish(home string, c *cast) error {
	if err := os.RemoveAll(home); err != nil {
		return err
	}
	for folder, files := range map[string][]string{"Documents": {c.file, c.archive}, "Downloads": nil, "Pictures": {c.picture}} {
		if err := os.MkdirAll(filepath.Join(home, folder), 0o700); err != nil {
			return err
		}
		for _, f := range files {
			if err := os.WriteFile(filepath.Join(home, folder, f), harbour(), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}
