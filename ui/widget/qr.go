package widget

import (
	"image"
	"image/color"
	"image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"
	"rsc.io/qr"

	"tacit/ui/theme"
)

const (
	qrQuiet             = 4   // modules of quiet zone on each side (ISO/IEC 18004)
	qrModule    float32 = 5   // wanted size of a module
	qrPlateRoom float32 = 240 // smallest plate: a card has 37 modules with its version
)

// QRView shows a QR code: dark modules on a white plate, whatever the theme. Each module
// covers whole device pixels, or cameras lose it.
type QRView struct {
	fynewidget.BaseWidget
	code *qr.Code // nil while there is nothing to show
}

// NewQRView returns an empty plate.
func NewQRView() *QRView {
	v := &QRView{}
	v.ExtendBaseWidget(v)
	return v
}

// SetText shows text as a code of level M, or an empty plate for "". It fails if the
// text is too long for a code.
func (v *QRView) SetText(text string) error {
	if text == "" {
		v.code = nil
		v.Refresh()
		return nil
	}
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return err
	}
	v.code = code
	v.Refresh()
	return nil
}

// CreateRenderer implements fyne.Widget.
func (v *QRView) CreateRenderer() fyne.WidgetRenderer {
	plate := box(theme.RadiusBox)
	modules := canvas.NewRaster(func(w, h int) image.Image {
		if v.code == nil {
			return image.NewUniform(color.Transparent)
		}
		return drawQR(v.code, w, h)
	})
	modules.ScaleMode = canvas.ImageScalePixels
	update := func() {
		paint(plate, theme.QRPlate, theme.Current().Hairline, theme.Hair)
		modules.Refresh()
	}
	minSize := func() fyne.Size {
		side := qrPlateRoom
		if v.code != nil {
			// The plate's own corner takes the place of part of the quiet zone's.
			side = max(side, float32(v.code.Size+2*qrQuiet)*qrModule)
		}
		return fyne.NewSquareSize(side)
	}
	place := func(s fyne.Size) {
		side := min(s.Width, s.Height)
		x, y := (s.Width-side)/2, (s.Height-side)/2
		put(plate, x, y, side, side, s.Width)
		put(modules, x, y, side, side, s.Width)
	}
	return newParts(v, update, minSize, place, plate, modules)
}

// drawQR draws the code as large as whole pixels allow, in the middle of w by h. What the
// modules do not cover is transparent, so that the plate's corners stay round.
func drawQR(code *qr.Code, w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	module := min(w, h) / (code.Size + 2*qrQuiet)
	if module < 1 {
		return img
	}
	x0, y0 := (w-module*code.Size)/2, (h-module*code.Size)/2
	ground := image.Rect(x0, y0, x0+module*code.Size, y0+module*code.Size)
	draw.Draw(img, ground, image.NewUniform(theme.QRPlate), image.Point{}, draw.Src)
	ink := image.NewUniform(theme.QRInk)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				r := image.Rect(x, y, x+1, y+1)
				r = image.Rect(r.Min.X*module, r.Min.Y*module, r.Max.X*module, r.Max.Y*module).Add(ground.Min)
				draw.Draw(img, r, ink, image.Point{}, draw.Src)
			}
		}
	}
	return img
}
