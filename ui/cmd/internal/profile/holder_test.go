package profile

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tacit/app"
	"tacit/identity"
)

// patience bounds what these tests wait for: real sockets and disks have no clock of ours.
const patience = time.Minute

// person is an open profile on loopback, and what was told of it.
type person struct {
	*Running
	sub *app.Subscription
}

func openPerson(t *testing.T, dir, name string) *person {
	t.Helper()
	start := func() (*Running, error) { return Open(t.Context(), dir, passphrase, Options{Listen: Loopback}) }
	if !Exists(dir) {
		start = func() (*Running, error) { return Start(t.Context(), dir, name, passphrase, Options{Listen: Loopback}) }
	}
	r, err := start()
	if err != nil {
		t.Fatal(err)
	}
	p := &person{r, r.Messenger.Subscribe()}
	return p
}

func (p *person) close(t *testing.T) {
	t.Helper()
	p.sub.Close()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

// await returns the first event that fits; what came before is gone.
func await[E app.Event](ctx context.Context, t *testing.T, p *person, fits func(E) bool) E {
	t.Helper()
	for {
		select {
		case e, ok := <-p.sub.Events():
			if !ok {
				t.Fatal("the messenger ended")
			}
			if e, ok := e.(E); ok && fits(e) {
				return e
			}
		case <-ctx.Done():
			var want E
			t.Fatalf("no %T came", want)
		}
	}
}

// meet pairs two by a card and both codes.
func meet(ctx context.Context, t *testing.T, a, b *person) (ofA, ofB app.ContactID) {
	t.Helper()
	offer, err := a.Messenger.CreateCard(ctx, app.CardRequest{TTL: identity.ScreenCardLife})
	if err != nil {
		t.Fatal(err)
	}
	id, err := b.Messenger.AcceptCard(ctx, offer.Card, false)
	if err != nil {
		t.Fatal(err)
	}
	shown := func(id app.PairingID) func(app.PairingChanged) bool {
		return func(e app.PairingChanged) bool { return e.Pairing.ID == id && e.Pairing.Show != "" }
	}
	codeB := await(ctx, t, b, shown(id)).Pairing.Show
	codeA := await(ctx, t, a, shown(offer.Pairing)).Pairing.Show
	if ofA, err = a.Messenger.EnterCode(ctx, offer.Pairing, codeB); err != nil {
		t.Fatal(err)
	}
	if ofB, err = b.Messenger.EnterCode(ctx, id, codeA); err != nil {
		t.Fatal(err)
	}
	return ofA, ofB
}

func ready(ctx context.Context, t *testing.T, p *person, c app.ContactID) {
	t.Helper()
	for {
		who, err := p.Messenger.Contact(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		if who.Writable {
			return
		}
		await(ctx, t, p, func(app.ContactChanged) bool { return true })
	}
}

// Amina's computer holds messages for Claire: Claire is offered it, takes it, and finds
// there what Amina wrote while Claire was away. When Amina takes it back, the offer ends.
func TestHoldingForAContact(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	dir := t.TempDir()
	amina, claire := openPerson(t, filepath.Join(dir, "amina"), "Amina"), openPerson(t, filepath.Join(dir, "claire"), "Claire")
	claireID, aminaID := meet(ctx, t, amina, claire)
	ready(ctx, t, amina, claireID)
	ready(ctx, t, claire, aminaID)

	change(ctx, t, amina, func(p *app.Preferences) { p.Hold = true })
	offered := await(ctx, t, claire, func(e app.OfferChanged) bool { return e.Offered })
	offers, err := claire.Messenger.Offers(ctx)
	if err != nil || len(offers) != 1 || offers[0].Contact != aminaID || offered.Contact != aminaID {
		t.Fatalf("offers %+v, %v", offers, err)
	}
	n, err := claire.Messenger.AddNode(ctx, offers[0].Address)
	if err != nil || n.OfferedBy != aminaID {
		t.Fatalf("node %+v, %v", n, err)
	}
	await(ctx, t, claire, func(e app.NodeChanged) bool { return e.Node.ID == n.ID && e.Node.State == app.NodeGood })
	open, err := claire.Messenger.Connections(ctx)
	if err != nil || !slices.ContainsFunc(open, func(c app.Connection) bool { return c.Kind == "node" }) {
		t.Errorf("what is open does not name the mailbox: %+v, %v", open, err)
	}
	// Claire tells Amina of it while both are there; when she has is seen only once she is away.
	for stay := 250 * time.Millisecond; ; stay *= 2 {
		<-time.After(stay)
		claire.close(t)
		if away := await(ctx, t, amina, func(e app.PresenceChanged) bool { return !linked(e.Reach) }); away.Reach == app.ReachMailbox {
			break
		}
		claire = openPerson(t, filepath.Join(dir, "claire"), "")
		await(ctx, t, amina, func(e app.PresenceChanged) bool { return linked(e.Reach) })
	}

	sent, err := amina.Messenger.Send(ctx, claireID, "while you were away")
	if err != nil {
		t.Fatal(err)
	}
	await(ctx, t, amina, func(e app.MessageStateChanged) bool {
		return e.Message.ID == sent.ID && e.Message.State == app.StateHeld
	})
	claire = openPerson(t, filepath.Join(dir, "claire"), "")
	got := await(ctx, t, claire, func(e app.MessageAdded) bool { return !e.Message.Own })
	if got.Message.Text != "while you were away" {
		t.Errorf("came %q", got.Message.Text)
	}

	change(ctx, t, amina, func(p *app.Preferences) { p.Hold = false })
	await(ctx, t, claire, func(e app.OfferChanged) bool { return !e.Offered })
	claire.close(t)
	amina.close(t)
}

func linked(r app.Reach) bool { return r != app.ReachNo && r != app.ReachMailbox }

func change(ctx context.Context, t *testing.T, p *person, f func(*app.Preferences)) {
	t.Helper()
	chosen, err := p.Messenger.Preferences(ctx)
	if err != nil {
		t.Fatal(err)
	}
	f(&chosen)
	if err := p.Messenger.SetPreferences(ctx, chosen); err != nil {
		t.Fatal(err)
	}
}

// The node stays at its port, where contacts know it, also after a restart.
func TestTheHolderStaysWhereItIs(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	dir := filepath.Join(t.TempDir(), "amina")
	var ports []string
	for range 2 {
		amina := openPerson(t, dir, "Amina")
		change(ctx, t, amina, func(p *app.Preferences) { p.Hold = true })
		port := ""
		for port == "" {
			b, err := amina.Messenger.Setting(ctx, portKey)
			if err == nil {
				port = string(b)
			}
			if ctx.Err() != nil {
				t.Fatal("no port is kept")
			}
			time.Sleep(10 * time.Millisecond)
		}
		ports = append(ports, port)
		amina.close(t)
	}
	if ports[0] != ports[1] {
		t.Errorf("ports %x", ports)
	}
}
