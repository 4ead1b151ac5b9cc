package voice

import (
	"fmt"
	"io"
	"math"
	"time"

	"tacit/ui/voice/ogg"
	"tacit/ui/voice/opus"
)

// Note is a voice note that can be played. It does not change.
type Note struct {
	data []byte
	file *ogg.File
	gain float32
}

// Read reads a note of at most ogg.MaxFile bytes. ErrMalformed, or what r says.
func Read(r io.Reader) (*Note, error) {
	data, err := io.ReadAll(io.LimitReader(r, ogg.MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("voice note: %w", err)
	}
	return Parse(data)
}

// Parse returns the note that data holds, which it keeps. ErrMalformed.
func Parse(data []byte) (*Note, error) {
	f, err := ogg.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if samples(maxHeard) < f.Length {
		return nil, fmt.Errorf("%w: too long", ErrMalformed)
	}
	gain := min(float64(f.Gain)/256, maxGain)
	return &Note{data: data, file: f, gain: float32(math.Pow(10, gain/20))}, nil
}

// Length is how long the note is heard.
func (n *Note) Length() time.Duration { return duration(n.file.Length) }

// Erase overwrites the note. It must not be in use.
func (n *Note) Erase() { clear(n.data) }

func duration(samples int64) time.Duration { return time.Duration(samples) * time.Second / Rate }

func samples(d time.Duration) int64 { return int64(d) * Rate / int64(time.Second) }

// sound decodes a note from a place on.
//
// Owner: one goroutine.
type sound struct {
	n       *Note
	decoder *opus.Decoder
	next    int   // packet
	at      int64 // of the sound that next returns, to be heard from 0 on
	from    int64 // what lies before it is decoded and not returned
	frame   []float32
}

// sound returns the sound from a place on, in samples.
func (n *Note) sound(from int64) (*sound, error) {
	d, err := opus.NewDecoder()
	if err != nil {
		return nil, err
	}
	s := &sound{n: n, decoder: d, at: -int64(n.file.Skip), from: max(0, from), frame: make([]float32, opus.MaxSamples)}
	for ; s.next < len(n.file.Packets); s.next++ {
		size := int64(ogg.Samples(n.file.Packets[s.next]))
		if s.at+size > s.from-samples(preRoll) {
			break
		}
		s.at += size
	}
	return s, nil
}

// read returns the next samples, which are good until the next call; io.EOF after the
// last. ErrMalformed.
func (s *sound) read() ([]float32, error) {
	for s.next < len(s.n.file.Packets) && s.at < s.n.file.Length {
		k, err := s.decoder.Decode(s.n.file.Packets[s.next], s.frame)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		s.next++
		begin := s.at
		s.at += int64(k)
		out := s.frame[:k]
		if over := s.at - s.n.file.Length; over > 0 {
			out = out[:max(0, int64(k)-over)]
		}
		if early := s.from - begin; early > 0 {
			out = out[min(int64(len(out)), early):]
		}
		if len(out) == 0 {
			continue
		}
		for i := range out {
			out[i] = max(-1, min(1, out[i]*s.n.gain))
		}
		return out, nil
	}
	return nil, io.EOF
}

// erase overwrites what is left of the sound.
func (s *sound) erase() { clear(s.frame) }
