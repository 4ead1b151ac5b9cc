package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
	"rsc.io/qr"
)

// quiet is the white border of a QR code that cameras want (ISO/IEC 18004).
const quiet = 4

// drawQR draws text as a QR code, two rows in each line of the terminal: white where there
// is a block, so that it can be read from a dark terminal, and by most cameras from a light one.
func drawQR(out io.Writer, text string) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return // longer than any address
	}
	halves := [2][2]string{{"█", "▀"}, {"▄", " "}} // by whether the upper and the lower is black
	for y := -quiet; y < code.Size+quiet; y += 2 {
		var line strings.Builder
		for x := -quiet; x < code.Size+quiet; x++ {
			line.WriteString(halves[bit(code.Black(x, y))][bit(code.Black(x, y+1))])
		}
		fmt.Fprintln(out, line.String())
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// isTerminal reports whether somebody looks at out.
func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
