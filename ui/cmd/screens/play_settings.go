package main

import (
	"tacit/app/apptest"
	"tacit/ui/lang"
	"tacit/ui/settings"
)

// testMailbox tests my first mailbox, to the end.
func testMailbox(s *stage) error {
	return inTurn(
		taps("delivery.test"),
		func(s *stage) error { return s.see(lang.T("delivery.step_forward_yes")) },
	)(s)
}

// mailboxTrouble has nobody answer at one mailbox, and something else at the other.
func mailboxTrouble(s *stage) error {
	n := s.world.nodes
	n.Fail(firstMailbox, apptest.NodeFaults{False: true})
	defer n.Fail(firstMailbox, apptest.NodeFaults{})
	return inTurn(
		page("settings.delivery"), taps("delivery.test"),
		func(s *stage) error { return s.see(lang.T("delivery.step_key_no")) },
	)(s)
}

// firstLicence opens the licence of the first library.
func firstLicence(s *stage) error {
	return s.tap(settings.Licences()[0].Name)
}
