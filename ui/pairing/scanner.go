package pairing

import (
	"context"
	"errors"
	"image"
	"image/color"
	"slices"
	"sync"
	"time"

	"tacit/identity"
	"tacit/ui/pairing/scan"
)

// Scanner looks for their card through a camera. The camera is on from Start until a card
// was found, Stop, or an error; never before and never after.
//
// Owner of every field: the window's goroutine, but for what names its mutex.
type Scanner struct {
	OnChange func()            // something that is shown has changed, but for:
	OnSight  func()            // the picture, or what is read in it
	OnCard   func(card string) // a card was read; whatever else is read is only noted

	List    []CameraInfo // the cameras that are there
	ListErr error        // why none can be used
	Chosen  string       // the camera that is used, or will be
	On      bool         // it is on, or being switched on
	Sight   Sight        // the last picture; empty until there is one
	Other   bool         // a code is in sight that is no card
	Err     error        // why it went off

	cameras Cameras // nil: there are none on this system
	run     Run
	post    func(func())
	cancel  context.CancelFunc // ends the scan that is on
	turn    int                // counts scans: what an ended one says is void
	listing bool

	mu     sync.Mutex
	latest *glimpse // guarded by mu: what the window has not taken yet
}

// Sight is a picture as it is shown: as in a mirror, the code that was found marked.
type Sight struct {
	Picture *image.RGBA
	Marked  bool
	Corners [4]image.Point // of the code, in the picture
}

// glimpse is what a scan says of one picture.
type glimpse struct {
	turn  int
	sight Sight
	other bool
}

// NewScanner returns a scanner that is off. post runs a function on the window's
// goroutine.
func NewScanner(cameras Cameras, run Run, post func(func())) *Scanner {
	return &Scanner{OnChange: func() {}, OnSight: func() {}, OnCard: func(string) {}, cameras: cameras, run: run, post: post}
}

// Look finds out which cameras are there.
func (s *Scanner) Look() {
	if s.cameras == nil {
		s.ListErr = ErrCameraUnknown
		return
	}
	if s.listing || s.On {
		return
	}
	s.listing = true
	s.run(func(context.Context) func() {
		list, err := s.cameras.List()
		return func() { s.looked(list, err) }
	})
}

func (s *Scanner) looked(list []CameraInfo, err error) {
	s.listing = false
	if err == nil && len(list) == 0 {
		err = ErrCameraNone
	}
	same := slices.Equal(list, s.List) && errors.Is(err, s.ListErr)
	s.List, s.ListErr = list, err
	if s.index() < 0 && len(list) > 0 {
		s.Chosen = list[0].ID
	}
	if !same {
		s.OnChange()
	}
}

// index is where the chosen camera stands in the list, or -1.
func (s *Scanner) index() int {
	for i, c := range s.List {
		if c.ID == s.Chosen {
			return i
		}
	}
	return -1
}

// Name is what the chosen camera calls itself.
func (s *Scanner) Name() string {
	if i := s.index(); i >= 0 {
		return s.List[i].Name
	}
	return ""
}

// Next changes to the next camera.
func (s *Scanner) Next() {
	if len(s.List) < 2 {
		return
	}
	on := s.On
	s.Stop()
	s.Chosen = s.List[(s.index()+1)%len(s.List)].ID
	if on {
		s.Start()
	}
	s.OnChange()
}

// Start switches the chosen camera on.
func (s *Scanner) Start() {
	if s.On || s.cameras == nil || s.Chosen == "" {
		return
	}
	s.turn++
	s.On, s.Err, s.Other, s.Sight = true, nil, false, Sight{}
	turn, id := s.turn, s.Chosen
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.OnChange()
	s.run(func(window context.Context) func() {
		defer cancel()
		defer context.AfterFunc(window, cancel)()
		card, err := s.watch(ctx, turn, id)
		return func() { s.ended(turn, card, err) }
	})
}

// Stop switches the camera off, if it is on.
func (s *Scanner) Stop() {
	if !s.On {
		return
	}
	s.turn++
	s.cancel()
	s.off()
}

func (s *Scanner) off() {
	s.On, s.Sight, s.Other = false, Sight{}, false
	s.OnChange()
}

func (s *Scanner) ended(turn int, card string, err error) {
	if turn != s.turn {
		return
	}
	s.turn++
	if errors.Is(err, context.Canceled) {
		err = nil // the window ends
	}
	s.Err = err
	s.off()
	switch {
	case err != nil:
		s.Look()
	case card != "":
		s.OnCard(card)
	}
}

// watch reads pictures until there is a card in one.
func (s *Scanner) watch(ctx context.Context, turn int, id string) (card string, err error) {
	camera, err := s.cameras.Open(ctx, id)
	if err != nil {
		return "", err
	}
	defer camera.Close()
	var shown, found time.Time
	for n := 0; ; n++ {
		frame, err := camera.Next(ctx)
		if err != nil {
			return "", err
		}
		now := time.Now()
		code, read := scan.Glance(grey(frame), n)
		switch {
		case !read:
		case !cardShape.MatchString(code.Text):
		case card == "":
			card, found = findCard(code.Text), now
		}
		if card != "" && now.Sub(found) >= markedFor {
			return card, nil
		}
		if read || now.Sub(shown) >= sightEvery {
			shown = now
			s.show(glimpse{turn: turn, sight: mirror(frame, code, read), other: read && card == ""})
		}
	}
}

// show hands a glimpse to the window. One that the window has not come to see is replaced.
func (s *Scanner) show(g glimpse) {
	s.mu.Lock()
	waiting := s.latest != nil
	s.latest = &g
	s.mu.Unlock()
	if waiting {
		return
	}
	s.post(func() {
		s.mu.Lock()
		g := s.latest
		s.latest = nil
		s.mu.Unlock()
		if g.turn == s.turn {
			s.Sight, s.Other = g.sight, g.other
			s.OnSight()
		}
	})
}

// grey is the brightness of a frame.
func grey(frame *image.YCbCr) *image.Gray {
	return &image.Gray{Pix: frame.Y, Stride: frame.YStride, Rect: frame.Rect}
}

// mirror returns a frame as it is shown: its middle, as much as has 4 to 3.
func mirror(frame *image.YCbCr, code scan.Code, marked bool) Sight {
	w, h := frame.Rect.Dx(), frame.Rect.Dy()
	cut := image.Rect(0, 0, min(w, h*4/3), min(h, w*3/4)).Add(image.Pt((w-min(w, h*4/3))/2, (h-min(h, w*3/4))/2))
	width := max(1, min(cut.Dx(), sightWidth))
	height := max(1, width*3/4)
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		row := out.Pix[y*out.Stride:]
		for x := range width {
			c := frame.YCbCrAt(cut.Min.X+(width-1-x)*cut.Dx()/width, cut.Min.Y+y*cut.Dy()/height)
			r, g, b := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
			row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = r, g, b, 255
		}
	}
	s := Sight{Picture: out, Marked: marked}
	for i, p := range code.Corners {
		p = p.Sub(cut.Min)
		s.Corners[i] = image.Pt(width-1-p.X*width/max(1, cut.Dx()), p.Y*height/max(1, cut.Dy()))
	}
	return s
}

// fromScreen reports whether a card that a camera read says that it is shown on a screen.
// One that was made to be sent may have come over anybody's hands before it was held up,
// so it authenticates nobody.
func fromScreen(card string) bool {
	parsed, err := identity.ParseCard(card)
	return err == nil && parsed.Shown
}
