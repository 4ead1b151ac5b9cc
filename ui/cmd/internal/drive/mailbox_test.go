package drive

import "testing"

func TestNodeAddress(t *testing.T) {
	if got, ok := nodeAddress("address TACITNODE1:ABC\n"); got != "TACITNODE1:ABC" || !ok {
		t.Errorf("%q, %v", got, ok)
	}
	for _, line := range []string{"", "address", "address TACIT1:ABC", "TACITNODE1:ABC", "the address TACITNODE1:ABC"} {
		if got, ok := nodeAddress(line); ok {
			t.Errorf("%q was read from %q", got, line)
		}
	}
}
