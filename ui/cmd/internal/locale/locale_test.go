package locale

import "testing"

// prepared is an environment and what is to become of it.
type prepared struct {
	env           map[string]string
	key           string
	want, refused string
}

func (c prepared) none() bool {
	return c.env[c.key] == fallback && c.refused == "" || c.env["LANG"] == fallback && c.key == wish
}

func TestPrepare(t *testing.T) {
	for _, c := range []prepared{
		{map[string]string{}, "LANG", fallback, ""},
		{map[string]string{"LANG": "C"}, "LANG", fallback, ""},
		{map[string]string{"LANG": "C.UTF-8"}, "LANG", fallback, ""},
		{map[string]string{"LANG": "POSIX"}, "LANG", fallback, ""},
		{map[string]string{"LANG": "C", "LANGUAGE": "fr"}, "LANGUAGE", "fr", ""},
		{map[string]string{"LANG": "fr_FR.UTF-8"}, "LANG", "fr_FR.UTF-8", ""},
		{map[string]string{"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "LC_ALL", fallback, ""},
		{map[string]string{"LANG": "C", "LC_ALL": "ar_TN.UTF-8"}, "LC_ALL", "ar_TN.UTF-8", ""},
		{map[string]string{"LANG": "garbage"}, "LANG", fallback, "garbage"},
		{map[string]string{"LANG": "f\xff_FR"}, "LANG", fallback, "f\xff_FR"},
		{map[string]string{"LANG": "../../etc"}, "LANG", fallback, "../../etc"},
		{map[string]string{"LANG": "fr_"}, "LANG", fallback, "fr_"},
		{map[string]string{"LANG": "sr_RS@latin"}, "LANG", "sr_RS@latin", ""},
		{map[string]string{"LANG": "es_419"}, "LANG", "es_419", ""},
		{map[string]string{"LANG": "de_DE", "LANGUAGE": "de:fr_CA:en"}, "LANGUAGE", "de:fr_CA:en", ""},
		{map[string]string{"LANG": "de_DE", "LANGUAGE": "??:fr"}, "LANGUAGE", "fr", "??:fr"},
	} {
		refused, none := prepare(func(k string) string { return c.env[k] }, func(k, v string) error {
			c.env[k] = v
			return nil
		})
		if c.env[c.key] != c.want || refused != c.refused || none != c.none() {
			t.Errorf("%v: %s is not %q, or %q was refused", c.env, c.key, c.want, refused)
		}
	}
}

func TestPreferred(t *testing.T) {
	defer func(before bool) { none = before }(none)
	none = false
	for _, c := range []struct{ all, messages, lang, list, want string }{
		{"", "", "fr_FR.UTF-8", "", "fr_FR.UTF-8"},
		{"", "ar_TN", "fr_FR", "", "ar_TN"},
		{"en_US", "ar_TN", "fr_FR", "", "en_US"},
		{"", "", "de_DE.UTF-8", "de:ar", "de:ar"},
		{"", "", fallback, "ar", "ar"},
		{"", "", "", "", ""},
	} {
		t.Setenv("LANGUAGE", c.list)
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_MESSAGES", c.messages)
		t.Setenv("LANG", c.lang)
		if got := Preferred(); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
	none = true
	t.Setenv("LANG", fallback)
	t.Setenv("LANGUAGE", "ar")
	if got := Preferred(); got != fallback {
		t.Errorf("C with a list of languages gives %q", got)
	}
}
