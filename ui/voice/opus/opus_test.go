//go:build cgo && !windows

package opus_test

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"tacit/ui/voice/opus"
	"tacit/ui/voice/opus/reference"
)

// speech returns five seconds of a voice at 48 kHz, from a file of 16 kHz.
func speech(t testing.TB) []float32 {
	t.Helper()
	wav, err := os.ReadFile("../testdata/speech.wav")
	if err != nil {
		t.Fatal(err)
	}
	var out []float32
	for b := wav[44:]; len(b) > 1; b = b[2:] {
		v := float32(int16(uint16(b[0])|uint16(b[1])<<8)) / 32768
		out = append(out, v, v, v)
	}
	return out
}

func noise(n int) []float32 {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]float32, n)
	for i := range out {
		out[i] = r.Float32()*2 - 1
	}
	return out
}

func tone(n int, hz float64) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(0.5 * math.Sin(2*math.Pi*hz*float64(i)/opus.Rate))
	}
	return out
}

func encode(t testing.TB, pcm []float32) [][]byte {
	t.Helper()
	e, err := opus.NewEncoder()
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var out [][]byte
	for ; len(pcm) >= opus.FrameSamples; pcm = pcm[opus.FrameSamples:] {
		p, err := e.Encode(pcm[:opus.FrameSamples])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func decode(t testing.TB, packets [][]byte) []float32 {
	t.Helper()
	d, err := opus.NewDecoder()
	if err != nil {
		t.Fatal(err)
	}
	var out []float32
	frame := make([]float32, opus.MaxSamples)
	for _, p := range packets {
		n, err := d.Decode(p, frame)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, frame[:n]...)
	}
	return out
}

// TestEveryPacketIsOfOneLength holds for speech, silence, noise, a tone, what clips, and
// changes from one to another.
func TestEveryPacketIsOfOneLength(t *testing.T) {
	voice := speech(t)
	quiet := make([]float32, 5*opus.Rate)
	loud := noise(5 * opus.Rate)
	for i := range loud {
		loud[i] *= 8
	}
	mixed := append(append(append([]float32{}, quiet[:opus.Rate]...), voice...), noise(opus.Rate)...)
	for name, pcm := range map[string][]float32{
		"speech": voice, "silence": quiet, "noise": noise(5 * opus.Rate), "tone": tone(5*opus.Rate, 440),
		"clipping": loud, "mixed": mixed,
	} {
		lengths := map[int]int{}
		packets := encode(t, pcm)
		for _, p := range packets {
			lengths[len(p)]++
		}
		if len(lengths) != 1 || lengths[opus.PacketBytes] != len(packets) {
			t.Errorf("%s: packets by length: %v", name, lengths)
		}
		t.Logf("%s: %d packets of %d bytes", name, len(packets), opus.PacketBytes)
	}
}

// TestDecoderIsAsGoodAsLibopus compares the two decoders on the same packets: what they
// differ by is below what sixteen-bit sound played at a low level can carry.
func TestDecoderIsAsGoodAsLibopus(t *testing.T) {
	for name, pcm := range map[string][]float32{
		"speech": speech(t), "silence": make([]float32, opus.Rate), "noise": noise(2 * opus.Rate), "tone": tone(2*opus.Rate, 440),
	} {
		packets := encode(t, pcm)
		began := time.Now()
		ours := decode(t, packets)
		took := time.Since(began)
		theirs, err := reference.Decode(packets)
		if err != nil {
			t.Fatal(err)
		}
		if len(ours) != len(theirs) {
			t.Fatalf("%s: %d samples, libopus has %d", name, len(ours), len(theirs))
		}
		signal, wrong, worst := 0.0, 0.0, 0.0
		for i := range ours {
			d := float64(ours[i] - theirs[i])
			signal += float64(theirs[i]) * float64(theirs[i])
			wrong += d * d
			worst = max(worst, math.Abs(d))
		}
		ratio := 10 * math.Log10(signal/max(wrong, 1e-20))
		t.Logf("%s: difference %.1f dB below the sound, at most %.6f; %.1f us a packet", name, ratio, worst,
			float64(took.Microseconds())/float64(len(packets)))
		if name != "silence" && ratio < 45 {
			t.Errorf("%s: the decoders differ by %.1f dB", name, -ratio)
		}
		if worst > 0.01 {
			t.Errorf("%s: a sample differs by %f", name, worst)
		}
	}
}
