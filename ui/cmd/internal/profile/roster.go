package profile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tacit/app"
	"tacit/storage"
	"tacit/storage/durable"
)

// Roster is the profiles of one computer account. The folder itself is the first, the
// others lie in its folder "profiles", each named by its number:
//
//	tacit/             vault, store, ...: number 1
//	tacit/label        what the person called it, in clear; mostly missing
//	tacit/language     the language that the window speaks, in clear; missing: the system's
//	tacit/profiles/2/  vault, store, ..., label
//
// Nothing else is kept about them outside their vaults: whoever reads the disk learns how
// many there are, their labels, the language, and when each was last used.
type Roster struct{ root string }

// NewRoster returns the profiles in a folder, which may not be there yet.
func NewRoster(root string) Roster { return Roster{root} }

// Entry is a profile that exists.
type Entry struct {
	Number int
	Label  string // what the person called it, or empty
}

const (
	profilesDir  = "profiles"
	labelFile    = "label"
	languageFile = "language"
)

// Dir is the folder of a profile.
func (r Roster) Dir(number int) string {
	if number <= 1 {
		return r.root
	}
	return filepath.Join(r.root, profilesDir, strconv.Itoa(number))
}

// List returns the profiles that exist, by number.
func (r Roster) List() []Entry {
	var all []Entry
	for _, n := range append([]int{1}, r.numbers()...) {
		if storage.Exists(r.Dir(n)) {
			all = append(all, Entry{n, r.label(n)})
		}
	}
	return all
}

// numbers returns those that have a folder beside the first, in order.
func (r Roster) numbers() []int {
	entries, err := os.ReadDir(filepath.Join(r.root, profilesDir))
	if err != nil {
		return nil // there is none
	}
	var all []int
	for _, e := range entries {
		n, err := strconv.Atoi(e.Name())
		if err == nil && n > 1 && strconv.Itoa(n) == e.Name() && e.IsDir() {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all
}

// Next is the number that a new profile gets: the least that none has.
func (r Roster) Next() int {
	n := 1
	for storage.Exists(r.Dir(n)) {
		n++
	}
	return n
}

// label reads what the person called a profile; what cannot be one is none.
func (r Roster) label(number int) string {
	b, err := os.ReadFile(filepath.Join(r.Dir(number), labelFile))
	if err != nil || len(b) > maxLabelFile || !utf8.Valid(b) {
		return ""
	}
	clean, _, err := app.CleanName(strings.TrimSpace(string(b)))
	if err != nil {
		return ""
	}
	return clean
}

// SetLabel writes down, in clear, what the person called a profile; an empty label is
// forgotten. Errors are those of app.CleanName and of the disk.
func (r Roster) SetLabel(number int, label string) error {
	path := filepath.Join(r.Dir(number), labelFile)
	if strings.TrimSpace(label) == "" {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: forget the label: %w", app.ErrDiskReadOnly, err)
		}
		return nil
	}
	clean, _, err := app.CleanName(label)
	if err != nil {
		return err
	}
	if err := durable.WriteFile(path, []byte(clean+"\n")); err != nil {
		return fmt.Errorf("%w: write the label: %w", app.ErrDiskReadOnly, err)
	}
	return nil
}

// Language reads which language the person chose for the window, for all profiles; "" is
// that of the system.
func (r Roster) Language() string {
	b, err := os.ReadFile(filepath.Join(r.root, languageFile))
	if err != nil || len(b) > maxLanguageFile {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// SetLanguage writes down, in clear, the tag of a language; "" forgets it. Errors are
// those of the disk.
func (r Roster) SetLanguage(tag string) error {
	path := filepath.Join(r.root, languageFile)
	if tag == "" {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: forget the language: %w", app.ErrDiskReadOnly, err)
		}
		return nil
	}
	if err := durable.WriteFile(path, []byte(tag+"\n")); err != nil {
		return fmt.Errorf("%w: write the language: %w", app.ErrDiskReadOnly, err)
	}
	return nil
}

// Remove erases a profile, which must be closed, with its label. Errors are those of
// storage.Erase.
func (r Roster) Remove(ctx context.Context, number int, passphrase string) error {
	if err := storage.Erase(ctx, r.Dir(number), passphrase); err != nil {
		return fmt.Errorf("erase a profile: %w", err)
	}
	if err := r.SetLabel(number, ""); err != nil {
		return err
	}
	if number > 1 {
		_ = os.Remove(r.Dir(number)) // only if nothing foreign lies in it
	}
	return nil
}
