package pairing

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestDroppedFilesThatAreNoCards: a file of 100 MB, a picture of 20,000 x 20,000 pixels and
// one without a code are refused where the person dropped them, and a card still works.
func TestDroppedFilesThatAreNoCards(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	card := encodePNG(t, code(t, 5))
	good, large := write("good.png", card), write("large.png", card)
	if err := os.Truncate(large, 100<<20); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		want error
	}{
		{large, ErrPictureTooLarge},
		{write("bomb.png", bomb(t, 20000)), ErrPictureTooLarge},
		{write("cut.png", card[:200]), ErrNoCode},
		{write("letter.txt", []byte("see you at eight")), ErrNoCode},
		{dir, ErrNoCode},
	} {
		a, f := open(t)
		a.ReadPicture(c.path)
		if a.Step != StepTheirs || !errors.Is(a.TheirsErr, c.want) || a.Reading || len(f.accepted) > 0 {
			t.Errorf("%s: step %d, error %v, want %v", filepath.Base(c.path), a.Step, a.TheirsErr, c.want)
		}
		a.ReadPicture(good)
		if a.Step != StepLooking || a.TheirsErr != nil {
			t.Errorf("after %s: step %d, error %v", filepath.Base(c.path), a.Step, a.TheirsErr)
		}
	}
}
