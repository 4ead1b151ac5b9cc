package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"tacit/app"
	"tacit/storage/cryptfs"
	"tacit/storage/durable"
	"tacit/storage/vault"
)

// Names of the files of a profile.
const (
	vaultFile   = "vault"
	storeFile   = "store"
	filesFile   = "files"
	unlocksFile = "unlocks"
	lockFile    = "lock"
)

// Options are how a profile is made and opened; all but First are for tests and
// measurements.
type Options struct {
	// First is what a new profile begins with. The profile exists once that is durable:
	// nobody can meet one without it.
	First func(app.Tx) error
	// Cost of the passphrase; zero for vault.DefaultCost.
	Cost vault.Cost
	// Plain leaves out vault, encryption and unlock counter: the same store on SQLite's own
	// file system, for measuring what they cost. Never for a person's profile.
	Plain bool
	// Unindexed leaves the search index empty, for measuring what filling it costs.
	Unindexed bool

	disk cryptfs.Disk // nil for the profile's directory
}

// Store is an open profile. It implements app.Store.
type Store struct {
	lock *os.File
	fs   *cryptfs.FS // nil for a plain store
	db   *sql.DB
	conn *sql.Conn

	turn       chan struct{}        // holds one token while nobody uses the connection
	statements map[string]*sql.Stmt // owner: who has the turn
	closed     bool                 // owner: who has the turn
	rolledBack bool                 // fixed by open
	unindexed  bool                 // fixed by open

	files  container
	asides asides
	keeper keeper
	eraser eraser
	close  sync.Once
	closeE error
}

var _ app.Store = (*Store)(nil)

// Exists reports whether dir holds a profile, without opening it.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, vaultFile))
	return err == nil
}

// Create makes a new, empty profile in dir and opens it. fs.ErrExist where there is one.
func Create(ctx context.Context, dir, passphrase string) (*Store, error) {
	return Options{}.Create(ctx, dir, passphrase)
}

// Open opens the profile in dir. Errors: app.ErrNotFound, app.ErrPassphrase,
// app.ErrDamaged, app.ErrInUse, app.ErrDiskFull, app.ErrDiskReadOnly. A profile that
// was not opened is as it was before.
func Open(ctx context.Context, dir, passphrase string) (*Store, error) {
	return Options{}.Open(ctx, dir, passphrase)
}

// ChangePassphrase gives the profile in dir another passphrase. The profile must be
// closed. Errors are those of Open.
func ChangePassphrase(ctx context.Context, dir, old, passphrase string) error {
	return Options{}.ChangePassphrase(ctx, dir, old, passphrase)
}

// Create is the function of this name, with these options.
func (o Options) Create(ctx context.Context, dir, passphrase string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, convertOpen(err, nil)
	}
	if err := os.Chmod(dir, 0o700); err != nil { // also where it was there before
		return nil, convertOpen(err, nil)
	}
	lock, err := durable.Lock(filepath.Join(dir, lockFile))
	if err != nil {
		return nil, convertOpen(err, nil)
	}
	s, err := o.create(ctx, dir, passphrase, lock)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return s, nil
}

func (o Options) create(ctx context.Context, dir, passphrase string, lock *os.File) (*Store, error) {
	if Exists(dir) {
		return nil, fmt.Errorf("storage: create a profile: %w", fs.ErrExist)
	}
	if err := discard(dir); err != nil {
		return nil, err
	}
	v := vault.New()
	s, err := o.connect(ctx, dir, v, lock, true)
	if err != nil {
		return nil, err
	}
	if o.First != nil {
		if err := s.Update(ctx, o.First); err != nil {
			return nil, errors.Join(err, s.disconnect(), discard(dir))
		}
	}
	if !o.Plain {
		// The vault comes last: with it, the profile exists.
		if err := v.Save(filepath.Join(dir, vaultFile), passphrase, o.cost()); err != nil {
			return nil, errors.Join(convertOpen(err, nil), s.disconnect(), discard(dir))
		}
	}
	s.keeper.start(s)
	s.eraser.start(s)
	return s, nil
}

// discard removes what a creation left that did not come to its end: it has lost its key.
func discard(dir string) error {
	names := []string{filesFile, unlocksFile}
	for _, database := range append([]string{storeFile}, asideFiles...) {
		names = append(names, database, database+"-wal", database+"-journal")
	}
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return convertOpen(err, nil)
		}
	}
	return nil
}

// Open is the function of this name, with these options.
func (o Options) Open(ctx context.Context, dir, passphrase string) (*Store, error) {
	if !o.Plain && !Exists(dir) {
		return nil, app.ErrNotFound
	}
	lock, err := durable.Lock(filepath.Join(dir, lockFile))
	if err != nil {
		return nil, convertOpen(err, nil)
	}
	s, err := o.open(ctx, dir, passphrase, lock)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return s, nil
}

func (o Options) open(ctx context.Context, dir, passphrase string, lock *os.File) (*Store, error) {
	var v *vault.Vault
	if !o.Plain {
		var err error
		if v, err = vault.Open(filepath.Join(dir, vaultFile), passphrase); err != nil {
			return nil, convertOpen(err, nil)
		}
	}
	s, err := o.connect(ctx, dir, v, lock, false)
	if err != nil {
		return nil, err
	}
	s.keeper.start(s)
	s.eraser.start(s)
	return s, nil
}

// ChangePassphrase is the function of this name, with these options.
func (o Options) ChangePassphrase(ctx context.Context, dir, old, passphrase string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !Exists(dir) {
		return app.ErrNotFound
	}
	lock, err := durable.Lock(filepath.Join(dir, lockFile))
	if err != nil {
		return convertOpen(err, nil)
	}
	err = vault.ChangePassphrase(filepath.Join(dir, vaultFile), old, passphrase, o.cost())
	return errors.Join(convertOpen(err, nil), lock.Close())
}

func (o Options) cost() vault.Cost {
	if o.Cost == (vault.Cost{}) {
		return vault.DefaultCost
	}
	return o.Cost
}

// connect opens the database of dir, makes its schema the latest and moves the unlock
// counter. v is not used for a plain store.
func (o Options) connect(ctx context.Context, dir string, v *vault.Vault, lock *os.File, create bool) (*Store, error) {
	s := &Store{lock: lock, unindexed: o.Unindexed, turn: make(chan struct{}, 1), statements: make(map[string]*sql.Stmt)}
	s.eraser.wake, s.eraser.slots = make(chan struct{}, 1), make(chan struct{}, 1)
	disk := o.disk
	if disk == nil {
		disk = cryptfs.Dir(dir)
	}
	var key func(purpose string) [32]byte
	if !o.Plain {
		var err error
		if s.fs, err = cryptfs.Mount(disk, v.Key("store")); err != nil {
			return nil, err
		}
		key = v.Key
	}
	s.asides.files, s.asides.open = asideFS(dir, disk, key), map[string]aside{}
	err := s.begin(ctx, dir, v, create)
	if err != nil {
		// Closing the database would copy its log into it; a damaged one stays as it is.
		s.freeze()
		err = convertOpen(err, s.fault())
		return nil, errors.Join(err, s.disconnectQuietly())
	}
	s.turn <- struct{}{}
	if err := s.openFiles(ctx, disk, create); err != nil {
		return nil, errors.Join(err, s.disconnectQuietly())
	}
	return s, nil
}

func (s *Store) begin(ctx context.Context, dir string, v *vault.Vault, create bool) error {
	if err := s.dial(ctx, filepath.Join(dir, storeFile), create); err != nil {
		return err
	}
	if err := s.check(create); err != nil {
		return err
	}
	if err := s.migrate(); err != nil {
		return err
	}
	if err := s.renewIndex(); err != nil {
		return err
	}
	if s.fs == nil {
		return nil
	}
	u := unlocks{path: filepath.Join(dir, unlocksFile), key: v.Key("unlocks")}
	rolledBack, err := u.move(s, create)
	s.rolledBack = rolledBack
	if err == nil && create {
		err = errors.Join(durable.SyncDir(dir), durable.SyncDir(filepath.Dir(dir)))
	}
	return err
}

// RolledBack implements app.Store.
func (s *Store) RolledBack() bool { return s.rolledBack }

// Close ends the goroutine of the store and closes the profile. Later calls of View
// and Update return app.ErrClosed.
func (s *Store) Close() error {
	s.close.Do(func() {
		s.keeper.stop()
		s.eraser.stop()
		err := errors.Join(convertOpen(s.asides.close(), nil), s.closeFiles()) // before the turn, which who uses them may wait for
		<-s.turn                                                               // and keeps it until every waiter has seen closed
		s.closed = true
		_ = s.truncateLog() // else it would be removed as it is; disconnect tells what is wrong with the disk
		s.closeE = errors.Join(err, s.disconnect(), s.lock.Close())
		s.turn <- struct{}{}
	})
	return s.closeE
}

// disconnect closes the connection, which copies the log into the database.
func (s *Store) disconnect() error {
	for _, st := range s.statements {
		_ = st.Close() // the connection ends them anyhow
	}
	err := s.closeFiles()
	if s.conn != nil {
		err = errors.Join(err, s.conn.Close())
	}
	if s.db != nil {
		err = errors.Join(err, s.db.Close())
	}
	if err != nil {
		err = convertOpen(err, s.fault())
	}
	if s.fs != nil {
		s.fs.Unmount()
	}
	return err
}

// disconnectQuietly is disconnect after an error that matters more than that the
// frozen files could not be written.
func (s *Store) disconnectQuietly() error {
	_ = s.disconnect()
	return nil
}

func (s *Store) freeze() {
	if s.fs != nil {
		s.fs.Freeze()
	}
}

// fault returns what the disk said, where SQLite says only that it said something.
func (s *Store) fault() error {
	if s.fs == nil {
		return nil
	}
	return s.fs.TakeFault()
}
