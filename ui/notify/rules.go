package notify

import "time"

// Show is how much a note says.
type Show int

const (
	ShowNothing Show = iota // that there is something new
	ShowName                // and from whom
	ShowText                // and what it says
)

// Day is how many minutes a day has for Rules.
const Day = 24 * 60

// Rules are what the person chose about notes. The zero Rules allow none.
type Rules struct {
	On       bool
	Show     Show
	Quiet    bool // there are hours without notes
	From, To int  // of these hours, in minutes after midnight; From after To is over midnight
}

// Allow reports whether a note may be shown at a moment. The hours follow the clock on the
// wall; from and to the same minute are a whole day.
func (r Rules) Allow(at time.Time) bool {
	if !r.On {
		return false
	}
	if !r.Quiet {
		return true
	}
	at = at.Local()
	minute := at.Hour()*60 + at.Minute()
	if r.From < r.To {
		return minute < r.From || minute >= r.To
	}
	return minute >= r.To && minute < r.From
}
