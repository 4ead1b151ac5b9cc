package text

// shrinkStep is by how much a text is made smaller at once.
const shrinkStep = 0.9

// Whole lays a text out with all its words whole: where large text would break one, or
// cut the last line that there may be, it is made smaller, but never smaller than least times
// its size. The height of a line stays.
func Whole(s string, st Style, o Options, least float32) *Block {
	b := Layout(s, st, o)
	size := st.Size
	for (b.Broken() || o.MaxLines > 0 && b.Truncated) && st.Size > size*least {
		st.Size = max(size*least, st.Size*shrinkStep)
		b = Layout(s, st, o)
	}
	return b
}
