package voice

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"tacit/ui/voice/ogg"
	"tacit/ui/voice/opus"
)

// Progress is what is told of a recording while it goes on.
type Progress struct {
	Length time.Duration
	Level  float32 // how loud the last moment was, 0 to 1
}

// Recording is what was recorded: an Ogg Opus file.
type Recording struct {
	Data   []byte
	Length time.Duration
	Levels []float32 // as Progress told them, the latest: at most MaxLevels
}

// Full reports whether a recording ended because it is as long as it can be.
func (r Recording) Full() bool { return r.Length >= MaxLength }

// Record encodes what is said as it is said, until ctx ends, which is no error, or
// MaxLength is reached. tell is called about ten times a second. The source is closed.
//
// What was recorded before the source was gone comes with ErrGone. ErrNothing where there
// is not a single sample; ErrNoEncoder.
func Record(ctx context.Context, src Source, tell func(Progress)) (Recording, error) {
	defer src.Close() // it gave what it had
	e, err := opus.NewEncoder()
	if err != nil {
		return Recording{}, err
	}
	defer e.Close()
	stop := context.AfterFunc(ctx, func() { src.Close() }) // ends a Read that waits
	defer stop()
	r := &recorder{encoder: e, file: ogg.NewWriter(e.Skip()), tell: tell}
	defer clear(r.frame[:])
	failed := r.listen(ctx, src)
	if r.heard == 0 {
		if failed == nil {
			failed = ErrNothing
		}
		return Recording{}, failed
	}
	data, err := r.finish()
	if err != nil {
		return Recording{}, err
	}
	return Recording{Data: data, Length: duration(r.heard), Levels: r.levels}, failed
}

// recorder is one recording under way. Owner: the goroutine of Record.
type recorder struct {
	encoder *opus.Encoder
	file    *ogg.Writer
	tell    func(Progress)
	frame   [opus.FrameSamples]float32
	filled  int
	heard   int64   // samples
	power   float64 // since tell was called
	untold  int64   // samples
	levels  []float32
}

// listen takes samples until there are no more to be had.
func (r *recorder) listen(ctx context.Context, src Source) error {
	most := samples(MaxLength)
	for r.heard < most {
		n, err := src.Read(r.frame[r.filled:])
		n = int(min(int64(n), most-r.heard))
		r.take(n)
		if r.filled == len(r.frame) {
			if err := r.encode(); err != nil {
				return err
			}
		}
		switch {
		case ctx.Err() != nil, errors.Is(err, ErrClosed):
			return nil
		case err != nil:
			return fmt.Errorf("record: %w", err)
		}
	}
	return nil
}

// take counts n samples that were read into the frame.
func (r *recorder) take(n int) {
	for _, v := range r.frame[r.filled : r.filled+n] {
		r.power += float64(v) * float64(v)
	}
	r.filled += n
	r.heard += int64(n)
	if r.untold += int64(n); r.untold >= samples(tellEvery) {
		loud := level(r.power / float64(r.untold))
		if r.levels = append(r.levels, loud); len(r.levels) > MaxLevels {
			r.levels = slices.Delete(r.levels, 0, 1)
		}
		r.tell(Progress{Length: duration(r.heard), Level: loud})
		r.power, r.untold = 0, 0
	}
}

func (r *recorder) encode() error {
	p, err := r.encoder.Encode(r.frame[:])
	if err != nil {
		return err
	}
	r.file.Add(p, opus.FrameSamples)
	clear(r.frame[:])
	r.filled = 0
	return nil
}

// finish encodes the rest of the last frame, and silence until all that was said has come
// out of the encoder.
func (r *recorder) finish() ([]byte, error) {
	length := r.heard + int64(r.encoder.Skip())
	for r.file.Samples() < length {
		if err := r.encode(); err != nil {
			return nil, err
		}
	}
	return r.file.Close(length), nil
}

// level turns the mean square of samples into what a bar shows: 0 at 50 dB below the
// loudest there can be, 1 at 6 dB below.
func level(power float64) float32 {
	const low, high = -50, -6
	db := 10 * math.Log10(power+1e-12)
	return float32(max(0, min(1, (db-low)/(high-low))))
}
