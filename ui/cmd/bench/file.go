package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"tacit/app"
	"tacit/identity"
	"tacit/storage"
	"tacit/transport"
)

const (
	fileSize   = 1 << 30
	fileRounds = 3
)

// file sends a large file between two messengers with real stores on loopback, by turns
// with a bare stream, over each transport. What is compared is the time from the durable
// message to the whole, checked and durable file on the other side.
func file(ctx context.Context, b *bench) error {
	path := b.path("a large file")
	if err := writeNoise(path, fileSize); err != nil {
		return err
	}
	defer os.Remove(path)
	for _, p := range []struct {
		name     string
		protocol transport.Protocol
	}{{"quic", transport.QUIC}, {"tcp", transport.TCP}} {
		if err := b.fileOver(ctx, p.name, p.protocol, path); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

func (b *bench) fileOver(ctx context.Context, name string, p transport.Protocol, path string) error {
	var raw, whole, ratios []float64
	var last transferred
	for range fileRounds {
		bare, err := rawStream(ctx, p, fileSize)
		if err != nil {
			return err
		}
		if last, err = b.transferOnce(ctx, p, path); err != nil {
			return err
		}
		rate := fileSize / last.moving.Seconds()
		raw, whole, ratios = append(raw, bare), append(whole, rate), append(ratios, rate/bare)
	}
	const mb = 1e6
	prefix := "file_" + name
	print(prefix+"_raw_stream", median(raw)/mb, "MB/s")
	print(prefix+"_whole_path", median(whole)/mb, "MB/s")
	print(prefix+"_ratio_to_raw", median(ratios), "ratio")
	print(prefix+"_import", fileSize/last.importing.Seconds()/mb, "MB/s")
	print(prefix+"_export", fileSize/last.exporting.Seconds()/mb, "MB/s")
	print(prefix+"_resident_both_at_a_quarter", last.residentQuarter, "MiB")
	print(prefix+"_resident_both_at_the_end", last.residentEnd, "MiB")
	return nil
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// transferred is what one file took.
type transferred struct {
	importing, moving, exporting time.Duration
	residentQuarter, residentEnd float64 // MiB of this process, which is both sides
}

// transferOnce sends a file between two new people, whose stores have nothing to tidy up
// after another one.
func (b *bench) transferOnce(ctx context.Context, p transport.Protocol, path string) (t transferred, err error) {
	d, err := b.newDuo(ctx, "file", p)
	if err != nil {
		return t, err
	}
	defer d.stop()
	debug.FreeOSMemory() // what the passphrases took
	return d.transfer(ctx, path)
}

// duo is two people who know each other, with stores on the disk, in this process.
type duo struct {
	dir      string
	one, two *app.Messenger
	them     app.ContactID // two, to one
	myself   app.ContactID // one, to two
	stops    []func()
}

func (b *bench) newDuo(ctx context.Context, name string, p transport.Protocol) (d *duo, err error) {
	d = &duo{dir: b.path(name)}
	defer func() {
		if err != nil {
			d.stop()
		}
	}()
	if d.one, err = d.person(ctx, "one", p); err != nil {
		return d, err
	}
	if d.two, err = d.person(ctx, "two", p); err != nil {
		return d, err
	}
	d.them, d.myself, err = acquaint(ctx, d.one, d.two)
	return d, err
}

func (d *duo) person(ctx context.Context, name string, p transport.Protocol) (*app.Messenger, error) {
	s, err := storage.Options{First: func(tx app.Tx) error {
		return tx.SetProfile(app.ProfileRecord{Root: identity.New().Root(), Name: name, CreatedAt: time.Now()})
	}}.Create(ctx, filepath.Join(d.dir, name), passphrase)
	if err != nil {
		return nil, err
	}
	d.stops = append(d.stops, func() { _ = s.Close() })
	net, err := transport.New(transport.Options{Listen: transport.Loopback, Protocol: p})
	if err != nil {
		return nil, err
	}
	m, stop, err := runPerson(s, net)
	if err != nil {
		return nil, err
	}
	d.stops = append(d.stops, stop)
	return m, nil
}

func (d *duo) stop() {
	for _, stop := range slices.Backward(d.stops) {
		stop()
	}
	_ = os.RemoveAll(d.dir)
}

// transfer sends a file, waits until all of it is there, and exports it.
func (d *duo) transfer(ctx context.Context, path string) (t transferred, err error) {
	arriving := follow(d.two)
	defer arriving.Close()
	began := time.Now()
	if _, err := d.one.Post(ctx, d.them, app.Outgoing{File: attach(path, fileSize)})(); err != nil {
		return t, err
	}
	t.importing, began = time.Since(began), time.Now()
	id, err := t.watch(ctx, d.two, arriving)
	if err != nil {
		return t, err
	}
	t.moving, began = time.Since(began), time.Now()
	if t.residentEnd, err = status(os.Getpid(), "VmRSS"); err != nil {
		return t, err
	}
	err = d.two.ExportFile(ctx, id, filepath.Join(d.dir, "copy"))
	t.exporting = time.Since(began)
	return t, err
}

// watch waits for the end of a file that arrives, and fetches it where that is asked.
func (t *transferred) watch(ctx context.Context, m *app.Messenger, f follower) (app.MessageID, error) {
	for e := range f.Events() {
		p, ok := e.(app.FileProgress)
		switch {
		case !ok:
		case p.File.State == app.FilePaused:
			if err := m.FetchFile(ctx, p.Message); err != nil {
				return 0, err
			}
		case p.File.State == app.FileDone:
			return p.Message, nil
		case p.File.State == app.FileFailed || p.File.State == app.FileCancelled:
			return 0, fmt.Errorf("the file is %s: %s", p.File.State, p.File.Reason)
		case p.File.Done >= p.File.Size/4 && t.residentQuarter == 0:
			var err error
			if t.residentQuarter, err = status(os.Getpid(), "VmRSS"); err != nil {
				return 0, err
			}
		}
	}
	return 0, errors.New("the messenger ended before the file was there")
}

func attach(path string, size int64) *app.Attachment {
	return &app.Attachment{
		Name: filepath.Base(path), Size: size, KeepMetadata: true,
		Open: func() (io.ReadCloser, error) { return os.Open(path) },
	}
}

// writeNoise writes a file that nothing can compress.
func writeNoise(path string, size int64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	_, err = io.CopyN(w, rand.NewChaCha8([32]byte{1}), size)
	return errors.Join(err, w.Flush(), f.Close())
}
