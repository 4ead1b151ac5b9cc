// Package instance lets one window at a time serve a folder of profiles. A second start
// asks the first one to come forward, and ends.
//
// The two meet at a socket in a directory that only their person can look into. What is
// said there is one word, and the answer another: nothing about a profile, and nothing that
// opens one.
package instance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"tacit/storage/durable"
)

// Words at the socket.
const (
	show  = "show\n" // the person wants to see the window
	stay  = "stay\n" // the program was started by the session: the window stays as it is
	heard = "heard\n"
)

var (
	// ErrServed says that another program serves the folder, and did as it was asked.
	ErrServed = errors.New("another window serves this folder")
	// ErrFrozen says that another program serves the folder and does not answer.
	ErrFrozen = errors.New("another window serves this folder and does not answer")

	errNotPrivate = errors.New("the directory is not this person's alone")
)

// Instance is the one program of a folder.
type Instance struct {
	lock   *os.File
	socket net.Listener
	done   chan struct{} // closed when serve has returned
}

// Claim makes this program the one of a folder. Where there is one already, it is asked to
// show its window, unless quiet: ErrServed, or ErrFrozen after three seconds. Other errors
// say that nobody can know, since there is no place to meet at.
//
// onShow is called on a goroutine when a later start asks for the window, and returns when
// the window is there; ctx ends when nobody waits for that any more.
func Claim(folder string, quiet bool, onShow func(ctx context.Context)) (*Instance, error) {
	return claim(folder, quiet, askTimeout, onShow)
}

func claim(folder string, quiet bool, wait time.Duration, onShow func(context.Context)) (*Instance, error) {
	base, err := meetingPlace(folder)
	if err != nil {
		return nil, err
	}
	ends := time.Now().Add(wait)
	for {
		lock, err := durable.Lock(base + ".lock")
		if err == nil {
			return serve(lock, base+".sock", onShow)
		}
		if !errors.Is(err, durable.ErrLocked) {
			return nil, fmt.Errorf("lock: %w", err)
		}
		// The other one may be about to begin or to end: then nobody answers yet.
		if ask(base+".sock", quiet, ends) == nil {
			return nil, ErrServed
		}
		if time.Now().After(ends) {
			return nil, ErrFrozen
		}
		time.Sleep(askAgain)
	}
}

// meetingPlace is where the programs of a folder meet, without an ending: in the directory
// that the session has for such things, else in the folder.
func meetingPlace(folder string) (string, error) {
	whole, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(whole); err == nil {
		whole = real // the same folder by another name
	} else if parent, err := filepath.EvalSymlinks(filepath.Dir(whole)); err == nil {
		whole = filepath.Join(parent, filepath.Base(whole)) // it is not there yet
	}
	dir, name := os.Getenv("XDG_RUNTIME_DIR"), "tacit-"+digest(whole)
	if private(dir) != nil {
		if err := os.MkdirAll(whole, 0o700); err != nil {
			return "", err
		}
		if err := private(whole); err != nil {
			return "", err
		}
		dir, name = whole, "window"
	}
	base := filepath.Join(dir, name)
	if len(base)+len(".sock") > maxSocketPath {
		return "", fmt.Errorf("a path of %d bytes is too long for a socket", len(base))
	}
	return base, nil
}

// digest names a folder without telling it to who sees the directory's names.
func digest(folder string) string {
	sum := sha256.Sum256([]byte(folder))
	return hex.EncodeToString(sum[:8])
}

// serve listens at the socket. One that is there already is of a program that died: this
// one has the lock.
func serve(lock *os.File, path string, onShow func(context.Context)) (*Instance, error) {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, errors.Join(fmt.Errorf("socket: %w", err), lock.Close())
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("socket: %w", err), lock.Close())
	}
	i := &Instance{lock: lock, socket: l, done: make(chan struct{})}
	if err := os.Chmod(path, 0o600); err != nil {
		close(i.done)
		return nil, errors.Join(fmt.Errorf("socket: %w", err), i.Close())
	}
	go i.serve(onShow)
	return i, nil
}

// serve answers one after the other.
func (i *Instance) serve(onShow func(context.Context)) {
	defer close(i.done)
	for {
		conn, err := i.socket.Accept()
		if err != nil {
			return
		}
		heed(conn, onShow)
		_ = conn.Close()
	}
}

// heed does what is asked for at the socket, and says so once it is done. Whoever does not
// speak this language gets no answer.
func heed(conn net.Conn, onShow func(context.Context)) {
	_ = conn.SetDeadline(time.Now().Add(heedTimeout))
	word := make([]byte, len(show))
	if _, err := io.ReadFull(conn, word); err != nil {
		return
	}
	switch string(word) {
	case show:
		ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
		defer cancel()
		onShow(ctx)
		if ctx.Err() != nil {
			return // it is not there: no word that it is
		}
	case stay:
	default:
		return
	}
	_ = conn.SetDeadline(time.Now().Add(heedTimeout))
	_, _ = io.WriteString(conn, heard)
}

// ask asks whoever serves the folder, and waits for the answer until ends.
func ask(path string, quiet bool, ends time.Time) error {
	conn, err := net.DialTimeout("unix", path, time.Until(ends))
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(ends); err != nil {
		return err
	}
	word := show
	if quiet {
		word = stay
	}
	if _, err := io.WriteString(conn, word); err != nil {
		return err
	}
	answer := make([]byte, len(heard))
	if _, err := io.ReadFull(conn, answer); err != nil {
		return err
	}
	if string(answer) != heard {
		return errors.New("an answer of somebody else")
	}
	return nil
}

// Close lets another program serve the folder.
func (i *Instance) Close() error {
	err := i.socket.Close() // which removes the socket
	<-i.done
	return errors.Join(err, i.lock.Close())
}
