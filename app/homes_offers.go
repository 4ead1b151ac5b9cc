package app

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"

	"tacit/identity"
)

// Settings of the friend mailbox: the hint of the node that runs beside this messenger,
// and the secret that its invitations are made of.
const (
	holderKey  = "holder"
	invitesKey = "holder.invites"
)

// offerBody: leave an account at this node, or no more.
type offerBody struct {
	_       struct{} `cbor:",toarray"`
	Address []byte   // identity.NodeAddress.Marshal; empty: no offer
}

func (b offerBody) valid() bool {
	if len(b.Address) == 0 {
		return true
	}
	_, err := identity.UnmarshalNodeAddress(b.Address)
	return err == nil
}

// Offers returns the contacts whose computers hold messages for this profile if it wants.
func (m *Messenger) Offers(ctx context.Context) ([]Offer, error) {
	var out []Offer
	err := m.do(ctx, reading, func(w *work) error {
		records, err := w.read.Offers()
		if err != nil {
			return fmt.Errorf("offers: %w", err)
		}
		out = nil
		for _, r := range records {
			out = append(out, Offer(r))
		}
		return nil
	})
	return out, err
}

// takeOffer keeps what a contact offers.
func (w *work) takeOffer(p *peer, b offerBody) error {
	if p.rec.Trust < Introduced {
		return nil
	}
	r := OfferRecord{Contact: p.rec.ID}
	if len(b.Address) > 0 {
		addr, err := identity.UnmarshalNodeAddress(b.Address)
		if err != nil {
			return nil // parse found it good
		}
		r.Address = addr.String()
	}
	if err := w.tx.SetOffer(r); err != nil {
		return fmt.Errorf("set offer: %w", err)
	}
	w.emit(OfferChanged{Contact: r.Contact, Offered: r.Address != ""})
	return nil
}

// offererOf returns the contact who offers the node of this key, or 0.
func (w *work) offererOf(key [32]byte) (ContactID, error) {
	records, err := w.tx.Offers()
	if err != nil {
		return 0, fmt.Errorf("offers: %w", err)
	}
	for _, r := range records {
		if addr, err := identity.ParseNodeAddress(r.Address); err == nil && addr.Node == key {
			return r.Contact, nil
		}
	}
	return 0, nil
}

// SetHolder offers every verified contact, now and later, that the node of this hint
// holds messages for them: it runs beside this messenger, and admits whom HolderInvites
// names. The zero hint takes the offer back.
func (m *Messenger) SetHolder(ctx context.Context, at identity.Hint) error {
	var hint []byte
	if !at.IsZero() {
		var err error
		if hint, err = at.Marshal(); err != nil {
			return ErrNodeAddress
		}
	}
	return m.do(ctx, writing, func(w *work) error {
		before, err := w.setting(holderKey)
		if err != nil || string(before) == string(hint) {
			return err
		}
		if err := w.tx.SetSetting(holderKey, hint); err != nil {
			return fmt.Errorf("set holder: %w", err)
		}
		for c := range w.peers() {
			if err := w.offer(w.editPeer(c)); err != nil {
				return err
			}
		}
		return nil
	})
}

// setting returns a setting, nil where it is unset.
func (w *work) setting(key string) ([]byte, error) {
	b, err := w.tx.Setting(key)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("setting: %w", err)
	}
	return b, nil
}

// offer tells a verified contact what SetHolder said. The node stands beside this messenger:
// a contact who may not learn the address of this computer is offered none.
func (w *work) offer(p *peer) error {
	if p.rec.Trust < Verified || p.rec.Blocked {
		return nil
	}
	hint, err := w.setting(holderKey)
	if err != nil {
		return err
	}
	body := offerBody{Address: []byte{}}
	if len(hint) > 0 && !p.rec.Hide {
		at, err := identity.ParseHint(hint)
		if err != nil {
			return fmt.Errorf("%w: holder: %w", ErrDamaged, err)
		}
		secret, err := w.inviteSecret()
		if err != nil {
			return err
		}
		if body.Address, err = (identity.NodeAddress{Hint: at, Invite: inviteOf(secret, p.rec.ID)}).Marshal(); err != nil {
			return fmt.Errorf("%w: holder: %w", ErrDamaged, err)
		}
	}
	return w.say(p, kindOffer, [16]byte{}, encode(&body))
}

// offerAgain tells a contact of an offer that stands: it was verified just now, or may learn
// the address of this computer from now on, or no more.
func (w *work) offerAgain(p *peer) error {
	hint, err := w.setting(holderKey)
	if err != nil || len(hint) == 0 {
		return err
	}
	return w.offer(p)
}

// HolderInvites returns what lets the verified contacts into the node of SetHolder, one
// for each.
func (m *Messenger) HolderInvites(ctx context.Context) ([][16]byte, error) {
	var out [][16]byte
	err := m.do(ctx, writing, func(w *work) error {
		out = nil
		secret, err := w.inviteSecret()
		if err != nil {
			return err
		}
		for c, p := range w.peers() {
			if p.rec.Trust >= Verified && !p.rec.Blocked && !p.rec.Hide {
				out = append(out, inviteOf(secret, c))
			}
		}
		return nil
	})
	return out, err
}

// inviteSecret returns what invitations are made of, the same always.
func (w *work) inviteSecret() ([]byte, error) {
	secret, err := w.setting(invitesKey)
	if err != nil || len(secret) > 0 {
		return secret, err
	}
	secret = make([]byte, 32)
	rand.Read(secret)
	if err := w.tx.SetSetting(invitesKey, secret); err != nil {
		return nil, fmt.Errorf("set setting: %w", err)
	}
	return secret, nil
}

func inviteOf(secret []byte, c ContactID) [16]byte {
	sum := identity.MAC(secret, binary.BigEndian.AppendUint64([]byte("invite"), uint64(c)))
	return [16]byte(sum[:16])
}
