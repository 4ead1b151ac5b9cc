package markup

import (
	"net/url"
	"strings"
	"unicode"
)

var schemes = [][]rune{[]rune("https://"), []rune("http://"), []rune("mailto:")}

// linkAt returns where the link that begins at i ends, or i if none begins there. ok is
// false for what begins like one and leads nowhere, or is too long.
func linkAt(rs []rune, i int) (end int, ok bool) {
	scheme := 0
	for _, s := range schemes {
		if hasFold(rs[i:], s) {
			scheme = len(s)
			break
		}
	}
	if scheme == 0 {
		return i, false
	}
	end = i + scheme
	for end < len(rs) && !endsLink(rs[end]) {
		end++
	}
	stop := trimLink(rs, i, end)
	if stop-i > maxLink {
		return end, false
	}
	if _, err := parseLink(string(rs[i:stop])); err != nil {
		return end, false
	}
	return stop, true
}

// hasFold reports whether rs begins with prefix, which is in lower case.
func hasFold(rs, prefix []rune) bool {
	if len(rs) < len(prefix) {
		return false
	}
	for k, r := range prefix {
		if unicode.ToLower(rs[k]) != r || rs[k] > unicode.MaxASCII {
			return false
		}
	}
	return true
}

// endsLink reports a rune that no link holds. Signs that cannot be seen are among them,
// and the backslash, which some programs read as a slash.
func endsLink(r rune) bool {
	if r < 0x80 {
		return r <= ' ' || r == 0x7f || strings.ContainsRune("<>\"\\^`{}|", r)
	}
	return !unicode.IsPrint(r) || strings.ContainsRune("«»“”„‹›（）「」『』【】《》", r)
}

// trimLink takes away what stands after a link rather than in it: punctuation, signs of
// weight, and brackets that were opened before it.
func trimLink(rs []rune, from, end int) int {
	opens := map[rune]int{}
	for _, r := range rs[from:end] {
		switch r {
		case '(', '[':
			opens[r]++
		case ')':
			opens['(']--
		case ']':
			opens['[']--
		}
	}
	for end > from {
		switch r := rs[end-1]; r {
		case '.', ',', ';', ':', '!', '?', '\'', '’', '‘', '…', '،', '؛', '؟', '۔', '。', '，', '、', '！', '？', '：', '；', '*', '_', '~':
		case ')':
			if opens['('] >= 0 {
				return end
			}
			opens['(']++
		case ']':
			if opens['['] >= 0 {
				return end
			}
			opens['[']++
		default:
			return end
		}
		end--
	}
	return end
}

// linkError says why something is no link.
type linkError string

func (e linkError) Error() string { return string(e) }

// parseLink returns the host that a link leads to, as it was typed.
func parseLink(link string) (host string, err error) {
	if rest, ok := cutFold(link, "mailto:"); ok {
		address, _, _ := strings.Cut(rest, "?")
		if k := strings.LastIndexByte(address, '@'); k > 0 && k < len(address)-1 {
			return address[k+1:], nil
		}
		return "", linkError("no address")
	}
	u, err := url.Parse(link)
	if err != nil {
		return "", linkError("malformed link")
	}
	if u.Hostname() == "" {
		return "", linkError("no host")
	}
	return u.Hostname(), nil
}

func cutFold(s, prefix string) (rest string, ok bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}
