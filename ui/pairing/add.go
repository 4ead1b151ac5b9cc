package pairing

import (
	"context"
	"errors"
	"time"

	"tacit/app"
	"tacit/identity"
)

// Step is what the card shows.
//
//	   .---- Show ----.
//	   v              v
//	StepMine      StepTheirs --Paste, ReadPicture--> StepLooking
//	   |              ^                                |     |
//	   |              '------- refused: TheirsErr -----'     |
//	   '-------- both have exchanged keys -------------------+
//	                                                         v
//	StepEnded <--stopped, forged, expired-- StepCodes --wrong--> StepMismatch
//	                                          |   |
//	                   right, the other's open|   |right, both
//	                                          v   v
//	                                StepChecked -> StepDone
//
// StepNearby is a third beside StepMine and StepTheirs; it leads to StepCodes as StepMine
// does. Again leads from StepEnded and StepMismatch to StepMine.
type Step int

const (
	StepMine     Step = iota // my card and its countdown
	StepTheirs               // where theirs goes
	StepNearby               // who else pairs on this network
	StepLooking              // theirs was taken, they have not answered yet
	StepCodes                // two codes to read and to type
	StepChecked              // right on this side, the other has not finished
	StepDone                 // both may write
	StepMismatch             // the codes differed
	StepEnded                // over for another reason, in Err
)

// lastTab is the last of the steps that a person changes between.
const lastTab = StepNearby

// Add is the card "Add a contact", from the first look at a QR code to the end.
//
// Owner of every field: the window's goroutine.
type Add struct {
	OnChange func()                              // something that is shown has changed
	OnLink   func(card string, until time.Time)  // a link to be copied is made
	OnImage  func(image []byte, until time.Time) // a picture to be saved is made

	Step      Step
	Offer     app.CardOffer // the card on the screen; empty while it is made
	MineErr   error         // why there is none
	LinkUntil time.Time     // when the link or picture given away ends; zero before
	LinkFar   bool          // it can be answered from beyond the local network
	Reading   bool          // a picture is being read
	TheirsErr error         // why their card was refused
	Pairing   app.Pairing   // from StepLooking on
	ByCamera  bool          // a camera read their card from their screen
	Code      string        // what was typed
	Asking    bool          // "does this person stand before you?" is open
	Attested  bool          // it was answered with yes: met in person, not verified
	Busy      bool          // the code is being compared
	Err       error         // why it ended

	Scanner *Scanner // on at StepTheirs alone
	Nearby  *Nearby  // open at StepNearby alone

	m       Messenger
	run     Run
	now     func() time.Time
	offers  map[app.PairingID]bool // cards shown by this Add that nobody has opened
	left    map[app.PairingID]bool // pairings that were stopped here
	making  bool
	since   time.Time // when StepLooking began
	current app.PairingID
	turn    int // counts what makes outcomes under way void
	closed  bool
}

// NewAdd returns the card with the tab "show my card" open, or with the codes where a
// pairing waits for them.
func NewAdd(m Messenger, run Run, now func() time.Time) *Add {
	a := &Add{
		OnChange: func() {}, OnLink: func(string, time.Time) {}, OnImage: func([]byte, time.Time) {},
		m: m, run: run, now: now, offers: map[app.PairingID]bool{}, left: map[app.PairingID]bool{},
	}
	a.UseCameras(nil, nil)
	a.Nearby = newNearbyModel(m, run)
	a.Nearby.OnChange = func() { a.OnChange() }
	return a
}

// UseCameras says through which cameras their card may be read, before there is a view;
// nil for none. post is as for NewScanner.
func (a *Add) UseCameras(c Cameras, post func(func())) {
	a.Scanner = NewScanner(c, a.run, post)
	a.Scanner.OnChange = func() { a.OnChange() }
	a.Scanner.OnCard = a.Scanned
}

// Start makes the first card, or resumes a pairing that waits for its codes.
func (a *Add) Start() {
	a.run(func(ctx context.Context) func() {
		all, err := a.m.Pairings(ctx)
		return func() {
			if err == nil && a.resume(all) {
				return
			}
			a.makeCard()
		}
	})
}

func (a *Add) resume(all []app.Pairing) bool {
	for _, p := range all {
		if p.Phase == app.PhaseCodes {
			a.follow(p)
			return a.current == p.ID
		}
	}
	return false
}

// Show changes between my card and theirs.
func (a *Add) Show(s Step) {
	if a.Step > lastTab || s > lastTab || s == a.Step {
		return
	}
	a.Step, a.TheirsErr = s, nil
	switch {
	case s == StepMine && a.Offer.Card == "":
		a.makeCard()
	case s == StepTheirs:
		a.Scanner.Look()
	case s == StepNearby:
		a.Nearby.Open()
	}
	a.leaveTabs()
	a.OnChange()
}

// Tick is called about every second while the card is open: it renews my card when its
// time is over and tells when nobody was found.
func (a *Add) Tick() {
	switch {
	case a.Step == StepMine && a.Offer.Card != "" && a.Remaining() <= 0,
		a.Step == StepMine && a.MineErr != nil:
		a.makeCard()
	case a.Step == StepTheirs:
		a.Scanner.Look()
	}
	a.OnChange()
}

// leaveTabs switches the camera off where theirs is no longer asked for, and shows this
// computer no more where nobody nearby is.
func (a *Add) leaveTabs() {
	if a.Step != StepTheirs {
		a.Scanner.Stop()
	}
	if a.Step != StepNearby {
		a.Nearby.Close()
	}
}

// Remaining is how long the card on the screen is shown.
func (a *Add) Remaining() time.Duration {
	return max(0, a.Offer.ExpiresAt.Sub(a.now()))
}

// Nobody reports whether the search has taken longer than it does where both are there.
func (a *Add) Nobody() bool {
	return a.Step == StepLooking && a.now().Sub(a.since) >= nobodyAfter
}

func (a *Add) makeCard() {
	if a.making || a.closed {
		return
	}
	a.making = true
	a.run(func(ctx context.Context) func() {
		offer, err := a.m.CreateCard(ctx, app.CardRequest{TTL: identity.ScreenCardLife, Shown: true})
		return func() {
			a.making = false
			a.MineErr = err
			if err != nil {
				a.Offer = app.CardOffer{}
				a.OnChange()
				return
			}
			a.Offer = offer
			a.offers[offer.Pairing] = true
			if a.closed || a.Step > lastTab {
				a.withdraw()
			}
			a.OnChange()
		}
	})
}

// Link makes a card that lives for days and gives it to OnLink.
func (a *Add) Link() { a.lasting(func(o app.CardOffer) { a.OnLink(o.Card, o.ExpiresAt) }) }

// Image makes a card that lives for days and gives its picture to OnImage: the one on the
// screen would be over before it arrived.
func (a *Add) Image() {
	a.lasting(func(o app.CardOffer) {
		picture, err := PNG(o.Card)
		if a.MineErr = err; err == nil {
			a.OnImage(picture, o.ExpiresAt)
		}
	})
}

func (a *Add) lasting(give func(app.CardOffer)) {
	a.run(func(ctx context.Context) func() {
		offer, err := a.m.CreateCard(ctx, app.CardRequest{TTL: identity.MaxLinkTTL})
		return func() {
			if a.closed {
				return
			}
			if a.MineErr = err; err == nil {
				a.LinkUntil, a.LinkFar = offer.ExpiresAt, offer.Internet
				give(offer)
			}
			a.OnChange()
		}
	})
}

// Scanned takes their card as a camera read it.
func (a *Add) Scanned(card string) {
	a.take(fromScreen(card), func(context.Context) (string, error) { return card, nil })
}

// Paste takes their card as text, or as the picture file that a text names.
func (a *Add) Paste(text string) {
	if path, ok := NamedFile(text); ok {
		a.ReadPicture(path)
		return
	}
	a.take(false, func(context.Context) (string, error) { return text, nil })
}

// ReadPicture takes their card as a picture file.
func (a *Add) ReadPicture(path string) {
	a.take(false, func(ctx context.Context) (string, error) { return ReadPictureFile(ctx, path) })
}

func (a *Add) take(scanned bool, card func(context.Context) (string, error)) {
	if a.Step > lastTab || a.Reading || a.closed {
		return
	}
	a.Step, a.Reading, a.TheirsErr = StepTheirs, true, nil
	a.Scanner.Stop()
	a.Nearby.Close()
	a.turn++
	turn := a.turn
	a.OnChange()
	a.run(func(ctx context.Context) func() {
		text, err := card(ctx)
		var id app.PairingID
		if err == nil {
			id, err = accept(ctx, a.m, text, scanned)
		}
		return func() {
			a.ByCamera = scanned && turn == a.turn && err == nil
			a.taken(turn, id, err)
		}
	})
}

func (a *Add) taken(turn int, id app.PairingID, err error) {
	a.Reading = false
	if turn != a.turn || a.closed {
		if err == nil {
			a.stop(id)
		}
		return
	}
	if a.TheirsErr = err; err == nil {
		a.current, a.since = id, a.now()
		if a.Pairing.ID != id { // its events may have come first
			a.Step, a.Pairing = StepLooking, app.Pairing{ID: id, Phase: app.PhaseSearching}
		}
		a.withdraw()
		a.catchUp(id)
	}
	a.OnChange()
}

// catchUp asks where the pairing stands, in case it moved before it was known here.
func (a *Add) catchUp(id app.PairingID) {
	a.run(func(ctx context.Context) func() {
		all, err := a.m.Pairings(ctx)
		return func() {
			for _, p := range all {
				if err == nil && p.ID == id && a.Step == StepLooking {
					a.follow(p)
				}
			}
		}
	})
}

// Event takes what the messenger told.
func (a *Add) Event(e app.Event) {
	if a.closed {
		return
	}
	switch e := e.(type) {
	case app.Snapshot:
		for _, p := range e.Pairings {
			a.follow(p)
		}
		a.Nearby.take(e.Nearby)
	case app.PairingChanged:
		a.follow(e.Pairing)
	case app.NearbyChanged:
		a.Nearby.take(e.Nearby)
	}
}

// follow moves the card along with a pairing: the one it is about or, while it is about
// none, the first whose keys were exchanged.
func (a *Add) follow(p app.Pairing) {
	if a.current == "" && a.Step <= lastTab && p.Phase == app.PhaseCodes && !a.left[p.ID] {
		a.current = p.ID
		delete(a.offers, p.ID)
		a.withdraw()
	}
	if p.ID != a.current || a.Step >= StepDone {
		return
	}
	a.Pairing = p
	a.Asking = p.MayAttest
	switch p.Phase {
	case app.PhaseCodes:
		a.Step = StepCodes
	case app.PhaseChecked:
		a.Step = StepChecked
	case app.PhaseDone:
		a.Step = StepDone
	case app.PhaseFailed:
		a.failed(p.Err)
	}
	a.leaveTabs()
	a.OnChange()
}

func (a *Add) failed(err error) {
	a.Busy, a.Err = false, err
	switch {
	case errors.Is(err, app.ErrCodeWrong):
		a.Step = StepMismatch
	case a.Step == StepLooking:
		a.Step, a.TheirsErr, a.Err = StepTheirs, err, nil
		a.current = ""
	default:
		a.Step = StepEnded
	}
}

// Again leaves a pairing that failed for a new card.
func (a *Add) Again() {
	if a.Step != StepMismatch && a.Step != StepEnded {
		return
	}
	a.reset()
	a.makeCard()
	a.OnChange()
}

func (a *Add) reset() {
	a.turn++
	a.Step, a.Pairing, a.current = StepMine, app.Pairing{}, ""
	a.Offer, a.Code, a.Err, a.TheirsErr, a.MineErr = app.CardOffer{}, "", nil, nil, nil
	a.Busy, a.Asking, a.Attested, a.ByCamera, a.LinkUntil = false, false, false, false, time.Time{}
}

// Close ends the card. Cards on the screen that nobody opened are void from then on; links
// that were given away and a pairing under way stay, and so does the search for somebody
// who need not be there at the same time.
func (a *Add) Close() {
	a.closed = true
	a.turn++
	a.Scanner.Stop()
	a.Nearby.Close()
	a.withdraw()
	if a.Step == StepLooking && !a.Pairing.Internet {
		a.stop(a.current)
	}
}

// PutAway switches the camera off when the window is put out of sight, where nothing says
// any more that it is on.
func (a *Add) PutAway() { a.Scanner.Stop() }

func (a *Add) withdraw() {
	for id := range a.offers {
		a.stop(id)
	}
	clear(a.offers)
	a.Offer = app.CardOffer{}
}

func (a *Add) stop(id app.PairingID) {
	a.left[id] = true
	a.run(func(ctx context.Context) func() {
		// Nothing hangs on it: what cannot be stopped runs into its own expiry.
		_ = a.m.StopPairing(ctx, id)
		return func() {}
	})
}
