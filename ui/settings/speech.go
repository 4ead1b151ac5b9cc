package settings

import "context"

// Speech is the language in which the window speaks.
//
// Owner of every field: the window's goroutine.
type Speech struct {
	OnChange func() // something below has changed
	OnSpeak  func() // another language was chosen, and that is kept
	Tag      string // of package lang; "" is what the system says
	Err      error  // why the last choice was not kept

	keep func(tag string) error
	run  Run
	busy bool
}

// NewSpeech returns the model; keep writes a choice down and may take time.
func NewSpeech(tag string, keep func(tag string) error, run Run) *Speech {
	return &Speech{OnChange: func() {}, OnSpeak: func() {}, Tag: tag, keep: keep, run: run}
}

// Choose keeps a language and then speaks it. One that cannot be kept is not spoken: the
// next start would not know of it.
func (s *Speech) Choose(tag string) {
	if s.busy || tag == s.Tag {
		return
	}
	s.busy = true
	s.run(func(context.Context) func() {
		err := s.keep(tag)
		return func() {
			s.busy, s.Err = false, err
			if err == nil {
				s.Tag = tag
			}
			s.OnChange()
			if err == nil {
				s.OnSpeak()
			}
		}
	})
}
