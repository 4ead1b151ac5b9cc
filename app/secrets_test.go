package app_test

import (
	"go/types"
	"strings"
	"testing"
)

// wherePrinted are the packages that hold secrets of others, or log.
var wherePrinted = []string{"tacit/app", "tacit/storage/...", "tacit/transport", "tacit/transport/mailbox", "tacit/transport/mailbox/client", "tacit/transport/mailbox/node",
	"tacit/transport/mailbox/depot", "tacit/transport/mailbox/depot/memory", "tacit/transport/mailbox/depot/sqlite", "tacit/transport/mailbox/depot/postgres"}

// printable is every type in them that package fmt finds bytes in, with the reason why
// they may be read. What holds a secret prints as identity.Redacted.
var printable = map[string]string{
	"app.Profile.Fingerprint":                  "names a person; it stands in their card",
	"app.ProfileChanged.Profile.Fingerprint":   "names a person; it stands in their card",
	"app.Snapshot.Profile.Fingerprint":         "names a person; it stands in their card",
	"app.Contact.Fingerprint":                  "names a person; it stands in their card",
	"app.ContactAdded.Contact.Fingerprint":     "names a person; it stands in their card",
	"app.ContactChanged.Contact.Fingerprint":   "names a person; it stands in their card",
	"app.Chat.Contact.Fingerprint":             "names a person; it stands in their card",
	"app.Snapshot.Chats.Contact.Fingerprint":   "names a person; it stands in their card",
	"app.ChatChanged.Chat.Contact.Fingerprint": "names a person; it stands in their card",
	"app.Ref":                              "random: names a message to two people and means nothing to others",
	"app.Message.Ref":                      "as app.Ref",
	"app.MessageAdded.Message.Ref":         "as app.Ref",
	"app.MessageChanged.Message.Ref":       "as app.Ref",
	"app.MessageStateChanged.Message.Ref":  "as app.Ref",
	"app.messageBody.Ref":                  "as app.Ref",
	"app.reactionBody.Ref":                 "as app.Ref",
	"app.editBody.Ref":                     "as app.Ref",
	"app.deleteBody.Ref":                   "as app.Ref",
	"app.targetBody.Ref":                   "as app.Ref",
	"app.readBody.Refs":                    "as app.Ref",
	"app.Hit.Message.Ref":                  "as app.Ref",
	"app.OutboxRecord.Digest":              "of a sealed box",
	"app.OutboxRecord.Box":                 "sealed",
	"app.EarlyRecord.Digest":               "of a sealed box",
	"app.EarlyRecord.Box":                  "sealed",
	"app.receiptBody.Digests":              "of sealed boxes",
	"app.sender.queue.Digest":              "of a sealed box",
	"app.sender.queue.Box":                 "sealed",
	"app.sender.handle":                    "random, of this run",
	"transport.frame.cell":                 "sealed",
	"transport.frame.ack":                  "digest of a sealed box",
	"transport.fileFrame":                  "sealed",
	"transport.laneBatch.room":             "sealed",
	"transport.laneBatch.cells":            "sealed",
	"transport.prospect.party":             "random, of the caller's run",
	"transport.nic.Interface.HardwareAddr": "goes with every packet",
}

// TestWhatHoldsSecretsIsRedacted reads the sources for types with bytes in them, at any
// depth that package fmt prints, in fields that it calls no method of.
func TestWhatHoldsSecretsIsRedacted(t *testing.T) {
	found := map[string]bool{}
	for _, p := range typed(t, wherePrinted) {
		scope := p.pkg.Scope()
		for _, name := range scope.Names() {
			named, ok := scope.Lookup(name).(*types.TypeName)
			if !ok || named.IsAlias() || redacts(named.Type()) || locks(named.Type()) && redacts(types.NewPointer(named.Type())) {
				continue
			}
			for _, at := range bytesIn(named.Type(), p.pkg.Name()+"."+name, true) {
				found[at] = true
			}
		}
	}
	for at := range found {
		if printable[at] == "" {
			t.Errorf("%s is printed, and not explained", at)
		}
	}
	for at := range printable {
		if !found[at] {
			t.Errorf("%s is explained, and not printed", at)
		}
	}
}

// redacts reports whether t formats itself.
func redacts(t types.Type) bool {
	m := types.NewMethodSet(t).Lookup(nil, "Format")
	return m != nil && strings.HasPrefix(m.Type().String(), "func(f fmt.State")
}

// locks reports whether t holds a lock, so that go vet finds who prints it but by a pointer.
func locks(t types.Type) bool {
	if named, ok := t.(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "sync" {
		return true
	}
	if s, ok := t.Underlying().(*types.Struct); ok {
		for f := range s.Fields() {
			if locks(f.Type()) {
				return true
			}
		}
	}
	return false
}

// bytesIn returns where package fmt prints bytes of a value of type t, called by which it
// may call methods. Of a pointer within it prints the address.
func bytesIn(t types.Type, at string, called bool) (found []string) {
	if _, ok := t.Underlying().(*types.Pointer); ok {
		return nil
	}
	if redacts(t) {
		if called {
			return nil
		}
		return []string{at + ", which is redacted elsewhere"}
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		return bytesOrIn(u.Elem(), at, called)
	case *types.Slice:
		return bytesOrIn(u.Elem(), at, called)
	case *types.Map:
		return append(bytesIn(u.Key(), at, called), bytesIn(u.Elem(), at, called)...)
	case *types.Struct:
		for f := range u.Fields() {
			found = append(found, bytesIn(f.Type(), at+"."+f.Name(), called && f.Exported())...)
		}
	}
	return found
}

func bytesOrIn(elem types.Type, at string, called bool) []string {
	if isByte(elem) {
		return []string{at}
	}
	return bytesIn(elem, at, called)
}
