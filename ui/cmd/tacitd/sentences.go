package main

import (
	"errors"

	"tacit/app"
	"tacit/storage/backup"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/node"
)

var (
	errProfileExists = errors.New("a profile exists already")
	errNoProfile     = errors.New("no profile")
	errNoFolder      = errors.New("no folder")
)

// sentences say what happened, what is safe and what to do, for every error that
// can reach a person or a bot's log.
var sentences = []struct {
	err  error
	text string
}{
	{errProfileExists, "There is a profile in this folder already. It was not touched; choose another folder."},
	{errNoProfile, "There is no profile in this folder. Make one with: tacitd init --profile DIR --name NAME"},
	{errNoFolder, "There is no folder of this name to write to. Nothing was written; make it, or name another."},
	{errNoTerminal, "There is no terminal to ask for the passphrase on. Name a file that holds it: --passphrase-file F, or of a backup: --backup-passphrase-file F"},
	{errFileExists, "There is a file of that name already. It was not touched; choose another name, or say --replace."},
	{errNotWritten, "The backup could not be written there, and nothing of it was left. Check the folder and its space."},
	{errNoFile, "The backup cannot be read. Check the name of the file. Nothing was changed."},
	{backup.ErrPassphrase, "That is not the passphrase of this backup. No profile was made."},
	{backup.ErrDamaged, "This backup is damaged or not whole. No profile was made; try another copy of the file."},
	{backup.ErrNewer, "This backup was made by a newer Tacit. Update Tacit to restore it. No profile was made."},
	{backup.ErrForeign, "This file is not a Tacit backup. No profile was made."},
	{errPassphraseEmpty, "The passphrase is empty. Nothing was changed; choose one."},
	{errPassphraseTwice, "The two passphrases differ. Nothing was changed; try again."},
	{errNodeRunning, "A mailbox node runs in this folder already. Stop it, or give this one a folder of its own with --data DIR."},
	{errNodeFolder, "The node's folder cannot be written to. Check who owns it and that the disk is not read-only. Nothing was changed."},
	{errNoAddress, "No mailbox node has run in this folder. Start one first: tacitd mailbox --data DIR"},
	{errPublic, "What --public says is neither a host name (at most 29 letters, digits, hyphens and dots) nor an IP address, with or without a port. Nothing was started."},
	{node.ErrNoPublic, "This computer has no network address that clients could be told. Say where they find it: --public HOST[:PORT]"},
	{node.ErrPortTaken, "Another program uses this port, of UDP or of TCP. Stop it, or choose another: --listen ADDR:PORT"},
	{node.ErrMetricsAddr, "The figures are shown to this computer only. Say --metrics with a loopback address, like 127.0.0.1:9470"},
	{node.ErrOtherNode, "This database belongs to another node. Nothing was changed."},
	{node.ErrKeys, "The node's keys were written by a newer Tacit, or are damaged. Nothing was changed; update Tacit, or restore a backup."},
	{depot.ErrAway, "The node's database cannot be reached. Nothing was lost; check that it runs and what --postgres says."},
	{depot.ErrFull, "The disk is full. Nothing was lost; free some space and start the node again."},
	{depot.ErrDamaged, "The node's database is damaged. It was not changed; restore a backup of it."},
	{depot.ErrNewer, "The node's database was written by a newer Tacit. It was not changed; update Tacit."},
	{app.ErrPassphrase, "That is not the passphrase of this profile. Nothing was changed."},
	{app.ErrInUse, "This profile is already open in another window or program on this computer."},
	{app.ErrDamaged, "This profile's file is damaged. Tacit has not changed it. Restore a copy of the whole folder."},
	{app.ErrTooSoon, "The keys with this contact were renewed within the last hour. Nothing was changed; nothing has to be done."},
	{app.ErrCardMalformed, "This is not a Tacit card. Ask for a new one."},
	{app.ErrCardExpired, "This card has expired. Ask for a new one."},
	{app.ErrCardUsed, "This card was already used. If not by you, tell the person who gave it to you."},
	{app.ErrCardOwn, "This is your own card. Show it to someone else."},
	{app.ErrCardKnown, "This person is already a contact."},
	{app.ErrCardNewer, "This card was made by a newer Tacit. Update Tacit to use it."},
	{app.ErrCodeWrong, "The codes did not match. Nobody was added and nothing was sent. Start again with a new card."},
	{app.ErrCodeMalformed, "A code is six digits. Nothing was used up; type it again."},
	{app.ErrPairingEnded, "This pairing has ended. Start again with a new card."},
	{app.ErrPairingStopped, "This pairing was stopped. Start again with a new card."},
	{app.ErrPairingForged, "This pairing was altered on its way. Nobody was added; start again with a new card."},
	{app.ErrNotVerified, "This contact cannot be written to yet: one side has not finished checking the other."},
	{app.ErrBlocked, "This contact is blocked. Nothing was sent."},
	{app.ErrTextEmpty, "There is no text to send."},
	{app.ErrTextTooLong, "The text is too long to send. Nothing was lost; shorten it."},
	{app.ErrTextInvalid, "The text is not valid UTF-8. Nothing was sent."},
	{app.ErrNameEmpty, "The name is empty. Enter a name."},
	{app.ErrNameTooLong, "This name is too long. Shorten it."},
	{app.ErrNotYours, "Only whoever wrote a message can change it or delete it for all. Nothing was changed."},
	{app.ErrEmojiInvalid, "This is not a single emoji. Nothing was changed."},
	{app.ErrTooMany, "There are twenty different reactions to this message already. Take one back first."},
	{app.ErrTimerInvalid, "A message can stay from 30 seconds to 4 weeks, in whole seconds; 0 is for good. Nothing was changed."},
	{app.ErrFileTooLarge, "A file can have at most 2 GiB. Nothing was sent; choose a smaller one."},
	{app.ErrFileUnreadable, "This file could not be read. Nothing was sent; choose another."},
	{app.ErrFileChanged, "The file changed while it was read, so nothing was sent. Send it again when nothing else writes to it."},
	{app.ErrFileNotHere, "This file is not on this computer yet. Fetch it first."},
	{app.ErrFileExists, "There is a file of this name already. It was not touched; choose another name."},
	{app.ErrDiskFull, "The disk is full. This was not stored. Free some space and try again."},
	{app.ErrDiskReadOnly, "Tacit cannot write to its folder. Nothing was stored; make the folder writable and try again."},
	{app.ErrNotFound, "There is no such contact, message, pairing or mailbox."},
	{app.ErrUnreachable, "The other side has not answered yet. Nothing was used up; try again when it has."},
	{app.ErrNodeAddress, "This is not the address of a mailbox. It is one line that begins with TACITNODE1: and nothing was changed."},
	{app.ErrNodeNewer, "This mailbox is of a newer Tacit. Update Tacit to use it. Nothing was changed."},
	{app.ErrNodeKnown, "This mailbox is used already. Nothing was changed."},
	{app.ErrNodeUnreachable, "Nobody answers at this mailbox. Messages stay where they are; it is tried again by itself."},
	{app.ErrNodeRefused, "This mailbox does not admit this profile. Nothing was lost; ask who runs it for an invitation."},
	{app.ErrNodeLater, "This mailbox is busy or full. Messages stay where they are; it is tried again by itself."},
	{app.ErrNodeFalse, "What answers there is not the mailbox that was added. Nothing was sent to it; tell who runs it, or remove it."},
	{app.ErrProxyAddress, "This is not the address of a proxy. Write it like 127.0.0.1:9050. Nothing was changed."},
	{app.ErrNearbyOff, "Meeting on this network is switched off, so this computer is not shown to others. Nothing was changed; switch lan on, or use a card."},
	{app.ErrNearbyHidden, "This computer's address is hidden or all goes through a proxy, so it is not shown to others. Nothing was changed; use a card."},
	{app.ErrNearbyFailed, "This computer cannot be shown to others on this network. Nobody was added; try again, or use a card."},
	{app.ErrNearbyOver, "Ten minutes are over, and this computer is no longer shown to others. Nobody was added; start again when both are ready."},
	{app.ErrBusy, "Too much is waiting. Nothing was stored; try again."},
	{app.ErrClosed, "The program is shutting down. Nothing was stored."},
}

// sentence returns the words for err. An error without words keeps its own text,
// which by the house's rule carries no user data.
func sentence(err error) string {
	for _, s := range sentences {
		if errors.Is(err, s.err) {
			return s.text
		}
	}
	return err.Error()
}
