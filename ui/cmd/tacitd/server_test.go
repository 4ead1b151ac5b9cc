package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/ui/cmd/internal/drive"
)

// reply is a line of output; an event has no ID.
type reply struct {
	ID     *int
	Result struct {
		Message  string
		Messages []struct{ Text string }
	}
	Error *drive.Error
}

func replies(t *testing.T, out *bytes.Buffer) (all []reply) {
	t.Helper()
	for dec := json.NewDecoder(out); ; {
		var r reply
		if err := dec.Decode(&r); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if r.ID != nil {
			all = append(all, r)
		}
	}
}

func writeRequest(in io.Writer, id int, method, params string) {
	fmt.Fprintf(in, `{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`+"\n", id, method, params)
}

// TestTextsShareCommits holds the first commit until many texts were taken from the
// input. All of them are answered in order, and so are the requests behind them.
func TestTextsShareCommits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		amina, claire := u.Person("Amina"), u.Person("Claire")
		contact, _ := u.Pair(amina, claire)
		claire.Stop()
		amina.Await("Claire to be away", func() bool {
			chats, err := amina.Chats(t.Context())
			return err == nil && chats[0].Reach == app.ReachNo
		})

		in, lines := io.Pipe()
		var out bytes.Buffer // serve's alone until it has returned
		served := make(chan error)
		go func() { served <- newServer(amina.Messenger, &out).serve(t.Context(), in) }()
		synctest.Wait() // it knows its contacts

		const texts = 200
		release := make(chan struct{})
		before := amina.Store.Updates()
		amina.Store.Inject(func(int) apptest.Fault { <-release; return apptest.Fault{} })
		long := strings.Repeat("x", 1000) // more than the reader buffers
		for i := range texts {
			writeRequest(lines, i, "message.send", fmt.Sprintf(`{"contact":%q,"text":"%d %s"}`, contact, i, long))
		}
		close(release)
		writeRequest(lines, texts, "message.list", fmt.Sprintf(`{"contact":%q,"limit":1000}`, contact))
		writeRequest(lines, texts+1, "message.send", fmt.Sprintf(`{"contact":%q,"text":""}`, contact))
		writeRequest(lines, texts+2, "message.send", fmt.Sprintf(`{"contact":%q,"text":"last"}`, contact))
		writeRequest(lines, texts+3, "shutdown", `{}`)
		if err := <-served; err != nil {
			t.Fatal(err)
		}
		lines.Close()

		if n := amina.Store.Updates() - before; n > texts/20 {
			t.Errorf("%d commits for %d texts", n, texts)
		}
		all := replies(t, &out)
		if len(all) != texts+4 {
			t.Fatalf("%d answers, want %d", len(all), texts+4)
		}
		last := 0
		for i, r := range all {
			if *r.ID != i {
				t.Fatalf("answer %d is to request %d", i, *r.ID)
			}
			if i >= texts {
				continue
			}
			id, err := strconv.Atoi(r.Result.Message)
			if err != nil || id <= last {
				t.Fatalf("message %q after %d", r.Result.Message, last)
			}
			last = id
		}
		if list := all[texts].Result.Messages; len(list) != texts || !strings.HasPrefix(list[0].Text, fmt.Sprint(texts-1)) {
			t.Errorf("%d messages were listed after the last text", len(list))
		}
		if e := all[texts+1].Error; e == nil || e.Data.Code != "text_empty" {
			t.Errorf("an empty text among others: %v", e)
		}
		if all[texts+2].Result.Message == "" {
			t.Error("the last text before the shutdown was not answered")
		}
	})
}

// TestUnreadOutputIsSaidToBeIncomplete: a caller that does not read holds nobody up, and
// is told afterwards that events are missing and who is reachable.
func TestUnreadOutputIsSaidToBeIncomplete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := apptest.NewUniverse(t)
		amina, claire := u.Person("Amina"), u.Person("Claire")
		_, toAmina := u.Pair(amina, claire)
		in, lines := io.Pipe()
		unread, out := io.Pipe()
		served := make(chan error, 1)
		go func() { served <- newServer(amina.Messenger, out).serve(t.Context(), in); out.Close() }()
		synctest.Wait()

		const texts = 3000
		for i := range texts {
			claire.Say(toAmina, fmt.Sprint(i))
		}
		claire.Await("delivery of all", func() bool { return len(claire.Said(toAmina, app.StateDelivered)) == texts })

		received, told := 0, []string{}
		for dec := json.NewDecoder(unread); ; {
			var e struct{ Params drive.Event }
			if err := dec.Decode(&e); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			switch e.Params.Type() {
			case "message.received":
				received++
			case "events.missed", "contact.presence":
				if told = append(told, e.Params.Type()); len(told) == 3 {
					go writeRequest(lines, 1, "shutdown", "{}")
				}
			}
		}
		if received >= texts {
			t.Fatalf("all %d events waited in memory", received)
		}
		if want := []string{"contact.presence", "events.missed", "contact.presence"}; !slices.Equal(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
		lines.Close()
	})
}
