package lang

import (
	"fmt"
	"time"
)

// Clock writes the time of day: "15:04", in every language.
func Clock(t time.Time) string { return t.Format("15:04") }

// Day names the day of t as seen from now: "Today", "Yesterday", "Saturday 21 November",
// and with the year where it is another one. It heads the messages of a day.
func Day(t, now time.Time) string {
	switch days(t, now) {
	case 0:
		return T("day.today")
	case 1:
		return T("day.yesterday")
	}
	c := current().calendar
	if t.Year() == now.In(t.Location()).Year() {
		return c.day(t)
	}
	return c.dayOfYear(t)
}

// Short writes t for a row of a list: the time of day today, the weekday within the last
// week, else the date.
func Short(t, now time.Time) string {
	switch d := days(t, now); {
	case d == 0:
		return Clock(t)
	case d > 0 && d < 7:
		return current().calendar.weekday(t)
	case t.Year() == now.In(t.Location()).Year():
		return current().calendar.shortDate(t)
	}
	return current().calendar.numbers(t)
}

// Date writes a day inside a sentence: "21 November 2026".
func Date(t time.Time) string { return current().calendar.date(t) }

// DateTime writes a moment in full: "21 November 2026, 15:04".
func DateTime(t time.Time) string {
	c := current().calendar
	return c.date(t) + c.at + Clock(t)
}

// Countdown writes what is left: "1:27". It never goes below "0:00".
func Countdown(d time.Duration) string {
	s := max(0, int((d+time.Second-1)/time.Second)) // a started second is shown
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// Stopwatch writes how much of a recording has passed: "0:07". What lasts an hour has
// minutes beyond 59.
func Stopwatch(d time.Duration) string {
	s := max(0, int(d/time.Second))
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// Duration writes a length of time in its largest unit, rounded: "3 hours". The sign is
// dropped.
func Duration(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	round := func(unit time.Duration) int { return int((d + unit/2) / unit) }
	const day = 24 * time.Hour
	switch {
	case d < 90*time.Second:
		return N("duration.seconds", round(time.Second))
	case d < 90*time.Minute:
		return N("duration.minutes", round(time.Minute))
	case d < 2*day:
		return N("duration.hours", round(time.Hour))
	}
	return N("duration.days", round(day))
}

// days counts the midnights from t to now, in t's time zone: 0 is the same day, negative
// is a day to come. Days of 23 and 25 hours count as one.
func days(t, now time.Time) int {
	midnight := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(now.In(t.Location())).Sub(midnight(t)) / (24 * time.Hour))
}
