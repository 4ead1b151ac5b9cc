package main

import (
	"strings"
	"testing"

	"rsc.io/qr"
)

func TestDrawnQRIsTheCode(t *testing.T) {
	const text = "TACITNODE1:AETQCS2VQAHKEWLI7QL6Q7NWYR4S7UDYJUCO3S5ZNYQHR63FUOXMUS3BYBVH6AAAAE"
	var out strings.Builder
	drawQR(&out, text)
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	white := map[rune][2]bool{'█': {true, true}, '▀': {true, false}, '▄': {false, true}, ' ': {false, false}}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if size := code.Size + 2*quiet; len(lines) != (size+1)/2 || len([]rune(lines[0])) != size {
		t.Fatalf("%d lines of %d", len(lines), len([]rune(lines[0])))
	}
	for i, line := range lines {
		for x, r := range []rune(line) {
			for half, is := range white[r] {
				if y := 2*i + half - quiet; is == code.Black(x-quiet, y) {
					t.Fatalf("row %d, column %d is white: %v", y, x-quiet, is)
				}
			}
		}
	}
}
