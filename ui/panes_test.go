package ui

import "testing"

func TestPanesByWidth(t *testing.T) {
	whole := func(w float32) span { return span{0, w, true} }
	for _, c := range []struct {
		name  string
		panes panes
		width float32
		want  arrangement
	}{
		{"list alone", panes{}, 719, arrangement{list: whole(719), one: true}},
		{"thread alone", panes{chat: true}, 380, arrangement{thread: whole(380), one: true}},
		{"details alone", panes{chat: true, details: true}, 719, arrangement{details: whole(719), one: true}},
		{"two", panes{chat: true}, 720, arrangement{list: whole(304), thread: span{304, 416, true}}},
		{"two, none open", panes{}, 1079, arrangement{list: whole(304), thread: span{304, 775, true}}},
		{"details over", panes{chat: true, details: true}, 1079,
			arrangement{list: whole(304), thread: span{304, 775, true}, details: span{775, 304, true}, over: true}},
		{"three", panes{chat: true, details: true}, 1080,
			arrangement{list: whole(304), thread: span{304, 472, true}, details: span{776, 304, true}}},
	} {
		if got := c.panes.arrange(c.width); got != c.want {
			t.Errorf("%s at %g: %+v, want %+v", c.name, c.width, got, c.want)
		}
	}
}

func TestBackClosesTheInnermost(t *testing.T) {
	narrow := panes{chat: true, details: true}
	for _, want := range []panes{{chat: true}, {}} {
		if !narrow.back(500) || narrow != want {
			t.Fatalf("%+v, want %+v", narrow, want)
		}
	}
	if narrow.back(500) {
		t.Error("something was closed in the list")
	}
	wide := panes{chat: true, details: true}
	if !wide.back(1000) || wide != (panes{chat: true}) {
		t.Errorf("%+v at 1000", wide)
	}
	if wide.back(1000) || !wide.chat {
		t.Error("the conversation beside the list was closed")
	}
}
