package app

import "errors"

// The errors that reach a person. Each has a stable code (Code) for bots and a
// sentence in the language files for people; their texts here are for logs and
// carry nothing about a user.
var (
	ErrNotFound        = errors.New("not found")
	ErrCardMalformed   = errors.New("card malformed")
	ErrCardExpired     = errors.New("card expired")
	ErrCardUsed        = errors.New("card already used")
	ErrCardOwn         = errors.New("card is this profile's own")
	ErrCardKnown       = errors.New("card of an existing contact")
	ErrCardNewer       = errors.New("card of a newer version")
	ErrCodeWrong       = errors.New("codes did not match")
	ErrCodeMalformed   = errors.New("code is not six digits")
	ErrPairingEnded    = errors.New("pairing has ended")
	ErrPairingStopped  = errors.New("pairing was stopped")
	ErrPairingForged   = errors.New("pairing was altered on its way")
	ErrNotVerified     = errors.New("the contact cannot be written to yet")
	ErrBlocked         = errors.New("the contact is blocked")
	ErrTooSoon         = errors.New("the keys were renewed within the hour")
	ErrTextEmpty       = errors.New("text is empty")
	ErrTextTooLong     = errors.New("text is too long")
	ErrTextInvalid     = errors.New("text is not valid UTF-8")
	ErrNameEmpty       = errors.New("name is empty")
	ErrNameTooLong     = errors.New("name is too long")
	ErrNotYours        = errors.New("only its writer can change a message")
	ErrEmojiInvalid    = errors.New("not an emoji")
	ErrTooMany         = errors.New("too many on one message")
	ErrTimerInvalid    = errors.New("no such timer")
	ErrFileTooLarge    = errors.New("the file is too large")
	ErrFileUnreadable  = errors.New("the file cannot be read")
	ErrFileChanged     = errors.New("the file changed while it was read")
	ErrFileNotHere     = errors.New("the file is not here")
	ErrFileExists      = errors.New("there is such a file already")
	ErrDiskFull        = errors.New("the disk is full")
	ErrDiskReadOnly    = errors.New("the disk cannot be written")
	ErrInUse           = errors.New("the profile is open in another program")
	ErrPassphrase      = errors.New("wrong passphrase")
	ErrDamaged         = errors.New("the profile is damaged")
	ErrUnreachable     = errors.New("not reachable now")
	ErrNodeAddress     = errors.New("not the address of a node")
	ErrNodeNewer       = errors.New("node address of a newer version")
	ErrNodeKnown       = errors.New("the node is there already")
	ErrNodeUnreachable = errors.New("nobody answers at the node")
	ErrNodeRefused     = errors.New("the node does not admit this profile")
	ErrNodeLater       = errors.New("the node cannot serve now")
	ErrNodeFalse       = errors.New("what answers is not that node")
	ErrProxyAddress    = errors.New("not the address of a proxy")
	ErrNearbyOff       = errors.New("the local network is switched off")
	ErrNearbyHidden    = errors.New("the address is hidden, or all goes through a proxy")
	ErrNearbyFailed    = errors.New("cannot be shown on the local network")
	ErrNearbyOver      = errors.New("the time of pairing nearby is over")
	ErrBusy            = errors.New("too much is waiting")
	ErrClosed          = errors.New("the messenger has stopped")
)

var codes = []struct {
	err  error
	code string
}{
	{ErrNotFound, "not_found"},
	{ErrCardMalformed, "card_malformed"},
	{ErrCardExpired, "card_expired"},
	{ErrCardUsed, "card_used"},
	{ErrCardOwn, "card_own"},
	{ErrCardKnown, "card_known"},
	{ErrCardNewer, "card_newer"},
	{ErrCodeWrong, "code_wrong"},
	{ErrCodeMalformed, "code_malformed"},
	{ErrPairingEnded, "pairing_ended"},
	{ErrPairingStopped, "pairing_stopped"},
	{ErrPairingForged, "pairing_forged"},
	{ErrNotVerified, "not_verified"},
	{ErrBlocked, "blocked"},
	{ErrTooSoon, "too_soon"},
	{ErrTextEmpty, "text_empty"},
	{ErrTextTooLong, "text_too_long"},
	{ErrTextInvalid, "text_invalid"},
	{ErrNameEmpty, "name_empty"},
	{ErrNameTooLong, "name_too_long"},
	{ErrNotYours, "not_yours"},
	{ErrEmojiInvalid, "emoji_invalid"},
	{ErrTooMany, "too_many"},
	{ErrTimerInvalid, "timer_invalid"},
	{ErrFileTooLarge, "file_too_large"},
	{ErrFileUnreadable, "file_unreadable"},
	{ErrFileChanged, "file_changed"},
	{ErrFileNotHere, "file_not_here"},
	{ErrFileExists, "file_exists"},
	{ErrDiskFull, "disk_full"},
	{ErrDiskReadOnly, "disk_read_only"},
	{ErrInUse, "profile_in_use"},
	{ErrPassphrase, "passphrase_wrong"},
	{ErrDamaged, "profile_damaged"},
	{ErrUnreachable, "unreachable"},
	{ErrNodeAddress, "node_malformed"},
	{ErrNodeNewer, "node_newer"},
	{ErrNodeKnown, "node_known"},
	{ErrNodeUnreachable, "node_unreachable"},
	{ErrNodeRefused, "node_refused"},
	{ErrNodeLater, "node_later"},
	{ErrNodeFalse, "node_false"},
	{ErrProxyAddress, "proxy_malformed"},
	{ErrNearbyOff, "nearby_off"},
	{ErrNearbyHidden, "nearby_hidden"},
	{ErrNearbyFailed, "nearby_failed"},
	{ErrNearbyOver, "nearby_over"},
	{ErrBusy, "busy"},
	{ErrClosed, "closed"},
}

// Code returns the stable word for err, or "internal" for one that no person should meet.
func Code(err error) string {
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return "internal"
}
