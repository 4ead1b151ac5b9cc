package node

import "time"

// Connections and streams, counted by libp2p's resource manager.
const (
	// maxConns: 10,000 people have one for fetching and one for circuits each, and some
	// deposit meanwhile. TCP takes a file descriptor for each.
	maxConns = 32768
	// maxConnsPerAddr: behind one IPv4 address, or in one IPv6 /64, stand the 500 people of an
	// office, with four each.
	maxConnsPerAddr = 2048
	// maxHandshakes bounds connections whose handshake is under way: four times what one
	// address can begin at once.
	maxHandshakes = 4 * connBurst
	// connsPerSecond and connBurst bound handshakes from one address, which cost this side
	// 0.3 ms each: 500 people come back at once when their network does. Of all together
	// four times as many.
	connsPerSecond = 50
	connBurst      = 1024
	// maxConnsPerPeer: a host makes one, and another when it noticed the death of the first
	// before this side did.
	maxConnsPerPeer = 4
	// maxStreams: a talk for each fetch, and two streams for each circuit.
	maxStreams = 3 * maxConns
	// maxStreamsPerPeer bounds what one host has open: each of its circuits is a stream.
	maxStreamsPerPeer = 2 * maxCircuits
	// maxMemory is what libp2p may use for windows of flow control, maxMemoryPerPeer what one
	// peer may: QUIC's largest window of a connection is 15 MiB.
	maxMemory        = 4 << 30
	maxMemoryPerPeer = 24 << 20
	// quietTime is how long a connection without a stream or a reservation stays: it is of no use.
	quietTime = 3 * time.Minute
	sweepTime = 30 * time.Second
	// portTries is how often a port is looked for that is free for UDP and TCP.
	portTries = 16
)

// Talks.
const (
	// negotiateTime bounds the choice of a protocol: two round trips.
	negotiateTime = 10 * time.Second
	// openingTime bounds the time of an opening behind its first byte.
	openingTime = 30 * time.Second
	// idleTime is how long a stream may be without an opening or a request: a client has the
	// next one at hand, and a heartbeat comes every few seconds.
	idleTime = 2 * time.Minute
	// frameTime bounds the reading or writing of one frame: 66 KiB at 9 kbit/s.
	frameTime = time.Minute
	// requestTime bounds the work on a request. A database that takes longer is away.
	requestTime = 20 * time.Second
	// askTime is how often a fetch that waits looks by itself, since a front end that dies
	// cannot tell the others of its last cells.
	askTime = 4 * time.Minute
	// maxTalksPerPeer bounds the talks of one host at a time.
	maxTalksPerPeer = 8
	// maxFrames bounds the bytes of frames that are read or answered at one time, and of what
	// waits for the depot: 1000 pages, each with its payload. maxFramesPerAddr is an address's part, so that one that sends as
	// slowly as it may keeps no others out.
	maxFrames        = 256 << 20
	maxFramesPerAddr = maxFrames / 8
	// maxRequestsOnTalk ends a talk that goes on for ever.
	maxRequestsOnTalk = 1 << 20
)

// How fast is asked, in requests; slower is served later, not refused. A person who comes
// back from a holiday fetches 1,000 pages, a postman deposits 1,000 cells.
var (
	peerRate = rate{burst: 512, perSecond: 50}
	addrRate = rate{burst: 8192, perSecond: 2000} // 500 people behind one address
	// openingRate counts openings of talks, each of which costs 0.2 ms.
	openingRate = rate{burst: 64, perSecond: 2}
)

// openingCost is what an opening takes of addrRate.
const openingCost = 4

const (
	// maxPeers and maxAddrs bound what is remembered of who asks.
	maxPeers = maxConns
	maxAddrs = 65536
	// bucketsLooked is how many entries are looked at to make room for one.
	bucketsLooked = 16
)

// admitRate bounds the new accounts from one address, at an open node: an office of 500
// at once. Each costs nothing until cells come.
var admitRate = rate{burst: 1000, perSecond: 200.0 / 3600}

// The forwarder.
const (
	// forwardCell is what a cell takes on its way: a frame with a small request, and the
	// answer to it.
	forwardCell = 2 * 4800
	// forwardCells a minute is what an account may forward.
	forwardCells = 60
	// forwardOpening is what a tunnel takes of the allowance: the handshakes that it costs.
	forwardOpening = forwardCell / 2
	// maxForwarding bounds the accounts whose allowance is remembered.
	maxForwarding = 65536
	// maxTunnels and maxTunnelsPerAccount bound those that are open. A postman deposits at 8
	// nodes at once, and presence is read at some.
	maxTunnels           = 1024
	maxTunnelsPerAccount = 16
	// tunnelTime and tunnelSilence bound one: a deposit takes seconds. With the account's
	// allowance that is at most 6 MiB.
	tunnelTime    = 10 * time.Minute
	tunnelSilence = 2 * time.Minute
	tunnelBuffer  = 8 << 10
	// forwardDialTime bounds the way to the other node, resolveTime the question for its name.
	forwardDialTime = 10 * time.Second
	resolveTime     = 5 * time.Second
	// maxForwardAddrs bounds the addresses of a name that are dialled.
	maxForwardAddrs = 4
)

// forwardRate is in bytes, both ways together.
var forwardRate = rate{burst: forwardCells * forwardCell, perSecond: forwardCells * forwardCell / 60.0}

// Circuits. libp2p's own limits, 128 KiB and two minutes a circuit, are meant for the
// moment until a hole is punched. Where none can be, people talk over the circuit all day,
// and what ends it would only be made again: it has no end here, but a pace.
const (
	// circuitBuffer: a large cell passes in three steps. Two for each circuit.
	circuitBuffer = 8 << 10
	// maxCircuits of one peer: one for each of 200 contacts, and what they made anew.
	maxCircuits = 512
	// maxReservations: 10,000 people at one node.
	maxReservations = 16384
	// maxReservationsPerAddr: an office of 500 behind one address, and those who came back
	// under another key.
	maxReservationsPerAddr = 1024
	reservationTime        = time.Hour
	// guestTime is how long after a login or a fetch at a closed node its address may reserve.
	guestTime = time.Hour
	maxGuests = 65536
)

// circuitRate bounds each direction of a circuit, in bytes: messages never wait, and files,
// of at most 4 MiB there, hardly do.
var circuitRate = rate{burst: 16 << 20, perSecond: 1 << 20}

// Keys and housekeeping.
const (
	// keysTime is how often the keys are read, which another front end may have replaced, and
	// retryTime how often after that failed.
	keysTime  = time.Minute
	retryTime = 2 * time.Second
	// expireTime is how often what is over is deleted.
	expireTime = 15 * time.Minute
	// logTime is how often one kind of trouble is logged.
	logTime = time.Minute
	// metricsTime bounds each step of showing the figures.
	metricsTime = 10 * time.Second
)
