package app

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CleanFileName makes a file's name, which somebody else may have chosen, fit to be shown
// and to be created in any folder of any system: its last component, without hidden and
// reserved characters, no device, not hidden by a dot, within 120 characters and 200 bytes, its
// extension kept. It is never empty, and cleaning it again changes nothing.
func CleanFileName(name string) string {
	name = strings.TrimRightFunc(name[max(0, len(name)-maxRawFileName):], isPathEnd)
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.ToValidUTF8(name, "")
	for before := "/"; name != before; { // what one pass takes away, another stood on
		before = name
		name, _ = stripHidden(name)
		name = trimFileName(strings.Map(plainRune, name))
	}
	if isDevice(name) {
		name = "_" + name
	}
	if name = shortFileName(name); name == "" {
		return "file"
	}
	return name
}

// plainRune puts a line in the place of what some system reserves.
func plainRune(r rune) rune {
	if strings.ContainsRune(`<>:"/\|?*`, r) {
		return '_'
	}
	return r
}

func isPathEnd(r rune) bool { return r == '/' || r == '\\' }

// trimFileName takes away what hides a file, and what Windows does not keep.
func trimFileName(name string) string {
	blank := func(r rune) bool { return r == '.' || unicode.IsSpace(r) }
	return strings.TrimFunc(name, blank)
}

// isDevice reports whether Windows opens a device by this name, whatever its extension.
func isDevice(name string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	base = strings.TrimRight(base, " ")
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	n, isPort := strings.CutPrefix(base, "COM")
	if !isPort {
		n, isPort = strings.CutPrefix(base, "LPT")
	}
	return isPort && utf8.RuneCountInString(n) == 1 && strings.Contains("0123456789¹²³", n)
}

// shortFileName cuts a name before its extension, between two characters.
func shortFileName(name string) string {
	if utf8.RuneCountInString(name) <= maxFileNameRunes && len(name) <= maxFileNameBytes {
		return name
	}
	stem, ext := splitExtension(name)
	end, n := 0, utf8.RuneCountInString(ext)
	for i, r := range stem {
		if n++; n > maxFileNameRunes || i+utf8.RuneLen(r)+len(ext) > maxFileNameBytes {
			if joins(r) {
				end = lastWhole(stem[:i])
			}
			break
		}
		end = i + utf8.RuneLen(r)
	}
	return trimFileName(strings.TrimRight(stem[:end], string(zeroWidthJoiner)) + ext)
}

// joins reports whether r belongs to the character before it.
func joins(r rune) bool { return unicode.IsMark(r) || r == zeroWidthJoiner || r == zeroWidthNonJoiner }

// lastWhole returns where the last character of s begins, whose marks were cut off.
func lastWhole(s string) int {
	for len(s) > 0 {
		r, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
		if !joins(r) {
			break
		}
	}
	return len(s)
}

// splitExtension returns the name with its extension apart, where it has a plain one.
func splitExtension(name string) (stem, ext string) {
	i := strings.LastIndexByte(name, '.')
	if i <= 0 || len(name)-i > maxExtension {
		return name, ""
	}
	for _, r := range name[i+1:] {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return name, ""
		}
	}
	return name[:i], name[i:]
}
