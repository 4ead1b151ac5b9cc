package app_test

import (
	"crypto/sha256"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestPackagesAreTheSameBytes builds tacitd and the packages in two folders whose names differ
// in length, with files of other ages, another home, time zone, language and umask: each file
// that comes out is the same. It stands in for both programs, since the window takes minutes to
// link; `make package-check` builds all of it, the second time with an empty cache.
func TestPackagesAreTheSameBytes(t *testing.T) {
	one := packagesIn(t, "a", time.Unix(1e9, 0), "TZ=UTC", "LC_ALL=C", "UMASK=022")
	two := packagesIn(t, "another folder, with a longer name", time.Unix(1.7e9, 0), "TZ=Asia/Tokyo", "LC_ALL=fr_FR.UTF-8", "UMASK=077")
	want := 2
	if _, err := exec.LookPath("dpkg-shlibdeps"); err == nil {
		want = 3 // a .deb, too
	}
	if len(one) != want || len(two) != want {
		t.Errorf("%d and %d files were built, want %d", len(one), len(two), want)
	}
	for name, hash := range one {
		if two[name] != hash {
			t.Errorf("%s: %x in the one, %x in the other", name, hash, two[name])
		}
	}
}

// packagesIn copies the sources into a folder of that name, builds there, and returns the hash of each file.
func packagesIn(t *testing.T, name string, age time.Time, env ...string) map[string][sha256.Size]byte {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	copySources(t, dir, age)
	env = append(os.Environ(), append(env, "COMMIT=0123456789ab", "SOURCE_DATE_EPOCH=1750000000")...)
	run := func(script string) {
		t.Helper()
		cmd := exec.Command("sh", "-euc", `umask "$UMASK"`+"\n"+script)
		cmd.Dir, cmd.Env = dir, env
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", script, err, out)
		}
	}
	run(`flags=$(packaging/flags.sh) && go build -trimpath -ldflags "$flags" -o programs/tacitd ./ui/cmd/tacitd`)
	run(`cp programs/tacitd programs/tacit && packaging/package.sh out programs`)
	hashes := map[string][sha256.Size]byte{}
	entries, err := os.ReadDir(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, "out", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		hashes[e.Name()] = sha256.Sum256(b)
	}
	return hashes
}

// copySources copies what packages are built from.
func copySources(t *testing.T, to string, age time.Time) {
	t.Helper()
	for _, name := range []string{"app", "identity", "storage", "transport", "ui", "packaging", "docs", "LICENSE", "go.mod", "go.sum"} {
		err := filepath.WalkDir(filepath.Join("..", name), func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			target := filepath.Join(to, strings.TrimPrefix(path, ".."))
			if e.IsDir() {
				if e.Name() == "testdata" || e.Name() == "screenshots" {
					return fs.SkipDir
				}
				return os.MkdirAll(target, 0o755)
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if err := os.WriteFile(target, b, info.Mode()); err != nil {
				return err
			}
			return os.Chtimes(target, age, age)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
