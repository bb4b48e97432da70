package simulator

import "time"

// gatewaySpec is a gateway between the diagnostic connector and the inner buses: it passes so many requests
// a second and shuts out a tester that asks for more.
type gatewaySpec struct {
	PerSecond int           `yaml:"per_second"`
	Lockout   time.Duration `yaml:"lockout"` // how long it passes nothing after that
}

// gate counts the requests of one tester.
type gate struct {
	spec   *gatewaySpec
	recent []time.Duration
	shut   time.Duration
}

func newGate(spec *gatewaySpec) *gate { return &gate{spec: spec} }

// passes tells whether a request gets through.
func (g *gate) passes(t time.Duration) bool {
	if g.spec == nil {
		return true
	}
	if t < g.shut {
		return false
	}
	for len(g.recent) > 0 && g.recent[0] <= t-time.Second {
		g.recent = g.recent[1:]
	}
	if len(g.recent) >= g.spec.PerSecond {
		g.recent, g.shut = nil, t+g.spec.Lockout
		return false
	}
	g.recent = append(g.recent, t)
	return true
}
