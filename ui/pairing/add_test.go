package pairing

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tacit/app"
	"tacit/identity"
	"tacit/ui/lang"
)

// fake is a messenger that does what a test tells it. Work runs at once, so outcomes
// come before events unless the test has it otherwise.
type fake struct {
	t         *testing.T
	now       time.Time
	cards     int
	requests  []app.CardRequest
	createErr error
	accepted  []string
	mayScan   bool   // cards may be read by a camera
	scanned   []bool // which of the accepted ones were
	acceptErr error
	codes     []string
	codeErr   error
	attested  []bool
	stopped   []app.PairingID
	pairings  []app.Pairing
	contacts  []app.Contact
	nearby    []string // what was asked of those nearby
	nearbyErr error
	later     bool // work is kept until flush
	held      []func(context.Context) func()
}

func (f *fake) run(w func(context.Context) func()) {
	if f.later {
		f.held = append(f.held, w)
		return
	}
	w(f.t.Context())()
}

func (f *fake) flush() {
	f.later = false
	for len(f.held) > 0 {
		w := f.held[0]
		f.held = f.held[1:]
		w(f.t.Context())()
	}
}

func (f *fake) CreateCard(_ context.Context, r app.CardRequest) (app.CardOffer, error) {
	f.requests = append(f.requests, r)
	if f.createErr != nil {
		return app.CardOffer{}, f.createErr
	}
	f.cards++
	id := app.PairingID("own" + string(rune('0'+f.cards)))
	return app.CardOffer{Pairing: id, Card: "TACIT1:" + strings.Repeat("A", 90+f.cards), ExpiresAt: f.now.Add(r.TTL)}, nil
}

func (f *fake) AcceptCard(_ context.Context, card string, scanned bool) (app.PairingID, error) {
	f.scanned = append(f.scanned, scanned)
	if scanned && !f.mayScan {
		f.t.Error("nothing here was read by a camera")
	}
	f.accepted = append(f.accepted, card)
	return "theirs", f.acceptErr
}

func (f *fake) EnterCode(_ context.Context, _ app.PairingID, code string) (app.ContactID, error) {
	f.codes = append(f.codes, code)
	return 7, f.codeErr
}

func (f *fake) Attest(_ context.Context, _ app.PairingID, before bool) error {
	f.attested = append(f.attested, before)
	return nil
}

func (f *fake) StopPairing(_ context.Context, id app.PairingID) error {
	f.stopped = append(f.stopped, id)
	return nil
}

func (f *fake) Pairings(context.Context) ([]app.Pairing, error) { return f.pairings, nil }
func (f *fake) Contacts(context.Context) ([]app.Contact, error) { return f.contacts, nil }

func open(t *testing.T) (*Add, *fake) {
	t.Helper()
	f := &fake{t: t, now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	a := NewAdd(f, f.run, func() time.Time { return f.now })
	a.Start()
	return a, f
}

func codesOf(id app.PairingID) app.Pairing {
	return app.Pairing{ID: id, Phase: app.PhaseCodes, PeerName: "Claire", Show: "482913", Enter: true}
}

func TestMyCardIsRenewed(t *testing.T) {
	a, f := open(t)
	first := a.Offer
	if first.Card == "" || !f.requests[0].Shown || f.requests[0].TTL != identity.ScreenCardLife {
		t.Fatalf("offer %+v, request %+v", first, f.requests)
	}
	f.now = f.now.Add(identity.ScreenCardLife - time.Second)
	a.Tick()
	if a.Offer != first || a.Remaining() != time.Second {
		t.Fatalf("renewed with %s left", a.Remaining())
	}
	f.now = f.now.Add(time.Second)
	a.Tick()
	if a.Offer == first || a.Remaining() != identity.ScreenCardLife {
		t.Fatal("not renewed")
	}
	if len(f.stopped) > 0 {
		t.Error("the old card is void before its grace is over")
	}
	a.Event(app.PairingChanged{Pairing: codesOf(first.Pairing)}) // read just before it was renewed
	if a.Step != StepCodes || a.Pairing.ID != first.Pairing {
		t.Errorf("step %d", a.Step)
	}
	if !slices.Equal(f.stopped, []app.PairingID{"own2"}) {
		t.Errorf("stopped %v, want the card that nobody read", f.stopped)
	}
}

func TestMyCardIsTriedAgain(t *testing.T) {
	a, f := open(t)
	f.createErr = app.ErrDiskFull
	f.now = f.now.Add(identity.ScreenCardLife)
	a.Tick()
	if !errors.Is(a.MineErr, app.ErrDiskFull) || a.Offer.Card != "" {
		t.Fatalf("error %v, card %q", a.MineErr, a.Offer.Card)
	}
	f.createErr = nil
	a.Tick()
	if a.MineErr != nil || a.Offer.Card == "" {
		t.Error("no card after the disk had room again")
	}
}

func TestLinkLivesForDays(t *testing.T) {
	a, f := open(t)
	var card string
	var until time.Time
	a.OnLink = func(c string, u time.Time) { card, until = c, u }
	a.Link()
	r := f.requests[len(f.requests)-1]
	if r.Shown || r.TTL != identity.MaxLinkTTL || card == "" || card == a.Offer.Card {
		t.Fatalf("request %+v, card %q", r, card)
	}
	if want := f.now.Add(identity.MaxLinkTTL); !until.Equal(want) || !a.LinkUntil.Equal(want) {
		t.Errorf("until %v", until)
	}
	var picture []byte
	a.OnImage = func(b []byte, _ time.Time) { picture = b }
	a.Image()
	if got, err := read(t, picture); err != nil || got != "TACIT1:"+strings.Repeat("A", 93) {
		t.Errorf("the picture reads %q, %v", got, err)
	}
	a.Close()
	if !slices.Equal(f.stopped, []app.PairingID{"own1"}) {
		t.Errorf("stopped %v, want only the card on the screen", f.stopped)
	}
}

func TestTheirCardInText(t *testing.T) {
	for text, want := range map[string]string{
		cardText:               cardText,
		"  " + cardText + "\n": cardText,
		"Here is my card: " + cardText + ". Bye.": cardText,
		strings.ToLower(cardText):                 cardText,
		"hello":                                   "hello",
		strings.Repeat("x", 1<<20):                "",
	} {
		a, f := open(t)
		a.Show(StepTheirs)
		a.Paste(text)
		if len(f.accepted) != 1 || f.accepted[0] != want {
			t.Errorf("%.40q: accepted %.60q", text, f.accepted)
		}
		if a.Step != StepLooking || !slices.Contains(f.stopped, "own1") {
			t.Errorf("step %d, stopped %v", a.Step, f.stopped)
		}
	}
}

func TestTheirCardIsRefused(t *testing.T) {
	for _, err := range []error{
		app.ErrCardMalformed, app.ErrCardExpired, app.ErrCardUsed, app.ErrCardOwn, app.ErrCardNewer, app.ErrCardKnown,
	} {
		a, f := open(t)
		a.Show(StepTheirs)
		f.acceptErr = err
		a.Paste(cardText)
		if a.Step != StepTheirs || !errors.Is(a.TheirsErr, err) || a.Reading {
			t.Errorf("%v: step %d, error %v", err, a.Step, a.TheirsErr)
		}
		f.acceptErr = nil
		a.Paste(cardText)
		if a.Step != StepLooking || a.TheirsErr != nil {
			t.Errorf("%v: no second try, step %d", err, a.Step)
		}
	}
}

func TestKnownCardNamesItsContact(t *testing.T) {
	a, f := open(t)
	claire := identity.New().Bundle().Fingerprint()
	f.contacts = []app.Contact{{ID: 1, Name: "Papa"}, {ID: 2, Name: "Claire", Fingerprint: claire}}
	f.acceptErr = app.ErrCardKnown
	a.Show(StepTheirs)
	a.Paste(identity.NewCard(claire, time.Hour, false, f.now).String())
	var known KnownError
	if !errors.As(a.TheirsErr, &known) || known.Contact.Name != "Claire" {
		t.Errorf("error %v", a.TheirsErr)
	}
}

func TestPastedFileIsOpenedAsPicture(t *testing.T) {
	path := filepath.Join(t.TempDir(), "their card.png")
	if err := os.WriteFile(path, encodePNG(t, code(t, 5)), 0o600); err != nil {
		t.Fatal(err)
	}
	uri := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
	for _, text := range []string{path, uri, uri + "\n"} {
		a, f := open(t)
		a.Paste(text)
		if a.Step != StepLooking || !slices.Equal(f.accepted, []string{cardText}) {
			t.Errorf("step %d, accepted %q", a.Step, f.accepted)
		}
	}
	a, f := open(t)
	a.Paste(path + ".gone")
	if !errors.Is(a.TheirsErr, ErrNoCode) || len(f.accepted) > 0 {
		t.Errorf("error %v, accepted %q", a.TheirsErr, f.accepted)
	}
}

func TestTheirCardInPictures(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good.png"), filepath.Join(dir, "bad.png")
	if err := errors.Join(os.WriteFile(good, encodePNG(t, code(t, 5)), 0o600), os.WriteFile(bad, bomb(t, 20000), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, pasted := range []string{good, " " + good + "\n", "file://" + good} {
		a, f := open(t)
		a.Paste(pasted)
		if a.Step != StepLooking || !slices.Equal(f.accepted, []string{cardText}) {
			t.Errorf("pasted %q: step %d, error %v", pasted, a.Step, a.TheirsErr)
		}
	}
	a, f := open(t)
	a.ReadPicture(bad) // dropped while my card is shown: the tab changes
	if a.Step != StepTheirs || !errors.Is(a.TheirsErr, ErrPictureTooLarge) || len(f.accepted) > 0 {
		t.Fatalf("step %d, error %v", a.Step, a.TheirsErr)
	}
	f.later = true
	a.ReadPicture(good)
	a.ReadPicture(bad) // while the first is being read
	if !a.Reading {
		t.Fatal("not reading")
	}
	f.flush()
	if a.Step != StepLooking || !slices.Equal(f.accepted, []string{cardText}) {
		t.Errorf("step %d, accepted %q", a.Step, f.accepted)
	}
}

func lookingFor(t *testing.T) (*Add, *fake) {
	t.Helper()
	a, f := open(t)
	a.Show(StepTheirs)
	a.Paste(cardText)
	return a, f
}

func TestNobodyAnswers(t *testing.T) {
	a, f := lookingFor(t)
	if a.Nobody() {
		t.Error("said at once")
	}
	f.now = f.now.Add(nobodyAfter)
	if !a.Nobody() {
		t.Error("never said")
	}
	a.Event(app.PairingChanged{Pairing: app.Pairing{ID: "theirs", Phase: app.PhaseFailed, Err: app.ErrCardExpired}})
	if a.Step != StepTheirs || !errors.Is(a.TheirsErr, app.ErrCardExpired) {
		t.Errorf("step %d, error %v", a.Step, a.TheirsErr)
	}
}

func TestEventsBeforeTheOutcome(t *testing.T) {
	a, f := open(t)
	a.Show(StepTheirs)
	f.later = true
	a.Paste(cardText)
	f.pairings = []app.Pairing{codesOf("theirs")}
	a.Event(app.PairingChanged{Pairing: codesOf("theirs")})
	f.flush()
	if a.Step != StepCodes || a.Pairing.Show != "482913" {
		t.Errorf("step %d, pairing %+v", a.Step, a.Pairing)
	}
}

func TestCodesMatch(t *testing.T) {
	a, f := lookingFor(t)
	a.SetCode("123456") // not yet
	if a.Code != "" {
		t.Error("typed before there are boxes")
	}
	p := codesOf("theirs")
	p.Show = ""
	a.Event(app.PairingChanged{Pairing: p})
	a.SetCode("70512")
	a.Confirm()
	if len(f.codes) > 0 {
		t.Fatal("compared five digits")
	}
	a.SetCode("705123")
	a.Event(app.PairingChanged{Pairing: codesOf("theirs")}) // the own code appears; what was typed stays
	if a.Code != "705123" || !a.MayConfirm() {
		t.Fatalf("code %q", a.Code)
	}
	a.Event(app.PairingChanged{Pairing: codesOf("stranger")})
	if a.Pairing.ID != "theirs" {
		t.Fatal("another pairing took over")
	}
	f.later = true
	a.Confirm()
	a.Confirm()
	f.flush()
	if !slices.Equal(f.codes, []string{"705123"}) || a.Step != StepChecked {
		t.Fatalf("codes %v, step %d", f.codes, a.Step)
	}
	p = codesOf("theirs")
	p.Phase, p.Contact = app.PhaseDone, 7
	a.Event(app.PairingChanged{Pairing: p})
	if a.Step != StepDone || a.Pairing.Contact != 7 {
		t.Errorf("step %d, contact %d", a.Step, a.Pairing.Contact)
	}
}

func TestCodesDiffer(t *testing.T) {
	a, f := lookingFor(t)
	a.Event(app.PairingChanged{Pairing: codesOf("theirs")})
	a.SetCode("000000")
	f.codeErr = app.ErrCodeWrong
	a.Confirm()
	if a.Step != StepMismatch || a.Pairing.PeerName != "Claire" || a.MayConfirm() {
		t.Fatalf("step %d", a.Step)
	}
	a.SetCode("705123")
	a.Confirm()
	if len(f.codes) != 1 {
		t.Error("a second attempt")
	}
	cards := f.cards
	a.Again()
	if a.Step != StepMine || f.cards != cards+1 || a.Code != "" || a.Pairing.PeerName != "" {
		t.Errorf("step %d after a new start", a.Step)
	}
}

func TestPairingEndsOtherwise(t *testing.T) {
	for _, err := range []error{app.ErrPairingForged, app.ErrPairingStopped, app.ErrPairingEnded, app.ErrCardExpired} {
		a, _ := lookingFor(t)
		a.Event(app.PairingChanged{Pairing: codesOf("theirs")})
		p := codesOf("theirs")
		p.Phase, p.Err = app.PhaseFailed, err
		a.Event(app.PairingChanged{Pairing: p})
		if a.Step != StepEnded || !errors.Is(a.Err, err) {
			t.Errorf("%v: step %d, error %v", err, a.Step, a.Err)
		}
	}
}

func TestAFullDiskSpendsNoAttempt(t *testing.T) {
	a, f := lookingFor(t)
	a.Event(app.PairingChanged{Pairing: codesOf("theirs")})
	a.SetCode("705123")
	f.codeErr = app.ErrDiskFull
	a.Confirm()
	if a.Step != StepCodes || !errors.Is(a.Err, app.ErrDiskFull) || !a.MayConfirm() {
		t.Errorf("step %d, error %v", a.Step, a.Err)
	}
}

func TestAttest(t *testing.T) {
	for _, before := range []bool{true, false} {
		a, f := open(t)
		p := codesOf("own1")
		p.MayAttest = true
		a.Event(app.PairingChanged{Pairing: p})
		if !a.Asking || a.Step != StepCodes {
			t.Fatalf("asking %t, step %d", a.Asking, a.Step)
		}
		a.Attest(before)
		a.Attest(before)
		if !slices.Equal(f.attested, []bool{before}) || a.Asking || a.Step != StepCodes {
			t.Errorf("attested %v, step %d", f.attested, a.Step)
		}
		if a.Attested != before {
			t.Errorf("answered %t, remembered %t", before, a.Attested)
		}
		p.MayAttest = false
		a.Event(app.PairingChanged{Pairing: p})
		a.SetCode("705123")
		if a.Confirm(); a.Attested {
			t.Error("codes matched, and it is still said that they only met")
		}
	}
}

func TestStop(t *testing.T) {
	a, f := lookingFor(t)
	a.Event(app.PairingChanged{Pairing: codesOf("theirs")})
	a.Stop()
	if !slices.Contains(f.stopped, "theirs") || a.Step != StepMine || a.Offer.Card == "" {
		t.Errorf("stopped %v, step %d", f.stopped, a.Step)
	}
	a.Event(app.PairingChanged{Pairing: app.Pairing{ID: "theirs", Phase: app.PhaseFailed, Err: app.ErrPairingStopped}})
	if a.Step != StepMine {
		t.Error("the end of a stopped pairing is shown")
	}
	a.Event(app.PairingChanged{Pairing: codesOf("theirs")}) // told before the stop was known
	if a.Step != StepMine {
		t.Error("a stopped pairing came back")
	}
}

func TestCloseLeavesAPairingUnderWay(t *testing.T) {
	a, f := open(t)
	a.Event(app.PairingChanged{Pairing: codesOf("own1")})
	a.Close()
	if slices.Contains(f.stopped, "own1") {
		t.Fatal("closing the card ended the pairing")
	}
	f.pairings = []app.Pairing{codesOf("own1")}
	b := NewAdd(f, f.run, func() time.Time { return f.now })
	b.Start()
	if b.Step != StepCodes || b.Pairing.ID != "own1" {
		t.Errorf("step %d after it was opened again", b.Step)
	}
}

func TestACardMadeTooLateIsWithdrawn(t *testing.T) {
	f := &fake{t: t, later: true}
	a := NewAdd(f, f.run, func() time.Time { return f.now })
	a.Start()
	a.Close()
	f.flush()
	if f.cards > 0 && !slices.Contains(f.stopped, "own1") {
		t.Error("a card that nobody sees can be used")
	}
}

func TestASearchOverANodeOutlivesTheCard(t *testing.T) {
	for _, far := range []bool{false, true} {
		a, f := lookingFor(t)
		a.Event(app.PairingChanged{Pairing: app.Pairing{ID: "theirs", Phase: app.PhaseSearching, Internet: far}})
		a.Close()
		if stopped := slices.Contains(f.stopped, "theirs"); stopped == far {
			t.Errorf("over a node %t: stopped %t", far, stopped)
		}
	}
}

func TestNotesSayWhereACardWorks(t *testing.T) {
	until := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		a    Add
		want string
	}{
		{Add{}, "works on this network only"},
		{Add{Offer: app.CardOffer{Internet: true}}, "over the internet"},
		{Add{LinkUntil: until}, "on this network only"},
		{Add{LinkUntil: until, LinkFar: true}, "It ends on"},
	} {
		if got := lang.Plain(noteWords(&c.a)); !strings.Contains(got, c.want) || c.a.LinkFar && strings.Contains(got, "network only") {
			t.Errorf("%+v: %q", c.a, got)
		}
	}
}
