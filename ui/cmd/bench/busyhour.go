package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// The busy hour: what two people who write without a pause say in an hour, as fast as it goes.
const (
	hourMessages  = 10_000
	hourPictures  = 200
	pictureEvery  = hourMessages / hourPictures
	reactionEvery = 5
	editEvery     = 10
	replyEvery    = 7
	readEvery     = 20
	samples       = 60 // one for each minute
	warmUp        = samples / 6
)

// busyHour measures whether memory grows with what is said: two processes talk, with
// pictures both ways, replies, reactions, edits and, in the middle third, a timer.
func busyHour(ctx context.Context, b *bench) error {
	ctx, cancel := context.WithTimeout(ctx, 10*patience)
	defer cancel()
	h := hour{bench: b, random: rand.New(rand.NewPCG(5, 6))}
	for i, name := range []string{"busy one", "busy two"} {
		p, err := b.fresh(ctx, name)
		if err != nil {
			return err
		}
		defer p.Kill()
		h.people[i].Process = p
	}
	m, err := drive.Pair(ctx, h.people[0].Process, h.people[1].Process, nil)
	if err != nil {
		return err
	}
	h.people[0].contact, h.people[1].contact = m.Presenter, m.Scanner
	began := time.Now()
	for i := range hourMessages {
		if err := h.minute(ctx, i); err != nil {
			return fmt.Errorf("message %d: %w", i, err)
		}
		if (i+1)%(hourMessages/samples) == 0 {
			if err := h.sample(); err != nil {
				return err
			}
		}
	}
	print("busy_hour_took", time.Since(began).Seconds(), "s")
	for i, name := range []string{"one", "two"} {
		h.people[i].print("busy_hour_resident_" + name)
	}
	return nil
}

// hour is the talk of two people.
type hour struct {
	*bench
	random *rand.Rand
	people [2]talker
}

// talker is one of them.
type talker struct {
	*drive.Process
	contact  string    // the other one
	heard    string    // the last message of the other one
	resident []float64 // MiB, once a minute
}

func (t *talker) print(name string) {
	if len(t.resident) < samples {
		return
	}
	most := 0.0
	for _, r := range t.resident[warmUp:samples] {
		most = max(most, r)
	}
	print(name+"_after_a_sixth", t.resident[warmUp-1], "MiB")
	print(name+"_at_most_afterwards", most, "MiB")
	print(name+"_at_the_end", t.resident[samples-1], "MiB")
}

func (h *hour) sample() error {
	for i := range h.people {
		mib, err := status(h.people[i].Process.Process().Pid, "VmRSS")
		if err != nil {
			return err
		}
		h.people[i].resident = append(h.people[i].resident, mib)
	}
	return nil
}

// minute says message i and what belongs to it.
func (h *hour) minute(ctx context.Context, i int) error {
	from, to := &h.people[i%2], &h.people[(i+1)%2]
	switch i {
	case hourMessages / 3:
		if err := from.Call(ctx, "chat.set_timer", map[string]any{"contact": from.contact, "seconds": 30}, nil); err != nil {
			return err
		}
	case 2 * hourMessages / 3:
		if err := from.Call(ctx, "chat.set_timer", map[string]any{"contact": from.contact, "seconds": 0}, nil); err != nil {
			return err
		}
	}
	params := map[string]any{"contact": from.contact, "text": fmt.Sprint(i, " ", hundredLetters)}
	picture := i%pictureEvery == i/pictureEvery%2 // of either by turns
	if picture {
		path := h.path("picture.jpg")
		if err := h.photograph(path, i); err != nil {
			return err
		}
		params["file"] = path
	}
	if i%replyEvery == 0 && from.heard != "" {
		params["reply_to"] = from.heard
	}
	id, err := say(ctx, from, to, params)
	if err != nil {
		return err
	}
	if picture {
		if err := arrived(ctx, to, to.heard); err != nil {
			return err
		}
	}
	return h.respond(ctx, i, from, to, id)
}

// say sends a message and waits until the other one has it. Where what it answers has
// vanished by now, it answers nothing.
func say(ctx context.Context, from, to *talker, params map[string]any) (id string, err error) {
	var sent struct{ Message string }
	err = from.Call(ctx, "message.send", params, &sent)
	if drive.Code(err) == "not_found" && params["reply_to"] != nil {
		delete(params, "reply_to")
		err = from.Call(ctx, "message.send", params, &sent)
	}
	if err != nil {
		return "", err
	}
	e, err := to.Await(ctx, "the message", func(e drive.Event) bool {
		return e.Type() == "message.received" && e.Text("text") == params["text"]
	})
	to.heard = e.Text("message")
	return sent.Message, err
}

// arrived waits until the file of a message is there.
func arrived(ctx context.Context, p *talker, message string) error {
	e, err := p.Await(ctx, "the picture", func(e drive.Event) bool {
		state := e.Text("state")
		return e.Type() == "file.progress" && e.Text("message") == message && (state == "done" || state == "failed" || state == "cancelled")
	})
	if err == nil && e.Text("state") != "done" {
		err = errors.New("a picture did not arrive")
	}
	return err
}

// respond is what both do about message i: id to its writer, to.heard to its reader.
func (h *hour) respond(ctx context.Context, i int, from, to *talker, id string) error {
	type request struct {
		p      *talker
		method string
		params map[string]any
	}
	var todo []request
	if i%reactionEvery == 0 {
		emoji := []string{"👍", "❤️", "😂", "😮", "😢", "🙏"}[h.random.IntN(6)]
		todo = append(todo, request{to, "message.react", map[string]any{"message": to.heard, "emoji": emoji}})
	}
	if i%editEvery == i/editEvery%2 {
		todo = append(todo, request{from, "message.edit", map[string]any{"message": id, "text": fmt.Sprint(i, " edited ", hundredLetters)}})
	}
	if i%readEvery < 2 {
		todo = append(todo, request{to, "message.mark_read", map[string]any{"message": to.heard}})
	}
	for _, r := range todo {
		if err := r.p.Call(ctx, r.method, r.params, nil); err != nil {
			return fmt.Errorf("%s: %w", r.method, err)
		}
	}
	return nil
}

// photograph writes a picture of some hundred KB that is another one for each i.
func (h *hour) photograph(path string, i int) error {
	const width, height = 800, 600
	img := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	for at := range img.Y {
		img.Y[at] = byte(at/width+i) + byte(h.random.IntN(64))
	}
	for at := range img.Cb {
		img.Cb[at], img.Cr[at] = byte(at/width), byte(i)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o600)
}
