package diag

import (
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// j1939 speaks SAE J1939-73 over a network of nodes.
type j1939 struct {
	mute
	tester  *Tester
	network link.Network
}

// newJ1939 returns the dialect of a link that is a network.
func newJ1939(t *Tester, n link.Network) dialect {
	return &j1939{mute: mute{id: obd.DialectJ1939}, tester: t, network: n}
}
