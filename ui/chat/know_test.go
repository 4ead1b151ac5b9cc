package chat

import (
	"slices"
	"strings"
	"testing"

	"tacit/app"
	"tacit/ui/lang"
)

// Each path has its own people who could know, and each of them a sentence.
func TestKnowersOfEveryPath(t *testing.T) {
	own := func(p app.Path, s app.State) app.Message { return app.Message{Own: true, Path: p, State: s} }
	theirs := func(p app.Path) app.Message { return app.Message{Path: p, State: app.StateReceived} }
	here, line := lang.T("know.here"), lang.T("know.internet")
	node := lang.T("know.their_node", "name", "Claire")
	for _, c := range []struct {
		what string
		m    app.Message
		want []string
	}{
		{"waiting", own(app.PathNone, app.StateQueued), []string{here}},
		{"lan", own(app.PathLAN, app.StateDelivered), []string{here, "Claire", lang.T("know.lan")}},
		{"direct", theirs(app.PathDirect), []string{here, "Claire", lang.T("know.introducer"), line}},
		{"relay", own(app.PathRelay, app.StateRead), []string{here, "Claire", lang.T("know.relay"), line}},
		{"held", own(app.PathNone, app.StateHeld), []string{here, node, line}},
		{"fetched there", own(app.PathMailbox, app.StateDelivered), []string{here, "Claire", node, line}},
		{"fetched here", theirs(app.PathMailbox), []string{here, "Claire", lang.T("know.own_node"), line}},
	} {
		var who []string
		for _, k := range knowers(c.m, "Claire") {
			who = append(who, k.who)
			if k.what == "" || strings.HasPrefix(k.what, "know.") {
				t.Errorf("%s: %s knows %q", c.what, k.who, k.what)
			}
		}
		if !slices.Equal(who, c.want) {
			t.Errorf("%s: %q could know, want %q", c.what, who, c.want)
		}
		if word := pathWord(c.m, "Claire"); strings.HasPrefix(word, "know.") {
			t.Errorf("%s: its path reads %q", c.what, word)
		}
	}
}

// Of a file a mailbox sees more than of words: how many cells there are.
func TestMailboxCountsTheCellsOfAFile(t *testing.T) {
	for key, m := range map[string]app.Message{
		"know.their_node_file_what": {Own: true, State: app.StateHeld},
		"know.own_node_file_what":   {Path: app.PathMailbox, State: app.StateReceived},
	} {
		says := func(m app.Message) bool {
			return slices.ContainsFunc(knowers(m, "Claire"), func(k knower) bool { return k.what == lang.T(key) })
		}
		words := says(m)
		m.File = &app.File{Name: "voice.ogg"}
		if words || !says(m) {
			t.Errorf("%s: said of words %t, of a file %t", key, words, says(m))
		}
	}
}

// What a mailbox holds is not delivered: its glyph and its words are others.
func TestHeldIsNotDelivered(t *testing.T) {
	held, delivered := app.Message{Own: true, State: app.StateHeld}, app.Message{Own: true, State: app.StateDelivered}
	if stateIcon(held.State) == stateIcon(delivered.State) || stateIcon(held.State) == stateIcon(app.StateQueued) {
		t.Error("the glyph in the list is that of another state")
	}
	if threadState(held.State) == threadState(delivered.State) || threadState(held.State) == threadState(app.StateQueued) {
		t.Error("the glyph in the bubble is that of another state")
	}
	word, why := stateWord(held, "Claire")
	if word != "In the mailbox" || !strings.Contains(lang.Plain(why), "Claire has not fetched it yet") {
		t.Errorf("%q, %q", word, why)
	}
	held.File = &app.File{Name: "a.pdf"}
	if got := pathWord(held, "Claire"); got == pathWord(app.Message{Own: true, State: app.StateHeld}, "Claire") {
		t.Errorf("of a file: %q", got)
	}
}
