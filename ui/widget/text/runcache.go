package text

import (
	"unicode/utf8"

	"github.com/go-text/typesetting/shaping"
)

// A runCache keeps the glyphs of runs of long paragraphs: whoever types into one changes
// a run and leaves hundreds as they were. It has two generations, like the cache of
// masks, and belongs to one shaper.
type runCache struct {
	young, old map[string][]shaping.Glyph
	key        []byte // scratch
}

// contextRunes is how far beyond the ends of a run the shaper looks: for letters that
// join.
const contextRunes = 5

// find returns the glyphs of a run, with clusters that count from its beginning, and
// leaves its key for keep.
func (c *runCache) find(in *shaping.Input, face faceID) ([]shaping.Glyph, bool) {
	from, to := max(0, in.RunStart-contextRunes), min(len(in.Text), in.RunEnd+contextRunes)
	c.key = append(c.key[:0], byte(face), byte(in.Direction), byte(in.Script>>24), byte(in.Script>>16), byte(in.Script>>8), byte(in.Script),
		byte(in.RunStart-from), byte(to-in.RunEnd))
	for _, r := range in.Text[from:to] {
		c.key = utf8.AppendRune(c.key, r)
	}
	if g, ok := c.young[string(c.key)]; ok {
		return g, true
	}
	g, ok := c.old[string(c.key)]
	if ok {
		c.put(g)
	}
	return g, ok
}

// keep takes the glyphs of the run that was looked for last.
func (c *runCache) keep(start int, glyphs []shaping.Glyph) []shaping.Glyph {
	kept := make([]shaping.Glyph, len(glyphs))
	copy(kept, glyphs)
	for i := range kept {
		kept[i].ClusterIndex -= start
	}
	c.put(kept)
	return kept
}

func (c *runCache) put(g []shaping.Glyph) {
	if c.young == nil || len(c.young) >= cacheRuns {
		c.old, c.young = c.young, make(map[string][]shaping.Glyph, cacheRuns)
	}
	c.young[string(c.key)] = g
}
