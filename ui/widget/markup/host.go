package markup

import (
	"net/netip"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// lookup is how a browser turns the name of a host into what it asks the network for.
var lookup = idna.New(idna.MapForLookup(), idna.Transitional(false))

// Host returns the name of the host that a link leads to, in ASCII, whatever the rest of
// the link pretends: "xn--pple-43d.com" for one with a Cyrillic а. It is empty for what
// is no link. strange says that the name mixes scripts, is written wholly in letters
// that pass for Latin ones, or breaks the rules of such names.
func Host(link string) (host string, strange bool) {
	typed, err := parseLink(link)
	if err != nil {
		return "", true
	}
	if _, err := netip.ParseAddr(typed); err == nil {
		return typed, false
	}
	host, err = lookup.ToASCII(typed)
	if err != nil {
		strange = true
		if host, err = idna.Punycode.ToASCII(strings.ToLower(typed)); err != nil {
			return "", true
		}
	}
	if !ascii(host) || len(host) > maxHost {
		return "", true
	}
	readable, err := idna.Punycode.ToUnicode(host)
	if err != nil {
		return host, true
	}
	for label := range strings.SplitSeq(readable, ".") {
		strange = strange || deceives(label)
	}
	return host, strange
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// passForLatin are the letters of other scripts that a reader takes for Latin ones.
const passForLatin = "аᴀсԁеһіјӏорԛѕѵԝхуүгԍՙոսօհցզοναιρυκτχγ"

// deceives reports whether a part of a name mixes scripts, or looks Latin and is not.
func deceives(label string) bool {
	var first *unicode.RangeTable
	mixed, lookalike := false, true
	for _, r := range label {
		if r < 0x80 && !unicode.IsLetter(r) {
			continue
		}
		s := scriptOf(r)
		switch {
		case s == nil || s == first:
		case first == nil:
			first = s
		case !together(s, first):
			mixed = true
		}
		lookalike = lookalike && strings.ContainsRune(passForLatin, r)
	}
	return mixed || first != nil && first != unicode.Latin && lookalike
}

// scriptOf returns the script of a letter, or nil for what all scripts share.
func scriptOf(r rune) *unicode.RangeTable {
	if r < 0x80 {
		return unicode.Latin
	}
	for _, t := range unicode.Scripts {
		if t != unicode.Common && t != unicode.Inherited && unicode.Is(t, r) {
			return t
		}
	}
	return nil
}

// together reports scripts that one language writes with.
func together(a, b *unicode.RangeTable) bool {
	asian := func(t *unicode.RangeTable) bool {
		return t == unicode.Han || t == unicode.Hiragana || t == unicode.Katakana || t == unicode.Hangul || t == unicode.Bopomofo
	}
	return asian(a) && asian(b)
}
