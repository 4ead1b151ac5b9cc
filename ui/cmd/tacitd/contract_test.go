package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"tacit/ui/cmd/internal/drive"
)

// TestRefusals walks the errors of the contract on a profile without contacts.
func TestRefusals(t *testing.T) {
	w := newWorld(t)
	w.init("Amina")
	p := w.start("Amina")
	var own struct{ Card string }
	w.call(p, "card.create", map[string]any{"ttl_seconds": 60}, &own)

	for _, c := range []struct {
		name, method string
		params       map[string]any
		code         string
	}{
		{"no such method", "contact.frobnicate", nil, "method_unknown"},
		{"unknown parameter", "card.create", map[string]any{"ttl": 60}, "invalid_params"},
		{"wrong type", "card.create", map[string]any{"ttl_seconds": "soon"}, "invalid_params"},
		{"a year", "card.create", map[string]any{"ttl_seconds": 31536000}, "invalid_params"},
		{"not a card", "card.accept", map[string]any{"card": "hello"}, "card_malformed"},
		{"cut card", "card.accept", map[string]any{"card": own.Card[:len(own.Card)-8]}, "card_malformed"},
		{"own card", "card.accept", map[string]any{"card": own.Card}, "card_own"},
		{"no such pairing", "pairing.enter_code", map[string]any{"pairing": "nobody", "code": "123456"}, "not_found"},
		{"no such contact", "contact.get", map[string]any{"contact": "99"}, "not_found"},
		{"text to nobody", "message.send", map[string]any{"contact": "99", "text": "hello"}, "not_found"},
		{"chat of nobody", "message.list", map[string]any{"contact": "99"}, "not_found"},
		{"too many", "message.search", map[string]any{"query": "x", "limit": 100000}, "invalid_params"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.params == nil {
				c.params = map[string]any{}
			}
			err := p.Call(w.ctx, c.method, c.params, nil)
			if drive.Code(err) != c.code {
				t.Errorf("got %v (%s), want %s", err, drive.Code(err), c.code)
			}
		})
	}
	w.call(p, "profile.get", nil, nil) // still alive
}

func TestWrongCodeEndsThePairing(t *testing.T) {
	w := newWorld(t)
	w.init("Amina")
	w.init("Claire")
	amina, claire := w.start("Amina"), w.start("Claire")
	var card struct{ Card string }
	w.call(amina, "card.create", map[string]any{"ttl_seconds": 600}, &card)
	var accepted struct{ Pairing string }
	w.call(claire, "card.accept", map[string]any{"card": card.Card}, &accepted)
	shown, err := claire.AwaitType(w.ctx, "pairing.code_needed")
	if err != nil {
		t.Fatal(err)
	}
	asked, err := amina.AwaitType(w.ctx, "pairing.code_needed")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := amina.EnterCode(w.ctx, asked.Text("pairing"), "12345"); drive.Code(err) != "code_malformed" {
		t.Errorf("five digits: %v", err)
	}
	wrong := flip(shown.Text("show"))
	if _, err := amina.EnterCode(w.ctx, asked.Text("pairing"), wrong); drive.Code(err) != "code_wrong" {
		t.Errorf("a wrong code: %v", err)
	}
	if _, err := amina.EnterCode(w.ctx, asked.Text("pairing"), shown.Text("show")); drive.Code(err) != "pairing_ended" {
		t.Errorf("a second attempt: %v", err)
	}
	var list struct{ Contacts []any }
	w.call(amina, "contact.list", nil, &list)
	if len(list.Contacts) != 0 {
		t.Errorf("%d contacts after a mismatch", len(list.Contacts))
	}
	// The same card again is the same pairing at Claire's side, which knows of nothing.
	var again struct{ Pairing string }
	w.call(claire, "card.accept", map[string]any{"card": card.Card}, &again)
	if again != accepted {
		t.Errorf("the same card again is pairing %q, not %q", again, accepted)
	}
	if _, err := drive.Pair(w.ctx, amina, claire, nil); err != nil {
		t.Errorf("a new card: %v", err)
	}
}

// flip changes the first digit.
func flip(code string) string {
	return string('0'+(code[0]-'0'+1)%10) + code[1:]
}

// TestScannedCard: who read the card by camera has nothing to type; the other side has.
func TestScannedCard(t *testing.T) {
	w := newWorld(t)
	w.init("Amina")
	w.init("Claire")
	amina, claire := w.start("Amina"), w.start("Claire")
	var card struct{ Card string }
	w.call(amina, "card.create", map[string]any{"ttl_seconds": 120, "shown": true}, &card)
	w.call(claire, "card.accept", map[string]any{"card": card.Card, "scanned": true}, nil)
	shown, err := claire.AwaitType(w.ctx, "pairing.code_needed")
	if err != nil {
		t.Fatal(err)
	}
	if enter, told := shown["enter"].(bool); enter || !told {
		t.Errorf("Claire scanned, and is told %v", shown)
	}
	asked, err := amina.AwaitType(w.ctx, "pairing.code_needed")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := amina.EnterCode(w.ctx, asked.Text("pairing"), shown.Text("show")); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*drive.Process{amina, claire} {
		if _, err := p.AwaitType(w.ctx, "contact.added"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNobodyIsWrittenToBeforeBothChecked(t *testing.T) {
	w := newWorld(t)
	w.init("Amina")
	w.init("Claire")
	amina, claire := w.start("Amina"), w.start("Claire")
	var card struct{ Card string }
	w.call(amina, "card.create", map[string]any{"ttl_seconds": 600}, &card)
	w.call(claire, "card.accept", map[string]any{"card": card.Card}, nil)
	shown, err := claire.AwaitType(w.ctx, "pairing.code_needed")
	if err != nil {
		t.Fatal(err)
	}
	asked, err := amina.AwaitType(w.ctx, "pairing.code_needed")
	if err != nil {
		t.Fatal(err)
	}
	contact, err := amina.EnterCode(w.ctx, asked.Text("pairing"), shown.Text("show"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := amina.Send(w.ctx, contact, "too early"); drive.Code(err) != "not_verified" {
		t.Errorf("before Claire checked: %v", err)
	}
}

func TestLongTexts(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")
	if _, err := amina.Send(w.ctx, m.Presenter, strings.Repeat("a", 1<<20)); drive.Code(err) != "text_too_long" {
		t.Errorf("1 MB: %v", err)
	}
	if _, err := amina.Send(w.ctx, m.Presenter, ""); drive.Code(err) != "text_empty" {
		t.Errorf("nothing: %v", err)
	}
	long := strings.Repeat("long text ", 900) + "end"
	w.send(amina, m.Presenter, long)
	w.awaitText(claire, long)
}

func TestRefusedStarts(t *testing.T) {
	w := newWorld(t)
	w.init("Amina")
	w.write("wrong", "incorrect horse\n")
	w.write("empty", "\n")
	run := func(pass string) []string {
		return []string{"run", "--profile", w.path("Amina"), "--passphrase-file", w.path(pass), "--listen", "loopback"}
	}
	expect := func(said, want string) {
		t.Helper()
		if !strings.Contains(said, want) {
			t.Errorf("said %q, want %q", said, want)
		}
	}
	expect(w.fails(run("wrong")...), "not the passphrase")
	expect(w.fails(run("empty")...), "passphrase is empty")
	expect(w.fails("run", "--profile", w.path("nobody"), "--passphrase-file", w.path("pass")), "no profile")
	expect(w.fails("init", "--profile", w.path("Amina"), "--name", "B", "--passphrase-file", w.path("pass")), "not touched")
	expect(w.fails("init", "--profile", w.path("new"), "--name", "", "--passphrase-file", w.path("pass")), "Enter a name")
	expect(w.fails("init", "--profile", w.path("new"), "--name", strings.Repeat("a", 10000), "--passphrase-file", w.path("pass")), "too long")
	expect(w.fails("frobnicate"), "JSON-RPC")

	p := w.start("Amina")
	w.call(p, "profile.get", nil, nil)
	expect(w.fails(run("pass")...), "already open")
	w.call(p, "profile.get", nil, nil)
}

// TestRawLines speaks to the process without the client, to send what it never would.
func TestRawLines(t *testing.T) {
	w := newWorld(t)
	w.init("Amina")
	cmd := exec.CommandContext(w.ctx, w.exe, "run", "--profile", w.path("Amina"), "--passphrase-file", w.path("pass"), "--listen", "loopback")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	answers := json.NewDecoder(bufio.NewReader(out))
	for _, c := range []struct{ line, code string }{
		{"not json", "parse_error"},
		{"[]", "invalid_request"},
		{`{"id":1}`, "invalid_request"},
		{`{"jsonrpc":"1.0","id":1,"method":"profile.get"}`, "invalid_request"},
		{`{"jsonrpc":"2.0","id":1,"method":"profile.get","params":[1]}`, "invalid_params"},
		{strings.Repeat("x", maxLine+10), "line_too_long"},
	} {
		if _, err := io.WriteString(in, c.line+"\n\n"); err != nil {
			t.Fatal(err)
		}
		var got struct{ Error *drive.Error }
		if err := answers.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if got.Error == nil || got.Error.Data.Code != c.code {
			t.Errorf("%.20q was answered with %+v, want %s", c.line, got.Error, c.code)
		}
	}
	// The end of the input ends the process well.
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Errorf("after the end of its input: %v", err)
	}
}
