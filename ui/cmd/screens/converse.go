package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"

	"tacit/app"
)

// converse has my friend and me say the plan's lines to one another, each at its time, by
// the real protocol.
func (w *world) converse() error {
	w.clock.set(ago(1, "09:11"))
	me, they := w.me, w.others[friend]
	if err := errors.Join(me.start(), they.start()); err != nil {
		return err
	}
	ctx := context.Background()
	tell := func(p *person, askAbove int64) error {
		return p.SetPreferences(ctx, app.Preferences{LAN: true, Internet: true, TellRead: true, AskAbove: askAbove})
	}
	if err := errors.Join(tell(me, 1<<20), tell(they, 1<<30)); err != nil {
		return err
	}
	known, err := they.Contacts(ctx)
	if err != nil {
		return err
	}
	said, err := note()
	if err != nil {
		return err
	}
	t := &talk{world: w, note: said, friends: [2]app.ContactID{w.chats[friend], known[0].ID}}
	for i := range plan {
		if err := t.line(i); err != nil {
			return err
		}
	}
	w.clock.present()
	return nil
}

// talk is the conversation while it is held.
type talk struct {
	*world
	note    []byte                  // what a voice says
	friends [2]app.ContactID        // whom I know my friend as, and they me
	ids     [lines][2]app.MessageID // of each line, on my computer and on theirs
}

// line says one line, waits until it is there, and does to it what the plan says.
func (t *talk) line(i int) error {
	l, ctx := plan[i], context.Background()
	t.clock.set(ago(l.days, l.at))
	from, to, a, b := t.others[friend], t.me, 1, 0
	if l.own {
		from, to, a, b = to, from, 0, 1
	}
	before, err := to.newest(t.friends[b])
	if err != nil {
		return err
	}
	if l.kind == passedOn {
		err = t.passOn()
	} else {
		_, err = from.Post(ctx, t.friends[a], t.outgoing(i, a))()
	}
	if err != nil {
		return err
	}
	if err := t.arrives(i, from, to, a, b, before); err != nil {
		return err
	}
	switch l.kind {
	case changed:
		_, err = from.Edit(ctx, t.ids[i][a], t.cast.edited)
	case takenBack:
		err = from.Delete(ctx, t.ids[i][a], true)
	}
	if err == nil && l.react != "" {
		err = to.React(ctx, t.ids[i][b], l.react, true)
	}
	if err != nil {
		return err
	}
	return t.settles(i, from, to, a, b)
}

// arrives waits until a line is at both, as far as it comes by itself.
func (t *talk) arrives(i int, from, to *person, a, b int, before app.MessageID) error {
	return await("a line of the conversation", func() bool {
		here, err := from.newest(t.friends[a])
		there, err2 := to.newest(t.friends[b])
		if err != nil || err2 != nil || there == before {
			return false
		}
		t.ids[i] = [2]app.MessageID{here, there}
		if a == 1 {
			t.ids[i] = [2]app.MessageID{there, here}
		}
		m, err := to.Message(context.Background(), there)
		if err != nil {
			return false
		}
		return m.File == nil || m.File.State == app.FileDone || m.File.Reason == app.ReasonAsk
	})
}

// settles has the line read, and waits until both know all of it.
func (t *talk) settles(i int, from, to *person, a, b int) error {
	ctx := context.Background()
	if err := to.MarkRead(ctx, t.friends[b], t.ids[i][b]); err != nil {
		return err
	}
	return await("word of a line", func() bool {
		m, err := from.Message(ctx, t.ids[i][a])
		n, err2 := to.Message(ctx, t.ids[i][b])
		return err == nil && err2 == nil && m.State == app.StateRead && len(m.Reactions) == len(n.Reactions) &&
			m.Deleted == n.Deleted && m.Revision == n.Revision
	})
}

// newest returns the last message with a contact; 0 if there is none.
func (p *person) newest(c app.ContactID) (app.MessageID, error) {
	last, err := p.Messages(context.Background(), c, 0, 1)
	if err != nil || len(last) == 0 {
		return 0, err
	}
	return last[0].ID, nil
}

// passOn forwards what another contact said.
func (t *talk) passOn() error {
	id, err := t.me.newest(t.chats[drafting])
	if err != nil {
		return err
	}
	return t.me.Forward(context.Background(), id, []app.ContactID{t.chats[friend]})
}

// outgoing is a line as it is posted by the one on side a.
func (t *talk) outgoing(i, a int) app.Outgoing {
	out := app.Outgoing{Text: t.cast.said[i]}
	if at := plan[i].answers; at >= 0 {
		out.ReplyTo = t.ids[at][a]
	}
	switch plan[i].kind {
	case withPicture:
		out.File = attachment(t.cast.picture, harbour())
	case withFile:
		out.File = attachment(t.cast.file, make([]byte, 218_000))
	case withVoice:
		out.File = attachment("voice.ogg", t.note)
	case withArchive:
		out.File = attachment(t.cast.archive, make([]byte, 3_400_000))
	}
	return out
}

func attachment(name string, content []byte) *app.Attachment {
	return &app.Attachment{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}
}

// harbour is a picture of a sea in the morning.
func harbour() []byte {
	const w, h, sea = 960, 600, 360
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, harbourAt(float64(x), float64(y), w, sea))
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err) // of a buffer
	}
	return b.Bytes()
}

func harbourAt(x, y, w, sea float64) color.RGBA {
	mix := func(a, b [3]float64, t float64) color.RGBA {
		t = math.Max(0, math.Min(1, t))
		return color.RGBA{uint8(a[0] + (b[0]-a[0])*t), uint8(a[1] + (b[1]-a[1])*t), uint8(a[2] + (b[2]-a[2])*t), 255}
	}
	hill := sea - 60 - 40*math.Sin(x/130) - 25*math.Sin(x/47+1)
	sun := math.Hypot(x-w*0.68, y-sea+70)
	switch {
	case y > sea:
		glint := 0.0
		if math.Abs(x-w*0.68) < 14+(y-sea)*0.3 && math.Sin(y*0.9+math.Sin(x/9)) > 0.2 {
			glint = 0.5
		}
		return mix([3]float64{70, 110, 138}, [3]float64{250, 226, 190}, glint+0.25*(1-(y-sea)/240))
	case y > hill && x < w*0.55:
		return mix([3]float64{44, 62, 74}, [3]float64{86, 104, 112}, (y-hill)/90)
	case sun < 34:
		return color.RGBA{255, 244, 214, 255}
	}
	return mix([3]float64{132, 172, 198}, [3]float64{248, 214, 176}, y/sea)
}
