package settings

import (
	"context"
	"errors"
	"slices"
	"testing"
)

func TestLanguageIsKeptBeforeItIsSpoken(t *testing.T) {
	run := func(w func(context.Context) func()) { w(t.Context())() }
	var kept, spoken []string
	var failure error
	s := NewSpeech("", func(tag string) error {
		kept = append(kept, tag)
		return failure
	}, run)
	s.OnSpeak = func() { spoken = append(spoken, s.Tag) }
	changes := 0
	s.OnChange = func() { changes++ }
	s.Choose("")
	s.Choose("fr")
	s.Choose("fr")
	failure = errors.New("no room")
	s.Choose("ar")
	if s.Tag != "fr" || !errors.Is(s.Err, failure) {
		t.Errorf("after a failure: %q, %v", s.Tag, s.Err)
	}
	failure = nil
	s.Choose("")
	if !slices.Equal(kept, []string{"fr", "ar", ""}) || !slices.Equal(spoken, []string{"fr", ""}) || changes != 3 || s.Err != nil {
		t.Errorf("kept %q, spoken %q, %d changes, %v", kept, spoken, changes, s.Err)
	}
}
