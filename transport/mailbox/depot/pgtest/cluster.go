// Package pgtest starts a PostgreSQL of its own for tests and measurements, with the
// programs of the system's package.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNotInstalled says how to get the programs.
var ErrNotInstalled = errors.New("PostgreSQL is not installed: its initdb and pg_ctl are needed; packaging/setup.sh test installs them")

// Cluster is a PostgreSQL that listens on a socket in its directory only.
type Cluster struct {
	dir string
	bin string
	as  user
}

// Start makes a fresh cluster and starts it. settings are lines of postgresql.conf. It runs
// as another user where this one is root: PostgreSQL refuses to be root.
func Start(ctx context.Context, settings ...string) (c *Cluster, err error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	as, err := unprivileged()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tacit-pg-") // short: a socket's path may have 107 bytes
	if err != nil {
		return nil, err
	}
	c = &Cluster{dir: dir, bin: bin, as: as}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	if err := as.own(dir); err != nil {
		return nil, err
	}
	if err := c.run(ctx, "initdb", "-D", c.data(), "-U", "tacit", "--auth=trust", "--encoding=UTF8", "--no-locale"); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	lines := append([]string{"listen_addresses = ''", "unix_socket_directories = '" + dir + "'", "max_connections = 100"}, settings...)
	_, err = fmt.Fprintln(f, strings.Join(lines, "\n"))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return c, c.Resume(ctx)
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// URL names a database of the cluster.
func (c *Cluster) URL(database string) string {
	return "host=" + c.dir + " user=tacit dbname=" + database
}

// Create makes an empty database and returns its URL.
func (c *Cluster) Create(ctx context.Context, database string) (string, error) {
	return c.URL(database), c.run(ctx, "createdb", "-h", c.dir, "-U", "tacit", database)
}

// Resume starts it again.
func (c *Cluster) Resume(ctx context.Context) error {
	return c.run(ctx, "pg_ctl", "-D", c.data(), "-l", filepath.Join(c.dir, "log"), "-w", "start")
}

// Stop ends it: in an orderly way, or at once as if the computer had lost power.
func (c *Cluster) Stop(ctx context.Context, atOnce bool) error {
	mode := "fast"
	if atOnce {
		mode = "immediate"
	}
	return c.run(ctx, "pg_ctl", "-D", c.data(), "-w", "-m", mode, "stop")
}

// Remove ends it, whatever it does, and deletes everything.
func (c *Cluster) Remove(ctx context.Context) error {
	_ = c.Stop(ctx, true) // it may be stopped already
	return os.RemoveAll(c.dir)
}

// Size is how many bytes it takes on the disk.
func (c *Cluster) Size() (size int64, err error) {
	err = filepath.WalkDir(c.dir, func(_ string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
		return nil
	})
	return size, err
}

func (c *Cluster) run(ctx context.Context, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, program), args...)
	cmd.Dir = c.dir
	c.as.become(cmd)
	// The server inherits what it is given here, so it must not be a pipe that is waited for.
	out, err := os.CreateTemp("", "tacit-pg-out-")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w: %s", program, err, said)
	}
	return nil
}

// programs finds the directory of the newest installed version: Debian keeps them out of PATH.
func programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	slices.Sort(found)
	if n := len(found); n > 0 {
		return filepath.Dir(found[n-1]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", ErrNotInstalled
	}
	return filepath.Dir(path), nil
}
