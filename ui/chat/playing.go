package chat

import (
	"context"
	"errors"
	"time"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/voice"
	"tacit/ui/voice/ogg"
	"tacit/ui/widget"
)

// voiceName is the name of every file that is a voice note: by it and by the type they are
// told from music.
const voiceName = "voice.ogg"

const voiceType = "audio/ogg"

// voiceSkip is how far one press of a key goes in a note.
const voiceSkip = 5 * time.Second

// playing is the voice note that is heard, or was heard last, in a conversation; and how
// those in sight are drawn.
//
// Owner of every field: the window's goroutine.
type playing struct {
	id     app.MessageID // 0: none
	on     bool
	at     time.Duration
	speed  int // of voice.Speeds
	turn   int
	player *voice.Player // while it is heard
	stop   context.CancelFunc

	waves map[app.MessageID]*wave
	queue []app.MessageID // to be drawn; the first is being drawn
}

// wave is how a note is drawn.
type wave struct {
	bars   voice.Wave
	length time.Duration // 0 until it is known
	failed bool          // it is no note: a file like another
}

// isVoice reports whether a file says of itself that it is a voice note.
func isVoice(f app.File) bool {
	return f.Type == voiceType && f.Name == voiceName && f.Size > 0 && f.Size <= ogg.MaxFile
}

// playable reports whether the voice note of a message is here.
func playable(m app.Message) bool {
	return m.File != nil && !m.Deleted && isVoice(*m.File) && savable(m)
}

// threadVoice is the voice note of a message as the thread shows it, or nil.
func (c *Conversation) threadVoice(m app.Message) *widget.ThreadVoice {
	if !playable(m) {
		return nil
	}
	p := &c.play
	w := c.wave(m.ID)
	if w.failed {
		return nil
	}
	v := &widget.ThreadVoice{Bars: w.bars, Length: w.length, Speed: speedWord(p.speed)}
	if p.id == m.ID {
		v.At, v.Playing = p.at, p.on
	}
	return v
}

func speedWord(i int) string {
	s, digits := voice.Speeds[i], 0
	if s != float64(int(s)) {
		digits = 1
	}
	return lang.T("voice.times", "n", lang.Decimal(s, digits))
}

// wave returns how a note is drawn, and begins to find that out where it is not known.
func (c *Conversation) wave(id app.MessageID) *wave {
	p := &c.play
	w := p.waves[id]
	if w == nil {
		if len(p.waves) >= maxLoaded {
			clear(p.waves) // what is in sight is drawn anew
		}
		w = &wave{}
		p.waves[id] = w
		p.queue = append(p.queue, id)
		if len(p.queue) == 1 {
			c.drawNext()
		}
	}
	return w
}

// drawNext listens to the first note of the queue. One is under way at a time: each takes
// a processor for a while.
func (c *Conversation) drawNext() {
	p := &c.play
	id := p.queue[0]
	call(c.work, func(ctx context.Context) (w wave, err error) {
		n, err := c.openNote(c.life, id)
		if err != nil {
			return w, err
		}
		defer n.Erase()
		w.length = n.Length()
		w.bars, err = n.Wave(c.life)
		return w, err
	}, func(w wave, err error) {
		if c.closed {
			return
		}
		p.queue = p.queue[1:]
		if known := p.waves[id]; known != nil && !errors.Is(err, context.Canceled) {
			*known = w
			known.failed = err != nil
			c.touch(Stay, 0)
		}
		if len(p.queue) > 0 {
			c.drawNext()
		}
	})
}

// openNote reads a whole note into memory. It is called on any goroutine.
func (c *Conversation) openNote(ctx context.Context, id app.MessageID) (*voice.Note, error) {
	f, err := c.m.OpenFile(ctx, id)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return voice.Read(f)
}

// Play plays the voice note of a message from where it was left, or pauses it. Only one
// is heard at a time.
func (c *Conversation) Play(id app.MessageID) {
	p := &c.play
	m, ok := c.line.find(id)
	if !ok || !playable(m) || c.record.state == RecordOn {
		return
	}
	was := p.id == id && p.on
	c.StopVoice()
	if was {
		return
	}
	if p.id != id {
		p.id, p.at = id, 0
	}
	if w := p.waves[id]; w != nil && w.length > 0 && p.at >= w.length {
		p.at = 0
	}
	c.listen()
}

// listen plays the note that was chosen.
func (c *Conversation) listen() {
	p := &c.play
	p.turn++
	p.on = true
	id, turn, at, devices := p.id, p.turn, p.at, c.record.devices
	ctx, stop := context.WithCancel(c.life)
	p.stop = stop
	act(c.work, func(context.Context) error {
		n, err := c.openNote(ctx, id)
		if err != nil {
			return err
		}
		defer n.Erase()
		if devices == nil {
			return voice.ErrNoSound
		}
		sink, err := devices.Play()
		if err != nil {
			return err
		}
		defer sink.Close()
		defer context.AfterFunc(ctx, func() { sink.Close() })() // ends a Write that waits
		player := voice.NewPlayer(n, at, 1)
		c.work.post(func() { c.takePlayer(turn, player) })
		return player.Run(ctx, sink, func(at time.Duration) { c.work.post(func() { c.reached(turn, at) }) })
	}, func(err error) {
		stop()
		c.fellSilent(turn, err)
	})
	c.touch(Stay, 0)
}

// takePlayer tells a player what was chosen since it began.
func (c *Conversation) takePlayer(turn int, player *voice.Player) {
	if p := &c.play; turn == p.turn {
		p.player = player
		player.SetSpeed(voice.Speeds[p.speed])
		player.Seek(p.at)
	}
}

func (c *Conversation) reached(turn int, at time.Duration) {
	if p := &c.play; turn == p.turn && p.on && !c.closed {
		p.at = at
		c.touch(Stay, 0)
	}
}

// fellSilent follows the end of what was heard.
func (c *Conversation) fellSilent(turn int, err error) {
	p := &c.play
	if turn != p.turn || c.closed {
		return
	}
	p.on, p.player = false, nil
	switch {
	case err == nil:
		p.at = 0
	case errors.Is(err, voice.ErrNoLoudspeaker), errors.Is(err, voice.ErrNoSound):
		c.fail(errNoLoudspeaker)
	case errors.Is(err, voice.ErrGone), errors.Is(err, voice.ErrClosed):
		c.fail(errLoudspeakerGone)
	case errors.Is(err, voice.ErrMalformed):
		c.fail(errVoiceNoteDamaged)
	default:
		c.fail(err)
	}
	c.touch(Stay, 0)
}

// StopVoice pauses what is heard.
func (c *Conversation) StopVoice() {
	p := &c.play
	if !p.on {
		return
	}
	if p.player != nil {
		p.at = p.player.At()
	}
	p.stop()
	p.turn++
	p.on, p.player = false, nil
	c.touch(Stay, 0)
}

// SeekVoice goes to a share of a note, 0 to 1.
func (c *Conversation) SeekVoice(id app.MessageID, share float32) {
	if w := c.play.waves[id]; w != nil {
		c.goTo(id, time.Duration(float64(share)*float64(w.length)))
	}
}

// SkipVoice goes some seconds back or forth in a note: by is -1 or 1.
func (c *Conversation) SkipVoice(id app.MessageID, by int) {
	at := time.Duration(0)
	if c.play.id == id {
		at = c.play.at
	}
	c.goTo(id, at+time.Duration(by)*voiceSkip)
}

func (c *Conversation) goTo(id app.MessageID, at time.Duration) {
	p := &c.play
	w := p.waves[id]
	if w == nil || w.length == 0 {
		return
	}
	if p.id != id {
		c.StopVoice()
		p.id = id
	}
	p.at = max(0, min(at, w.length))
	if p.player != nil {
		p.player.Seek(p.at)
	}
	c.touch(Stay, 0)
}

// NextSpeed plays faster from now on, and after the fastest as it was said again.
func (c *Conversation) NextSpeed() {
	p := &c.play
	p.speed = (p.speed + 1) % len(voice.Speeds)
	if p.player != nil {
		p.player.SetSpeed(voice.Speeds[p.speed])
	}
	c.touch(Stay, 0)
}

// forgetVoice ends what is heard of a message that is gone.
func (c *Conversation) forgetVoice(id app.MessageID) {
	p := &c.play
	delete(p.waves, id)
	if p.id == id {
		c.StopVoice()
		p.id, p.at = 0, 0
	}
}
