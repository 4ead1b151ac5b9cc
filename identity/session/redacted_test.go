package session

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"tacit/identity"
	"tacit/identity/envelope"
	"tacit/identity/pairing"
	"tacit/identity/ratchet"
)

// exportedTypes is one value of each type that the protocol packages export.
func exportedTypes(t *testing.T) (all map[string]any, secrets map[string][]byte) {
	t.Helper()
	s, r := contacts(t)
	root, card := s.id.Root(), identity.NewCard(s.id.Fingerprint(), time.Hour, false, start)
	atR, atS := meet(t, r.id, s.id)
	grant, issued := envelope.Issued{}.Issue(start)
	held := envelope.Hold(grant)
	grants := Grants{issued, held}
	file, err := envelope.NewFile(5, [32]byte(bytes.Repeat([]byte{0xa7}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	tree, err := envelope.Tree{}.Add([]byte("chunk"))
	if err != nil {
		t.Fatal(err)
	}
	var index Index[int]
	index.Add(1, grant)
	begun, err := pairing.Scan(r.id, "R", card, false)
	if err != nil {
		t.Fatal(err)
	}
	m2 := r.take(s.start())
	token := grant.Token(0)
	bob := ratchet.NewBob(atR.SK, atR.HKa, atR.NHKb, [32]byte(atR.RatchetKey), atR.AD)
	public, err := identity.ParsePublicKey(atS.RatchetKey)
	if err != nil {
		t.Fatal(err)
	}
	seed := [32]byte(identity.Derive(root[:], nil, "tacit/1/xwing", 32))
	home := identity.Home{Node: identity.Hint{Port: 1, Name: "a"}, Account: [32]byte(bytes.Repeat([]byte{0xb9}, 32)), Invite: [16]byte(bytes.Repeat([]byte{0xc8}, 16))}
	lot := identity.Lot{ID: [16]byte(bytes.Repeat([]byte{0xd3}, 16))}
	cell := append(token[:], make([]byte, envelope.SmallBox)...)

	secrets = map[string][]byte{
		"root": root[:], "X-Wing seed": seed[:], "inv": card.Invite[:], "grant's seed": grant.Seed[:], "kb": grant.LinkKey[:],
		"token": token[:], "file key": file.Key[:], "file tree": file.Tree[:], "SK": atR.SK[:], "HKa": atR.HKa[:], "NHKb": atR.NHKb[:],
		"account": home.Account[:], "invite": home.Invite[:], "lot": lot.ID[:],
		"RS": atR.RS[:], "rpk_R's seed": atR.RatchetKey, "RS of the contact": s.reset.rs[:], "inv of a reset": invite(s.reset),
	}
	return map[string]any{
		"identity.Identity": *s.id, "identity.PrivateKey": identity.NewPrivateKey(seed), "identity.LinkKey": grant.LinkKey,
		"identity.Card": card, "identity.Party": identity.Party{Dial: []identity.LinkKey{grant.LinkKey}, Accept: []identity.LinkKey{grant.LinkKey}},
		"identity.Bundle": s.id.Bundle(), "identity.Fingerprint": s.id.Fingerprint(), "identity.PublicKey": public,
		"identity.Handle": identity.Handle{1}, "identity.Hint": identity.Hint{Port: 1, Name: "a"},
		"identity.NodeAddress": identity.NodeAddress{Hint: home.Node, Invite: home.Invite}, "identity.Home": home,
		"identity.Internet": identity.Internet{Homes: []identity.Home{home}}, "identity.Lot": lot, "identity.Standing": identity.Standing{},
		"identity.Deposit": identity.Deposit{Lot: lot.ID, Tokens: [][16]byte{token}, Cell: cell}, "identity.Verdict": identity.DepositKept,
		"identity.Fetched": identity.Fetched{Cells: [][]byte{cell}, Marks: [][16]byte{token}},
		"envelope.Token":   token, "envelope.Grant": grant, "envelope.Issued": issued, "envelope.Held": held,
		"envelope.File": file, "envelope.FileID": file.ID, "envelope.Tree": tree,
		"pairing.State": begun, "pairing.Secrets": atR, "pairing.Result": pairing.Result{Reply: m2}, "pairing.Phase": begun.Phase(),
		"ratchet.State": bob,
		"session.State": s.state, "session.Grants": grants, "session.Index": index, "session.Reset": s.reset,
		"session.Step": Step{Reply: m2, Renewed: &atR},
	}, secrets
}

func invite(r Reset) []byte {
	inv := r.invite(r.seen)
	return inv[:]
}

// holder is what a careless caller prints.
type holder struct {
	Value   any
	Pointer *any
	Slice   []any
	Map     map[string]any
}

// TestNothingSecretIsPrinted formats every exported type in every way that a log, an
// error or a panic would, and looks for the secrets in all the ways they could be written.
func TestNothingSecretIsPrinted(t *testing.T) {
	all, secrets := exportedTypes(t)
	for _, name := range namesOfTypes(t) {
		if _, ok := all[name]; !ok {
			t.Errorf("%s is not in the table", name)
		}
	}
	if names := namesOfTypes(t); len(names) != len(all) {
		t.Errorf("%d types, %d in the table", len(names), len(all))
	}
	for name, v := range all {
		for how, out := range printed(t, v) {
			for secret, b := range secrets {
				for form, pattern := range written(b) {
					if strings.Contains(out, pattern) {
						t.Errorf("%s by %s prints %s, %s", name, how, secret, form)
					}
				}
			}
		}
		// A panic prints what these return, and of other values that are no basic
		// ones their address.
		if _, ok := v.(error); ok {
			t.Errorf("%s is an error", name)
		}
		if _, ok := v.(fmt.Stringer); ok && name != "identity.Card" && name != "identity.NodeAddress" { // its text is what it is for
			t.Errorf("%s prints itself in a panic", name)
		}
	}
}

func printed(t *testing.T, v any) map[string]string {
	t.Helper()
	out := map[string]string{}
	h := holder{v, &v, []any{v}, map[string]any{"k": v}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%b", "% x", "%#x", "%T"} {
		out[verb] = fmt.Sprintf(verb, v)
		out[verb+" of what holds it"] = fmt.Sprintf(verb, h)
	}
	out["%w"] = fmt.Errorf("failed: %v: %w", v, fs.ErrInvalid).Error()
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog as text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog as JSON": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var b bytes.Buffer
		slog.New(handler(&b)).Info("said", "value", v, "pointer", &v, "held", h)
		out[name] = b.String()
	}
	if b, err := json.Marshal(v); err == nil {
		out["JSON"] = string(b)
	}
	return out
}

// written is the beginning of b in each way that bytes are written.
func written(b []byte) map[string]string {
	b = b[:8]
	goSyntax := fmt.Sprintf("%#v", b)
	return map[string]string{
		"raw": string(b), "as hex": hex.EncodeToString(b), "as upper hex": strings.ToUpper(hex.EncodeToString(b)),
		"in decimal": strings.Trim(fmt.Sprint(b), "[]"), "as JSON": strings.ReplaceAll(strings.Trim(fmt.Sprint(b), "[]"), " ", ","),
		"in Go": goSyntax[len("[]byte{") : len(goSyntax)-1], "quoted": strings.Trim(fmt.Sprintf("%q", b), `"`),
		"in octal": strings.Trim(fmt.Sprintf("%o", b), "[]"), "in binary": strings.Trim(fmt.Sprintf("%b", b), "[]"),
		"as spaced hex": fmt.Sprintf("% x", b), "as hex of each": strings.Trim(fmt.Sprintf("%#x", b), "[]"),
		"as base64": base64.RawStdEncoding.EncodeToString(b[:6]),
	}
}

// namesOfTypes reads the sources of the protocol packages.
func namesOfTypes(t *testing.T) (names []string) {
	t.Helper()
	for pkg, dir := range map[string]string{
		"identity": "..", "envelope": "../envelope", "pairing": "../pairing", "ratchet": "../ratchet", "session": ".",
	} {
		files, err := fs.Glob(os.DirFS(dir), "*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files: %v", dir, len(files), err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), dir+"/"+file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				if s, ok := n.(*ast.TypeSpec); ok && s.Name.IsExported() {
					names = append(names, pkg+"."+s.Name.Name)
				}
				return true
			})
		}
	}
	return names
}
