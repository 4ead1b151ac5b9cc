package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// placeDay places the name of the day above the first message of one.
func (r *threadRow) placeDay(t *Thread, x float32) {
	if !r.sep.day {
		return
	}
	r.dayBlock = text.Layout(r.day, theme.Caption, text.Options{MaxLines: 1, RTL: r.rtl})
	r.placeRule(t, x, r.sep.dayHeight()/2, r.dayBlock, r.dayText, r.lines, r.palette.Hairline)
}

// placeFresh places the line above the first new message.
func (r *threadRow) placeFresh(t *Thread, x float32) {
	if !r.sep.fresh {
		return
	}
	r.freshBlock = text.Layout(lang.T("thread.new"), theme.Caption, text.Options{MaxLines: 1, RTL: r.rtl})
	top := r.sep.dayHeight()
	r.placeRule(t, x, (top+r.sep.height)/2, r.freshBlock, r.fresh, r.rule, theme.Alpha(r.palette.Accent, 0.5))
}

// placeRule places words between two lines across the column, around a height.
func (r *threadRow) placeRule(t *Thread, x, middle float32, b *text.Block, ink *inkRaster, lines [2]*canvas.Rectangle, c color.NRGBA) {
	w := t.snapUp(b.Width)
	ink.Move(fyne.NewPos(t.snap(x+(r.column-w)/2)-text.Overhang, t.snap(middle-b.Height/2)))
	ink.Resize(fyne.NewSize(w+2*text.Overhang, b.Height))
	ink.Refresh()
	line := fyne.NewSize(t.snap((r.column-w)/2-theme.Space12), theme.Hair)
	for i, l := range lines {
		l.FillColor = c
		l.Resize(line)
		l.Move(fyne.NewPos(t.snap(x)+float32(i)*(r.column-line.Width), t.snap(middle)))
		l.Refresh()
	}
}
