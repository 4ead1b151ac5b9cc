package ui

import (
	"context"
	"errors"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/pairing"
	"tacit/ui/settings"
	"tacit/ui/start"
)

// Sentence puts an error into words for the person. An error that nobody should meet gets
// a sentence too, without what it says: its text is for logs.
func Sentence(err error) string {
	var known pairing.KnownError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &known):
		return lang.T("error.card_known", "name", known.Contact.Name)
	}
	for _, s := range sentences {
		if errors.Is(err, s.err) {
			return lang.T(s.key)
		}
	}
	return lang.T("error.internal")
}

// sentences are the errors whose sentence needs nothing but its key.
var sentences = []struct {
	err error
	key string
}{
	{app.ErrNotFound, "error.not_found"},
	{app.ErrCardMalformed, "error.card_malformed"},
	{app.ErrCardExpired, "error.card_expired"},
	{app.ErrCardUsed, "error.card_used"},
	{app.ErrCardOwn, "error.card_own"},
	{app.ErrCardKnown, "error.card_known_unnamed"},
	{app.ErrCardNewer, "error.card_newer"},
	{app.ErrCodeWrong, "error.code_wrong"},
	{app.ErrCodeMalformed, "error.code_malformed"},
	{app.ErrPairingEnded, "error.pairing_ended"},
	{app.ErrPairingStopped, "error.pairing_stopped"},
	{app.ErrPairingForged, "error.pairing_forged"},
	{app.ErrNotVerified, "error.not_verified"},
	{app.ErrBlocked, "error.blocked"},
	{app.ErrTooSoon, "error.too_soon"},
	{app.ErrTextEmpty, "error.text_empty"},
	{app.ErrTextTooLong, "error.text_long"},
	{app.ErrTextInvalid, "error.text_invalid"},
	{app.ErrNameEmpty, "error.name_empty"},
	{app.ErrNameTooLong, "error.name_too_long"},
	{app.ErrNotYours, "error.not_yours"},
	{app.ErrEmojiInvalid, "error.emoji_invalid"},
	{app.ErrTooMany, "error.too_many"},
	{app.ErrTimerInvalid, "error.timer_invalid"},
	{app.ErrFileTooLarge, "error.file_too_large"},
	{app.ErrFileUnreadable, "error.file_unreadable"},
	{app.ErrFileChanged, "error.file_changed"},
	{app.ErrFileNotHere, "error.file_not_here"},
	{app.ErrFileExists, "error.file_exists"},
	{app.ErrDiskFull, "error.disk_full"},
	{app.ErrDiskReadOnly, "error.disk_read_only"},
	{app.ErrInUse, "error.profile_in_use"},
	{app.ErrPassphrase, "error.passphrase_wrong"},
	{app.ErrDamaged, "error.profile_damaged"},
	{app.ErrUnreachable, "error.unreachable"},
	{app.ErrNodeAddress, "error.node_malformed"},
	{app.ErrNodeNewer, "error.node_newer"},
	{app.ErrNodeKnown, "error.node_known"},
	{app.ErrNodeUnreachable, "error.node_unreachable"},
	{app.ErrNodeRefused, "error.node_refused"},
	{app.ErrNodeLater, "error.node_later"},
	{app.ErrNodeFalse, "error.node_false"},
	{app.ErrProxyAddress, "error.proxy_malformed"},
	{app.ErrNearbyOff, "error.nearby_off"},
	{app.ErrNearbyHidden, "error.nearby_hidden"},
	{app.ErrNearbyFailed, "error.nearby_failed"},
	{app.ErrNearbyOver, "error.nearby_over"},
	{app.ErrBusy, "error.busy"},
	{app.ErrClosed, "error.closed"},
	{context.Canceled, "error.closed"},

	{pairing.ErrNoCode, "error.no_qr"},
	{pairing.ErrPictureTooLarge, "error.image_large"},
	{pairing.ErrCameraUnknown, "error.camera_unknown"},
	{pairing.ErrCameraNone, "error.camera_none"},
	{pairing.ErrCameraGone, "error.camera_gone"},
	{pairing.ErrCameraBusy, "error.camera_busy"},
	{pairing.ErrCameraForbidden, "error.camera_forbidden"},
	{pairing.ErrCameraUnusable, "error.camera_unusable"},
	{settings.ErrNoAddressInPicture, "error.no_node_qr"},
	{settings.ErrManyMailboxes, "error.node_many"},
	{settings.ErrCardNotNode, "error.node_is_card"},
	{start.ErrPassphraseEmpty, "start.passphrase_empty"},
	{start.ErrPassphraseEasy, "start.weak"},
	{start.ErrPassphraseDiffers, "start.again_differs"},
}
