package app

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"tacit/identity"
)

// TestRecordsArePrintedRedacted formats what holds a secret in every way that a log, an
// error or a panic would, and looks for the secret in the ways that bytes are written.
func TestRecordsArePrintedRedacted(t *testing.T) {
	secret := bytes.Repeat([]byte{0xa7}, 32)
	contact := ContactRecord{ResetSecret: [32]byte(secret)}
	profile := ProfileRecord{Root: [32]byte(secret)}
	for _, v := range []any{
		profile, contact, CardRecord{InviteHash: [32]byte(secret)}, PairingRecord{State: secret},
		lineRecord{Session: secret, Reset: secret}, pairingRecord{State: secret, Line: secret, Grants: secret},
		content{Body: secret}, peer{rec: contact}, state{profile: profile}, &Messenger{state: state{profile: profile}},
		pairing{first: secret}, line{},
	} {
		outs := []string{}
		held := struct {
			Value any
			List  []any
		}{v, []any{v}}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			outs = append(outs, fmt.Sprintf(verb, v), fmt.Sprintf(verb, held))
		}
		var text, lines bytes.Buffer
		slog.New(slog.NewTextHandler(&text, nil)).Info("said", "value", v, "held", held)
		slog.New(slog.NewJSONHandler(&lines, nil)).Info("said", "value", v, "held", held)
		outs = append(outs, text.String(), lines.String())
		if !strings.Contains(outs[0], identity.Redacted) {
			t.Errorf("%T prints as %q", v, outs[0])
		}
		asJSON, err := json.Marshal(secret[:8])
		if err != nil {
			t.Fatal(err)
		}
		for _, out := range outs {
			for _, form := range []string{
				string(secret[:8]), hex.EncodeToString(secret[:8]), strings.ToUpper(hex.EncodeToString(secret[:8])),
				"167 167 167", "167,167,167", "0xa7, 0xa7", `\xa7\xa7`, strings.Trim(string(asJSON), `"=`)[:8],
			} {
				if strings.Contains(out, form) {
					t.Errorf("%T is printed: %.200q", v, out)
				}
			}
		}
	}
}

// The text of a card is shown to one person, and written nowhere.
func TestCardOfferIsPrintedRedacted(t *testing.T) {
	offer := CardOffer{Card: "TACIT1:SECRET"}
	for _, out := range []string{fmt.Sprintf("%v %+v %#v %s %q", offer, offer, offer, offer, offer), fmt.Sprint(&offer), fmt.Sprint([]any{offer})} {
		if strings.Contains(out, "SECRET") {
			t.Error(out)
		}
	}
}
