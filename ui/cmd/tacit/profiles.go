package main

import (
	"context"
	"io/fs"
	"log/slog"
	"path/filepath"

	"tacit/app"
	"tacit/ui"
	"tacit/ui/cmd/internal/profile"
	"tacit/ui/profiles"
	"tacit/ui/settings"
)

// roster is the profiles of the person, as the window opens them.
type roster struct {
	of     profile.Roster
	single bool // one folder was named: only what lies in it
	listen profile.Listen
}

func (r roster) List() []profiles.Entry {
	var all []profiles.Entry
	for _, e := range r.of.List() {
		if e.Number == 1 || !r.single {
			all = append(all, profiles.Entry(e))
		}
	}
	return all
}

func (r roster) Next() (number int, ok bool) {
	if r.single {
		return 1, false
	}
	return r.of.Next(), true
}

func (r roster) options() profile.Options {
	return profile.Options{Listen: r.listen, Logger: slog.Default(), AskAbove: settings.AskAtFirst}
}

func (r roster) Create(ctx context.Context, number int, name, passphrase string) (ui.Running, error) {
	return r.running(number)(profile.Start(ctx, r.of.Dir(number), name, passphrase, r.options()))
}

func (r roster) Open(ctx context.Context, number int, passphrase string) (ui.Running, error) {
	return r.running(number)(profile.Open(ctx, r.of.Dir(number), passphrase, r.options()))
}

func (r roster) SetLabel(number int, label string) error { return r.of.SetLabel(number, label) }

func (r roster) Remove(ctx context.Context, number int, passphrase string) error {
	return r.of.Remove(ctx, number, passphrase)
}

func (r roster) running(number int) func(*profile.Running, error) (ui.Running, error) {
	dir := r.of.Dir(number)
	shown := dir
	if whole, err := filepath.Abs(dir); err == nil {
		shown = whole // what is copied to find the folder by leads there from anywhere
	}
	return func(p *profile.Running, err error) (ui.Running, error) {
		if err != nil {
			return ui.Running{}, err
		}
		return ui.Running{
			Messenger:        p.Messenger,
			Ended:            p.Ended(),
			Folder:           shown,
			Size:             func() (int64, error) { return size(dir) },
			CheckPassphrase:  p.CheckPassphrase,
			ChangePassphrase: p.ChangePassphrase,
			Close: func() error {
				err := p.Close()
				if err != nil {
					slog.Error("close the profile", "error", err)
				}
				return err
			},
		}, nil
	}
}

// size is what the files of a profile take. Of the first one, the others lie in its folder
// and do not count.
func size(dir string) (bytes int64, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != dir {
				return filepath.SkipDir
			}
			return nil
		}
		info, err := d.Info()
		if err == nil {
			bytes += info.Size()
		}
		return nil // a file that went meanwhile does not count
	})
	if err != nil {
		return 0, app.ErrDiskReadOnly
	}
	return bytes, nil
}
