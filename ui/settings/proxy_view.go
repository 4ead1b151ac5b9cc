package settings

import (
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// proxyPart shows a Proxy inside the section "Delivery".
type proxyPart struct {
	content  *layout.Column
	proxy    *Proxy
	sentence func(error) string
	field    *widget.Field
	save     *widget.Button
}

// newProxyPart returns the part; call update when the model changed.
func newProxyPart(p *Proxy, sentence func(error) string) *proxyPart {
	v := &proxyPart{proxy: p, sentence: sentence}
	v.field = widget.NewField(lang.T("delivery.proxy"), lang.T("delivery.proxy_hint"))
	v.field.OnChanged = p.Edit
	v.field.OnSubmit = func(string) { p.Save() }
	v.save = widget.NewButton(widget.ButtonText, lang.T("delivery.save"), p.Save)
	v.content = column().
		Add(0, v.field).
		AddStart(theme.Space2, v.save).
		Add(theme.Space4, why(lang.T("delivery.proxy_why"))).
		Add(theme.Space8, why(lang.T("delivery.proxy_tor")))
	p.OnChange = v.update
	return v
}

// update brings what is seen in line with the model.
func (v *proxyPart) update() {
	if text := v.proxy.Text(); v.field.Text() != text {
		v.field.SetText(text)
	}
	v.field.SetError(v.sentence(v.proxy.Err()))
	visible(v.save, v.proxy.Changed())
	v.content.Refresh()
}
