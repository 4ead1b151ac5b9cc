package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"tacit/app/apptest"
)

// lastLine is a request behind everything that a caller said.
const lastLine = "\n" + `{"jsonrpc":"2.0","id":"the last","method":"profile.get"}` + "\n"

// FuzzLines is what a caller writes to the input: lines of anything, to a messenger
// with one contact, 1. Each request is answered once, in order, in the form that the
// contract states; nothing else is, and the program serves on.
func FuzzLines(f *testing.F) {
	f.Add([]byte(`{"id":1,"method":"contact.list"}`))
	f.Add([]byte(`{"id":1,"method":"message.send","params":{"contact":1,"text":"a"}}
{"id":2,"method":"message.send","params":{"contact":"1","text":"b","reply_to":"1"}}
{"id":3,"method":"message.edit","params":{"message":"1","text":"c"}}
{"id":4,"method":"message.edits","params":{"message":"1"}}
{"id":5,"method":"message.react","params":{"message":"2","emoji":"👍","remove":false}}
{"id":6,"method":"message.mark_read","params":{"message":"2"}}
{"id":7,"method":"message.forward","params":{"message":"2","contacts":["1"]}}
{"id":8,"method":"message.delete","params":{"message":"2","for_all":true}}`))
	f.Add([]byte(`{"id":1,"method":"chat.set_timer","params":{"contact":"1","seconds":30}}
{"id":2,"method":"message.send","params":{"contact":"1","text":"","file":"/dev/null"}}
{"id":3,"method":"file.export","params":{"message":"1","path":"../\u0000"}}
{"id":4,"method":"file.resume","params":{"message":"1"}}
{"id":5,"method":"file.pause","params":{"message":"1"}}
{"id":6,"method":"file.cancel","params":{"message":"1"}}
{"id":7,"method":"chat.set_timer","params":{"contact":"1","seconds":-1}}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) > 1<<16 {
			return
		}
		want, ended := requests(t, in)
		if !ended {
			want = append(want, `"the last"`)
		}
		var out bytes.Buffer
		synctest.Test(t, func(t *testing.T) {
			u := apptest.NewUniverse(t)
			amina, claire := u.Person("Amina"), u.Person("Claire")
			u.Pair(amina, claire)
			claire.Stop()
			served := newServer(amina.Messenger, &out).serve(t.Context(), strings.NewReader(string(in)+lastLine))
			if served != nil {
				t.Fatal(served)
			}
		})
		got := answers(t, out.Bytes())
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("answers to %s, want to %s", got, want)
		}
	})
}

// requests returns the IDs that must be answered, "null" for a line that has none to
// be found, and whether shutdown is among them.
func requests(t *testing.T, in []byte) (ids []string, ended bool) {
	t.Helper()
	r := bufio.NewReader(bytes.NewReader(append(bytes.Clone(in), '\n')))
	for {
		line, err := readLine(r)
		switch {
		case errors.Is(err, io.EOF):
			return ids, false
		case err != nil:
			t.Fatal(err)
		case len(line) <= 1:
			continue
		}
		q, err := parse(line)
		switch id := string(q.ID); {
		case err != nil && id == "":
			ids = append(ids, "null")
		case id != "":
			var spaceless bytes.Buffer
			if err := json.Compact(&spaceless, q.ID); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, spaceless.String())
		}
		if err == nil && q.Method == "shutdown" {
			return ids, true
		}
	}
}

// answers checks every line of output and returns the IDs of the responses.
func answers(t *testing.T, out []byte) (ids []string) {
	t.Helper()
	for line := range bytes.Lines(out) {
		var r struct {
			Version string          `json:"jsonrpc"`
			ID      json.RawMessage `json:"id"`
			Method  string          `json:"method"`
			Params  json.RawMessage `json:"params"`
			Result  json.RawMessage `json:"result"`
			Error   *rpcError       `json:"error"`
		}
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&r); err != nil || r.Version != "2.0" || line[len(line)-1] != '\n' {
			t.Fatalf("line %q: %v", line, err)
		}
		if r.ID == nil {
			if r.Method != "event" || r.Params == nil {
				t.Fatalf("neither an answer nor an event: %q", line)
			}
			continue
		}
		if (r.Result == nil) == (r.Error == nil) || r.Method != "" {
			t.Fatalf("not one of result and error: %q", line)
		}
		if e := r.Error; e != nil && (e.Code > -32000 || e.Code < -32768 || e.Code == codeInternal || e.Message == "" || e.Data.Code == "") {
			t.Fatalf("error %q", line)
		}
		ids = append(ids, string(r.ID))
	}
	return ids
}
