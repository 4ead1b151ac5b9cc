package voice

import (
	"context"
	"errors"
	"io"
	"math"
)

// WaveBars is how many bars a note is drawn with.
const WaveBars = 48

// Wave is how loud a note is from its beginning to its end, each bar from 0 to 255.
type Wave [WaveBars]uint8

// Wave listens to the whole note, as it decodes it, and draws it. It takes 4 ms for a
// second of sound at most. ErrMalformed where a part of it cannot be decoded.
func (n *Note) Wave(ctx context.Context) (Wave, error) {
	var sums [WaveBars]float64
	var counts [WaveBars]int64
	s, err := n.sound(0)
	if err != nil {
		return Wave{}, err
	}
	defer s.erase()
	at := int64(0)
	for {
		if err := ctx.Err(); err != nil {
			return Wave{}, err
		}
		frame, err := s.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Wave{}, err
		}
		bar := min(WaveBars-1, at*WaveBars/n.file.Length)
		for _, v := range frame {
			sums[bar] += float64(v) * float64(v)
		}
		counts[bar] += int64(len(frame))
		at += int64(len(frame))
	}
	return bars(sums, counts), nil
}

// bars makes bars of the power of each part. The loudest is as high as can be, unless the
// whole note is as good as silent.
func bars(sums [WaveBars]float64, counts [WaveBars]int64) (w Wave) {
	const quiet = 0.01 // root of the mean square: some 40 dB below the loudest there can be
	most := quiet
	var loud [WaveBars]float64
	for i, sum := range sums {
		switch {
		case counts[i] > 0:
			loud[i] = math.Sqrt(sum / float64(counts[i]))
		case i > 0:
			loud[i] = loud[i-1] // the note has fewer packets than bars
		}
		most = max(most, loud[i])
	}
	for i, v := range loud {
		w[i] = uint8(math.Round(255 * math.Pow(v/most, 0.7))) // so that soft words are seen
	}
	return w
}
