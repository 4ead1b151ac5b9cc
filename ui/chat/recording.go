package chat

import (
	"context"
	"errors"

	"tacit/app"
	"tacit/ui/voice"
)

// RecordState says what stands in place of the field.
type RecordState int

const (
	RecordOff   RecordState = iota // the field
	RecordOn                       // a recording under way
	RecordEnded                    // one that ended by itself, or was left, and waits
)

// What is said of a voice note that could not be recorded or played.
var (
	errMicrophoneGone   = errors.New("the microphone is gone")
	errRecordingFull    = errors.New("the recording is as long as it can be")
	errRecordingKept    = errors.New("the recording was left")
	errNotRecorded      = errors.New("nothing could be recorded")
	errNoLoudspeaker    = errors.New("there is no loudspeaker")
	errLoudspeakerGone  = errors.New("the loudspeaker is gone")
	errVoiceNoteDamaged = errors.New("the voice note is damaged")
)

// recording is what is recorded in a conversation. It lies in memory until it is sealed
// like any file; nothing of it is ever on the disk in the clear.
//
// Owner of every field: the window's goroutine.
type recording struct {
	devices voice.Devices // nil: nobody gave any
	able    error         // why nothing can be recorded
	asking  bool          // able is being found out

	state  RecordState
	turn   int // of the recording: what an older one tells is of no interest
	told   voice.Progress
	stop   context.CancelFunc
	send   bool            // it goes as soon as it has ended
	left   bool            // the conversation is closed meanwhile: it is kept
	away   bool            // it ended because the window was put away
	ended  voice.Recording // in RecordEnded
	wanted app.MessageID   // the message that it answers
}

// UseSound gives the conversation the sound devices of the computer, and takes up a
// recording that was left.
func (c *Conversation) UseSound(d voice.Devices) {
	r := &c.record
	r.devices, r.able = d, voice.ErrNoSound
	if rec, ok := c.drafts.takeVoice(c.id); ok {
		r.state, r.ended = RecordEnded, rec
		c.err = errRecordingKept
	}
	c.AskSound()
}

// AskSound finds out anew whether something can be recorded: a microphone may have come.
func (c *Conversation) AskSound() {
	r := &c.record
	if r.devices == nil || r.asking || c.closed {
		return
	}
	r.asking = true
	devices := r.devices // r is the window's
	act(c.work, func(context.Context) error { return devices.CanRecord() }, func(err error) {
		r.asking, r.able = false, err
		c.composerChanged()
	})
}

// CanRecord says why nothing can be recorded on this computer now, or nil.
func (c *Conversation) CanRecord() error {
	if c.record.devices == nil {
		return voice.ErrNoSound
	}
	return c.record.able
}

// Recording returns what stands in place of the field, how long it is, and how loud it is
// at the moment.
func (c *Conversation) Recording() (RecordState, voice.Progress) {
	r := &c.record
	if r.state == RecordEnded {
		return r.state, voice.Progress{Length: r.ended.Length}
	}
	return r.state, r.told
}

// RecordedLevels returns how loud the latest moments were of a recording that waits.
func (c *Conversation) RecordedLevels() []float32 { return c.record.ended.Levels }

// Record begins to record, where nothing else is being written.
func (c *Conversation) Record() {
	r := &c.record
	if r.state != RecordOff || c.Block() != BlockNone || c.compose.edits != nil || len(c.files.pending) > 0 || c.CanRecord() != nil {
		return
	}
	c.StopVoice() // or it would be heard in the recording
	ctx, stop := context.WithCancel(c.work.ctx)
	*r = recording{devices: r.devices, state: RecordOn, turn: r.turn + 1, stop: stop}
	if a := c.compose.answers; a != nil {
		r.wanted = a.ID
	}
	turn, devices := r.turn, r.devices // r is the window's
	c.err = nil
	call(c.work, func(context.Context) (voice.Recording, error) {
		src, err := devices.Record()
		if err != nil {
			return voice.Recording{}, err
		}
		return voice.Record(ctx, src, func(p voice.Progress) {
			c.work.post(func() { c.heard(turn, p) })
		})
	}, func(rec voice.Recording, err error) {
		stop()
		c.recorded(turn, rec, err)
	})
	c.composerChanged()
}

func (c *Conversation) heard(turn int, p voice.Progress) {
	if r := &c.record; turn == r.turn && r.state == RecordOn && !c.closed {
		r.told = p
		c.OnRecord()
	}
}

// SendRecording sends what was recorded.
func (c *Conversation) SendRecording() {
	switch r := &c.record; r.state {
	case RecordOn:
		r.send = true
		r.stop()
	case RecordEnded:
		c.sendVoice(r.ended)
	}
}

// DiscardRecording ends a recording and forgets it.
func (c *Conversation) DiscardRecording() {
	r := &c.record
	if r.state == RecordOff {
		return
	}
	if r.state == RecordOn {
		r.stop()
	}
	clear(r.ended.Data)
	c.err = nil
	c.recordOver()
}

// recordOver gives the field back.
func (c *Conversation) recordOver() {
	r := &c.record
	*r = recording{devices: r.devices, able: r.able, turn: r.turn + 1}
	c.composerChanged()
}

// recorded takes what a recording has become.
func (c *Conversation) recorded(turn int, rec voice.Recording, err error) {
	r := &c.record
	switch {
	case turn != r.turn: // it was discarded
		clear(rec.Data)
	case r.left:
		if len(rec.Data) > 0 {
			c.drafts.keepVoice(c.id, rec)
		}
	case len(rec.Data) == 0:
		c.recordOver()
		if err != nil && !errors.Is(err, voice.ErrNothing) {
			c.fail(errNotRecorded)
			c.AskSound()
		}
	case r.send:
		c.sendVoice(rec)
	default:
		r.state, r.ended = RecordEnded, rec
		switch {
		case r.away && err == nil:
			c.fail(errRecordingKept)
		case err == nil:
			c.fail(errRecordingFull)
		default:
			c.fail(errMicrophoneGone)
		}
		c.AskSound()
	}
}

// PutAway ends a recording when the window is put out of sight, where nothing says any more
// that the microphone is open. What was recorded waits.
func (c *Conversation) PutAway() {
	if r := &c.record; r.state == RecordOn && !r.send {
		r.away = true
		r.stop()
	}
}

// leaveRecording is what the end of a conversation makes of a recording: it is kept in
// memory for the next time the chat is opened, as long as the profile is.
func (c *Conversation) leaveRecording() {
	switch r := &c.record; r.state {
	case RecordOn:
		r.left = true
		r.stop()
	case RecordEnded:
		c.drafts.keepVoice(c.id, r.ended)
	}
}

// sendVoice hands a recording over as the file that it is.
func (c *Conversation) sendVoice(rec voice.Recording) {
	f, answers := &c.files, c.record.wanted
	c.recordOver()
	f.next++
	idle := len(f.queue) == 0
	p := inMemoryFile(voiceName, rec.Data)
	p.ID = f.next
	f.queue = append(f.queue, fileOut{Pending: p, answers: answers})
	c.handedOver()
	if idle {
		c.importNext()
	}
	c.composerChanged()
}

// voices are recordings that were left, by contact. They are lost with the window, or when
// the profile locks: nothing is kept of what was said and not sent.
//
// Owner: the window's goroutine.
type voices map[app.ContactID]voice.Recording

func (d *Drafts) keepVoice(c app.ContactID, rec voice.Recording) { d.voices[c] = rec }

func (d *Drafts) takeVoice(c app.ContactID) (voice.Recording, bool) {
	rec, ok := d.voices[c]
	delete(d.voices, c)
	return rec, ok
}

// Speaking reports whether a recording is under way.
func (c *Conversation) Speaking() bool { return c.record.state == RecordOn }
