package pairing

import (
	"context"
	"errors"

	"tacit/app"
)

// SetCode takes what stands in the six boxes.
func (a *Add) SetCode(digits string) {
	if a.Busy || a.Step != StepCodes || digits == a.Code {
		return
	}
	a.Code = digits
	a.OnChange()
}

// MayConfirm reports whether there is a code to compare. There is one attempt, so nothing
// is compared before it is asked for.
func (a *Add) MayConfirm() bool {
	return a.Step == StepCodes && a.Pairing.Enter && len(a.Code) == codeDigits && !a.Busy
}

// Confirm compares the code.
func (a *Add) Confirm() {
	if !a.MayConfirm() {
		return
	}
	a.Busy = true
	a.OnChange()
	id, code := a.current, a.Code
	a.run(func(ctx context.Context) func() {
		contact, err := a.m.EnterCode(ctx, id, code)
		return func() { a.compared(id, contact, err) }
	})
}

func (a *Add) compared(id app.PairingID, contact app.ContactID, err error) {
	if a.closed || id != a.current {
		return
	}
	a.Busy = false
	switch {
	case err == nil:
		a.Pairing.Contact, a.Attested = contact, false
		if a.Step == StepCodes { // its event may have come first
			a.Step = StepChecked
		}
	case a.Step >= StepDone: // likewise
	case errors.Is(err, app.ErrCodeMalformed), errors.Is(err, app.ErrDiskFull),
		errors.Is(err, app.ErrDiskReadOnly), errors.Is(err, app.ErrBusy):
		a.Err = err // the attempt was not spent
	default:
		a.failed(err)
	}
	a.OnChange()
}

// Attest answers whether the named person stands before me. A "no" leaves the codes.
func (a *Add) Attest(before bool) {
	if !a.Asking || a.Busy {
		return
	}
	a.Asking, a.Busy = false, true
	a.OnChange()
	id := a.current
	a.run(func(ctx context.Context) func() {
		err := a.m.Attest(ctx, id, before)
		return func() {
			if id != a.current {
				return
			}
			a.Busy, a.Attested = false, before && err == nil
			if err != nil {
				a.failed(err)
			}
			a.OnChange()
		}
	})
}

// Stop ends the pairing under way and returns to my card.
func (a *Add) Stop() {
	if a.Step != StepLooking && a.Step != StepCodes || a.Busy {
		return
	}
	a.stop(a.current)
	theirs := a.Step == StepLooking
	a.reset()
	if theirs {
		a.Step = StepTheirs
	} else {
		a.makeCard()
	}
	a.OnChange()
}
