package widget

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// BenchmarkKeystroke types into an editor that holds a message and one that
// holds the longest there is, without the repaint of the window.
func BenchmarkKeystroke(b *testing.B) {
	for name, text := range map[string]string{
		"message": "مرحباً أحمد، أرسلت لك report-v2.pdf (النسخة الأخيرة) الساعة 10:30. Tell me when you have it!",
		"longest": strings.Repeat("mot كلمة ", 1200),
	} {
		b.Run(name, func(b *testing.B) {
			test.NewTempApp(b)
			e := NewEditor(6)
			w := test.NewTempWindow(b, e)
			w.Resize(fyne.NewSize(500, 150))
			e.SetText(text)
			b.ResetTimer()
			percentiles(b, func(i int) {
				if i%2 == 0 {
					e.TypedRune('x')
				} else {
					e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
				}
			})
		})
	}
}
