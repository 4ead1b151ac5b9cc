package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"tacit/identity"
	"tacit/identity/envelope"
)

// mailing is a small file that follows its message to the contact's node, so that it comes
// also to who is never online with this side. Larger ones wait for a link, as all do where
// the tokens are too few. The loop owns it.
type mailing struct {
	message MessageID
	paid    []payment // for the cells from Posted on whose deposits were not answered yet
	refused bool      // the node refused tokens
}

// toPost returns how many cells of an own file are still to be left at a node: none where it
// is no small one, or is not to be had now.
func (r FileRecord) toPost() uint32 {
	cells := r.File.Cells()
	if !r.Own || r.State != FileWaiting || r.Blob == 0 || cells > maxMailedCells {
		return 0
	}
	return cells - min(cells, max(r.Posted, r.Have))
}

// mailFiles has those files of a contact follow their messages that may.
func (w *work) mailFiles(c ContactID) error {
	recs, err := w.tx.FilesUnderWay()
	if err != nil {
		return fmt.Errorf("files under way: %w", err)
	}
	for _, rec := range recs {
		if rec.Contact != c {
			continue
		}
		if err := w.mailFile(rec); err != nil {
			return err
		}
	}
	return nil
}

// mailFile has a file follow its message, if the contact has that, or its node.
func (w *work) mailFile(rec FileRecord) error {
	if rec.toPost() == 0 {
		return nil
	}
	msg, err := w.tx.Message(rec.Message)
	if err != nil {
		return fmt.Errorf("message: %w", err)
	}
	if msg.State != StateHeld && msg.State != StateDelivered && msg.State != StateRead {
		return nil
	}
	w.later(func() {
		d := w.m.desk(rec.Contact)
		i, there := slices.BinarySearchFunc(d.mailings, rec.Message, func(f *mailing, id MessageID) int {
			return cmp.Compare(f.message, id)
		})
		if !there && len(d.mailings) < maxMailings {
			d.mailings = slices.Insert(d.mailings, i, &mailing{message: rec.Message})
		}
	})
	return nil
}

// mailAnew has the file of a message follow it that has just been left at a node: what lay
// there of an earlier time is gone, or lies at another.
func (w *work) mailAnew(id MessageID) error {
	rec, found, err := w.file(id)
	if err != nil || !found || !rec.Own {
		return err
	}
	if rec.Posted > 0 {
		rec.Posted = 0
		if err := w.tx.SetFile(rec); err != nil {
			return fmt.Errorf("set file: %w", err)
		}
	}
	return w.mailFile(rec)
}

// packCells takes the next cells of a file, and pays for them. Files that cannot be paid for
// to their end are left out: a part is of no use. They wait for a link or another grant.
func (w *work) packCells(p *peer, at string) ([]parcel, error) {
	c := p.rec.ID
	for _, f := range w.m.desk(c).mailings {
		rec, found, err := w.file(f.message)
		if err != nil {
			return nil, err
		}
		bag := []parcel(nil)
		if found && p.line.speaks() {
			bag = w.payCells(p, f, rec, at)
		}
		if len(bag) > 0 {
			return bag, nil
		}
		w.later(func() { w.m.desk(c).forgetMailing(f) })
	}
	return nil, nil
}

// payCells pays for the next cells of a file; those that were paid for go again as they are.
func (w *work) payCells(p *peer, f *mailing, rec FileRecord, at string) (bag []parcel) {
	left, first := rec.toPost(), max(rec.Posted, rec.Have)
	paid := f.paid
	if len(paid) > 0 && paid[0].at != at {
		paid = nil
	}
	cost := envelope.Cost(envelope.FileCell)
	// A file goes on also where words have taken a part of what it was to cost, unless it is
	// the node that makes it cost more.
	begins := len(paid) == 0 && (first == 0 || f.refused)
	if begins && int(left)*cost+tokensForWords > p.line.grants.Left() {
		return nil
	}
	for n := range min(left, cellBatch) {
		if int(n) == len(paid) {
			more, ok := w.pay(p, cost, false, at)
			if !ok {
				break
			}
			paid = append(paid[:n:n], more)
		}
		bag = append(bag, parcel{paid: paid[n], mailing: f, cell: first + n})
	}
	w.later(func() { f.paid = paid })
	return bag
}

func (d *desk) forgetMailing(f *mailing) {
	d.mailings = slices.DeleteFunc(d.mailings, func(o *mailing) bool { return o == f })
}

// fillCells puts the cells of a file into a bag that holds these. A file that is not to be
// had any more is given up.
func (m *Messenger) fillCells(ctx context.Context, bag []parcel) ([]parcel, error) {
	if len(bag) == 0 || bag[0].mailing == nil {
		return bag, nil
	}
	id := bag[0].mailing.message
	var rec FileRecord
	err := m.doWhile(ctx, reading, func(w *work) error {
		r, found, err := foundFile(w.read.File(id))
		if err == nil && found && r.Blob != 0 {
			rec = r
		}
		return err
	})
	if err != nil || rec.Blob == 0 {
		return nil, err
	}
	for i, l := range bag {
		cell := make([]byte, envelope.FileCell)
		if err = m.fillCell(rec, l.cell, cell); err != nil {
			break
		}
		bag[i].box = cell[envelope.TokenSize:]
	}
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrDamaged) {
		return nil, m.doWhile(ctx, writing, func(w *work) error { return w.lostOwnFile(id) })
	}
	if err != nil {
		return nil, err
	}
	return bag, nil
}

// cellsPosted takes over what a node said of cells. Those before the first that it did not
// keep count: the contact takes cells in order only. later: it had no room for the next.
func (w *work) cellsPosted(c ContactID, bag []parcel, verdicts []identity.Verdict) (later bool, err error) {
	f, kept := bag[0].mailing, 0
	for kept < min(len(verdicts), len(bag)) && verdicts[kept] == identity.DepositKept {
		kept++
	}
	refused := kept < len(verdicts) && verdicts[kept] == identity.DepositRefused
	rec, found, err := w.file(f.message)
	if err != nil {
		return false, err
	}
	if found && kept > 0 && rec.Blob != 0 {
		rec.Posted = bag[0].cell + uint32(kept)
		if err := w.tx.SetFile(rec); err != nil {
			return false, fmt.Errorf("set file: %w", err)
		}
	}
	w.later(func() {
		f.paid = f.paid[min(kept, len(f.paid)):]
		n := 0
		if refused {
			f.paid, f.refused, n = nil, true, len(bag[kept].paid.tokens)
		}
		w.m.refused(c, n, kept)
	})
	return kept < len(verdicts) && !refused, nil
}

// mailed is a cell of a file that came by mailbox.
type mailed struct {
	from ContactID
	cell []byte
}

// fileCell reports whether a cell at an own node is one of a file, from somebody who may
// write. news: its token was not seen before, so that the node does not repeat itself, and
// what lies behind it may be asked for at once, of use or not.
func (w *work) fileCell(cell []byte) (m mailed, ok, news bool) {
	t, _, _, err := envelope.SplitFile(cell)
	if err != nil {
		return mailed{}, false, false
	}
	c, n, known := w.m.mail.tokens.index.Find(t)
	p := w.peer(c)
	if !known || p == nil || p.rec.Blocked || p.rec.Trust < Introduced {
		return mailed{}, false, false
	}
	return mailed{c, cell}, true, w.tokenSpent(w.editPeer(c), t, n, len(cell)-envelope.TokenSize)
}

// takeMailed takes cells of files after the page that they came with. When it returns, what
// is kept of them is durable. It reports whether any of them was wanted.
func (f *files) takeMailed(cells []mailed) (taken bool) {
	for len(cells) > 0 {
		c := cells[0].from
		var of [][]byte
		for _, m := range cells {
			if m.from == c {
				of = append(of, m.cell)
			}
		}
		cells = slices.DeleteFunc(cells, func(m mailed) bool { return m.from == c })
		taken = f.intake(c).takeMailed(of) || taken
	}
	return taken
}
