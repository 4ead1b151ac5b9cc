package settings

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var writeLicences = flag.Bool("write-licences", false, "write licences.txt anew")

// modules lists what bin/tacit is built from on a system: "path version dir".
func modules(t *testing.T, system string) [][]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}", "tacit/ui/cmd/tacit")
	cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	var all [][]string
	for _, l := range slices.Compact(lines) {
		if f := strings.Split(l, "\t"); len(f) == 3 && f[0] != "tacit" {
			all = append(all, f)
		}
	}
	return all
}

// TestEveryPartHasItsLicence holds licences.txt to what the program is built from.
func TestEveryPartHasItsLicence(t *testing.T) {
	if *writeLicences {
		if err := os.WriteFile("licences.txt", collect(t), 0o644); err != nil {
			t.Fatal(err)
		}
		return // what is embedded is the file of before
	}
	known := map[string]Licence{}
	for _, l := range Licences() {
		known[l.Name] = l
		if l.Kind == "" || len(l.Text) < 100 {
			t.Errorf("%s: kind %q, %d bytes of text", l.Name, l.Kind, len(l.Text))
		}
	}
	list := modules(t, runtime.GOOS)
	if len(list) < 20 {
		t.Fatalf("only %d modules were listed", len(list))
	}
	for _, m := range list {
		if l, ok := known[m[0]]; !ok || l.Version != m[1] {
			t.Errorf("%s %s is not in licences.txt (it has %q): go test ./ui/settings -run Licence -write-licences", m[0], m[1], l.Version)
		}
	}
	for _, part := range []string{"Go", "IBM Plex Sans Arabic", "IBM Plex Mono", "Noto Sans Hebrew", "Noto Naskh Arabic", "Noto Color Emoji", "Atkinson Hyperlegible Next", "EFF word list"} {
		if _, ok := known[part]; !ok {
			t.Errorf("%s is not in licences.txt", part)
		}
	}
}

var licenceName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense|notice)`)

// collect reads the licences of all parts.
func collect(t *testing.T) []byte {
	t.Helper()
	var all []Licence
	seen := map[string]bool{}
	for _, system := range []string{"linux", "windows", "darwin"} {
		for _, m := range modules(t, system) {
			if !seen[m[0]] {
				seen[m[0]] = true
				all = append(all, Licence{Name: m[0], Version: m[1], Text: texts(t, m[2], licenceName)})
			}
		}
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	fonts := filepath.Join("..", "theme", "fonts")
	all = append(all,
		Licence{Name: "Go", Text: texts(t, strings.TrimSpace(string(goroot)), licenceName)},
		Licence{Name: "IBM Plex Sans Arabic", Text: texts(t, fonts, regexp.MustCompile("^OFL-Plex"))},
		Licence{Name: "IBM Plex Mono", Text: texts(t, fonts, regexp.MustCompile("^OFL-Plex"))},
		Licence{Name: "Noto Sans Hebrew", Text: texts(t, fonts, regexp.MustCompile("^OFL-Noto"))},
		Licence{Name: "Noto Naskh Arabic", Text: texts(t, fonts, regexp.MustCompile("^OFL-Noto"))},
		Licence{Name: "Noto Color Emoji", Text: texts(t, fonts, regexp.MustCompile("^OFL-Noto"))},
		Licence{Name: "Atkinson Hyperlegible Next", Text: texts(t, fonts, regexp.MustCompile("^OFL-Atkinson"))},
		Licence{Name: "EFF word list", Kind: "CC BY 3.0 US", Text: effList})
	slices.SortFunc(all, func(a, b Licence) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	var b bytes.Buffer
	for _, l := range all {
		if l.Kind == "" {
			l.Kind = kinds(l.Text)
		}
		b.WriteString("\f" + l.Name + "\t" + l.Version + "\t" + l.Kind + "\n" + l.Text + "\n")
	}
	return b.Bytes()
}

const effList = "The words of proposed passphrases are the long word list of the Electronic Frontier Foundation, https://www.eff.org/dice, " +
	"by Joseph Bonneau, under the Creative Commons Attribution 3.0 United States licence, https://creativecommons.org/licenses/by/3.0/us/."

func texts(t *testing.T, dir string, name *regexp.Regexp) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		if e.IsDir() || !name.MatchString(e.Name()) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.TrimSpace(strings.ReplaceAll(string(b), "\f", "")))
	}
	if len(all) == 0 {
		t.Fatalf("%s has no licence", dir)
	}
	return strings.Join(all, "\n\n\n")
}

// kinds tells the usual names of licences by words that each of them has.
func kinds(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if strings.Contains(text, "SIL OPEN FONT LICENSE") { // which has the first words of MIT
		return "OFL-1.1"
	}
	var found []string
	for _, k := range [][2]string{
		{"Apache License", "Apache-2.0"},
		{"Mozilla Public License", "MPL-2.0"},
		{"Permission is hereby granted, free of charge", "MIT"},
		{"Permission to use, copy, modify, and/or distribute", "ISC"},
		{"Permission to use, copy, modify, and distribute", "ISC"},
		{"Permissive License Stack", "Apache-2.0, MIT"},
		{"free and unencumbered software", "Unlicense"},
	} {
		if strings.Contains(text, k[0]) && !slices.Contains(found, k[1]) {
			found = append(found, k[1])
		}
	}
	if strings.Contains(text, "Redistribution and use in source and binary forms") {
		kind := "BSD-2-Clause"
		if strings.Contains(text, "Neither the name") || strings.Contains(text, "names of its contributors") {
			kind = "BSD-3-Clause"
		}
		found = append(found, kind)
	}
	return strings.Join(found, ", ")
}

func TestParagraphs(t *testing.T) {
	got := paragraphs("  One\r\n line.\r\n\r\n\n  Two\n\n")
	if !slices.Equal(got, []string{"One line.", "Two"}) {
		t.Errorf("%q", got)
	}
}
