package locale

import "testing"

func TestPrepare(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		key  string
		want string
	}{
		{map[string]string{}, "LANG", fallback},
		{map[string]string{"LANG": "C"}, "LANG", fallback},
		{map[string]string{"LANG": "C.UTF-8"}, "LANG", fallback},
		{map[string]string{"LANG": "POSIX"}, "LANG", fallback},
		{map[string]string{"LANG": "fr_FR.UTF-8"}, "LANG", "fr_FR.UTF-8"},
		{map[string]string{"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "LC_ALL", fallback},
		{map[string]string{"LANG": "C", "LC_ALL": "ar_TN.UTF-8"}, "LC_ALL", "ar_TN.UTF-8"},
	} {
		prepare(func(k string) string { return c.env[k] }, func(k, v string) error {
			c.env[k] = v
			return nil
		})
		if c.env[c.key] != c.want {
			t.Errorf("%v: %s is not %q", c.env, c.key, c.want)
		}
	}
}

func TestPreferred(t *testing.T) {
	for _, c := range []struct{ all, messages, lang, want string }{
		{"", "", "fr_FR.UTF-8", "fr_FR.UTF-8"},
		{"", "ar_TN", "fr_FR", "ar_TN"},
		{"en_US", "ar_TN", "fr_FR", "en_US"},
		{"", "", "", ""},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_MESSAGES", c.messages)
		t.Setenv("LANG", c.lang)
		if got := Preferred(); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}
