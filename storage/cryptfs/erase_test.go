package cryptfs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"lukechampine.com/adiantum"
)

// deciphered returns the blocks of every file of a disk, headers too, by file.
func deciphered(disk *memDisk) map[string][]byte {
	plain := map[string][]byte{}
	for name, f := range disk.files {
		as := &file{role: roleDatabase}
		if strings.HasSuffix(name, "-wal") {
			as.role = roleLog
		}
		cipher := adiantum.New(testKey[:])
		data := bytes.Clone(f.data)
		for at := 0; at < len(data); at += blockSize {
			cipher.Decrypt(data[at:at+blockSize], as.tweak(int64(at/blockSize)))
		}
		plain[name] = data
	}
	return plain
}

// word returns a text of its own that a row may hold.
func word(n int) string { return fmt.Sprintf("<word %d of those>", n) }

func left(disk *memDisk, n int) (where []string) {
	for name, plain := range deciphered(disk) {
		if bytes.Contains(plain, []byte(word(n))) {
			where = append(where, name)
		}
	}
	return where
}

func (t *testDB) truncateLog() error {
	var busy, frames, copied int
	err := t.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &copied)
	if err == nil && busy != 0 {
		err = errors.New("the checkpoint was not done")
	}
	return err
}

// TestDeletedIsOverwritten: of rows that were deleted nothing is left in any block once the
// log was truncated, wherever SQLite moved them before, while a log keeps it until then.
func TestDeletedIsOverwritten(t *testing.T) {
	disk := newMemDisk()
	db, err := openDB(disk, testKey)
	if err != nil {
		t.Fatal(err)
	}
	defer db.close()
	exec := func(query string, args ...any) {
		t.Helper()
		if err := db.exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("PRAGMA secure_delete = ON; CREATE TABLE said (n INTEGER PRIMARY KEY, data TEXT); CREATE INDEX said_data ON said (data)")
	rnd := rand.New(rand.NewPCG(1, 2))
	there := map[int]bool{}
	for range 1500 {
		n := rnd.IntN(1500)
		switch {
		case !there[n]:
			exec("INSERT INTO said VALUES (?, ?)", n, strings.Repeat(word(n), 1+rnd.IntN(1+rnd.IntN(60)*rnd.IntN(8))))
		case rnd.IntN(3) > 0:
			exec("UPDATE said SET data = ? WHERE n = ?", strings.Repeat(word(n), 1+rnd.IntN(40)), n)
		}
		there[n] = true
	}
	if err := db.truncateLog(); err != nil {
		t.Fatal(err)
	}
	logged := 0
	for n := range there {
		if n%5 == 0 {
			continue
		}
		exec("DELETE FROM said WHERE n = ?", n)
		there[n] = false
		if logged == 0 && len(left(disk, n)) > 0 {
			logged++
		}
	}
	if logged == 0 {
		t.Error("the log kept nothing: this test proves nothing")
	}
	if err := db.truncateLog(); err != nil {
		t.Fatal(err)
	}
	plain := deciphered(disk)
	for n, is := range there {
		for name, blocks := range plain {
			if found := bytes.Contains(blocks, []byte(word(n))); found && !is {
				t.Errorf("%s holds what row %d held", name, n)
			} else if !found && is && name == "db" {
				t.Errorf("row %d is not in the database", n)
			}
		}
	}
	if ok, err := db.text("PRAGMA integrity_check"); err != nil || ok != "ok" {
		t.Fatalf("integrity %q, %v", ok, err)
	}
}

// TestOldLogIsOverwritten: a log that another run left is overwritten as well, all of it.
func TestOldLogIsOverwritten(t *testing.T) {
	disk := baseDisk(t)
	db, err := openDB(disk, testKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.exec("INSERT INTO log VALUES (7, ?); DELETE FROM log", word(7)); err != nil {
		t.Fatal(err)
	}
	db.kill()
	if len(left(disk, 7)) == 0 {
		t.Fatal("the log kept nothing: this test proves nothing")
	}
	if db, err = openDB(disk, testKey); err != nil {
		t.Fatal(err)
	}
	defer db.close()
	if err := db.truncateLog(); err != nil {
		t.Fatal(err)
	}
	if where := left(disk, 7); len(where) > 0 {
		t.Fatalf("what was deleted stands in %v", where)
	}
}

// erasing runs commits with the log truncated between, until something fails.
func erasing(disk *memDisk, commits int) (acknowledged int) {
	db, err := openDB(disk, testKey)
	if err != nil {
		return 0
	}
	defer db.kill()
	for n := 1; n <= commits; n++ {
		if commit(db, n) != nil {
			return n - 1
		}
		if n%2 == 0 && db.truncateLog() != nil {
			return n
		}
	}
	return commits
}

// TestHeadOfTheLogGoesFirst: nothing else of a log is overwritten before the loss of its
// header is durable. Else a crash could leave its first commits without the later ones.
func TestHeadOfTheLogGoesFirst(t *testing.T) {
	for failAt := range 6 {
		disk := newMemDisk()
		disk.files["log"] = &memFile{disk: disk}
		stored := disk.files["log"]
		log, err := openFile(stored, adiantum.New(testKey[:]), roleLog, true)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := log.WriteAt(make([]byte, 100*blockSize), 0); err != nil {
			t.Fatal(err)
		}
		if err := log.Sync(); err != nil {
			t.Fatal(err)
		}
		before := bytes.Clone(stored.durable)
		disk.failAt = disk.ops + failAt
		if err := log.Truncate(0); (err == nil) != (failAt == 5) { // write and Sync of the head, two writes and Sync of the rest
			t.Fatalf("fault at %d: %v", failAt, err)
		}
		begun := !bytes.Equal(stored.durable[blockSize:], before[blockSize:])
		for _, w := range stored.pending {
			begun = begun || w.off >= blockSize
		}
		if begun && bytes.Equal(stored.durable[:blockSize], before[:blockSize]) {
			t.Fatalf("fault at %d: the rest is being overwritten, and the head is not", failAt)
		}
	}
}

// TestPowerCutWhileErasing cuts the power at every operation of commits between which the
// log is overwritten, and in the middle of every write.
func TestPowerCutWhileErasing(t *testing.T) {
	const commits = 4
	base := baseDisk(t)
	whole := base.clone()
	if got := erasing(whole, commits); got != commits {
		t.Fatalf("%d commits without a fault", got)
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	for failAt := range whole.ops {
		disk := base.clone()
		disk.failAt = failAt
		acknowledged := erasing(disk, commits)
		for _, torn := range disk.torn() {
			checkAfterCut(t, torn, acknowledged, failAt)
		}
		for range 2 {
			checkAfterCut(t, disk.afterPowerCut(rnd), acknowledged, failAt)
		}
	}
}
