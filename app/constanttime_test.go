package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"testing"
)

// whereSecretsAre are the packages in which every comparison of bytes is accounted for, and
// whether those of strings are, too.
var whereSecretsAre = map[string]bool{
	"tacit/identity/...": true, "tacit/storage/vault": true,
	"tacit/app": false, "tacit/storage/...": false, "tacit/transport": false,
	"tacit/transport/mailbox": false, "tacit/transport/mailbox/client": false, "tacit/transport/mailbox/node": false,
	"tacit/transport/mailbox/depot": false, "tacit/transport/mailbox/depot/sqlite": false, "tacit/transport/mailbox/depot/postgres": false,
}

// public are types whose values everybody may know.
var public = map[string]bool{
	"tacit/identity.Fingerprint": true, "tacit/identity.Bundle": true, "tacit/identity.Handle": true,
	"tacit/identity/envelope.FileID": true, "tacit/app.Digest": true,
}

// comparisons is every place in them that compares strings, arrays or slices in a time that
// may tell where they differ, with the reason why nothing is lost by that. A secret, or
// what is made from one and checked, is compared by crypto/subtle.
var comparisons = map[string]string{
	"transport/mailbox/depot/presence.go: PackedNames: names[[16]byte(packed)]":                                         "the owner's own ids",
	"transport/mailbox/depot/presence.go: FindPacked: [16]byte(packed) == id":                                           "on a page that was found because it has the id",
	"transport/mailbox/depot/sqlite/places.go: changeIDs: is[name]":                                                     "the owner's own ids",
	"transport/mailbox/depot/sqlite/places.go: changeIDs: was[name]":                                                    "the owner's own ids",
	"transport/mailbox/depot/postgres/places.go: without: b[name]":                                                      "the owner's own ids",
	"transport/mailbox/depot/check.go: Check: seen[token]":                                                              "the depositor's own tokens",
	"transport/mailbox/depot/check.go: Check: d.Tokens[0] != [16]byte(d.Cell)":                                          "the depositor's own bytes",
	"transport/mailbox/depot/tokens.go: CheckLot: seen[h]":                                                              "the owner's own hashes",
	"transport/mailbox/depot/tokens.go: Judge: s.Cell != cell":                                                          "hashes of cells: whoever made the one has the cell",
	"transport/mailbox/depot/sqlite/deposit.go: token: [16]byte(b) == h":                                                "hashes of tokens: near a hash is no nearer to a token",
	"transport/mailbox/depot/sqlite/ledger.go: lot: t.ledger.lots[name]":                                                "found by a hash that is keyed anew for each map",
	"transport/mailbox/depot/sqlite/operator.go: AddInvite: code == [16]byte{}":                                         "zeros, which are no invite",
	"transport/mailbox/depot/sqlite/operator.go: SetKeys: bytes.Equal(stands, old)":                                     "both are the node's own",
	"transport/mailbox/depot/sqlite/owners.go: partsOf: bytes.Compare(a[:], b[:])":                                      "the owner's own hashes",
	"transport/mailbox/depot/sqlite/owners.go: sameLot: bytes.Equal(stored, hashes)":                                    "the owner's own hashes",
	"transport/mailbox/depot/sqlite/places.go: LeaveCell: bytes.Equal(s.cell, cell)":                                    "whoever names the slot may read the cell",
	"transport/mailbox/depot/sqlite/places.go: mayRegister: known[name]":                                                "the owner's own names",
	"transport/mailbox/depot/postgres/deposit.go: addLot: b.lots[[16]byte(name)]":                                       "found by a hash that is keyed anew for each map",
	"transport/mailbox/depot/postgres/deposit.go: judge: b.lots[c.Lot]":                                                 "found by a hash that is keyed anew for each map",
	"transport/mailbox/depot/postgres/deposit.go: lock: b.lots[*id]":                                                    "found by a hash that is keyed anew for each map",
	"transport/mailbox/depot/postgres/deposit.go: lookUp: b.lots[c.Lot]":                                                "found by a hash that is keyed anew for each map",
	"transport/mailbox/depot/postgres/deposit.go: lookUp: seen[key]":                                                    "found by a hash that is keyed anew for each map",
	"transport/mailbox/depot/postgres/notices.go: arrived: n.pending[name]":                                             "found by a hash that is keyed anew for each map",
	"transport/mailbox/depot/postgres/operator.go: AddInvite: code == [16]byte{}":                                       "zeros, which are no invite",
	"transport/mailbox/depot/postgres/owners.go: partsOf: bytes.Compare(a[:], b[:])":                                    "the owner's own hashes",
	"transport/mailbox/depot/postgres/owners.go: sameLot: bytes.Equal(stored, bytes.Join(hashes, nil))":                 "the owner's own hashes",
	"transport/mailbox/depot/postgres/places.go: Register: bytes.Compare(a[:], b[:])":                                   "the owner's own names",
	"app/content.go: decode: bytes.Equal(encode(v), b)":                                                                 "what came, and how it ought to be spelled",
	"app/delete.go: forgetEdits: s.Topic != [16]byte(msg.Ref)":                                                          "names of messages, which are no secrets",
	"app/homes_check.go: fetch: slices.Equal(c, cell)":                                                                  "random bytes that the node has both of",
	"app/homes_check.go: hold: w.m.probes[token]":                                                                       "an own token of a lot that lives for seconds, spent at the node",
	"app/homes_check.go: probed: w.m.probes[t]":                                                                         "found by a hash that is keyed anew for each map; the token came by a node, which spent it",
	"app/homes_leave.go: stillNamed: bytes.Equal(g.Mailbox, n.hint)":                                                    "where a node is",
	"app/homes_leave.go: stillNamed: bytes.Equal(p.state.Card().Hint, n.hint)":                                          "where a node is",
	"app/homes_lots.go: grantStale: bytes.Equal(issued[0].Mailbox, n.hint)":                                             "where a node is",
	"app/homes_lots.go: homeOf: bytes.Equal(n.hint, mailbox)":                                                           "where a node is",
	"app/homes_lots.go: lotOf: bytes.Compare(a[:], b[:])":                                                               "hashes that are handed to the node in that order",
	"app/homes_lots.go: lotUploaded: l.ID == lot":                                                                       "names of lots, which the node has and every depositor names",
	"app/homes_lots.go: removeLot: l.ID == id":                                                                          "as above",
	"app/homes_lots.go: setLot: n.lots[i].ID == l.ID":                                                                   "as above",
	"app/homes_offers.go: SetHolder: string(before) == string(hint)":                                                    "where a node is",
	"app/homes_offers.go: offererOf: addr.Node == key":                                                                  "public keys of nodes",
	"app/homes_state.go: nodeByKey: bytes.Equal(n.home.Node.Node[:], key[:])":                                           "public keys of nodes",
	"app/mail_fetch.go: sameHome: a.Node == b.Node":                                                                     "where a node is",
	"app/receive.go: takeGrant: bytes.Equal(before.Mailbox, g.Mailbox)":                                                 "where a node is",
	"app/model.go: IsZero: r == Ref{}":                                                                                  "names of messages, which are no secrets",
	"app/reset.go: leads: bytes.Compare(own[:], p.fp[:])":                                                               "fingerprints",
	"storage/backup/read.go: NewReader: bytes.HasPrefix(header, []byte(m))":                                             "what the file begins with",
	"storage/backup/errors.go: convert: bytes.HasPrefix(header, []byte(family))":                                        "what the file begins with",
	"storage/backup_entries.go: decodeEntry: bytes.Equal(again, record)":                                                "what stands there, and how it ought to be spelled",
	"storage/blobs/fill.go: empty: head == [len(head)]byte{}":                                                           "whether a slot was ever written",
	"storage/cryptfs/file.go: altered: [ReservedBytes]byte(block[blockSize - ReservedBytes:]) != [ReservedBytes]byte{}": "zeros that SQLite leaves in a page",
	"identity/card.go: ParseCard: cardEncoding.EncodeToString(b) != text":                                               "a card's text and how it ought to be spelled: both are the sender's",
	"identity/envelope/file.go: UnmarshalFile: string(f.Marshal()) != string(b)":                                        "what came, and how it ought to be spelled",
	"identity/envelope/grant.go: UnmarshalGrant: string(g.Marshal()) != string(b)":                                      "what came, and how it ought to be spelled",
	"identity/hello.go: MatchHello: tags[dialTag(key, dialler, listener)]":                                              "found by a hash that is keyed anew for each map; a tag holds for this connection only",
	"identity/hello.go: MatchHello: tags[helloTag(cell[n * tagSize:])]":                                                 "the dialler's own bytes",
	"identity/hint.go: Marshal: parsed != h":                                                                            "where a node is",
	"identity/kem.go: lowOrder: slices.Contains(lowOrderPoints[:], point)":                                              "public keys",
	"identity/nodeaddress.go: Marshal: a.Invite != [16]byte{}":                                                          "whether there is one",
	"identity/nodeaddress.go: ParseNodeAddress: cardEncoding.EncodeToString(b) != text":                                 "the text of an address and how it ought to be spelled: both are the operator's",
	"identity/nodeaddress.go: UnmarshalNodeAddress: a.Invite == [16]byte{}":                                             "whether there is one",
	"identity/hint.go: IsZero: h == Hint{}":                                                                             "where a node is",
	"transport/internet.go: Relayed: r.keepers[at.Node]":                                                                "keys of nodes, which are public",
	"transport/keeper.go: keeps: k.home.Node == h.Node":                                                                 "where a node is",
	"transport/keeper.go: reserved: s.keepers[h.Node.Node]":                                                             "keys of nodes, which are public",
	"transport/keeper.go: setHomes: left[h.Node.Node]":                                                                  "keys of nodes, which are public",
	"transport/keeper.go: setHomes: s.keepers[h.Node.Node]":                                                             "keys of nodes, which are public",
	"transport/keeper.go: shuns: slices.Contains(s.shun, node)":                                                         "keys of nodes, which are public",
	"transport/presence.go: publish: now != last":                                                                       "hashes of names that the nodes know",
	"transport/search.go: same: p.Peer == o.Peer":                                                                       "peer IDs, which relays know",
	"transport/search.go: same: slices.Equal(p.Relays, o.Relays)":                                                       "where nodes are",
	"transport/seeker.go: update: q.party.Node != m.Node":                                                               "where a node is",
	"transport/mailbox/client/client.go: hidesMore: slices.Contains(old.HideFrom, node)":                                "keys of nodes, which are public",
	"transport/mailbox/client/race.go: shun: c.shunned[node]":                                                           "keys of nodes, which are public",
	"transport/mailbox/client/race.go: shuns: c.shunned[node]":                                                          "keys of nodes, which are public",
	"transport/mailbox/client/room.go: empty: c.rooms[r.home]":                                                          "own accounts among own accounts, found by a hash that is keyed anew for each map",
	"transport/mailbox/client/room.go: enter: c.rooms[h]":                                                               "own accounts among own accounts, found by a hash that is keyed anew for each map",
	"transport/mailbox/client/room.go: leave: c.rooms[r.home]":                                                          "own accounts among own accounts, found by a hash that is keyed anew for each map",
	"transport/mailbox/client/talk.go: keptRecord: c.records[*own]":                                                     "own accounts among own accounts, found by a hash that is keyed anew for each map",
	"transport/mailbox/client/talk.go: record: c.records[*own]":                                                         "own accounts among own accounts, found by a hash that is keyed anew for each map",
	"transport/mailbox/client/visit.go: routes: h.Node.Node == at.Node":                                                 "keys of nodes, which are public",
	"transport/mailbox/client/visit.go: routes: slices.Contains(c.net.HideFrom, at.Node)":                               "keys of nodes, which are public",
	"transport/mailbox/node/forward.go: begin: f.open[a]":                                                               "public keys of accounts, found by a hash that is keyed anew for each map",
	"transport/mailbox/node/forward.go: connect: h.Node == f.self":                                                      "public keys of nodes",
	"transport/mailbox/node/forward.go: end: f.open[a]":                                                                 "as above",
	"transport/mailbox/marshal.go: body: q.Tokens[0] != [16]byte(q.Cell)":                                               "the token of a cell that is about to be sent, and what the cell begins with",
	"transport/mailbox/talk.go: Accept: k.id != id":                                                                     "names of public keys",
	"identity/pairing/kind.go: refuseFirst: slices.Contains(s.seen, h)":                                                 "hashes of first messages, which went over the wire",
	"identity/pairing/present.go: receiveR: h == s.heard":                                                               "hashes of messages, which went over the wire",
	"identity/pairing/present.go: receiveR: h == s.m1":                                                                  "hashes of messages, which went over the wire",
	"identity/pairing/scan.go: receiveS: identity.Hash(cell) == s.heard":                                                "hashes of messages, which went over the wire",
	"identity/safety.go: SafetyNumber: bytes.Compare(a[:], b[:])":                                                       "fingerprints",
	"identity/session/index.go: Add: x.owners[g.Token(i)]":                                                              "own tokens among own tokens",
	"identity/session/index.go: Find: x.owners[t]":                                                                      "found by a hash that is keyed anew for each map: a prefix of a token tells nothing",
	"identity/session/renew.go: Renew: l.t2 == p.T2":                                                                    "T2, a hash of messages which went over the wire",
	"identity/session/reset.go: leads: bytes.Compare(own[:], other[:])":                                                 "fingerprints",
	"identity/session/session.go: Merge: o.t2 == l.t2":                                                                  "T2, a hash of messages which went over the wire",
	"identity/session/session.go: Replace: l.t2 == p.T2":                                                                "T2, a hash of messages which went over the wire",
	"identity/session/session.go: isLate: first.t2 != first.from.t2":                                                    "T2, a hash of messages which went over the wire",
	"identity/session/session.go: outranks: bytes.Compare(o.t2[:], later.t2[:])":                                        "T2, a hash of messages which went over the wire",
	"identity/vectors/vectors.go: Check: bytes.Equal(kept, made)":                                                       "test vectors",
	"storage/vault/wrap.go: Unwrap: bytes.HasPrefix(file, []byte(magic))":                                               "what the file begins with",
	"storage/vault/wrap.go: Unwrap: sha256.Sum256(file[:checksumAt]) != [checksumSize]byte(file[checksumAt:])":          "a checksum against damage, of what stands in the file",
}

// comparing are functions that compare what they are given.
var comparing = map[string]bool{
	"bytes.Equal": true, "bytes.Compare": true, "bytes.HasPrefix": true, "bytes.HasSuffix": true, "bytes.Contains": true, "bytes.Index": true,
	"strings.Compare": true, "strings.EqualFold": true, "strings.HasPrefix": true, "strings.HasSuffix": true, "strings.Contains": true,
	"slices.Equal": true, "slices.Compare": true, "slices.Contains": true, "slices.Index": true,
	"cmp.Compare": true, "cmp.Less": true, "reflect.DeepEqual": true,
}

// TestSecretsAreComparedInConstantTime reads the sources for every comparison of bytes.
func TestSecretsAreComparedInConstantTime(t *testing.T) {
	found := map[string]bool{}
	for pattern, strings := range whereSecretsAre {
		for at := range comparisonsIn(t, pattern, strings) {
			found[at] = true
		}
	}
	for at := range found {
		if comparisons[at] == "" {
			t.Errorf("compared, but not in constant time, and not explained:\n%s", at)
		}
	}
	for at := range comparisons {
		if !found[at] {
			t.Errorf("explained, but not there:\n%s", at)
		}
	}
}

func comparisonsIn(t *testing.T, pattern string, strings bool) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, p := range typed(t, []string{pattern}) {
		p.strings = strings
		for _, f := range p.files {
			function := "-"
			ast.Inspect(f, func(n ast.Node) bool {
				if d, ok := n.(*ast.FuncDecl); ok {
					function = d.Name.Name
				}
				if p.compares(n) {
					found[fmt.Sprintf("%s: %s: %s", p.name(f), function, text(n))] = true
				}
				return true
			})
		}
	}
	return found
}

func text(n ast.Node) string {
	if s, ok := n.(*ast.SwitchStmt); ok {
		return "switch " + types.ExprString(s.Tag)
	}
	return types.ExprString(n.(ast.Expr))
}

type typedPackage struct {
	dir     string // of the module
	fset    *token.FileSet
	files   []*ast.File
	pkg     *types.Package
	info    types.Info
	strings bool // count
}

func (p *typedPackage) name(f *ast.File) string {
	rel, err := filepath.Rel(p.dir, p.fset.File(f.Pos()).Name())
	if err != nil {
		panic(err) // both are absolute
	}
	return filepath.ToSlash(rel)
}

// compares reports whether n is a comparison whose time may depend on what is compared. One
// with a constant is none.
func (p *typedPackage) compares(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		x, y := p.operand(n.X), p.operand(n.Y)
		return (n.Op == token.EQL || n.Op == token.NEQ) && x.Value == nil && y.Value == nil && p.ofBytes(x.Type) && p.ofBytes(y.Type)
	case *ast.CallExpr:
		fun, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
		if !ok || len(n.Args) == 0 {
			return false
		}
		pkg, ok := fun.X.(*ast.Ident)
		return ok && comparing[pkg.Name+"."+fun.Sel.Name] && p.ofBytes(p.info.Types[n.Args[0]].Type)
	case *ast.IndexExpr:
		if m, ok := p.info.Types[n.X].Type.(*types.Map); ok {
			return p.ofBytes(m.Key())
		}
	case *ast.SwitchStmt:
		return n.Tag != nil && p.ofBytes(p.info.Types[n.Tag].Type)
	}
	return false
}

// operand is what is compared, without its conversion to a type that can be.
func (p *typedPackage) operand(e ast.Expr) types.TypeAndValue {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && p.info.Types[call.Fun].IsType() {
		return p.info.Types[call.Args[0]]
	}
	return p.info.Types[e]
}

// ofBytes reports whether a value of type t is, or holds, several bytes that are not public.
func (p *typedPackage) ofBytes(t types.Type) bool {
	if public[t.String()] {
		return false
	}
	switch t := types.Unalias(t).Underlying().(type) {
	case *types.Basic:
		return p.strings && t.Info()&types.IsString != 0
	case *types.Array:
		return isByte(t.Elem()) || p.ofBytes(t.Elem())
	case *types.Slice:
		return isByte(t.Elem()) || p.ofBytes(t.Elem())
	case *types.Struct:
		for i := range t.NumFields() {
			if p.ofBytes(t.Field(i).Type()) {
				return true
			}
		}
	}
	return false
}

func isByte(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Byte
}

// typed parses packages without their tests and finds out the type of every expression.
func typed(t *testing.T, patterns []string) (all []*typedPackage) {
	t.Helper()
	args := []string{"list", "-export", "-deps", "-json=ImportPath,Export,Dir,GoFiles,Module,DepOnly"}
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		args = append(args, "-race") // these are compiled already
	}
	cmd := exec.Command("go", append(args, patterns...)...)
	cmd.Stderr = new(bytes.Buffer)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, cmd.Stderr)
	}
	exports := map[string]string{}
	fset := token.NewFileSet()
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p struct {
			ImportPath, Export, Dir string
			GoFiles                 []string
			Module                  struct{ Dir string }
			DepOnly                 bool
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if p.DepOnly {
			continue
		}
		result := &typedPackage{dir: p.Module.Dir, fset: fset, info: types.Info{Types: map[ast.Expr]types.TypeAndValue{}}}
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			result.files = append(result.files, f)
		}
		result.pkg, err = (&types.Config{Importer: imports}).Check(p.ImportPath, fset, result.files, &result.info)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, result)
	}
	return all
}
