package envelope

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"

	"tacit/identity"
	"tacit/identity/vectors"
)

// The replays take the vectors as they are, from this program or from another one.

func TestReplayGrants(t *testing.T) {
	for _, c := range vectors.Load[tokenVector](t, "identity/envelope", "token") {
		sum := identity.MAC(c.Seed, slices.Concat([]byte("tok"), binary.BigEndian.AppendUint32(nil, c.Index)))
		token := Grant{Seed: [32]byte(c.Seed)}.Token(c.Index)
		if !bytes.Equal(c.Token, sum[:16]) || !bytes.Equal(c.Token, token[:]) {
			t.Errorf("%s: another token", c.Name)
		}
	}
	for _, c := range vectors.Load[grantVector](t, "identity/envelope", "grant") {
		g, err := UnmarshalGrant(c.Bytes)
		if (err == nil) != (c.Result == "ok") {
			t.Errorf("%s: %v", c.Name, err)
		}
		if c.Result == "ok" && (!bytes.Equal(g.Seed[:], c.Seed) || g.Count != c.Count || g.NotAfter.Unix() != c.NotAfter ||
			!bytes.Equal(g.LinkKey[:], c.LinkKey) || !bytes.Equal(g.Mailbox, c.Mailbox) || c.Lot != nil && !bytes.Equal(g.Lot[:], c.Lot) || !bytes.Equal(g.Marshal(), c.Bytes)) {
			t.Errorf("%s: another grant", c.Name)
		}
	}
}

func TestReplayPadding(t *testing.T) {
	for _, c := range vectors.Load[paddingVector](t, "identity/envelope", "padding") {
		padded, err := Pad(pattern(int64(c.Length)))
		sum := sha256.Sum256(padded)
		switch {
		case (err == nil) != (c.Result == "ok"):
			t.Errorf("%s: %v", c.Name, err)
		case err == nil && (len(padded) != c.Size || !bytes.Equal(sum[:], c.SHA256)):
			t.Errorf("%s: another padding", c.Name)
		}
	}
	for _, c := range vectors.Load[unpaddingVector](t, "identity/envelope", "unpadding") {
		padded := c.padded()
		content, err := Unpad(padded)
		if (err == nil) != (c.Result == "ok") {
			t.Errorf("%s: %v", c.Name, err)
		}
		if err != nil {
			continue
		}
		n := int(binary.BigEndian.Uint32(padded))
		if !bytes.Equal(content, padded[4:4+n]) || c.Content != nil && !bytes.Equal(content, c.Content) {
			t.Errorf("%s: another content", c.Name)
		}
	}
}

func TestReplayFiles(t *testing.T) {
	for _, c := range vectors.Load[layoutVector](t, "identity/envelope", "file_layout") {
		f := File{Length: c.Length}
		if f.Chunks() != c.Chunks || f.Cells() != c.Cells || f.ChunkSize(c.Chunks-1) != c.Last {
			t.Errorf("%s: %d chunks, %d cells", c.Name, f.Chunks(), f.Cells())
		}
	}
	for _, c := range vectors.Load[treeVector](t, "identity/envelope", "file_tree") {
		if f, _ := newFile(t, pattern(c.Length)); !bytes.Equal(f.Tree[:], c.Tree) {
			t.Errorf("%s: another tree", c.Name)
		}
	}
	for _, c := range vectors.Load[descriptorVector](t, "identity/envelope", "file_descriptor") {
		f, err := UnmarshalFile(c.Bytes)
		if (err == nil) != (c.Result == "ok") {
			t.Errorf("%s: %v", c.Name, err)
		}
		if c.Result == "ok" && (!bytes.Equal(f.Key[:], c.Key) || !bytes.Equal(f.ID[:], c.ID) || f.Length != c.Length ||
			!bytes.Equal(f.Tree[:], c.Tree) || !bytes.Equal(f.Marshal(), c.Bytes)) {
			t.Errorf("%s: another descriptor", c.Name)
		}
	}
}

func TestReplayFileCells(t *testing.T) {
	cells := map[string][]byte{}
	for _, c := range vectors.Load[fileCellVector](t, "identity/envelope", "file_cell") {
		f, err := UnmarshalFile(c.Descriptor)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		if c.Result != "ok" {
			if _, _, err := f.OpenCell(c.apply(cells[c.Of])); err != ErrMalformed {
				t.Errorf("%s: %v", c.Name, err)
			}
			continue
		}
		offset := min(int64(c.Index)*FileChunk, f.Length)
		chunk := pattern(f.Length)[offset:min(offset+FileChunk, f.Length)]
		cell := sealedFileCell(t, f, c, chunk)
		if sum := sha256.Sum256(cell); !bytes.Equal(sum[:], c.SHA256) || c.Cell != nil && !bytes.Equal(cell, c.Cell) {
			t.Errorf("%s: another cell", c.Name)
		}
		cells[c.Name] = cell
		if i, got, err := f.OpenCell(cell); err != nil || i != c.Index || !bytes.Equal(got, chunk) {
			t.Errorf("%s: cell %d, %v", c.Name, i, err)
		}
	}
}

// sealedFileCell makes a cell by the formulas of section 20 from its token and nonce.
func sealedFileCell(t *testing.T, f File, c fileCellVector, chunk []byte) []byte {
	t.Helper()
	index := binary.BigEndian.AppendUint32(nil, c.Index)
	ad := slices.Concat(f.ID[:], index)
	h := sha256.Sum256(ad)
	ck := identity.Derive(f.Key[:], nil, "tacit/1/file"+string(index), 32)
	keys := identity.Derive(ck, c.Nonce, "tacit/1/aead"+string(h[:]), 64)
	aead, err := chacha20poly1305.NewX(keys[:32])
	if err != nil {
		t.Fatal(err)
	}
	padded := append(slices.Clone(chunk), make([]byte, 65428-len(chunk))...)
	return slices.Concat(c.Token, ad, c.Nonce, keys[32:], aead.Seal(nil, c.Nonce, padded, ad))
}
