package node

import (
	"testing"
)

// figure reads one figure without labels.
func figure(t *testing.T, m *metrics, name string) float64 {
	t.Helper()
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			v := f.GetMetric()[0]
			return v.GetGauge().GetValue() + v.GetCounter().GetValue()
		}
	}
	t.Fatalf("no figure %s", name)
	return 0
}
