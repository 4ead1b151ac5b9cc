package client

import "time"

// times bound what a node can make its clients wait.
type times struct {
	dial time.Duration // one attempt to connect, QUIC and TCP side by side
	step time.Duration // an opening or a request, until all of the answer is there; a fetch may take its wait besides
	idle time.Duration // how long the conversation with an own node stays for the next request
	// hedge is how long a forwarder may say nothing before another way is tried, too: twice
	// what one half around the world takes to open two talks.
	hedge time.Duration
}

// usual are long enough for a page of 66 KiB at 20 kbit/s, and for the hops of Tor. A node
// closes what is silent for two minutes.
var usual = times{dial: 10 * time.Second, step: 40 * time.Second, idle: 90 * time.Second, hedge: 2 * time.Second}

const (
	// maxRecords bounds the key records that are kept: more own nodes than anybody has had.
	maxRecords = 64
	// maxIdleTalks is how many talks of an account wait for the next request: one for
	// fetching, one for the rest.
	maxIdleTalks = 2
	// shunTime is for how long an own node that was away, or overtaken, is asked last to
	// pass something on.
	shunTime = time.Minute
	// openTries is how often a talk is opened when the node has no such key (any more): the
	// second time under the key that it says it has.
	openTries = 2
)
