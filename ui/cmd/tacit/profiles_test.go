package main

import (
	"slices"
	"testing"

	"tacit/ui/settings"
)

// TestFilesAskAtFirst: a profile in the window asks before a large file is fetched, and the
// settings show what counts.
func TestFilesAskAtFirst(t *testing.T) {
	above := roster{}.options().AskAbove
	if above == 0 || !slices.Contains(settings.AskSizes, above) {
		t.Errorf("files above %d bytes ask", above)
	}
}
