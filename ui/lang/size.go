package lang

import (
	"strconv"
	"strings"
)

// Size writes a number of bytes in its largest decimal unit, with one digit behind the
// point where there is one before it: "3.2 MB", "41 MB".
func Size(bytes int64) string {
	bytes = max(0, bytes)
	if bytes < 1000 {
		return N("size.bytes", int(bytes))
	}
	units := []string{"size.kilo", "size.mega", "size.giga"}
	n, unit := float64(bytes)/1000, 0
	for n >= 999.5 && unit < len(units)-1 {
		n, unit = n/1000, unit+1
	}
	digits := 0
	if n < 9.95 {
		digits = 1
	}
	return T(units[unit], "n", Decimal(n, digits))
}

// Number writes a whole number with its thousands apart: "12,345".
func Number(n int) string { return grouped(strconv.Itoa(n)) }

// Decimal writes a number with this many digits behind the point, or the comma, and its
// thousands apart.
func Decimal(n float64, digits int) string {
	whole, rest, _ := strings.Cut(strconv.FormatFloat(n, 'f', digits, 64), ".")
	if rest != "" {
		rest = current().point + rest
	}
	return grouped(whole) + rest
}

// Percent writes a hundredth part: "40%".
func Percent(n int) string { return Number(n) + current().percent }

// grouped puts what the language has between the thousands of a number.
func grouped(n string) string {
	digits := strings.TrimPrefix(n, "-")
	sign := n[:len(n)-len(digits)]
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + current().group + digits[i:]
	}
	return sign + digits
}
