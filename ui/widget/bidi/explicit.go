package bidi

// noMatch marks an isolate initiator or a PDI without a partner (BD9).
const noMatch = -1

// matchIsolates returns, for each isolate initiator, the index of its PDI, and
// the reverse; noMatch everywhere else. It is nil if there is no isolate.
func matchIsolates(classes []Class) []int {
	var match, open []int
	for i, c := range classes {
		switch {
		case c == b:
			open = open[:0]
		case isIsolate(c):
			if match == nil {
				match = make([]int, len(classes))
				for j := range match {
					match[j] = noMatch
				}
			}
			open = append(open, i)
		case c == pdi && len(open) > 0:
			j := open[len(open)-1]
			open = open[:len(open)-1]
			match[i], match[j] = j, i
		}
	}
	return match
}

// firstStrong is the level given by rules P2 and P3 to classes[from:to].
func firstStrong(classes []Class, match []int, from, to int) Level {
	for i := from; i < to; i++ {
		switch c := classes[i]; {
		case c == l:
			return 0
		case c == r || c == al:
			return 1
		case isIsolate(c):
			if match[i] == noMatch {
				return 0
			}
			i = match[i]
		}
	}
	return 0
}

// An explicit is the state of rules X1 to X8, and what they leave: a level and
// a type, after overrides, for each character.
type explicit struct {
	classes []Class
	match   []int
	levels  []Level
	types   []Class

	stack                              []status
	overIsolate, overEmbed, isolations int
}

// A status is an entry of the directional status stack.
type status struct {
	level    Level
	override Class // on if there is none
	isolate  bool
}

func (e *explicit) top() status { return e.stack[len(e.stack)-1] }
func (e *explicit) pop()        { e.stack = e.stack[:len(e.stack)-1] }

// place gives character i the level and, under an override, the type in force.
func (e *explicit) place(i int) {
	t := e.top()
	e.levels[i], e.types[i] = t.level, e.classes[i]
	if t.override != on {
		e.types[i] = t.override
	}
}

func (e *explicit) run(base Level) {
	e.stack = append(make([]status, 0, 8), status{base, on, false})
	for i, c := range e.classes {
		switch c {
		case lre, rle, lro, rlo:
			e.levels[i], e.types[i] = e.top().level, bn
			e.embed(c)
		case lri, rli, fsi:
			e.place(i)
			e.isolate(i, c)
		case pdi:
			e.endIsolate(i)
			e.place(i)
		case pdf:
			e.levels[i], e.types[i] = e.top().level, bn
			e.endEmbed()
		case b:
			e.levels[i], e.types[i] = base, b
		case bn:
			e.levels[i], e.types[i] = e.top().level, bn
		default:
			e.place(i)
		}
	}
}

// next is the least level above the present one of the direction asked for.
func (e *explicit) next(rtl bool) Level {
	v := e.top().level + 1
	if v.RTL() != rtl {
		v++
	}
	return v
}

// embed is rules X2 to X5.
func (e *explicit) embed(c Class) {
	v := e.next(c == rle || c == rlo)
	if v > maxDepth || e.overIsolate > 0 || e.overEmbed > 0 {
		if e.overIsolate == 0 {
			e.overEmbed++
		}
		return
	}
	override := on
	switch c {
	case rlo:
		override = r
	case lro:
		override = l
	}
	e.stack = append(e.stack, status{v, override, false})
}

// isolate is rules X5a to X5c, after the initiator itself was placed.
func (e *explicit) isolate(i int, c Class) {
	rtl := c == rli
	if c == fsi {
		end := e.match[i]
		if end == noMatch {
			end = len(e.classes)
		}
		rtl = firstStrong(e.classes, e.match, i+1, end) == 1
	}
	v := e.next(rtl)
	if v > maxDepth || e.overIsolate > 0 || e.overEmbed > 0 {
		e.overIsolate++
		return
	}
	e.isolations++
	e.stack = append(e.stack, status{v, on, true})
}

// endIsolate is rule X6a.
func (e *explicit) endIsolate(i int) {
	switch {
	case e.overIsolate > 0:
		e.overIsolate--
	case e.isolations > 0:
		e.overEmbed = 0
		for !e.top().isolate {
			e.pop()
		}
		e.pop()
		e.isolations--
	}
}

// endEmbed is rule X7.
func (e *explicit) endEmbed() {
	switch {
	case e.overIsolate > 0:
	case e.overEmbed > 0:
		e.overEmbed--
	case !e.top().isolate && len(e.stack) > 1:
		e.pop()
	}
}
