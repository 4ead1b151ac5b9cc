package app_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestPackagesNameWhatUsageNames holds the man pages and completions of packaging to the
// commands and options that each program names when it is called wrongly.
func TestPackagesNameWhatUsageNames(t *testing.T) {
	read := func(path string) string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	usage := regexp.MustCompile("(?s)const usage = `(.*?)`")
	option := regexp.MustCompile(`--([a-z][a-z-]*)`)
	command := regexp.MustCompile(`(?m)^  tacitd ([a-z]+)( [a-z]+)?`)
	const packaging = "../packaging/"
	for _, program := range []string{"tacit", "tacitd"} {
		found := usage.FindStringSubmatch(read("../ui/cmd/" + program + "/main.go"))
		if found == nil {
			t.Fatalf("%s has no usage", program)
		}
		names := map[string]bool{}
		for _, m := range option.FindAllStringSubmatch(found[1], -1) {
			names["--"+m[1]] = true
		}
		for _, m := range command.FindAllStringSubmatch(found[1], -1) {
			names[m[1]] = true
			names[strings.TrimSpace(m[2])] = true
		}
		delete(names, "")
		if len(names) < 7 {
			t.Errorf("the usage of %s names only %d words", program, len(names))
		}
		man := read(packaging + "man/" + program + ".1")
		if program == "tacitd" {
			man += read(packaging + "man/tacitd-mailbox.1")
		}
		pages := map[string]string{
			"man pages": strings.ReplaceAll(man, `\-`, "-"),
			"bash":      read(packaging + "completions/" + program + ".bash"),
			"zsh":       read(packaging + "completions/_" + program),
			// fish names long options after -l.
			"fish": strings.ReplaceAll(read(packaging+"completions/"+program+".fish"), " -l ", " --"),
		}
		for page, text := range pages {
			for name := range names {
				if !regexp.MustCompile(`(^|[^a-z-])` + name + `($|[^a-z-])`).MatchString(text) {
					t.Errorf("%s of %s: %s is missing", page, program, name)
				}
			}
		}
	}
}
