package voice

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// Speeds that a note can be played at.
var Speeds = []float64{1, 1.5, 2}

// Player plays one note. Run plays; the other methods are safe for concurrent use.
type Player struct {
	note *Note

	mu    sync.Mutex
	at    int64   // guarded by mu; of what is heard, in samples of the note
	speed float64 // guarded by mu
	jump  bool    // guarded by mu; at was chosen and not gone to yet
}

// NewPlayer returns a player that stands at a place of the note.
func NewPlayer(n *Note, at time.Duration, speed float64) *Player {
	p := &Player{note: n, speed: speed}
	p.Seek(at)
	return p
}

// Seek goes to a place of the note.
func (p *Player) Seek(at time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.jump = max(0, min(samples(at), p.note.file.Length)), true
}

// SetSpeed chooses how fast the note is played: 1 to 2.
func (p *Player) SetSpeed(speed float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.speed = max(1, min(speed, 2))
}

// At returns the place of the note that is heard.
func (p *Player) At() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return duration(p.at)
}

// Run plays until the end was heard, then returns nil; or until ctx ends or the sink does,
// with why. tell is called about ten times a second with what At returns. The sink is not
// closed.
func (p *Player) Run(ctx context.Context, sink Sink, tell func(at time.Duration)) error {
	r := &run{p: p, sink: sink, tell: tell, out: make([]float32, hop)}
	defer r.erase()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.step(); err != nil {
			return err
		}
		if r.ended() {
			tell(p.note.Length())
			return nil
		}
	}
}

// run is what one call of Run works with. Owner: its goroutine.
type run struct {
	p       *Player
	sink    Sink
	tell    func(time.Duration)
	sound   *sound
	stretch *stretcher
	origin  int64 // place of the note where the stretcher begins
	out     []float32
	silent  int // samples of silence put behind the end, until that is heard
	told    int // samples written since tell was called
}

// step writes one piece of sound to the sink.
func (r *run) step() error {
	if err := r.obey(); err != nil {
		return err
	}
	for !r.stretch.pull(r.out) {
		frame, err := r.sound.read()
		switch {
		case errors.Is(err, io.EOF):
			frame = make([]float32, hop)
			r.silent += hop
		case err != nil:
			return err
		}
		r.stretch.push(frame)
	}
	if err := r.sink.Write(r.out); err != nil {
		return err
	}
	r.follow(r.stretch.target + hop)
	return nil
}

// obey goes where the person wants, as fast as they want.
func (r *run) obey() error {
	r.p.mu.Lock()
	at, jump, speed := r.p.at, r.p.jump, r.p.speed
	r.p.jump = false
	r.p.mu.Unlock()
	if jump || r.sound == nil {
		r.erase()
		s, err := r.p.note.sound(at)
		if err != nil {
			return err
		}
		r.sound, r.stretch, r.origin, r.silent = s, &stretcher{}, at, 0
	}
	r.stretch.speed = speed
	return nil
}

// follow notes what is heard now, written being where the sink's end is.
func (r *run) follow(written float64) {
	heard := r.origin + int64(written-float64(r.sink.Pending())*r.stretch.speed)
	r.p.mu.Lock()
	if !r.p.jump {
		r.p.at = max(0, min(heard, r.p.note.file.Length))
	}
	r.p.mu.Unlock()
	if r.told += hop; r.told >= int(samples(tellEvery)) {
		r.told = 0
		r.tell(r.p.At())
	}
}

// ended reports whether the end was heard, or so much silence was written behind it that it
// must have been, whatever the sink says.
func (r *run) ended() bool {
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	return !r.p.jump && r.silent > 0 && (r.p.at >= r.p.note.file.Length || r.silent > Rate)
}

func (r *run) erase() {
	if r.sound != nil {
		r.sound.erase()
		r.stretch.erase()
	}
	clear(r.out)
}
