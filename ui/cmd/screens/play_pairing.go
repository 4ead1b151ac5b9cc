package main

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/widget"
)

// settled waits until my card is there.
func settled(s *stage) error {
	return s.until("my card", func() bool {
		return s.find(func(o fyne.CanvasObject) bool {
			_, ok := o.(*widget.QRView)
			return ok && o.Visible()
		}) != nil
	})
}

// pasteNoCard types what is no card.
func pasteNoCard(s *stage) error {
	return inTurn(writes(func(c *cast) string { return c.nowhere }), taps("pairing.open"))(s)
}

// pasteOf types the card of somebody, which another makes.
func pasteOf(card func(*world) (string, error)) step {
	return func(s *stage) error {
		text, err := card(s.world)
		if err != nil {
			return err
		}
		return inTurn(writes(func(*cast) string { return text }), taps("pairing.open"))(s)
	}
}

// nobodyThere is the card of somebody who has gone.
func nobodyThere(w *world) (string, error) {
	p := w.comes(w.cast.newcomer)
	if err := p.start(); err != nil {
		return "", err
	}
	defer p.stop()
	offer, err := p.CreateCard(context.Background(), app.CardRequest{TTL: time.Hour})
	return offer.Card, err
}

// opensNewcomer presses the row of who has not compared codes yet.
func opensNewcomer(s *stage) error { return s.tap(s.world.cast.newcomer) }

func seesCodes(s *stage) error { return s.see(lang.T("codes.confirm")) }

// comparing opens the card of somebody who is there, up to the codes.
func comparing(s *stage) error {
	p := s.world.comes(s.world.cast.names[friend])
	if err := p.start(); err != nil {
		return err
	}
	offer, err := p.CreateCard(context.Background(), app.CardRequest{TTL: time.Hour})
	if err != nil {
		return err
	}
	s.other, s.meeting = p, offer.Pairing
	return inTurn(
		taps("list.empty_button", "pairing.tab_theirs"),
		pasteOf(func(*world) (string, error) { return offer.Card, nil }),
		seesCodes,
		func(s *stage) error {
			_, err := p.pairing(offer.Pairing, "a code", hasCode)
			return err
		},
	)(s)
}

// typesCode types the other's code, who has not typed mine.
func typesCode(s *stage) error {
	v, err := s.other.pairing(s.meeting, "a code", hasCode)
	if err != nil {
		return err
	}
	return inTurn(writes(func(*cast) string { return v.Show }), taps("codes.confirm"), func(s *stage) error { return s.see(lang.T("codes.later")) })(s)
}

// typesWrong types another code than the other's.
func typesWrong(s *stage) error {
	v, err := s.other.pairing(s.meeting, "a code", hasCode)
	if err != nil {
		return err
	}
	wrong := "123456"
	if v.Show == wrong {
		wrong = "654321"
	}
	return inTurn(writes(func(*cast) string { return wrong }), taps("codes.confirm"), func(s *stage) error { return s.see(lang.T("mismatch.new_card")) })(s)
}

// bothType has both type the other's code.
func bothType(s *stage) error {
	ctx := context.Background()
	var mine string
	err := await("my code", func() bool {
		all, err := s.now.Pairings(ctx)
		for _, v := range all {
			mine += v.Show // my own card, which nobody opened, has none
		}
		return err == nil && mine != ""
	})
	if err != nil {
		return err
	}
	if err := typesCode(s); err != nil {
		return err
	}
	_, err = s.other.EnterCode(ctx, s.meeting, mine)
	return err
}

// scans looks through the camera, before which nobody holds anything.
func scans(s *stage) error {
	return inTurn(taps("camera.scan"), func(s *stage) error { return s.see(lang.T("camera.off")) })(s)
}

// shownNearby waits until I am shown to others on this network.
func shownNearby(s *stage) error {
	if err := s.see(lang.T("nearby.shown_as")); err != nil {
		return err
	}
	return await("my name nearby", func() bool { return !s.sees(lang.T("nearby.opening")) })
}

// othersNearby has somebody else open the page, too.
func othersNearby(s *stage) error {
	p := s.world.comes(s.world.cast.newcomer)
	if err := p.start(); err != nil {
		return err
	}
	s.other = p
	if _, err := p.StartNearby(context.Background()); err != nil {
		return err
	}
	return inTurn(shownNearby, func(s *stage) error { return s.see(lang.T("nearby.choose")) })(s)
}
