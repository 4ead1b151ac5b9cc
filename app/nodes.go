package app

import "time"

// NodeID names an own mailbox node on this computer only.
type NodeID int64

// NodeState says what a node is doing for this profile.
//
//	            answered            silent, or false
//	NodeNew --------------> NodeGood <--------------> NodeAway, NodeShut, NodeFalse
//	   any of them --Remove--> NodeLeaving --all fetched, contacts moved--> gone
type NodeState string

const (
	NodeNew     NodeState = "new"     // nobody answered there yet
	NodeGood    NodeState = "good"    // it holds messages for this profile
	NodeAway    NodeState = "away"    // nobody answers
	NodeShut    NodeState = "shut"    // it does not admit this profile (any more)
	NodeFalse   NodeState = "false"   // what answers is not that node, or lies
	NodeLeaving NodeState = "leaving" // removed: what is there is moved first
)

// Node is an own mailbox node.
type Node struct {
	ID        NodeID
	Address   string // as it was given; holds the invitation, so it is for its owner's eyes
	Host      string // name or IP address and port, to be shown
	Default   bool   // cards and new grants name it
	State     NodeState
	SeenAt    time.Time // when it last answered; zero: never
	Used      int64     // bytes that it holds for this profile, and how many it may
	Quota     int64
	Refused   int       // messages that it turned away for want of room since it was last told
	OfferedBy ContactID // whose computer it is; 0: nobody's who is a contact
	Friend    bool      // it is a contact's computer
	SamePlace bool      // it sees this computer at its own public address, or at a private one: whoever knows the node knows where this computer is
}

// Offer is a contact's word that its computer holds messages for this profile.
type Offer struct {
	Contact ContactID
	Address string // for AddNode
}

// NodeStep is one thing that a test of a node tries, in this order.
type NodeStep string

const (
	StepReach   NodeStep = "reach"   // somebody answers at the address
	StepKey     NodeStep = "key"     // it is this very node
	StepAdmit   NodeStep = "admit"   // it admits this profile
	StepHold    NodeStep = "hold"    // a cell left there is fetched again
	StepRelay   NodeStep = "relay"   // contacts can reach this computer through it
	StepForward NodeStep = "forward" // it passes on to another own node; not tried with one alone
)

// NodeCheck is how one step went.
type NodeCheck struct {
	Step  NodeStep
	Tried bool
	Err   error // of this package; nil: it works
	Took  time.Duration
}
