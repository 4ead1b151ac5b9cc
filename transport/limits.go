package transport

import (
	"time"

	"tacit/transport/near"
)

// Strangers.
const (
	// helloTime is how long a connection may stay unproven: a hello takes three round trips.
	helloTime = 5 * time.Second
	// maxUnproven and maxUnprovenPerAddr bound the accepted connections that have proven
	// nothing. An office behind one address stays below the second.
	maxUnproven        = 64
	maxUnprovenPerAddr = 8
	// maxHellosPerLinked bounds the hellos under way on a connection with a proven link: a
	// pairing becomes a contact over the same connection. Without a link there is one at a time.
	maxHellosPerLinked = 4
	// maxHellosUnlinked is how many the other side gets in all on a connection without a link,
	// which may be one that this side dialled: each costs this side far more than the other.
	maxHellosUnlinked = 4
	// keyQuantum is the number of keys each answer is computed over a multiple of, so that
	// its timing does not tell how many contacts there are.
	keyQuantum = 512
)

// Handshakes, which cost both sides work, from and to one address; of all together ten and
// four times as many. A person restarts an application less often.
const (
	connsPerSecond = 5
	connBurst      = 64
)

// Dialling.
const (
	// maxHosts bounds the hosts remembered from beacons; a busy office has hundreds.
	maxHosts = 1024
	// maxHostsPerAddr bounds those that claim one address, so that one liar fills no table.
	maxHostsPerAddr = 16
	// maxAddrs bounds the addresses of one host.
	maxAddrs = 8
	// maxDialling and dialsPerMinute keep a crowd from being a storm.
	maxDialling    = 32
	dialsPerMinute = 300
	// yieldTime is how long the higher peer ID leaves the dialling to the lower.
	yieldTime = 2 * time.Second
	// dialTime bounds one attempt to connect. On a local network it takes milliseconds.
	dialTime = 3 * time.Second
	// firstTries is how often a beacon's host is tried that does not answer at all, within
	// about 3.5 s.
	firstTries = 4
	// redialTries, redialFirst and redialMax shape the return to a lost host: 0.25 s, then 1 s, 2 s ... 30 s,
	// for about three minutes.
	redialTries = 12
	redialFirst = 250 * time.Millisecond
	redialMax   = 30 * time.Second
	// retryTime is the pace at which a host is tried after that: a switch may be off for longer,
	// and neither side sees its interface change. One that never answered, which may be a liar's
	// invention, is left alone for twice as long each time, up to retryMax: a table full of
	// those costs 34 dials a minute.
	retryTime = 5 * time.Minute
	retryMax  = 40 * time.Minute
	// beaconLife is how long after its last sign of life a host is tried so. Multicast DNS
	// reports the beacon of one that lives every 3200 s, its records' time, and up to a minute
	// later: after more silence than this, a host that is back is reported within a minute.
	beaconLife = 90 * time.Minute
	// steadyTime is how long a link must have lived for the backoff to start afresh.
	steadyTime = 30 * time.Second
)

// Links.
const (
	// heartbeatTime and silenceTime: a party that crashed is known to be away within 10 s, on a
	// busy computer too; a heartbeat that is late by two others is not taken for a crash.
	heartbeatTime = 2500 * time.Millisecond
	silenceTime   = 3 * heartbeatTime
	// maxBatch is how many frames one call of Received or Acknowledged carries: enough to share
	// one durable commit, and with the queue before it at most 2 MiB a link.
	maxBatch = 64
	// maxQueued is the number of cells that wait for a slow link: 512 KiB of large ones.
	maxQueued = 32
	// maxAcksQueued is the number of acknowledgements that wait; a batch always fits.
	maxAcksQueued = 4 * maxBatch
	// maxWrite is how much is handed to the connection at once.
	maxWrite = 64 << 10
)

// Lanes, which carry cells of 64 KiB.
const (
	// maxFilesQueued is the number of file cells that wait for a lane. With the one being
	// written and those that two senders may hold, less than 1 MiB a link.
	maxFilesQueued = 12
	// maxLaneBatch is how many one call of FileCells carries. One batch is handed over while
	// another waits and a third arrives: 768 KiB at the receiving side of a lane, and only
	// while something does.
	maxLaneBatch = 4
	// laneTries and laneRetry bound how a refused lane is asked for again: the other side
	// proves a link by the answer that it sends, and has it a moment after that.
	laneTries = 4
	laneRetry = 200 * time.Millisecond
)

// Relays.
const (
	// beatTime and beatSilence: a relay that died is known to be dead within 10 s, at the price
	// of a packet every 4 s.
	beatTime    = 4 * time.Second
	beatSilence = 5 * time.Second
	// relayTime bounds one request to a relay, the way there included.
	relayTime = 5 * time.Second
	// probeTime is how long a relay that this side is connected with may take to answer.
	probeTime = 2 * time.Second
	// idleTime is how long a connection to another's node is kept without a circuit, at most
	// twice: whoever was there may be back.
	idleTime = time.Minute
	// reserveTime is how long before its end a reservation is made again.
	reserveTime = 20 * time.Minute
	// reservePause is how long a reservation stands at least, however short a relay says it is.
	reservePause = time.Minute
	// publishTime is how often presence is renewed, shortened by up to a quarter at random;
	// presenceSpan is how long it then holds: half an hour more than that, and far enough from
	// the two hours that are allowed for clocks to differ by as much.
	publishTime  = 45 * time.Minute
	presenceSpan = 80 * time.Minute
	// publishPause keeps changes of keys that follow one another in one publication.
	publishPause = 300 * time.Millisecond
	// publishRetry is the mean time before a node is tried again that did not take presence.
	publishRetry = 30 * time.Second
)

// Looking for parties.
const (
	// maxSeeking and seeksPerMinute keep a long list of contacts from being a storm.
	maxSeeking     = 16
	seeksPerMinute = 120
	// seekTime is the mean time between two looks at the presence of a party.
	seekTime = 15 * time.Minute
	// seekPause is how long after a look the next may be asked for.
	seekPause = 500 * time.Millisecond
	// quickTries is how often a party is looked for whose link was lost, within half a minute.
	quickTries = 5
	// searchTime bounds one search.
	searchTime = 20 * time.Second
	// maxRelays bounds the relays of one presence that are tried: a liar's invention costs a
	// few packets to each.
	maxRelays = 3
)

// Punching.
const (
	// maxOffer holds maxAddrs addresses at their longest.
	maxOffer = 512
	// minPort is the lowest port dialled: services of a system are below.
	minPort = 1024
	// offerTime is how long an answer to an offer is waited for.
	offerTime = 5 * time.Second
	// turnTime is how soon a link that was proven this moment is looked at again.
	turnTime = 10 * time.Millisecond
	// punchTime bounds one attempt. Where it works it takes two round trips.
	punchTime = 2 * time.Second
	// punchBudget is how often in punchSpan a party may have this side dial, over however many
	// links: a hostile one has it send some packets to places of its choice.
	punchBudget = 8
	punchSpan   = 10 * time.Minute
)

// Streams and memory of the whole host, counted by libp2p's resource manager.
const (
	maxConns          = 512 // 200 contacts both ways and the unproven ones
	maxConnsPerPeer   = 4
	maxConnsPerAddr   = 64 // proven ones too: several users may stand behind one address
	maxStreamsPerPeer = 16
	maxStreams        = 1024
	maxMemory         = 256 << 20
	maxMemoryPerPeer  = 24 << 20 // one QUIC receive window at its largest, 15 MiB, and yamux's
)

// Pairing nearby; what is said there is bounded in package near.
const (
	// maxNearHosts bounds the hosts that are dialled at a time: twice the partners that are
	// shown, since some are gone.
	maxNearHosts = 2 * near.MaxPartners
	// nearRedialFirst and nearRedialMax shape the return to a host: after 0.5 s, 1 s ... 16 s.
	nearRedialFirst = 500 * time.Millisecond
	nearRedialMax   = 16 * time.Second
	// nearTick is how exactly silence is noticed.
	nearTick = time.Second
	// nearQueue is how many frames wait for a peer that reads slowly.
	nearQueue = 32
	// nearPartTime is how long a good-bye may take.
	nearPartTime = 300 * time.Millisecond
	// nearbyPort is the first of loopbackPorts ports at which processes on one machine that
	// pair nearby find each other.
	nearbyPort = loopbackPort + loopbackPorts
)

// Beacons and the network.
const (
	// keyLife is how long one peer key lives.
	keyLife = 24 * time.Hour
	// pollTime is how often the interfaces are read; settleTime how long they must then stay
	// the same, because an interface comes up in several steps.
	pollTime   = 3 * time.Second
	settleTime = 500 * time.Millisecond
	// resumeGap is how far the wall clock may run away from the monotonic one, or a poll may be
	// late, before the computer is taken to have slept.
	resumeGap = 10 * time.Second
	// maxSightings is how many entries one browser may report before it is replaced: it
	// remembers each for as long as the sender pleases.
	maxSightings = 2048
	// loopbackPort and loopbackPorts are where processes on one machine find each other, below
	// the ports that systems hand out by themselves.
	loopbackPort  = 29710
	loopbackPorts = 16
	// loopbackRepeat bounds how long a process that came too late for a port of that range
	// stays unknown to the others.
	loopbackRepeat = 800 * time.Millisecond
)
