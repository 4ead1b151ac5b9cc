package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"tacit/app"
	"tacit/storage"
	"tacit/ui/cmd/internal/drive"
)

// made up while the test runs: what stands in its source is in the memory of every process
// that runs it.
func word(letters int) string {
	b := make([]byte, letters)
	rand.Read(b)
	for i := range b {
		b[i] = 'a' + b[i]%26
	}
	return string(b)
}

// takeTime gives the test twice the time: pairing over a node waits for it again and again.
func (w *world) takeTime() {
	var cancel context.CancelFunc
	w.ctx, cancel = context.WithTimeout(context.Background(), 2*patience)
	w.t.Cleanup(cancel)
}

// insider is a person of whom the test knows everything.
type insider struct {
	*drive.Process
	name, contact string
	names         hunt   // what names the person to the node
	box           []byte // that waits at the node
}

// join makes a profile that meets others by way of the node alone.
func (w *world) join(node string) *insider {
	w.t.Helper()
	p := &insider{name: "N" + word(19), names: hunt{}}
	w.init(p.name)
	p.Process = w.start(p.name)
	w.call(p.Process, "preferences.set", map[string]any{"lan": false}, nil)
	w.useNode(p.Process, node)
	return p
}

// open calls f with the profile of a person who is away.
func (w *world) open(p *insider, f func(app.ReadTx) error) {
	w.t.Helper()
	s, err := storage.Open(w.ctx, w.path(p.name), "correct horse battery staple")
	if err == nil {
		err = errors.Join(s.View(w.ctx, f), s.Close())
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestNodeKnowsNobody: two who pair by link over a node, and write by its mailbox, leave
// neither on its disk nor in its memory who they are, what they say, or that they know each
// other. The same hunt finds all of it in their own memory, and at the node what it has to know.
func TestNodeKnowsNobody(t *testing.T) {
	w := newWorld(t)
	w.takeTime()
	node := w.node("node", "--listen", "127.0.0.1:0", "--allow-private")
	amina, claire := w.join(node.address.String()), w.join(node.address.String())
	m, err := drive.Pair(w.ctx, amina.Process, claire.Process, nil)
	if err != nil {
		t.Fatal(err)
	}
	amina.contact, claire.contact = m.Presenter, m.Scanner
	secrets := hunt{"Amina's name": []byte(amina.name), "Claire's name": []byte(claire.name)}
	for _, p := range []*insider{amina, claire} {
		w.spy(p, secrets)
	}
	w.untilTold(claire, amina)

	// Claire is away from here on; what is written to her waits.
	said, answered := word(60), word(60)
	secrets["what was said"], secrets["the answer"] = []byte(said), []byte(answered)
	id := w.send(amina.Process, amina.contact, said)
	w.awaitState(amina.Process, id, "held")
	w.spy(amina, secrets)
	w.inOwnMemory(amina, secrets, "the answer")
	w.atNode(node, secrets)
	w.shutdown(amina.Process)
	w.open(amina, func(tx app.ReadTx) error { return w.learn(tx, amina, secrets) })
	w.atNode(node, secrets)
	w.wantAtNode(node, amina)

	claire.Process = w.start(claire.name)
	w.received(claire.Process, said)
	w.awaitState(claire.Process, w.send(claire.Process, claire.contact, answered), "held")
	w.spy(claire, secrets)
	w.inOwnMemory(claire, secrets, "root of "+amina.name, "account's secret of "+amina.name)
	w.shutdown(claire.Process)
	w.open(claire, func(tx app.ReadTx) error { return w.learn(tx, claire, secrets) })
	w.atNode(node, secrets)
	node.stop()
	w.atRest(secrets)
	logged := map[string]bool{}
	if secrets.in(node.stderr.Bytes(), logged); len(logged) > 0 {
		t.Errorf("the node logs %v", logged)
	}
	w.wantNoPair(amina, claire)
}

// spy adds what a person's process tells about the person and the contact.
func (w *world) spy(p *insider, secrets hunt) {
	w.t.Helper()
	var self struct{ Fingerprint string }
	w.call(p.Process, "profile.get", nil, &self)
	raw, err := hex.DecodeString(self.Fingerprint)
	if err != nil {
		w.t.Fatal(err)
	}
	var c struct {
		SafetyNumber string `json:"safety_number"`
	}
	w.call(p.Process, "contact.get", map[string]any{"contact": p.contact}, &c)
	secrets["fingerprint of "+p.name] = raw
	secrets["the safety number"] = []byte(c.SafetyNumber)
}

// untilTold leaves two together until one knows the node of the other, who is away then.
func (w *world) untilTold(of, to *insider) {
	w.t.Helper()
	for stay := time.Second; ; stay *= 2 {
		select {
		case <-time.After(stay):
		case <-w.ctx.Done():
			w.t.Fatal("nobody is told of a node")
		}
		w.shutdown(of.Process)
		e, err := to.Await(w.ctx, "that the other is away", func(e drive.Event) bool {
			return e.Type() == "contact.presence" && slices.Contains([]string{"mailbox", "no"}, e.Text("reachable"))
		})
		if err != nil {
			w.t.Fatal(err)
		}
		if e.Text("reachable") == "mailbox" {
			return
		}
		of.Process = w.start(of.name)
	}
}

// learn adds what only the profile itself holds, and what of it the node has to know.
func (w *world) learn(tx app.ReadTx, p *insider, secrets hunt) error {
	profile, err := tx.Profile()
	contacts, err2 := tx.Contacts()
	nodes, err3 := tx.Nodes()
	boxes, err4 := tx.Outbox(contacts[0].ID, 0, 10)
	if err := errors.Join(err, err2, err3, err4); err != nil {
		return err
	}
	lots, err := tx.Lots(nodes[0].ID)
	if err != nil {
		return err
	}
	p.names["account of "+p.name] = ed25519.NewKeyFromSeed(nodes[0].Account[:]).Public().(ed25519.PublicKey)
	p.names["lot of "+p.name] = lots[0].ID[:]
	if len(boxes) > 0 {
		p.box = boxes[len(boxes)-1].Box[:64]
	}
	secrets["root of "+p.name] = profile.Root[:]
	secrets["account's secret of "+p.name] = nodes[0].Account[:]
	bundle := contacts[0].Bundle
	for _, at := range []int{1, 300, 900, len(bundle) - 32} {
		secrets["bundle of the contact of "+p.name+" at "+word(4)] = bundle[at : at+32]
	}
	secrets["reset secret with the contact of "+p.name] = contacts[0].ResetSecret[:]
	return nil
}

// inOwnMemory expects that a person's own process knows everything but what is named.
func (w *world) inOwnMemory(p *insider, secrets hunt, but ...string) {
	w.t.Helper()
	found, size := secrets.inMemory(w.t, p.Process.Process().Pid)
	for name := range secrets {
		if !found[name] && !slices.Contains(but, name) {
			w.t.Errorf("%s is not in the memory of who knows it (%d MiB)", name, size>>20)
		}
	}
}

// atNode expects nothing of the hunt at the node, while it runs.
func (w *world) atNode(n *nodeProcess, secrets hunt) {
	w.t.Helper()
	found, size := secrets.inMemory(w.t, n.cmd.Process.Pid)
	for name := range found {
		w.t.Errorf("%s is in the memory of the node", name)
	}
	if size < 1<<20 {
		w.t.Errorf("only %d bytes of its memory were looked at", size)
	}
	w.atRest(secrets)
}

// atRest expects nothing of the hunt on the node's disk.
func (w *world) atRest(secrets hunt) {
	w.t.Helper()
	for name := range secrets.inFolder(w.t, w.path("node")) {
		w.t.Errorf("%s is on the disk of the node", name)
	}
}

// wantAtNode expects to find at the node what it cannot do without.
func (w *world) wantAtNode(n *nodeProcess, p *insider) {
	w.t.Helper()
	known := hunt{"the key of its address": n.address.Node[:], "an account": p.names["account of "+p.name]}
	found, _ := known.inMemory(w.t, n.cmd.Process.Pid)
	for name := range known {
		if !found[name] {
			w.t.Errorf("%s is not found in the memory of the node", name)
		}
	}
	kept := hunt{"an account": p.names["account of "+p.name], "the box that waits": p.box}
	found = kept.inFolder(w.t, w.path("node"))
	for name := range kept {
		if !found[name] {
			w.t.Errorf("%s is not found on the disk of the node", name)
		}
	}
}

// wantNoPair expects no row of the node's database to hold what names one of the two together
// with what names the other.
func (w *world) wantNoPair(a, b *insider) {
	w.t.Helper()
	rows := w.rows(w.path("node/mailbox.db"))
	seen := map[string]int{}
	for _, row := range rows {
		of := [2]map[string]bool{{}, {}}
		a.names.in(row, of[0])
		b.names.in(row, of[1])
		for _, found := range of {
			for name := range found {
				seen[name]++
			}
		}
		if len(of[0]) > 0 && len(of[1]) > 0 {
			w.t.Errorf("a row holds %v of one and %v of the other", slices.Collect(maps.Keys(of[0])), slices.Collect(maps.Keys(of[1])))
		}
	}
	for _, name := range []string{"account", "lot"} {
		if seen[name+" of "+a.name] == 0 || seen[name+" of "+b.name] == 0 {
			w.t.Errorf("no row has the %s of both: %v in %d rows", name, seen, len(rows))
		}
	}
}

// rows returns every row of every table of a database, its columns one behind the other.
func (w *world) rows(file string) (all [][]byte) {
	w.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+file+"?mode=ro")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	for _, table := range w.query(db, "SELECT name FROM sqlite_schema WHERE type = 'table'") {
		all = append(all, w.query(db, `SELECT * FROM "`+string(table)+`"`)...)
	}
	return all
}

func (w *world) query(db *sql.DB, query string) (all [][]byte) {
	w.t.Helper()
	rows, err := db.QueryContext(w.ctx, query)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	values, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, bytes.Join(asBytes(values), nil))
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return all
}

func asBytes(values []sql.RawBytes) (all [][]byte) {
	for _, v := range values {
		all = append(all, v)
	}
	return all
}
