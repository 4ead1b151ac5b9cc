package app

// Preferences are what a person chose about what others learn. All of it is off at first
// but the network itself.
type Preferences struct {
	TellRead   bool  // contacts learn when their messages were read
	TellTyping bool  // contacts learn that something is being typed to them
	TellActive bool  // contacts learn that somebody is at this computer
	TellSeen   bool  // contacts learn when somebody last was; only together with TellActive
	LAN        bool  // meet contacts on the local network; at first true
	AskAbove   int64 // files larger than this many bytes wait for the person's word; 0: none does
}
