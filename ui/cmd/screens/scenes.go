package main

// base is what is open when a scene begins.
type base int

const (
	asItWas base = iota // what the scene before left
	fresh               // a profile that was just made, with the tour over it
	locked              // the passphrase is asked for
	list                // the profile is open, and no chat
	talking             // the chat with my friend is open
)

// scene leads to one screen. The name is that of its pictures.
type scene struct {
	name string
	from base
	play func(*stage) error
}

// scenes are all screens, in the order of the page. To add one, add a line.
var scenes = []scene{
	{"first-start", asItWas, nothing},
	{"first-start-missing", asItWas, taps("start.create")},
	{"first-start-filled", asItWas, fillFirst},
	{"tour-1", fresh, nothing},
	{"tour-2", fresh, taps("tour.next")},
	{"tour-3", fresh, taps("tour.next", "tour.next")},
	{"list-empty", fresh, taps("tour.skip")},
	{"unlock", locked, nothing},
	{"unlock-wrong", locked, wrongPassphrase},
	{"unlock-of-two", locked, twoProfiles},
	{"first-start-another", locked, taps("profile.add")},

	{"list", list, nothing},
	{"list-more", list, taps("word.more")},
	{"list-menu", list, menuOf(longName)},
	{"list-end", list, scrollList},
	{"list-archive", list, inTurn(scrollList, taps("list.archived"))},
	{"list-hide", list, inTurn(menuOf(muted), taps("menu.hide"))},
	{"list-reveal", list, taps("word.more", "menu.reveal")},
	{"search", list, searchFor(func(c *cast) string { return c.query })},
	{"search-nothing", list, searchFor(func(c *cast) string { return c.nowhere })},
	{"rail", list, inTurn(twoProfiles, unlocks, opens(friend))},

	{"chat", talking, nothing},
	{"chat-begin", talking, onMessage(1)},
	{"chat-middle", talking, onMessage(6)},
	{"chat-mailbox", list, opens(away)},
	{"chat-failed", list, opens(failing)},
	{"chat-draft", list, opens(drafting)},
	{"chat-disappearing", list, opens(vanishing)},
	{"chat-introduced", list, opens(introduced)},
	{"chat-blocked", list, inTurn(scrollList, opens(blocked))},
	{"chat-trust", talking, taps("trust.verified")},
	{"chat-reply", talking, inTurn(menuOfMessage(3), taps("menu.reply"), writes(func(c *cast) string { return c.reply }))},
	{"chat-edit", talking, inTurn(menuOfMessage(6), taps("menu.edit"))},
	{"chat-attachment", talking, attachPicture},
	{"chat-attach", talking, taps("word.attach")},
	{"chat-search", talking, searchHere},
	{"chat-too-long", talking, writeTooMuch},
	{"voice-recording", talking, records},
	{"voice-recorded", talking, inTurn(records, rests, leavesAndComes)},
	{"voice-playing", talking, plays},
	{"voice-none", list, inTurn(unplugs, opens(friend), taps("voice.off"))},
	{"reactions", talking, quickReactions},
	{"reactions-all", talking, allReactions},
	{"message-menu", talking, menuOfMessage(4)},
	{"message-details", talking, inTurn(menuOfMessage(13), taps("menu.message_details"))},
	{"message-details-edited", talking, inTurn(menuOfMessage(6), taps("menu.message_details"))},
	{"message-details-mailbox", list, inTurn(opens(away), menuOfLast(0), taps("menu.message_details"))},
	{"message-details-file", talking, inTurn(menuOfMessage(10), taps("menu.message_details"))},
	{"message-delete", talking, inTurn(menuOfMessage(13), taps("menu.delete"))},
	{"message-delete-theirs", talking, inTurn(menuOfMessage(12), taps("menu.delete"))},
	{"message-forward", talking, inTurn(menuOfMessage(13), taps("menu.forward"))},
	{"message-save", talking, inTurn(menuOfMessage(4), taps("menu.save_as"))},
	{"link", talking, openPart(7)},
	{"picture", talking, inTurn(openPart(4), lingers)},
	{"timer-menu", list, inTurn(opens(vanishing), tapsTimer)},
	{"timer-card", talking, inTurn(taps("timer.title"), taps("timer.own"))},
	{"details", talking, taps("word.details")},
	{"details-end", talking, inTurn(taps("word.details"), scrollsDetails)},
	{"details-introduced", list, inTurn(opens(introduced), taps("word.details"))},
	{"details-block", talking, inTurn(taps("word.details"), scrollsDetails, taps("details.block"))},
	{"details-remove", talking, inTurn(taps("word.details"), scrollsDetails, taps("details.remove"))},

	{"add-mine", fresh, inTurn(taps("tour.skip", "list.empty_button"), settled)},
	{"add-link", fresh, inTurn(taps("tour.skip", "list.empty_button"), settled, taps("pairing.copy_link"))},
	{"add-theirs", fresh, taps("tour.skip", "list.empty_button", "pairing.tab_theirs")},
	{"add-theirs-wrong", fresh, inTurn(taps("tour.skip", "list.empty_button", "pairing.tab_theirs"), pasteNoCard)},
	{"add-camera", fresh, inTurn(taps("tour.skip", "list.empty_button", "pairing.tab_theirs"), scans)},
	{"add-nearby", fresh, inTurn(taps("tour.skip", "list.empty_button", "nearby.tab"), othersNearby)},
	{"add-nearby-nobody", fresh, inTurn(taps("tour.skip", "list.empty_button", "nearby.tab"), shownNearby)},
	{"add-nearby-chosen", fresh, inTurn(taps("tour.skip", "list.empty_button", "nearby.tab"), othersNearby, taps("nearby.choose"))},
	{"add-looking", fresh, inTurn(taps("tour.skip", "list.empty_button", "pairing.tab_theirs"), pasteOf(nobodyThere))},
	{"add-unfinished", list, inTurn(opensNewcomer, seesCodes)},
	{"add-codes", fresh, inTurn(taps("tour.skip"), comparing)},
	{"add-checked", fresh, inTurn(taps("tour.skip"), comparing, typesCode)},
	{"add-done", fresh, inTurn(taps("tour.skip"), comparing, bothType)},
	{"add-mismatch", fresh, inTurn(taps("tour.skip"), comparing, typesWrong)},
	{"add-mismatch-meaning", fresh, inTurn(taps("tour.skip"), comparing, typesWrong, taps("mismatch.what"))},

	{"settings-profile", list, page("settings.profile")},
	{"settings-profile-end", list, inTurn(page("settings.profile"), scrolls)},
	{"settings-profile-add", list, inTurn(page("settings.profile"), scrolls, taps("profile.add"))},
	{"settings-profile-remove", list, inTurn(page("settings.profile"), scrolls, taps("profile.remove"))},
	{"settings-appearance", list, asChosen(page("settings.appearance"))},
	{"settings-privacy", list, page("settings.privacy")},
	{"settings-notifications", list, page("settings.notifications")},
	{"settings-notifications-quiet", list, inTurn(page("settings.notifications"), taps("notices.quiet"))},
	{"settings-lock", list, page("settings.lock")},
	{"settings-delivery-empty", fresh, inTurn(taps("tour.skip"), page("settings.delivery"))},
	{"settings-delivery", list, page("settings.delivery")},
	{"settings-delivery-test", list, inTurn(page("settings.delivery"), testMailbox)},
	{"settings-delivery-trouble", list, mailboxTrouble},
	{"settings-delivery-end", list, inTurn(page("settings.delivery"), scrolls)},
	{"settings-delivery-add", list, inTurn(page("settings.delivery"), taps("delivery.add"))},
	{"settings-delivery-remove", list, inTurn(page("settings.delivery"), taps("delivery.remove"))},
	{"settings-network", list, page("settings.network")},
	{"settings-storage", list, page("settings.storage")},
	{"settings-keyboard", list, page("settings.keyboard")},
	{"settings-help", list, page("settings.help")},
	{"settings-about", list, page("settings.about")},
	{"settings-licence", list, inTurn(page("settings.about"), firstLicence)},
	{"keys", talking, allKeys},

	{"narrow-list", list, narrow},
	{"narrow-chat", talking, narrow},
	{"narrow-details", talking, inTurn(narrow, taps("word.details"))},
	{"narrow-settings", list, inTurn(narrow, opensSettings)},
	{"narrow-delivery", list, inTurn(narrow, page("settings.delivery"))},
	{"narrow-add", fresh, inTurn(taps("tour.skip"), narrow, taps("word.add"), settled)},
	{"narrow-codes", list, inTurn(narrow, taps("word.add"), seesCodes)},

	{"large-list", list, large(nothing)},
	{"large-chat", list, large(opens(friend))},
	{"large-details", list, large(inTurn(opens(friend), taps("word.details")))},
	{"large-menu", list, large(inTurn(opens(friend), menuOfMessage(4)))},
	{"large-add", fresh, large(inTurn(taps("list.empty_button"), settled))},
	{"large-codes", list, large(inTurn(taps("word.add"), seesCodes))},
	{"large-settings-appearance", list, asChosen(large(page("settings.appearance")))},
	{"large-settings-delivery", list, large(page("settings.delivery"))},
	{"large-settings-keyboard", list, large(page("settings.keyboard"))},
	{"large-narrow-list", list, large(narrow)},
	{"large-narrow-chat", list, large(inTurn(opens(friend), narrow))},
	{"large-unlock", locked, large(locks)},

	{"chat-new-messages", list, opens(longName)},
}
