package app

import (
	"context"
	"fmt"
)

// Edit gives an own message another text; the contact sees that it was edited and what it
// said before. A text that it has already changes nothing. A message that was never sealed
// is sent with the new text, and nobody learns of the one before.
//
// ErrNotYours, ErrTextEmpty, ErrTextTooLong, ErrTextInvalid, ErrNotFound, ErrNotVerified, ErrBlocked, ErrBusy.
func (m *Messenger) Edit(ctx context.Context, id MessageID, text string) (Message, error) {
	bad := checkText(text)
	if bad != nil && text != "" {
		return Message{}, bad
	}
	var out Message
	err := m.do(ctx, writing, func(w *work) error {
		msg, err := w.findNamed(id)
		switch {
		case err != nil:
			return err
		case !msg.Own:
			return refuse(ErrNotYours)
		case bad != nil && msg.File == nil:
			return refuse(bad)
		case text == msg.Text:
			out = msg
			return nil
		}
		if err := w.maySay(msg.Contact); err != nil {
			return err
		}
		b := editBody{Ref: msg.Ref, Text: text, Revision: w.revision(msg), At: w.now.UnixMilli()}
		if err := w.sayOf(msg, kindEdit, encode(&b)); err != nil {
			return err
		}
		if err := w.setText(msg.ID, b); err != nil {
			return err
		}
		out, err = w.tx.Message(id)
		return err
	})
	if err != nil {
		return Message{}, err
	}
	return out, nil
}

// Edits returns the earlier texts of a message, oldest first: of more than MaxEdits the
// first and the latest. ErrNotFound.
func (m *Messenger) Edits(ctx context.Context, id MessageID) (out []Edit, err error) {
	err = m.view(ctx, func(tx ReadTx) error {
		if _, err := tx.Message(id); err != nil {
			return err
		}
		out, err = tx.Edits(id)
		return err
	})
	return out, err
}

// revision returns what the next text of a message counts as. With the time in it, also who
// was put back to a copy says more than before.
func (w *work) revision(msg Message) uint64 {
	return max(msg.Revision+1, uint64(max(w.now.UnixMilli(), 0)))
}

// findNamed returns a message that the other side can be told about.
func (w *work) findNamed(id MessageID) (Message, error) {
	msg, err := w.find(id)
	if err == nil && msg.Ref.IsZero() {
		return Message{}, refuse(ErrNotFound)
	}
	return msg, err
}

// sayOf says something of an own message to its contact, unless that cannot have the
// message yet: it will get it as it is then.
func (w *work) sayOf(msg Message, k kind, body []byte) error {
	unseen, err := w.neverSealed(msg)
	if err != nil || unseen {
		return err
	}
	return w.say(w.editPeer(msg.Contact), k, msg.Ref, body)
}

// neverSealed reports that nobody but this computer can have an own message.
func (w *work) neverSealed(msg Message) (bool, error) {
	if msg.State != StateQueued || msg.Reason == ReasonAgain {
		return false, nil
	}
	boxed, err := w.tx.Boxed(msg.ID)
	if err != nil {
		return false, fmt.Errorf("boxed: %w", err)
	}
	return !boxed, nil
}

func (w *work) setText(id MessageID, b editBody) error {
	if err := w.tx.SetMessageText(id, b.Text, b.Revision, sentAt(b.At, w.now)); err != nil {
		return fmt.Errorf("set message text: %w", err)
	}
	return w.messageChanged(id, ChangeEdited)
}

func (w *work) takeEdit(p *peer, b editBody) error {
	msg, found, err := w.target(p, false, b.Ref)
	if err != nil || !found || msg.Deleted || b.Revision <= msg.Revision || b.Text == msg.Text || b.Text == "" && msg.File == nil {
		return err
	}
	return w.setText(msg.ID, b)
}
