package app_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tacit/app"
)

func TestCleanFileName(t *testing.T) {
	for in, want := range map[string]string{
		"plan.pdf": "plan.pdf", "": "file", ".": "file", "..": "file", "/": "file", "///": "file",
		"../../etc/passwd": "passwd", `..\..\boot.ini`: "boot.ini", `C:\Users\me\a.txt`: "a.txt", "C:a.txt": "C_a.txt",
		"a/": "a", "a\x00.txt": "a.txt", "\x00": "file", "a\x00/b": "b", "a\n\tb.txt": "a b.txt",
		".bashrc": "bashrc", "...a": "a", "a. . .": "a", "  a  .txt ": "a .txt",
		"CON": "_CON", "con.txt": "_con.txt", "Aux.tar.gz": "_Aux.tar.gz", "nul ": "_nul", "COM1.log": "_COM1.log",
		"COM¹": "_COM¹", "LPT9": "_LPT9", "COM10": "COM10", "CONSOLE": "CONSOLE", "conin$": "_conin$", "COM": "COM",
		"invoice\u202egpj.exe": "invoicegpj.exe", "a\u200bb\ufeff.txt": "ab.txt", `a<b>:"|?*.txt`: "a_b______.txt",
		"été à Genève.jpg": "été à Genève.jpg", "تقرير.pdf": "تقرير.pdf", "报告.docx": "报告.docx",
		"\xff\xfe.txt": "txt", "\xffa.txt": "a.txt", "👩‍👩‍👧.png": "👩‍👩‍👧.png",
		".../CON": "_CON", "COM1 .txt": "_COM1 .txt",
	} {
		if got := app.CleanFileName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestLongFileNamesKeepTheirExtension(t *testing.T) {
	for _, stem := range []string{strings.Repeat("a", 4000), strings.Repeat("é", 4000), strings.Repeat("👩‍👩‍👧", 900), strings.Repeat("a\u0301\u0302", 900)} {
		got := app.CleanFileName(stem + ".tar")
		if !strings.HasSuffix(got, ".tar") || len(got) > 200 || utf8.RuneCountInString(got) > 120 || len(got) < 100 {
			t.Errorf("%.20q: %q", stem, got)
		}
		last, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(got, ".tar"))
		if last == '\u200d' || last == '\u0301' {
			t.Errorf("%q was cut within a character", got)
		}
	}
	if got := app.CleanFileName("a." + strings.Repeat("x", 4000)); len(got) > 200 {
		t.Errorf("%q", got)
	}
	if got := app.CleanFileName(strings.Repeat("\u0301", 4000)); got != "file" {
		t.Errorf("%q", got)
	}
}

func TestFileNamesAreCleanForGood(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.OneOf(
			rapid.String(), rapid.SampledFrom([]string{"..", "/", `\`, "\x00", "CON", ".", " ", "\u202e", "a", "\u0301", "\u200d", ":", ".exe", "_", "é"}),
			rapid.Map(rapid.IntRange(0, 300), func(n int) string { return strings.Repeat("x", n) }),
		)).Draw(t, "parts")
		name := app.CleanFileName(strings.Join(parts, ""))
		if again := app.CleanFileName(name); again != name {
			t.Fatalf("%q becomes %q", name, again)
		}
		if name == "" || len(name) > 200 || utf8.RuneCountInString(name) > 120 || !utf8.ValidString(name) {
			t.Fatalf("%q", name)
		}
		if strings.ContainsAny(name, "/\\\x00:*?\"<>|") || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || strings.TrimSpace(name) != name {
			t.Fatalf("%q", name)
		}
		for _, r := range name {
			if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%q has %U", name, r)
			}
		}
	})
}
