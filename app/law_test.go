package app_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// law says which of our own packages each package may reach, directly or not.
// A name ending in "/..." stands for the package and everything below it. The
// longest matching key rules. This is the picture of CONTRIBUTING.md, kept true.
var law = map[string][]string{
	"tacit/identity":            {},
	"tacit/identity/pairing":    {"tacit/identity"},
	"tacit/identity/ratchet":    {"tacit/identity"},
	"tacit/identity/envelope":   {"tacit/identity"},
	"tacit/identity/session":    {"tacit/identity/..."},
	"tacit/identity/vectors":    {},
	"tacit/app":                 {"tacit/app/picture", "tacit/identity/..."},
	"tacit/app/fold":            {},
	"tacit/app/picture":         {},
	"tacit/app/apptest":         {"tacit/app", "tacit/app/fold", "tacit/app/picture", "tacit/identity/..."},
	"tacit/storage":             {"tacit/app", "tacit/app/fold", "tacit/app/picture", "tacit/identity/...", "tacit/storage/..."},
	"tacit/storage/...":         {"tacit/identity", "tacit/storage/..."},
	"tacit/transport/...":       {"tacit/identity", "tacit/transport/..."},
	"tacit/transport/near":      {"tacit/identity"},
	"tacit/ui":                  {"tacit/app", "tacit/app/fold", "tacit/app/picture", "tacit/identity/...", "tacit/ui/..."},
	"tacit/ui/...":              {"tacit/app", "tacit/app/fold", "tacit/app/picture", "tacit/identity/...", "tacit/ui/widget/...", "tacit/ui/theme/...", "tacit/ui/lang"},
	"tacit/ui/pairing/...":      {"tacit/app", "tacit/app/fold", "tacit/app/picture", "tacit/identity/...", "tacit/ui/pairing/...", "tacit/ui/widget/...", "tacit/ui/theme/...", "tacit/ui/lang"},
	"tacit/ui/chat/...":         {"tacit/app", "tacit/app/fold", "tacit/app/picture", "tacit/identity/...", "tacit/ui/chat/...", "tacit/ui/voice/...", "tacit/ui/widget/...", "tacit/ui/theme/...", "tacit/ui/lang"},
	"tacit/ui/voice/...":        {"tacit/ui/voice/..."},
	"tacit/ui/widget/...":       {"tacit/ui/widget/...", "tacit/ui/theme/...", "tacit/ui/lang"},
	"tacit/ui/theme/...":        {"tacit/ui/widget/...", "tacit/ui/theme/...", "tacit/ui/lang"},
	"tacit/ui/lang":             {"tacit/ui/widget/...", "tacit/ui/theme/...", "tacit/ui/lang"},
	"tacit/ui/cmd/...":          {"tacit/..."},
	"tacit/ui/cmd/tacitd":       {"tacit/app", "tacit/app/fold", "tacit/app/picture", "tacit/identity/...", "tacit/storage/...", "tacit/transport/...", "tacit/ui/cmd/internal/..."},
	"tacit/docs/...":            {},
	"tacit/ui/cmd/internal/...": {"tacit/app", "tacit/app/fold", "tacit/app/picture", "tacit/identity/...", "tacit/storage/...", "tacit/transport/...", "tacit/ui/cmd/internal/..."},
}

// foreign says which libraries must stay out of which packages.
var foreign = map[string][]string{
	"tacit/identity/...":                     {"fyne.io/", "github.com/libp2p/", "github.com/mattn/", "log", "log/slog", "net"},
	"tacit/app":                              {"fyne.io/", "github.com/libp2p/", "github.com/mattn/", "database/sql"},
	"tacit/storage/...":                      {"fyne.io/", "github.com/libp2p/"},
	"tacit/transport/...":                    {"fyne.io/", "github.com/mattn/", "github.com/jackc/", "database/sql"},
	"tacit/transport/mailbox/depot/sqlite":   {"fyne.io/", "github.com/libp2p/", "github.com/jackc/"},
	"tacit/transport/mailbox/depot/postgres": {"fyne.io/", "github.com/libp2p/", "github.com/mattn/", "database/sql"},
	"tacit/ui/cmd/tacitd":                    {"fyne.io/"},
	"tacit/ui/voice/...":                     {"fyne.io/", "log", "log/slog", "net", "os"},
}

func matches(pattern, path string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == base || strings.HasPrefix(path, base+"/")
	}
	return path == pattern
}

func rule[T any](rules map[string]T, path string) (found T, ok bool) {
	best := -1
	for pattern, v := range rules {
		// An exact key beats a pattern of the same package.
		n := 2 * len(strings.TrimSuffix(pattern, "/..."))
		if !strings.HasSuffix(pattern, "/...") {
			n++
		}
		if matches(pattern, path) && n > best {
			best, found, ok = n, v, true
		}
	}
	return found, ok
}

func TestImportsFollowTheLaw(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Deps", "tacit/...")
	cmd.Stderr = new(bytes.Buffer)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, cmd.Stderr)
	}
	seen := 0
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p struct {
			ImportPath    string
			Imports, Deps []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(p.ImportPath, "tacit/") {
			continue
		}
		seen++
		checkOwn(t, p.ImportPath, p.Deps)
		checkForeign(t, p.ImportPath, p.Imports, p.Deps)
	}
	if seen < 5 {
		t.Fatalf("only %d packages were listed", seen)
	}
}

func checkOwn(t *testing.T, path string, deps []string) {
	allowed, ok := rule(law, path)
	if !ok {
		t.Errorf("%s stands in no room of the house", path)
		return
	}
	for _, dep := range deps {
		if !strings.HasPrefix(dep, "tacit/") {
			continue
		}
		fine := false
		for _, a := range allowed {
			fine = fine || matches(a, dep)
		}
		if !fine {
			t.Errorf("%s may not reach %s", path, dep)
		}
	}
}

// checkForeign refuses a banned library at any depth, and a banned package of the
// standard library where it is imported directly.
func checkForeign(t *testing.T, path string, imports, deps []string) {
	banned, _ := rule(foreign, path)
	for _, b := range banned {
		for _, dep := range deps {
			if strings.HasSuffix(b, "/") && strings.HasPrefix(dep, b) {
				t.Errorf("%s may not reach %s", path, dep)
			}
		}
		for _, imp := range imports {
			if imp == b {
				t.Errorf("%s may not import %s", path, imp)
			}
		}
	}
}
