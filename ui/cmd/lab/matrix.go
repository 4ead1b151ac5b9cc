package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// trial is one cell of the matrix.
type trial struct {
	path     string
	protocol string
	loss     int // percent
}

// result is what became of a trial.
type result struct {
	trial
	sent  int
	times []time.Duration // from sending to the receipt, of each text that arrived, in order
	ways  []string        // that the texts took, as they arrived
	note  string          // what else is to be said
	err   error           // what ended it early
}

const columns = "%-10s %-5s %6s  %9s  %9s  %9s  %s"

// header names the columns of row.
func header() string {
	return fmt.Sprintf(columns, "path", "over", "lost", "delivered", "first", "median", "taken")
}

// row shows a result as a line.
func (r result) row() string {
	first, median := "-", "-"
	if len(r.times) > 0 {
		first, median = seconds(r.times[0]), seconds(percentile(r.times, 50))
	}
	taken := strings.Join(squeeze(r.ways), ", then ")
	if r.note != "" {
		taken += " (" + r.note + ")"
	}
	taken = strings.TrimSpace(taken)
	if r.err != nil {
		taken = strings.TrimPrefix(taken+"; "+r.err.Error(), "; ")
	}
	return fmt.Sprintf(columns, r.path, r.protocol, fmt.Sprintf("%d %%", r.loss), fmt.Sprintf("%d/%d", len(r.times), r.sent), first, median, taken)
}

// summary says how much of everything arrived.
func summary(all []result) string {
	sent, arrived, whole := 0, 0, 0
	for _, r := range all {
		sent, arrived = sent+r.sent, arrived+len(r.times)
		if r.err == nil && len(r.times) == r.sent {
			whole++
		}
	}
	return fmt.Sprintf("%d of %d texts delivered; %d of %d trials without a loss", arrived, sent, whole, len(all))
}

// squeeze leaves out what repeats the word before it.
func squeeze(words []string) []string { return slices.Compact(slices.Clone(words)) }

// percentile returns the time within which p of a hundred are; 0 of none.
func percentile(times []time.Duration, p int) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[max(0, (len(sorted)*p+99)/100-1)]
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }
