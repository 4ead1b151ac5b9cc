package widget

import (
	"image"
	"image/color"
	"time"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// VoiceBars is how many bars a voice note is drawn with at most.
const VoiceBars = 48

// ThreadVoice is a voice note that can be played.
type ThreadVoice struct {
	Bars    [VoiceBars]uint8 // how loud each part is, 0 to 255
	Length  time.Duration    // 0 while the bars are not known
	At      time.Duration    // what is heard, or would be
	Playing bool
	Speed   string // how fast, in a word, e.g. "1.5×"
}

// Sizes of a voice note. It runs from left to right in every language, as all media do.
const (
	voiceWave  float32 = 28 // height of the bars
	voiceBar   float32 = 2
	voiceStep          = 2 * voiceBar
	voiceMost          = VoiceBars*voiceStep - voiceBar
	voiceLeast float32 = 10 * voiceStep
	voiceRest  float32 = 2 // height of a bar of silence
	speedPad           = theme.Space8
)

// voiceBox is what a voice note adds to the box of its file.
type voiceBox struct {
	of    *ThreadVoice
	wave  float32 // width of the bars
	speed *text.Block
}

func (b *fileBox) layVoice(inner float32) {
	v := &voiceBox{of: b.of.Voice}
	v.speed = text.Layout(v.of.Speed, theme.Caption, text.Options{MaxLines: 1})
	room := inner - discSize - fileGap - theme.Space8 - v.chipWidth()
	v.wave = wholeDp(max(voiceLeast, min(voiceMost, room)))
	b.voice = v
	b.detail = text.Layout(voiceTime(v.of), theme.Caption, text.Options{MaxLines: 1})
	b.height = max(discSize, voiceWave+theme.Space2+b.detail.Height)
	b.natural = discSize + fileGap + v.wave + theme.Space8 + v.chipWidth()
}

// voiceTime is how long a note is, and where in it one is once it was begun.
func voiceTime(v *ThreadVoice) string {
	switch {
	case v.Length == 0:
		return lang.T("voice.loading")
	case v.At == 0 && !v.Playing:
		return lang.Stopwatch(v.Length)
	}
	return lang.T("voice.time", "at", lang.Stopwatch(v.At), "length", lang.Stopwatch(v.Length))
}

func (v *voiceBox) chipWidth() float32 { return wholeDp(v.speed.Width) + 2*speedPad }

// waveRect is where the bars stand in the bubble.
func (b *fileBox) waveRect() text.Rect {
	r := b.rect()
	return text.Rect{X: r.X + discSize + fileGap, Y: r.Y, W: b.voice.wave, H: voiceWave}
}

// chipRect is where the speed stands in the bubble.
func (b *fileBox) chipRect() text.Rect {
	w := b.waveRect()
	h := theme.Caption.LineHeight + theme.Space4
	return text.Rect{X: w.X + w.W + theme.Space8, Y: w.Y + (voiceWave-h)/2, W: b.voice.chipWidth(), H: h}
}

// share returns how far into the note a place of the bubble lies, 0 to 1.
func (b *fileBox) share(x float32) float32 {
	w := b.waveRect()
	return max(0, min(1, (x-w.X)/w.W))
}

func (b *fileBox) paintVoice(dst *image.RGBA, scale float32, p *theme.Palette) {
	b.paintDisc(dst, b.disc(), scale, p, p.Tint())
	b.paintWave(dst, scale, p)
	c := b.chipRect()
	roundBox(dst, pixels(c, scale), c.H*scale/2, p.Tint(), transparent, 0)
	v := b.voice
	v.speed.Draw(dst, (c.X+(c.W-v.speed.Width)/2)*scale, (c.Y+theme.Space2)*scale, scale, p.Ink2)
	b.detail.Draw(dst, b.waveRect().X*scale, (b.y+b.detailY())*scale, scale, p.Ink3)
}

// paintWave draws the bars: what was heard in the colour of the accent, with a line where
// it ends, so that it shows without the colour too.
func (b *fileBox) paintWave(dst *image.RGBA, scale float32, p *theme.Palette) {
	v, area := b.voice, b.waveRect()
	n := int((v.wave + voiceBar) / voiceStep)
	played := float32(0)
	if v.of.Length > 0 {
		played = float32(min(1, float64(v.of.At)/float64(v.of.Length))) * v.wave
	}
	for i := range n {
		h := voiceRest
		if v.of.Length > 0 {
			h += (voiceWave - voiceRest) * float32(loudest(v.of.Bars[:], i, n)) / 255
		}
		x := float32(i) * voiceStep
		c := p.Field
		if x < played {
			c = p.Accent
		}
		fillBar(dst, text.Rect{X: area.X + x, Y: area.Y + (voiceWave-h)/2, W: voiceBar, H: h}, scale, c)
	}
	if played > 0 {
		fillBar(dst, text.Rect{X: area.X + min(played, v.wave-voiceBar) - voiceBar/2, Y: area.Y, W: voiceBar, H: voiceWave}, scale, p.Ink)
	}
}

func fillBar(dst *image.RGBA, r text.Rect, scale float32, c color.NRGBA) {
	roundBox(dst, pixels(r, scale), r.W*scale/2, c, transparent, 0)
}

// loudest is the greatest of the bars that share place i of n.
func loudest(bars []uint8, i, n int) (most uint8) {
	from := i * len(bars) / n
	for _, v := range bars[from:max(from+1, (i+1)*len(bars)/n)] {
		most = max(most, v)
	}
	return most
}

// voiceTargets are the parts of a note that can be pressed.
func (b *fileBox) voiceTargets(add func(t target, rects ...text.Rect)) {
	add(target{kind: onPlay}, b.disc())
	if b.of.Voice.Length > 0 {
		add(target{kind: onSeek}, b.waveRect())
	}
	add(target{kind: onSpeed}, b.chipRect())
}

// voiceWord says what a press on a part of a note does.
func voiceWord(k targetKind, v *ThreadVoice) string {
	switch {
	case k == onSpeed:
		return lang.T("voice.speed", "speed", v.Speed)
	case k == onSeek:
		return lang.T("voice.seek")
	case v.Playing:
		return lang.T("voice.pause")
	}
	return lang.T("voice.play")
}

// onVoice reports whether a target of the row is a part of a note.
func (r *threadRow) onVoice(i int) bool {
	if i < 0 {
		return false
	}
	k := r.b.targets[i].kind
	return k == onPlay || k == onSeek || k == onSpeed
}

// voiceOf returns the note of the message that the keyboard stands on, or nil.
func (t *Thread) voiceOf(r *threadRow) *ThreadVoice {
	if r == nil || r.b.file == nil {
		return nil
	}
	return r.b.file.of.Voice
}
