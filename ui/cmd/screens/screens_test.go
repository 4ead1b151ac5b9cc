package main

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"
)

// Pictures are files: a name stands for one scene, and is written as files are.
func TestScenesHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range scenes {
		if seen[s.name] || !regexp.MustCompile(`^[a-z][a-z-]*[a-z0-9]$`).MatchString(s.name) || s.play == nil {
			t.Errorf("scene %q", s.name)
		}
		seen[s.name] = true
	}
}

// What one cast says, all say: else a screen would be empty in one language.
func TestCastsSayEverything(t *testing.T) {
	for tag, c := range casts {
		v := reflect.ValueOf(*c)
		for i := range v.NumField() {
			f, name := v.Field(i), v.Type().Field(i).Name
			if f.Kind() == reflect.String && f.Len() == 0 {
				t.Errorf("%s: %s is empty", tag, name)
			}
			for j := 0; f.Kind() == reflect.Array && j < f.Len(); j++ {
				wordless := name == "said" && (plan[j].kind == passedOn || plan[j].kind == withVoice)
				if (f.Index(j).Len() == 0) != wordless {
					t.Errorf("%s: %s %d is %q", tag, name, j, f.Index(j))
				}
			}
		}
	}
}

// Grounds and hairlines differ by little, and are what a palette loses first.
func TestReducedPictureKeepsGrounds(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 256, 64))
	for i := range 256 * 64 {
		x, y := i%256, i/256
		c := color.RGBA{uint8(x), uint8(y), uint8(x ^ y), 255} // as a photograph
		if y < 60 {
			c = color.RGBA{251, 250, uint8(244 + y/20), 255}
		}
		img.SetRGBA(x, y, c)
	}
	out := reduce(img)
	if n := len(out.Palette); n > paletteSize {
		t.Errorf("%d colours", n)
	}
	for _, y := range []int{0, 20, 40} {
		if got := out.At(9, y); got != img.At(9, y) {
			t.Errorf("row %d is %v, was %v", y, got, img.At(9, y))
		}
	}
}

// The page has a picture of every scene for each language and palette.
func TestPageShowsEveryScene(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "screens.md")
	if err := writePage(path, filepath.Join(dir, "screenshots")); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scenes {
		for _, want := range []string{"en/light", "fr/dark", "ar/light"} {
			if !regexp.MustCompile(`"screenshots/` + want + `/` + s.name + `\.png"`).Match(page) {
				t.Errorf("no %s of %s", want, s.name)
			}
		}
	}
}

// What the page shows is there, and nothing else is.
func TestPicturesAreThere(t *testing.T) {
	const folder = "../../../docs/screenshots"
	want := map[string]bool{}
	for tag := range casts {
		for _, p := range palettes {
			for _, s := range scenes {
				want[filepath.Join(folder, tag, string(p), s.name+".png")] = true
			}
		}
	}
	for path := range want {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("no picture: %v (make screens)", err)
		}
	}
	found, err := filepath.Glob(filepath.Join(folder, "*", "*", "*.png"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range found {
		if !want[path] {
			t.Errorf("%s is of no scene", path)
		}
	}
}
