package chat

import (
	"strconv"
	"strings"
	"time"

	"tacit/app"
)

// The shortest and the longest that a message may stay once it was read.
const (
	minTimer = 30 * time.Second
	maxTimer = 4 * 7 * 24 * time.Hour
)

// timerChoices are what the menu offers; 0 is off.
var timerChoices = []time.Duration{
	0, 30 * time.Second, 5 * time.Minute, time.Hour, 8 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour, maxTimer,
}

// timerUnits are those of an own value.
var timerUnits = []time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}

// parseTimer reads an own value, in any digits, of one of timerUnits.
func parseTimer(s string, unit time.Duration) (time.Duration, error) {
	n, err := strconv.Atoi(strings.TrimSpace(plainDigits(s)))
	if err != nil || n <= 0 || n > int(maxTimer/time.Second) {
		return 0, app.ErrTimerInvalid
	}
	d := time.Duration(n) * unit
	if n > int(maxTimer/unit) || d < minTimer {
		return 0, app.ErrTimerInvalid
	}
	return d, nil
}

// plainDigits writes Arabic-Indic digits as 0 to 9.
func plainDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '٠' <= r && r <= '٩':
			return '0' + r - '٠'
		case '۰' <= r && r <= '۹':
			return '0' + r - '۰'
		}
		return r
	}, s)
}
