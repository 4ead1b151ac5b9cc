package lang

import "testing"

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{
		-1: "0 bytes", 0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0 kB", 9949: "9.9 kB", 9999: "10 kB",
		41_000_000: "41 MB", 999_499: "999 kB", 999_500: "1.0 MB", 2 << 30: "2.1 GB", 5_000_000_000_000: "5000 GB",
	} {
		if got := Plain(Size(n)); got != want {
			t.Errorf("%d bytes are %q, want %q", n, got, want)
		}
	}
}
