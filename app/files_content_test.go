package app

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"tacit/identity/envelope"
)

// compareFileWords compares bodies about files with the plain reader.
func compareFileWords(t *testing.T, body []byte) {
	t.Helper()
	in := plainCBOR{rest: body, ok: true}
	in.take(0x82)
	id, from := in.bytes(0x40), in.number(0)
	ok := in.ended() && len(id) == 16 && from < 32823
	want, err := parse[fileWantBody](body)
	if ok != (err == nil) || ok && (!bytes.Equal(want.ID[:], id) || want.From != from) {
		t.Fatalf("want %x from %d by a plain reader, %t; %v", id, from, ok, err)
	}
	in = plainCBOR{rest: body, ok: true}
	in.take(0x83)
	id, by, reason := in.bytes(0x40), in.number(0), in.number(0)
	ok = in.ended() && len(id) == 16 && by <= 1 && reason <= 4
	end, err := parse[fileEndBody](body)
	if ok != (err == nil) || ok && (!bytes.Equal(end.ID[:], id) || end.By != by || uint64(end.Reason) != reason) {
		t.Fatalf("end of %x, %d %d by a plain reader, %t; %v", id, by, reason, ok, err)
	}
	in = plainCBOR{rest: body, ok: true}
	in.take(0x85)
	d, name, media := in.bytes(0x40), in.bytes(0x60), in.bytes(0x60)
	w, h := in.number(0), in.number(0)
	ok = in.ended() && utf8.Valid(name) && utf8.Valid(media)
	var file fileBody
	if err := decode(body, &file); ok != (err == nil) {
		t.Fatalf("file by a plain reader, %t; %v", ok, err)
	}
	if ok {
		compareFile(t, &file, d, name, w, h)
	}
}

// compareFile checks what becomes of a file that somebody offers.
func compareFile(t *testing.T, b *fileBody, d, name []byte, w, h uint64) {
	t.Helper()
	f, err := envelope.UnmarshalFile(d)
	rec, err2 := b.record()
	if (err == nil) != (err2 == nil) || b.valid() != (err == nil) {
		t.Fatalf("descriptor %x: %v, and %v", d, err, err2)
	}
	if err != nil {
		return
	}
	if rec.File != f || rec.Name != CleanFileName(string(name)) || rec.State != FileWaiting || rec.Have > 0 || rec.Blob != 0 {
		t.Fatalf("another record")
	}
	shown := 0 < w && w <= 20000 && 0 < h && h <= 20000
	if shown != (rec.Width > 0) || shown && (uint64(rec.Width) != w || uint64(rec.Height) != h) {
		t.Fatalf("%d x %d is shown as %d x %d", w, h, rec.Width, rec.Height)
	}
	if again := bodyOf(rec); !bytes.Equal(again.Descriptor, d) || CleanFileName(again.Name) != rec.Name || mediaType(again.Type) != rec.Type {
		t.Fatal("it is said in another way")
	}
}

func TestWordsAboutFiles(t *testing.T) {
	f, err := envelope.NewFile(5, [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range [][]byte{
		encode(&fileWantBody{ID: f.ID, From: 32822}), encode(&fileWantBody{ID: f.ID, From: 32823}),
		encode(&fileEndBody{ID: f.ID, By: 1, Reason: endFailed}), encode(&fileEndBody{ID: f.ID, By: 2}), encode(&fileEndBody{ID: f.ID, Reason: 5}),
		encode(&fileBody{Descriptor: f.Marshal(), Name: "../a", Type: "image/png", Width: 20000, Height: 1}),
		encode(&fileBody{Descriptor: f.Marshal(), Name: strings.Repeat("x", 4000), Type: "IMAGE/PNG", Width: 20001, Height: 1}),
		encode(&fileBody{Descriptor: f.Marshal()[1:]}), {0x82, 0x40, 0}, {0x85}, nil,
	} {
		compareFileWords(t, body)
	}
	if _, err := parse[fileWantBody](encode(&fileWantBody{ID: f.ID, From: 32822})); err != nil {
		t.Errorf("the last cell: %v", err)
	}
	for _, b := range []*fileBody{nil, {Descriptor: f.Marshal()}} {
		if !b.valid() {
			t.Errorf("%v is refused", b)
		}
	}
	if (&fileBody{Descriptor: []byte{0xa0}}).valid() {
		t.Error("a file without a descriptor is taken")
	}
}

func TestMediaTypes(t *testing.T) {
	for in, want := range map[string]string{
		"image/png": "image/png", "application/vnd.ms-excel": "application/vnd.ms-excel", "image/svg+xml": "image/svg+xml",
		"": "", "image": "", "image/": "", "/png": "", "image/png; q=1": "", "Image/png": "", "image/png\n": "", "a/b/c": "",
		"text/" + strings.Repeat("x", 123): "", "text/" + strings.Repeat("x", 122): "text/" + strings.Repeat("x", 122),
	} {
		if got := mediaType(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
