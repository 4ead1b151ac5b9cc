package app

import (
	"time"

	"tacit/identity/envelope"
)

// Limits of names and texts.
const (
	// MaxNameRunes and MaxNameBytes bound a name: it must fit a row of the chat
	// list and, with its framing, the 256-byte profile of a pairing.
	MaxNameRunes = 64
	MaxNameBytes = 200
	// MaxTextBytes bounds one message. With its framing it fits the 16 KiB cell,
	// the larger of the two classes.
	MaxTextBytes = 12 << 10
	// MaxEdits is how many earlier texts of a message are kept: the first, and the latest.
	MaxEdits = 50
	// MaxSettingBytes bounds one setting: a window's place, not a document.
	MaxSettingBytes = 64 << 10
	// MaxPage bounds what one read returns, so that no caller can ask for a whole chat at once.
	MaxPage = 1000

	maxProfileBytes = 256 // what a pairing can carry
	// lastSentAt is the year 10000 in milliseconds since 1970: beyond it a time
	// cannot be written in RFC 3339.
	lastSentAt = 253402300800_000
)

// Limits of what is said of messages.
const (
	// MinTimer and MaxTimer bound how long a message that vanishes stays once it was read:
	// time to read it, and a time after which people expect it to be gone.
	MinTimer = 30 * time.Second
	MaxTimer = 4 * 7 * 24 * time.Hour
	// MaxReactions is how many different emojis each side can put to one message: a row of
	// them that can still be read, and no way to fill the other side's disk.
	MaxReactions = 20
	// maxEmojiBytes bounds one emoji: the longest in use has 41 bytes (two people with skins, a heart, a kiss).
	maxEmojiBytes = 64
	// maxReadRefs is how many messages one read receipt names: 1 KiB, a small cell.
	maxReadRefs = 64
	// maxSayings is how many sayings wait for one contact: years of reactions, and a bound
	// for whoever has them made by a program.
	maxSayings = 10_000
	// MaxDraftBytes bounds a draft: what is typed may be longer than what can be sent.
	MaxDraftBytes = 64 << 10
	// maxForwards is how many chats one forwarding reaches, so that nothing spreads to all at a tap.
	maxForwards = 20
)

// Limits of what is told of oneself.
const (
	// typingEvery paces telling that something is being typed; typingFor is how long it is
	// believed, so that one lost word is bridged.
	typingEvery = 5 * time.Second
	typingFor   = 8 * time.Second
	// activeEvery paces telling that somebody is there or went: windows gain and lose the
	// focus many times a minute.
	activeEvery = 5 * time.Second
	// expireAgain is how long to wait before messages that could not be removed are tried again.
	expireAgain = 30 * time.Second
	// expireBatch is how many expired messages one commit removes: each is taken out of the
	// index, which costs milliseconds where there are a million.
	expireBatch = 50
)

// Limits of the outbox and of what arrives.
const (
	// maxSealed is how many boxes of a contact wait sealed. More stay queued
	// unsealed: every box is bound to the ratchet of its moment.
	maxSealed = 500
	// resendFirst and resendMax pace handing a silent but proven link the same boxes again.
	resendFirst = 5 * time.Second
	resendMax   = 5 * time.Minute
	// resendSoon is the pace where the peer just showed that it can read us.
	resendSoon = 2 * time.Second
	// A message fails for good when its box was handed over giveUpCount times on
	// proven links during at least giveUpSpan and never acknowledged: long enough
	// for a full disk to be noticed on the other side, short enough to be told the same day.
	giveUpCount = 10
	giveUpSpan  = time.Hour
	// seenFor is how long the digest of an opened box is kept (DESIGN section 6).
	seenFor = 60 * 24 * time.Hour
	// A contact who only listens says so after listenMax messages or listenFor.
	listenMax = 50
	listenFor = 24 * time.Hour
	// strangeBoxes is how many boxes running that nothing opens say that keys were lost:
	// one is an accident, and a peer resends its first at once and after 5 s and 10 s.
	strangeBoxes = 3
	// latestPages bounds how much of a chat, of MaxPage each, is read for the latest texts
	// of a contact: whoever wrote so much since then was told by receipts what had arrived.
	latestPages = 20
	// senderBatch is how many boxes one write to a link carries: 256 KiB of small cells.
	senderBatch = 64
	// senderQueue is how many boxes wait in memory for one link before the sender
	// turns to the outbox instead.
	senderQueue = 256
)

// Limits of pairings.
const (
	// maxOffers and maxSearches bound the pairings under way; each has a party in the transport.
	maxOffers   = 32
	maxSearches = 16
	// acceptLate is how long after its end, by this clock, a card is still tried:
	// only the presenter enforces the end, and either clock may be wrong by a day.
	acceptLate = 24 * time.Hour
	// searchAtLeast is how long a card is searched for whatever this clock says.
	searchAtLeast = 2 * time.Minute
	// codesFor is how long two people may take over their codes when a pairing
	// lives in memory only; a link pairing has linkCodesFor, one over a node as long as a link.
	codesFor     = 15 * time.Minute
	linkCodesFor = 24 * time.Hour
	// lingerFor is how long an ended pairing is still listed.
	lingerFor = 5 * time.Minute
	// rememberFor is how long a used card is remembered after its end, in both
	// directions; it covers a clock that is weeks off.
	rememberFor = 60 * 24 * time.Hour
	// maxOpened bounds the boxes that somebody not yet authenticated can leave
	// behind: a first one and grants.
	maxOpened = 16
	// partAfter is how long the card's link outlives a pairing that went well,
	// for receipts on their way.
	partAfter = 10 * time.Second
	// handshakeResendFirst and handshakeResendMax pace a pairing's repeated last message.
	handshakeResendFirst = 2 * time.Second
	handshakeResendMax   = 30 * time.Second
)

// NearbyLife is how long one stay among those who pair nearby lasts: two people who agreed
// to pair are done in one minute, and nobody is shown for longer because a window stayed open.
const NearbyLife = 10 * time.Minute

// Limits of own nodes.
const (
	// maxNodes is how many nodes a profile has: each is polled, and each learns when.
	maxNodes = 8
	// seenEvery is how exactly the store knows when a node last answered.
	seenEvery = time.Hour
	// tellSeenEvery is how exactly windows are told of it.
	tellSeenEvery = time.Minute
	// choreFirst and choreMax pace what is tried again at a node that did not serve.
	choreFirst = 5 * time.Second
	choreMax   = 10 * time.Minute
	// choreFor bounds one conversation about a chore: a lot is 64 KiB over a slow proxy.
	choreFor = 2 * time.Minute
	// lotLife is how long a node keeps a lot: a spare is used up to spareLife, and the grant
	// made of it lives on for envelope.GrantLife.
	lotLife   = spareLife + envelope.GrantLife
	spareLife = 180 * 24 * time.Hour
	// lotLow is how many spares are left when another lot is due, within lotWithin: at a
	// random moment, so that it tells nothing of when grants are issued.
	lotLow    = 4
	lotWithin = time.Hour
	// maxLots is how many lots of an account a node takes.
	maxLots = 16
	// leaveFor is how long a node that was removed is left for contacts who were not reached.
	leaveFor = 30 * 24 * time.Hour
	// lookFirst is how often a pairing looks for the next word while the person watches and
	// for lookQuick after one came or went; then ever less often, down to lookMax, or
	// lookOffered for a card that nobody has answered. lookMean is the mean of random times
	// when nobody watches.
	lookFirst   = 1500 * time.Millisecond
	lookQuick   = time.Minute
	lookMax     = 30 * time.Second
	lookOffered = 10 * time.Second
	lookMean    = 5 * time.Minute
	// spareWait is how long a new grant waits for a lot that is being handed over, rather
	// than name no node: it takes a second or two.
	spareWait = 20 * time.Second
	// slotsLonger is how long the slots of a pairing outlive its end, for a clock that is
	// off: with a card of 7 days still below what a node takes. Cards on a screen follow one
	// another every two minutes, and leave room.
	slotsLonger      = 12 * time.Hour
	shownSlotsLonger = 10 * time.Minute
	// checkFor bounds a test of a node, and stepFor one of its steps but the first.
	checkFor = 30 * time.Second
	stepFor  = 9 * time.Second
)

// Limits of the machine itself.
const (
	// maxBatch is how many operations share one commit; it bounds how long the first of them waits.
	maxBatch = 256
	// opQueue is how many operations wait while a commit is under way.
	opQueue = 256
	// subscriberQueue is how many events a subscriber may lag behind before it is resynchronised.
	subscriberQueue = 1024
	// tickEvery paces everything that waits for time to pass.
	tickEvery = time.Second
	// sweepEvery paces what may be late: renewals, expiry of digests and cards.
	sweepEvery = 10 * time.Minute
	// clockTolerance is how far the wall clock may drift against the monotonic one
	// between two ticks before people are told.
	clockTolerance = 30 * time.Second
)
