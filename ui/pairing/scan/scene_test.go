package scan

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"
)

// symbol is a code as light and dark modules.
type symbol struct {
	side int
	dark []bool
}

// quiet is the light border of a symbol in modules, as ISO/IEC 18004 asks for.
const quiet = 4

// at returns how light the symbol is at a place in modules: 1 for light, which is also
// all around it for the width of the plate.
func (s symbol) at(x, y float64) float64 {
	i, j := int(math.Floor(x)), int(math.Floor(y))
	if i < 0 || j < 0 || i >= s.side || j >= s.side || !s.dark[j*s.side+i] {
		return 1
	}
	return 0
}

// scene says how a camera sees a symbol. Its zero values are a perfect camera.
type scene struct {
	module  float64 // pixels a module in the middle of the symbol
	angle   float64 // turned, radians
	tilt    float64 // the plate leans away, radians
	lean    float64 // direction of the tilt, radians
	blur    float64 // sigma of the lens, in modules
	motion  float64 // length of a movement during the exposure, in modules
	course  float64 // its direction, radians
	black   float64 // brightness of dark modules, 0 to 255
	white   float64 // and of light ones; 0 stands for 255
	slope   float64 // the light falls to 1-slope of itself over the plate
	shade   float64 // the edge of a shadow lies across the plate; this much light is lost behind it
	pitch   float64 // the plate is a screen whose points are this many modules wide; 0: paper
	glare   float64 // part of the data area under a reflection of a lamp
	noise   float64 // sigma of the sensor, 0 to 255
	quality int     // of JPEG, 1 to 100; 0: YUYV, which keeps the brightness as it is
}

// view is the camera's geometry: from pixels to modules.
type view struct {
	w, h   int
	m      [9]float64
	across float64 // modules from edge to edge of the symbol
}

func (v view) modules(x, y float64) (float64, float64) {
	z := v.m[6]*x + v.m[7]*y + v.m[8]
	return (v.m[0]*x+v.m[1]*y+v.m[2])/z + v.across/2, (v.m[3]*x+v.m[4]*y+v.m[5])/z + v.across/2
}

// look turns and tilts the plate before a pinhole camera four plates away.
func (c scene) look(s symbol, rng *rand.Rand) view {
	plate := float64(s.side+2*quiet) * c.module
	// The whole code is in sight, however it is turned and tilted.
	sin, cos := math.Sincos(c.angle)
	reach := float64(s.side+2) * c.module * (math.Abs(sin) + math.Abs(cos)) * (1 + math.Sin(c.tilt)/4)
	v := view{w: 640, h: 480, across: float64(s.side)}
	if reach > 480 {
		v.w, v.h = 1280, 720
	}
	cx := float64(v.w)/2 + (rng.Float64()-0.5)*max(0, float64(v.w)-reach)
	cy := float64(v.h)/2 + (rng.Float64()-0.5)*max(0, float64(v.h)-reach)
	// A point (u, v) of the plate, in pixels seen straight, turned by angle; then tilted
	// about an axis at lean, so that depth = 1 + k times its distance from that axis.
	k := math.Sin(c.tilt) / (4 * plate)
	sa, ca := math.Sincos(c.angle)
	sl, cl := math.Sincos(c.lean)
	squash := math.Cos(c.tilt)
	// Forward: p = R(angle) m * module; d = p . n; q = p + (squash-1) d n; pixel = c + q/(1+k d).
	r := [4]float64{ca * c.module, -sa * c.module, sa * c.module, ca * c.module}
	n := [2]float64{cl, sl}
	var f [9]float64
	for col := range 2 {
		px, py := r[col], r[2+col]
		d := px*n[0] + py*n[1]
		f[col] = px + (squash-1)*d*n[0]
		f[3+col] = py + (squash-1)*d*n[1]
		f[6+col] = k * d
	}
	f[8] = 1
	for col := range 3 {
		f[col] += cx * f[6+col]
		f[3+col] += cy * f[6+col]
	}
	v.m = invert(f)
	return v
}

func invert(m [9]float64) [9]float64 {
	return [9]float64{
		m[4]*m[8] - m[5]*m[7], m[2]*m[7] - m[1]*m[8], m[1]*m[5] - m[2]*m[4],
		m[5]*m[6] - m[3]*m[8], m[0]*m[8] - m[2]*m[6], m[2]*m[3] - m[0]*m[5],
		m[3]*m[7] - m[4]*m[6], m[1]*m[6] - m[0]*m[7], m[0]*m[4] - m[1]*m[3],
	}
}

// finest is how many samples a pixel takes along each side.
const finest = 2

// render is what the camera delivers.
func (c scene) render(t *testing.T, s symbol, seed uint64) *image.Gray {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 6))
	v := c.look(s, rng)
	light := c.expose(s, v, rng)
	light = smear(light, v.w, v.h, c.motion*c.module, c.course)
	light = soften(light, v.w, v.h, c.blur*c.module)
	out := image.NewGray(image.Rect(0, 0, v.w, v.h))
	white := c.white
	if white == 0 {
		white = 255
	}
	for i, l := range light {
		out.Pix[i] = uint8(max(0, min(255, c.black+float64(l)*(white-c.black)+rng.NormFloat64()*c.noise+0.5)))
	}
	if c.quality == 0 {
		return out
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, out, &jpeg.Options{Quality: c.quality}); err != nil {
		t.Fatal(err)
	}
	back, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return back.(*image.Gray)
}

// expose returns the light at each pixel: the plate before a room of soft patches.
func (c scene) expose(s symbol, v view, rng *rand.Rand) []float32 {
	light := make([]float32, v.w*v.h)
	side := float64(s.side)
	room := [4]float64{rng.Float64() * 6, rng.Float64() * 6, rng.Float64() * 6, rng.Float64() * 6}
	lamp := c.lamp(side, rng)
	fall := rng.Float64() * 2 * math.Pi
	fs, fc := math.Sincos(fall)
	cut := side * (0.3 + 0.4*rng.Float64())
	for y := range v.h {
		for x := range v.w {
			sum, dots := 0.0, c.points(v, float64(x)+0.5, float64(y)+0.5)
			for i := range finest * finest {
				px := float64(x) + (float64(i%finest)+0.5)/finest
				py := float64(y) + (float64(i/finest)+0.5)/finest
				mx, my := v.modules(px, py)
				var l float64
				if mx < -quiet || my < -quiet || mx > side+quiet || my > side+quiet {
					l = 0.45 + 0.2*math.Sin(px/47+room[0])*math.Sin(py/61+room[1]) + 0.15*math.Sin(px/13+room[2])*math.Sin(py/17+room[3])
				} else {
					l = s.at(mx, my) * dots
					l += lamp(mx, my) * (1 - l)
				}
				along := ((mx-side/2)*fc+(my-side/2)*fs)/side + 0.5
				l *= 1 - c.slope*max(0, min(1, along))
				if mx*fc+my*fs > cut {
					l *= 1 - c.shade
				}
				sum += l
			}
			light[y*v.w+x] = float32(sum / (finest * finest))
		}
	}
	return light
}

// points are the points of a screen with dark gaps between them. A sensor's own points
// see less than the whole of a pixel, so that the two patterns beat: a moire.
func (c scene) points(v view, x, y float64) float64 {
	if c.pitch == 0 {
		return 1
	}
	const part = 0.25
	sum := 0.0
	for i := range 4 {
		mx, my := v.modules(x+(float64(i&1)-0.5)*part, y+(float64(i>>1)-0.5)*part)
		fx, fy := mx/c.pitch-math.Floor(mx/c.pitch), my/c.pitch-math.Floor(my/c.pitch)
		if fx > 0.72 || fy > 0.78 {
			sum += gap
		} else {
			sum++
		}
	}
	return sum / 4
}

// gap is how light the gaps of a screen are.
const gap = 0.25

// lamp returns how much of a lamp is reflected at a place: a round spot with a soft rim,
// within the data and clear of the three corners.
func (c scene) lamp(side float64, rng *rand.Rand) func(x, y float64) float64 {
	if c.glare == 0 {
		return func(float64, float64) float64 { return 0 }
	}
	r := math.Sqrt(c.glare * side * side / math.Pi)
	x0 := side * (0.45 + 0.2*rng.Float64())
	y0 := side * (0.45 + 0.2*rng.Float64())
	return func(x, y float64) float64 {
		d := math.Hypot(x-x0, y-y0)
		return max(0, min(1, (r*1.15-d)/(r*0.3)))
	}
}

// soften blurs with a gaussian of sigma pixels.
func soften(in []float32, w, h int, sigma float64) []float32 {
	if sigma < 0.05 {
		return in
	}
	n := int(math.Ceil(3 * sigma))
	kernel := make([]float32, 2*n+1)
	var sum float32
	for i := range kernel {
		kernel[i] = float32(math.Exp(-float64((i-n)*(i-n)) / (2 * sigma * sigma)))
		sum += kernel[i]
	}
	for i := range kernel {
		kernel[i] /= sum
	}
	pass := func(in []float32, dx, dy int) []float32 {
		out := make([]float32, len(in))
		for y := range h {
			for x := range w {
				var l float32
				for i, k := range kernel {
					l += k * in[max(0, min(h-1, y+(i-n)*dy))*w+max(0, min(w-1, x+(i-n)*dx))]
				}
				out[y*w+x] = l
			}
		}
		return out
	}
	return pass(pass(in, 1, 0), 0, 1)
}

// smear is the mean over a straight movement of length pixels.
func smear(in []float32, w, h int, length, course float64) []float32 {
	if length < 0.5 {
		return in
	}
	out := make([]float32, len(in))
	steps := int(math.Ceil(length * 2))
	s, c := math.Sincos(course)
	for y := range h {
		for x := range w {
			var l float32
			for i := range steps + 1 {
				d := (float64(i)/float64(steps) - 0.5) * length
				l += sample(in, w, h, float64(x)+d*c, float64(y)+d*s)
			}
			out[y*w+x] = l / float32(steps+1)
		}
	}
	return out
}

func sample(in []float32, w, h int, x, y float64) float32 {
	x, y = max(0, min(float64(w-1), x)), max(0, min(float64(h-1), y))
	i, j := min(int(x), w-2), min(int(y), h-2)
	fx, fy := float32(x-float64(i)), float32(y-float64(j))
	p := j*w + i
	return (in[p]*(1-fx)+in[p+1]*fx)*(1-fy) + (in[p+w]*(1-fx)+in[p+w+1]*fx)*fy
}
