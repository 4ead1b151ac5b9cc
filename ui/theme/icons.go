package theme

import (
	"fmt"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
)

// IconName names an icon of the set.
type IconName string

// The icons: one hand, a grid of 24, strokes only.
const (
	IconQueued    IconName = "queued"
	IconHeld      IconName = "held"
	IconDelivered IconName = "delivered"
	IconRead      IconName = "read"
	IconFailed    IconName = "failed"
	IconSend      IconName = "send"
	IconDown      IconName = "down"
	IconAdd       IconName = "add"
	IconSearch    IconName = "search"
	IconDetails   IconName = "details"
	IconLock      IconName = "lock"
	IconAttach    IconName = "attach"
	IconCopy      IconName = "copy"
	IconBack      IconName = "back"
	IconSeal      IconName = "seal" // mark of the app
	IconClose     IconName = "close"
	IconEye       IconName = "eye"
	IconEyeOff    IconName = "eye-off"
	IconCheck     IconName = "check"
	IconFile      IconName = "file"
	IconImage     IconName = "image"
	IconMore      IconName = "more"
	IconMenu      IconName = "menu"
	IconRing      IconName = "ring" // an unfinished pairing
	IconChat      IconName = "chat"
	IconPerson    IconName = "person"
	IconFolder    IconName = "folder"
	IconContrast  IconName = "contrast"
	IconNetwork   IconName = "network"
	IconKeyboard  IconName = "keyboard"
	IconHelp      IconName = "help" // a lifebelt
	IconInfo      IconName = "info"
	IconReply     IconName = "reply"
	IconForward   IconName = "forward"
	IconReact     IconName = "react"
	IconEdit      IconName = "edit"
	IconDelete    IconName = "delete"
	IconFetch     IconName = "fetch"
	IconExport    IconName = "export"
	IconPause     IconName = "pause"
	IconResume    IconName = "resume"
	IconTimer     IconName = "timer"
	IconPin       IconName = "pin"
	IconArchive   IconName = "archive"
	IconSettings  IconName = "settings"
	IconMuted     IconName = "muted"
	IconBell      IconName = "bell"
	IconUp        IconName = "up"
	IconNext      IconName = "next"
	IconCamera    IconName = "camera"
	IconMic       IconName = "mic"
	IconMicOff    IconName = "mic-off"
)

const (
	strokeAction = "1.75" // shown at 20 and larger
	strokeSmall  = "2"    // shown at 14 to 16, where 1.75 would be thinner than a stem of text
)

type drawing struct {
	body    string
	mirrors bool // points somewhere that changes with the direction of the interface
}

var drawings = map[IconName]drawing{
	IconQueued:    {body: circle(12, 12, 8.5) + path("M12 7.5 V12 L15 14")},
	IconHeld:      {body: path("M2.5 5 H21.5 V19 H2.5 Z") + path("M3 6 L12 13.5 L21 6")}, // larger than the others: at 14 its lines would close
	IconDelivered: {body: path("M5 12.5 L10 17.5 L19.5 7")},
	IconRead:      {body: path("M1.5 13 L6 17.5 L14.5 7.5") + path("M12.2 16.8 L13 17.5 L22 7.5")},
	IconFailed:    {body: path("M12 3.5 L21 19.5 H3 Z") + path("M12 9.5 V13.5") + path("M12 16.4 V16.6")},
	IconSend:      {body: path("M12 19 V5.5") + path("M6 11 L12 5 L18 11")},
	IconDown:      {body: path("M12 5 V18") + path("M6 12.5 L12 18.5 L18 12.5")},
	IconAdd:       {body: path("M12 5 V19") + path("M5 12 H19")},
	IconSearch:    {body: circle(11, 11, 6.5) + path("M16 16 L20.5 20.5")},
	IconDetails:   {body: path("M4 5 H20 V19 H4 Z") + path("M14.5 5 V19"), mirrors: true},
	IconLock:      {body: path("M6 11 H18 V20 H6 Z") + path("M8.5 11 V8 C8.5 3.5 15.5 3.5 15.5 8 V11")},
	IconAttach:    {body: path("M19 11.5 L11.8 18.7 C9.5 21 5.5 17.5 8 14.8 L15 7.8 C16.7 6.1 19 8.5 17.4 10.2 L10.8 16.8")},
	IconCopy:      {body: path("M9 9 H19 V20 H9 Z") + path("M15 9 V4 H5 V15 H9")},
	IconBack:      {body: path("M14.5 5.5 L8 12 L14.5 18.5"), mirrors: true},
	IconSeal:      {body: circle(12, 12, 9) + path("M8 9.5 H16") + path("M12 9.5 V16.5")},
	IconClose:     {body: path("M6 6 L18 18") + path("M18 6 L6 18")},
	IconEye:       {body: path("M2.5 12 C6.5 5.5 17.5 5.5 21.5 12 C17.5 18.5 6.5 18.5 2.5 12 Z") + circle(12, 12, 2.75)},
	IconEyeOff:    {body: path("M2.5 12 C6.5 5.5 17.5 5.5 21.5 12 C17.5 18.5 6.5 18.5 2.5 12 Z") + path("M5 19 L19 5")},
	IconCheck:     {body: path("M5 12.5 L10 17.5 L19.5 7")},
	IconFile:      {body: path("M6 3.5 H14 L18.5 8 V20.5 H6 Z") + path("M14 3.5 V8 H18.5")},
	IconImage:     {body: path("M4 5 H20 V19 H4 Z") + path("M4.5 16.5 L9.5 11.5 L17 19")},
	IconMore:      {body: circle(5.5, 12, 0.6) + circle(12, 12, 0.6) + circle(18.5, 12, 0.6)},
	IconMenu:      {body: path("M4 8.5 H20") + path("M4 15.5 H20")},
	IconRing:      {body: circle(12, 12, 8.5)},
	IconChat:      {body: path("M4 5 H20 V16.5 H11 L7 20.5 V16.5 H4 Z")},
	IconFolder:    {body: path("M4 6 H10 L12 8.5 H20 V18.5 H4 Z")},
	IconArchive:   {body: path("M4 5 H20 V9.5 H4 Z") + path("M5.5 9.5 V19.5 H18.5 V9.5") + path("M10 13 H14")},
	IconPin:       {body: path("M8.5 4 H15.5 L14.5 10.5 L17.5 14 H6.5 L9.5 10.5 Z") + path("M12 14 V20.5")},
	IconMuted:     {body: path("M6.5 16 V11 C6.5 4 17.5 4 17.5 11 V16 L19 18 H5 Z") + path("M4 4 L20 20.5")},
	IconBell:      {body: path("M6.5 16 V11 C6.5 4 17.5 4 17.5 11 V16 L19 18 H5 Z") + path("M10.5 20.5 H13.5")},
	IconReply:     {body: path("M9.5 6 L4.5 11 L9.5 16") + path("M4.5 11 H13.5 C18 11 19.5 14 19.5 18.5"), mirrors: true},
	IconForward:   {body: path("M14.5 6 L19.5 11 L14.5 16") + path("M19.5 11 H10.5 C6 11 4.5 14 4.5 18.5"), mirrors: true},
	IconEdit:      {body: path("M5 19 L5.8 15 L16 4.8 L19.2 8 L9 18.2 Z") + path("M13.6 7.2 L16.8 10.4")},
	IconReact:     {body: circle(12, 12, 8.5) + path("M8.5 14 C9.8 16.6 14.2 16.6 15.5 14") + path("M9.2 9.6 V9.8") + path("M14.8 9.6 V9.8")},
	IconTimer:     {body: circle(12, 13, 7.5) + path("M12 9 V13 L14.5 14.8") + path("M9.5 3 H14.5")},
	IconDelete:    {body: path("M4.5 7 H19.5") + path("M9 7 V4.5 H15 V7") + path("M6.5 7 L7.5 20 H16.5 L17.5 7")},
	IconNext:      {body: path("M9.5 5.5 L16 12 L9.5 18.5"), mirrors: true},
	IconUp:        {body: path("M12 19 V6") + path("M6.5 11.5 L12 5.5 L17.5 11.5")},
	IconFetch:     {body: path("M12 4 V16") + path("M6.5 11 L12 16.5 L17.5 11") + path("M5 20 H19")},
	IconExport:    {body: path("M12 3.5 V14.5") + path("M7.5 10.5 L12 15 L16.5 10.5") + path("M4.5 14 V20 H19.5 V14")},
	IconPause:     {body: path("M9 6.5 V17.5") + path("M15 6.5 V17.5")},
	IconResume:    {body: path("M8.5 5.5 L18.5 12 L8.5 18.5 Z")},
	IconSettings:  {body: path("M4 8 H12.5") + path("M17.5 8 H20") + circle(15, 8, 2.5) + path("M4 16 H6.5") + path("M11.5 16 H20") + circle(9, 16, 2.5)},
	IconContrast:  {body: circle(12, 12, 8.5) + path("M12 3.5 V20.5 M14.5 7 H18.5 M14.5 12 H20 M14.5 17 H18.5")},
	IconNetwork:   {body: circle(5.5, 12, 2.5) + circle(18, 6, 2.5) + circle(18, 18, 2.5) + path("M7.8 10.9 L15.7 7.1 M7.8 13.1 L15.7 16.9")},
	IconKeyboard:  {body: path("M2.5 6.5 H21.5 V17.5 H2.5 Z") + path("M6.5 10.5 H7 M11.75 10.5 H12.25 M17 10.5 H17.5 M8 14 H16")},
	IconHelp:      {body: circle(12, 12, 8.5) + circle(12, 12, 3.5) + path("M6 6 L9.5 9.5 M18 6 L14.5 9.5 M6 18 L9.5 14.5 M18 18 L14.5 14.5")},
	IconInfo:      {body: circle(12, 12, 8.5) + path("M12 11 V16.5 M12 7.7 V7.9")},
	IconMic:       {body: path("M9 6 C9 2 15 2 15 6 V11 C15 15 9 15 9 11 Z") + path("M5.5 11 C5.5 19.5 18.5 19.5 18.5 11 M12 17.5 V21")},
	IconMicOff:    {body: path("M9 6 C9 2 15 2 15 6 V11 C15 15 9 15 9 11 Z") + path("M5.5 11 C5.5 19.5 18.5 19.5 18.5 11 M12 17.5 V21") + path("M4 4 L20 20.5")},
	IconCamera:    {body: path("M3.5 7.5 H8 L9.5 5 H14.5 L16 7.5 H20.5 V19 H3.5 Z") + circle(12, 13, 3.5)},
	IconPerson:    {body: circle(12, 8, 4) + path("M4.5 20 C5.5 13.5 18.5 13.5 19.5 20")},
}

func path(d string) string { return `<path d="` + d + `"/>` }

func circle(x, y, r float64) string {
	return fmt.Sprintf(`<circle cx="%g" cy="%g" r="%g"/>`, x, y, r)
}

// iconCache holds one resource per icon, colour, stroke and direction: Fyne keys its
// rasters by the name of the resource. Owner: Fyne's thread. It cannot grow past the
// number of icons times the few colours of two palettes.
var iconCache = map[string]fyne.Resource{}

// Icon returns an icon to be shown at 20 dp or larger, stroked in c. Fyne's own
// recolouring of SVG only knows fills, so the colour is written into the drawing.
func Icon(name IconName, c color.NRGBA) fyne.Resource { return icon(name, c, strokeAction) }

// SmallIcon returns an icon to be shown at 14 to 16 dp, stroked in c.
func SmallIcon(name IconName, c color.NRGBA) fyne.Resource { return icon(name, c, strokeSmall) }

func icon(name IconName, c color.NRGBA, stroke string) fyne.Resource {
	d := drawings[name]
	mirrored := d.mirrors && rtl
	key := fmt.Sprintf("%s-%02x%02x%02x-%s-%t.svg", name, c.R, c.G, c.B, stroke, mirrored)
	if r, ok := iconCache[key]; ok {
		return r
	}
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">`)
	fmt.Fprintf(&b, `<g fill="none" stroke="#%02x%02x%02x" stroke-width="%s" stroke-linecap="round" stroke-linejoin="round"`,
		c.R, c.G, c.B, stroke)
	if mirrored {
		b.WriteString(` transform="translate(24 0) scale(-1 1)"`)
	}
	b.WriteString(">" + d.body + "</g></svg>")
	r := fyne.NewStaticResource(key, []byte(b.String()))
	iconCache[key] = r
	return r
}
