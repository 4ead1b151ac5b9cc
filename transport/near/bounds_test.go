package near

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDocumentedLimits holds the limits of this package to section 16 of docs/protocol.md.
func TestDocumentedLimits(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"partners nearby":            fmt.Sprintf("%d, %d of an address; %v s for a name", MaxPartners, MaxPerAddr, nameWithin.Seconds()),
		"frame nearby":               fmt.Sprintf("%d B; %d at once, then one each %v s", MaxFrame, frameBurst, frameEvery.Seconds()),
		"silence nearby":             fmt.Sprintf("%v s; the name is said again each %v s", silence.Seconds(), repeatEvery.Seconds()),
		"cards for a partner nearby": fmt.Sprintf("%d a stay", maxCards),
		"names drawn anew":           fmt.Sprintf("%d a stay", maxRedraws),
	} {
		row := regexp.MustCompile(`(?m)^\| ` + name + ` \| (.+?) \| `).FindSubmatch(page)
		if row == nil || string(row[1]) != value {
			t.Errorf("%s: documented %q, is %q", name, row, value)
		}
	}
	says := fmt.Sprintf("animal 1 (0 to %d), number 1 (%d to %d)", Animals-1, MinNumber, MaxNumber)
	if !strings.Contains(string(page), says) {
		t.Errorf("the page does not say %q", says)
	}
	if says := fmt.Sprintf("1 to %d bytes of `!` to `~`", MaxCard); !strings.Contains(string(page), says) {
		t.Errorf("the page does not say %q", says)
	}
}
