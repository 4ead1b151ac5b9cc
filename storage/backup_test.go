package storage

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tacit/app"
	"tacit/storage/backup"
	"tacit/storage/vault"
)

var plain = Options{Plain: true}

func change(t *testing.T, s *Store, f func(app.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func backedUp(t *testing.T, s *Store, history bool) *bytes.Buffer {
	t.Helper()
	var file bytes.Buffer
	w, err := backup.NewWriter(&file, "b", vault.LeastCost)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Backup(context.Background(), w, history), w.Close()); err != nil {
		t.Fatal(err)
	}
	return &file
}

func reader(t *testing.T, file []byte) *backup.Reader {
	t.Helper()
	r, err := backup.NewReader(bytes.NewReader(file), "b")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// restored returns the profile that a backup makes.
func restored(t *testing.T, file []byte) *Store {
	t.Helper()
	dir := t.TempDir()
	if err := plain.Restore(context.Background(), dir, "", reader(t, file)); err != nil {
		t.Fatal(err)
	}
	s, err := plain.Open(context.Background(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// rows returns a table as text, every column of it.
func rows(t *testing.T, s *Store, table string) (list []string) {
	t.Helper()
	s.alone(func() {
		r, err := s.conn.QueryContext(context.Background(), "SELECT * FROM "+table+" ORDER BY 1")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		columns, _ := r.Columns()
		for r.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := r.Scan(values...); err != nil {
				t.Fatal(err)
			}
			row := ""
			for i, v := range values {
				row += fmt.Sprintf("%s %T %v, ", columns[i], *v.(*any), *v.(*any))
			}
			list = append(list, row)
		}
	})
	return list
}

// tables are those of the schema: copied and not.
var (
	copiedTables = []string{"profile", "contacts", "grants", "settings", "chats", "messages", "reactions", "edits", "nodes", "offers"}
	momentTables = []string{"sessions", "seen", "boxes", "outbox", "sayings", "cards", "accepted", "pairings", "early", "owed"}
)

// TestBackup: a restored profile has every row and column of what a backup copies, and
// nothing of what it must not.
func TestBackup(t *testing.T) {
	s := full(t)
	got := restored(t, backedUp(t, s, true).Bytes())
	for _, table := range copiedTables {
		if want, got := rows(t, s, table), rows(t, got, table); len(want) == 0 || !slices.Equal(want, got) {
			t.Errorf("%s: %d rows of %d, or others", table, len(got), len(want))
		}
	}
	for _, table := range momentTables {
		if len(rows(t, s, table)) == 0 {
			t.Errorf("%s has nothing that could have been copied", table)
		}
		if n := len(rows(t, got, table)); n > 0 {
			t.Errorf("%s has %d rows", table, n)
		}
	}
	var before, after []app.ChatHead
	var found []app.Hit
	err := errors.Join(
		s.View(context.Background(), func(tx app.ReadTx) (err error) { before, err = tx.ChatHeads(); return err }),
		got.View(context.Background(), func(tx app.ReadTx) (err error) {
			after, err = tx.ChatHeads()
			count, err2 := tx.MessageCount(2)
			delivery, err3 := tx.Delivery(1)
			if count != 3*backupPage+1 || !reflect.DeepEqual(delivery, app.DeliveryRecord{}) {
				t.Errorf("%d messages, delivery %+v", count, delivery)
			}
			var err4 error
			found, err4 = tx.SearchMessages(app.SearchQuery{Text: "waits", Hidden: true, Limit: 10})
			return errors.Join(err, err2, err3, err4)
		}))
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("the chats are %v, were %v, %v", after, before, err)
	}
	if len(found) != 1 {
		t.Errorf("%d messages were found", len(found))
	}
	if got.RolledBack() {
		t.Error("a backup is no older copy")
	}
	// Ids of what was removed are not given again.
	for _, s := range []*Store{s, got} {
		change(t, s, func(tx app.Tx) error {
			c, err := tx.AddContact(app.ContactRecord{})
			m, err2 := tx.AddMessage(app.Message{Contact: c})
			if c != 5 || m != 3*backupPage+21 {
				t.Errorf("the next contact is %d, the next message %d", c, m)
			}
			return errors.Join(err, err2)
		})
	}
}

// TestTablesOfABackup: whoever adds a table says whether a backup copies it.
func TestTablesOfABackup(t *testing.T) {
	s := full(t)
	known := append([]string{"counters", "extents", "files", "lots", "meta"}, append(slices.Clone(copiedTables), momentTables...)...) // counted anew, or promised, or in part
	s.alone(func() {
		names, err := all(s, func(r *sql.Rows) (n string, err error) { err = r.Scan(&n); return n, err },
			"SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'message_index%'")
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(names)
		slices.Sort(known)
		if !slices.Equal(names, known) {
			t.Errorf("the tables are %v", names)
		}
	})
}

func TestBackupWithoutHistory(t *testing.T) {
	s := full(t)
	file := backedUp(t, s, false)
	got := restored(t, file.Bytes())
	for _, table := range copiedTables {
		want := rows(t, s, table)
		if slices.Contains([]string{"messages", "reactions", "edits"}, table) {
			want = nil
		}
		if table == "chats" { // without what was typed, and where it was read to
			for i := range want {
				want[i] = regexp.MustCompile(`draft .*`).ReplaceAllString(want[i], "draft string , position int64 0, ")
			}
		}
		if !slices.Equal(want, rows(t, got, table)) {
			t.Errorf("%s differs", table)
		}
	}
}

// TestRestoreRefuses: entries that no profile holds, or in another order, leave no profile
// and nothing of one.
func TestRestoreRefuses(t *testing.T) {
	bundle := newBundle()
	person := func() *profileEntry { return &profileEntry{Root: make([]byte, 32), Name: "Amina"} }
	contact := func(id int64) *contactEntry {
		return &contactEntry{ID: id, Bundle: bundle, TheirName: "Claire", ResetSecret: make([]byte, 32), Grants: []byte{}}
	}
	setting := func(key string) *settingEntry { return &settingEntry{Key: key, Value: []byte{}} }
	chat := func(c int64) *chatEntry { return &chatEntry{Contact: c} }
	said := func(id, c int64) *saidEntry {
		return &saidEntry{ID: id, Contact: c, Text: "text", Ref: []byte{}, Reactions: []reactionEntry{}}
	}
	node := func(id int64) *nodeEntry { return &nodeEntry{ID: id, Address: "address", Account: make([]byte, 32)} }
	lot := func(id, node int64) *lotEntry { return &lotEntry{ID: id, Node: node, Lot: make([]byte, 16)} }
	saying := func(change func(m *saidEntry)) []entry {
		m := said(1, 1)
		change(m)
		return []entry{person(), contact(1), m}
	}
	message := func(id, c int64) *messageEntry { return &messageEntry{ID: id, Contact: c, Text: "text"} }
	with := func(change func(c *contactEntry)) []entry {
		c := contact(1)
		change(c)
		return []entry{person(), c}
	}
	for name, entries := range map[string][]entry{
		"nothing":                  {},
		"no profile":               {contact(1)},
		"two profiles":             {person(), person()},
		"profile last":             {contact(1), person()},
		"contacts twice":           {person(), contact(1), contact(1)},
		"contacts descending":      {person(), contact(2), contact(1)},
		"contact after settings":   {person(), setting("a"), contact(1)},
		"settings twice":           {person(), setting("a"), setting("a")},
		"messages descending":      {person(), contact(1), message(2, 1), message(1, 1)},
		"message of nobody":        {person(), contact(1), message(1, 2)},
		"setting after messages":   {person(), contact(1), message(1, 1), setting("a")},
		"short root":               {&profileEntry{Root: make([]byte, 31)}},
		"long name":                {&profileEntry{Root: make([]byte, 32), Name: strings.Repeat("a", app.MaxNameBytes+1)}},
		"contact 0":                with(func(c *contactEntry) { c.ID = 0 }),
		"no bundle":                with(func(c *contactEntry) { c.Bundle = []byte{} }),
		"half a bundle":            with(func(c *contactEntry) { c.Bundle = bundle[:600] }),
		"trust 4":                  with(func(c *contactEntry) { c.Trust = 4 }),
		"trust -1":                 with(func(c *contactEntry) { c.Trust = -1 }),
		"broken rights":            with(func(c *contactEntry) { c.Grants = []byte{7} }),
		"short RS":                 with(func(c *contactEntry) { c.ResetSecret = make([]byte, 16) }),
		"negative number":          with(func(c *contactEntry) { c.ResetNumber = -1 }),
		"long alias":               with(func(c *contactEntry) { c.Alias = strings.Repeat("a", app.MaxNameBytes+1) }),
		"not UTF-8":                with(func(c *contactEntry) { c.TheirName = "\xff" }),
		"setting without a name":   {person(), setting("")},
		"setting without a value":  {person(), &settingEntry{Key: "a"}},
		"large setting":            {person(), &settingEntry{Key: "a", Value: make([]byte, app.MaxSettingBytes+1)}},
		"message 0":                {person(), contact(1), message(0, 1)},
		"chats twice":              {person(), contact(1), chat(1), chat(1)},
		"chat of nobody":           {person(), contact(1), chat(2)},
		"chat after messages":      {person(), contact(1), said(1, 1), chat(1)},
		"negative timer":           {person(), contact(1), &chatEntry{Contact: 1, Timer: -1}},
		"timer of a million years": {person(), contact(1), &chatEntry{Contact: 1, Timer: 1e6 * 31557600}},
		"long draft":               {person(), contact(1), &chatEntry{Contact: 1, Draft: strings.Repeat("a", app.MaxDraftBytes+1)}},
		"said descending":          {person(), contact(1), said(2, 1), said(1, 1)},
		"said by nobody":           {person(), contact(1), said(1, 2)},
		"edit of nothing":          {person(), contact(1), &editEntry{Message: 1}},
		"edit of another":          {person(), contact(1), said(1, 1), said(2, 1), &editEntry{Message: 1}},
		"long edit":                {person(), contact(1), said(1, 1), &editEntry{Message: 1, Text: strings.Repeat("a", app.MaxTextBytes+1)}},
		"short ref":                saying(func(m *saidEntry) { m.Ref = make([]byte, 15) }),
		"negative answer":          saying(func(m *saidEntry) { m.ReplyTo = new(int64); *m.ReplyTo = -1 }),
		"long emoji":               saying(func(m *saidEntry) { m.Reactions = []reactionEntry{{Emoji: strings.Repeat("a", maxEmoji+1)}} }),
		"many reactions":           saying(func(m *saidEntry) { m.Reactions = make([]reactionEntry, maxReactions+1) }),
		"no file":                  saying(func(m *saidEntry) { m.File = &fileEntry{File: []byte("none")} }),
		"nodes twice":              {person(), node(1), node(1)},
		"short account":            {person(), &nodeEntry{ID: 1, Address: "address", Account: make([]byte, 31)}},
		"node without address":     {person(), &nodeEntry{ID: 1, Account: make([]byte, 32)}},
		"node of nobody":           {person(), &nodeEntry{ID: 1, Address: "address", Account: make([]byte, 32), OfferedBy: 1}},
		"node before messages":     {person(), contact(1), node(1), said(1, 1)},
		"lot of nothing":           {person(), node(1), lot(1, 2)},
		"lots descending":          {person(), node(1), lot(2, 1), lot(1, 1)},
		"lot with a short name":    {person(), node(1), &lotEntry{ID: 1, Node: 1, Lot: make([]byte, 15)}},
		"offer of nobody":          {person(), &offerEntry{Contact: 1, Address: "address"}},
		"offer of nothing":         {person(), contact(1), &offerEntry{Contact: 1}},
		"long address":             {person(), contact(1), &offerEntry{Contact: 1, Address: strings.Repeat("a", maxAddress+1)}},
		"offers twice":             {person(), contact(1), &offerEntry{Contact: 1, Address: "a"}, &offerEntry{Contact: 1, Address: "b"}},
		"hidden from nobody":       {person(), &hideEntry{Contact: 1}},
		"hidden twice":             {person(), contact(1), &hideEntry{Contact: 1}, &hideEntry{Contact: 1}},
		"long text":                {person(), contact(1), &messageEntry{ID: 1, Contact: 1, Text: strings.Repeat("a", app.MaxTextBytes+1)}},
		"long word":                {person(), contact(1), &messageEntry{ID: 1, Contact: 1, State: strings.Repeat("a", maxWord+1)}},
		"far too long a word more": {person(), contact(1), &messageEntry{ID: 1, Contact: 1, Notice: strings.Repeat("a", maxWord+1)}},
	} {
		var records [][]byte
		for _, e := range entries {
			b, err := entryEncoding.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			records = append(records, append([]byte{e.kind()}, b...))
		}
		wantNoProfile(t, name, records)
	}
	good, err := encodeEntry(person())
	if err != nil {
		t.Fatal(err)
	}
	wantNoProfile(t, "no kind", [][]byte{good, {99}})
	wantNoProfile(t, "trailing byte", [][]byte{append(bytes.Clone(good), 0)})
	wantNoProfile(t, "no CBOR", [][]byte{{kindProfile, 0xff}})
	wantNoProfile(t, "nothing but a kind", [][]byte{{kindProfile}})
	long := bytes.Replace(good, []byte{0x65}, []byte{0x78, 5}, 1) // the length of the name in two bytes
	wantNoProfile(t, "not deterministic", [][]byte{long})
}

// wantNoProfile expects a backup of these records to be refused as damaged.
func wantNoProfile(t *testing.T, name string, records [][]byte) {
	t.Helper()
	dir := t.TempDir()
	next := func() ([]byte, error) {
		if len(records) == 0 {
			return nil, io.EOF
		}
		record := records[0]
		records = records[1:]
		return record, nil
	}
	if err := plain.restore(context.Background(), dir, "", next); !errors.Is(err, backup.ErrDamaged) {
		t.Errorf("%s: %v", name, err)
	}
	for f := range files(t, dir) {
		if f != lockFile {
			t.Errorf("%s: %s was left", name, f)
		}
	}
}

// TestRestoreIsWhole: a backup that breaks off leaves no profile, and the same folder
// takes a whole one; a profile that is there stays.
func TestRestoreIsWhole(t *testing.T) {
	ctx, dir := context.Background(), filepath.Join(t.TempDir(), "new")
	file := backedUp(t, full(t), true).Bytes()
	for _, n := range []int{len(file) - 1, len(file) / 2, len(file) * 3 / 4} {
		if err := cheap.Restore(ctx, dir, "p", reader(t, file[:n])); !errors.Is(err, backup.ErrDamaged) {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
		if left := files(t, dir); len(left) != 1 || Exists(dir) {
			t.Errorf("%d files were left", len(left))
		}
	}
	if err := cheap.Restore(ctx, dir, "p", reader(t, file)); err != nil {
		t.Fatal(err)
	}
	before := files(t, dir)
	if err := cheap.Restore(ctx, dir, "p", reader(t, file)); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a profile: %v", err)
	}
	if !reflect.DeepEqual(before, files(t, dir)) {
		t.Error("the profile that was there was touched")
	}
	if reopen(t, dir) {
		t.Error("the restored profile takes itself for an older copy")
	}
}

// TestFilesOfABackup: a backup promises the files that were received, and knows that those
// that were sent are gone.
func TestFilesOfABackup(t *testing.T) {
	s := full(t)
	got := restored(t, backedUp(t, s, true).Bytes())
	seen := map[string]int{}
	err := got.View(context.Background(), func(tx app.ReadTx) error {
		list, err := tx.MessagesAfter(1, 0, 100)
		for _, m := range list {
			if m.File == nil {
				continue
			}
			f, err := tx.File(m.ID)
			if err != nil || f.Have != 0 || f.Blob != 0 || f.Name != "a file.png" || f.File.Length != 70_000 || f.Contact != 1 || f.Own != m.Own {
				t.Errorf("a file after the restore: %v, have %d", err, f.Have)
			}
			seen[fmt.Sprint(m.Own, " ", f.State, " ", f.Reason)]++
		}
		return err
	})
	want := map[string]int{"true cancelled gone": 3, "false waiting ": 2, "false failed ": 1}
	if err != nil || !maps.Equal(seen, want) {
		t.Errorf("files %v, %v; want %v", seen, err, want)
	}
}

// TestHomesOfABackup: a restored profile fetches with the account that it had, and its lots are
// known there, but nobody is given a grant that may have been given since.
func TestHomesOfABackup(t *testing.T) {
	s := full(t)
	got := restored(t, backedUp(t, s, true).Bytes())
	err := got.View(context.Background(), func(r app.ReadTx) error {
		tx := r.(app.HomeReadTx)
		nodes, err := tx.Nodes()
		if len(nodes) != 2 || nodes[0].Account != [32]byte{0xAC} || !nodes[0].Default || nodes[1].OfferedBy != 1 || nodes[0].OfferedBy != 0 {
			t.Errorf("%d nodes, or others", len(nodes))
		}
		lots, err2 := tx.Lots(1)
		if len(lots) != 2 || lots[0].ID != [16]byte{9} || lots[1].ID != [16]byte{7} || !lots[0].Uploaded || lots[0].Until.IsZero() {
			t.Errorf("%d lots, or others", len(lots))
		}
		for _, l := range lots {
			if len(l.Spares) > 0 {
				t.Errorf("%d grants may be issued twice", len(l.Spares))
			}
		}
		c, err3 := r.Contact(2)
		if !c.Hide {
			t.Error("a contact is told addresses")
		}
		return errors.Join(err, err2, err3)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestHeldInABackup: a message of which a node has the box is to be said again.
func TestHeldInABackup(t *testing.T) {
	s := full(t)
	var held app.MessageID
	change(t, s, func(tx app.Tx) (err error) {
		held, err = tx.AddMessage(app.Message{Contact: 1, Own: true, Text: "on its way", At: time.UnixMilli(1), State: app.StateHeld, StateAt: time.UnixMilli(1)})
		return err
	})
	err := restored(t, backedUp(t, s, true).Bytes()).View(context.Background(), func(tx app.ReadTx) error {
		m, err := tx.Message(held)
		if m.State != app.StateQueued || m.Reason != app.ReasonAgain {
			t.Errorf("it is %s, %q", m.State, m.Reason)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestFirstBackup: messages as the first version wrote them are restored.
func TestFirstBackup(t *testing.T) {
	contact := &contactEntry{ID: 1, Bundle: newBundle(), TheirName: "Claire", ResetSecret: make([]byte, 32), Grants: []byte{}}
	message := &messageEntry{ID: 7, Contact: 1, Text: "of old", SentAt: 5, At: 6, State: "received", StateAt: 6, Unread: true}
	var records [][]byte
	for _, e := range []entry{&profileEntry{Root: make([]byte, 32)}, contact, message} {
		b, err := encodeEntry(e)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, b)
	}
	dir := t.TempDir()
	err := plain.restore(context.Background(), dir, "", func() ([]byte, error) {
		if len(records) == 0 {
			return nil, io.EOF
		}
		next := records[0]
		records = records[1:]
		return next, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := plain.Open(context.Background(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(context.Background(), func(tx app.ReadTx) error {
		m, err := tx.Message(7)
		if m.Text != "of old" || !m.Unread || m.Replies || m.File != nil || !m.Ref.IsZero() || !m.At.Equal(time.UnixMicro(6)) {
			t.Errorf("the message: %v", m.At)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestUnsoundBackup: what could not be read back is not written.
func TestUnsoundBackup(t *testing.T) {
	s := full(t)
	change(t, s, func(tx app.Tx) error {
		_, err := tx.AddContact(app.ContactRecord{Bundle: []byte("none")})
		return err
	})
	w, err := backup.NewWriter(new(bytes.Buffer), "b", vault.LeastCost)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(context.Background(), w, false); !errors.Is(err, app.ErrDamaged) {
		t.Errorf("a contact without a bundle: %v", err)
	}
}
