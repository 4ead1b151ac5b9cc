package device

import (
	"fmt"
	"sync/atomic"
	"time"

	"tacit/ui/voice"
)

// ErrHangs is voice.ErrNoSound where the sound system takes a question and does not answer.
var ErrHangs = fmt.Errorf("%w: it does not answer", voice.ErrNoSound)

// hanging counts questions that wait without an end, as miniaudio waits for PulseAudio, in
// C, where nothing can end them: the thread of each stays until the server answers or ends.
var hanging atomic.Int32

// within asks the sound system and waits for answering at most: a lock and the end of the
// program wait for whoever asks. While an answer is late nobody else asks; late lets go of
// what comes then.
func within[T any](ask func() (T, error), late func(T)) (T, error) {
	var none T
	if hanging.Load() > 0 {
		return none, ErrHangs
	}
	answered := make(chan struct{})
	var v T
	var err error
	go func() {
		defer close(answered)
		v, err = ask()
	}()
	timer := time.NewTimer(answering)
	defer timer.Stop()
	select {
	case <-answered:
		return v, err
	case <-timer.C:
	}
	hanging.Add(1)
	go func() {
		<-answered
		if err == nil {
			late(v)
		}
		hanging.Add(-1)
	}()
	return none, ErrHangs
}
