// Package profiles is what a person sees of having several: their labels on the rail, and
// the forms that label and remove one.
//
// The models Label and Removal know nothing of Fyne. They belong to the window's
// goroutine; what takes time goes through a Run.
package profiles

import (
	"context"
	"strconv"

	"tacit/ui/lang"
	"tacit/ui/widget/text"
)

// Run calls work away from the window's goroutine, and what work returns on it.
type Run func(work func(context.Context) (done func()))

// Entry is a profile that exists. What is in it is sealed, so this is all that is known of
// one that is locked.
type Entry struct {
	Number int
	Label  string // what the person called it, readable on the disk; mostly empty
}

// Word is what the profile is called on the screen.
func (e Entry) Word() string {
	if e.Label != "" {
		return e.Label
	}
	return lang.T("profile.default", "n", e.Number)
}

// Sign stands for the profile on a disc.
func (e Entry) Sign() string {
	if e.Label != "" {
		return text.CutGraphemes(e.Label, 1)
	}
	return strconv.Itoa(e.Number)
}
