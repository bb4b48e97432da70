package j1979

import (
	"encoding/binary"

	"github.com/fleetms/obdctl/internal/obd"
)

// counter names a pair of in-use performance counters by its short name without COMP and COND.
type counter struct{ id, name string }

// The counters behind OBDCOND and IGNCNTR in the order of SAE J1979-DA; ECUs send as many as their edition had.
var sparkCounters = []counter{
	{"CAT1", "catalyst, bank 1"},
	{"CAT2", "catalyst, bank 2"},
	{"O2S1", "oxygen sensor, bank 1"},
	{"O2S2", "oxygen sensor, bank 2"},
	{"EGR", "EGR or variable valve timing"},
	{"AIR", "secondary air"},
	{"EVAP", "EVAP system"},
	{"SO2S1", "secondary oxygen sensor, bank 1"},
	{"SO2S2", "secondary oxygen sensor, bank 2"},
	{"AFRI1", "air-fuel ratio imbalance, bank 1"},
	{"AFRI2", "air-fuel ratio imbalance, bank 2"},
	{"PF1", "particulate filter, bank 1"},
	{"PF2", "particulate filter, bank 2"},
}

var dieselCounters = []counter{
	{"HCCAT", "NMHC catalyst"},
	{"NCAT", "NOx catalyst or SCR"},
	{"NADS", "NOx adsorber"},
	{"PM", "particulate filter"},
	{"EGS", "exhaust gas sensor"},
	{"EGR", "EGR or variable valve timing"},
	{"BP", "boost pressure"},
	{"FUEL", "fuel system"},
}

// inUse reads the counters; nil when not even the two general ones came.
func inUse(b []byte, names []counter) *obd.InUse {
	if len(b) < 4 {
		return nil
	}
	u := &obd.InUse{
		Conditions:     binary.BigEndian.Uint16(b),
		IgnitionCycles: binary.BigEndian.Uint16(b[2:]),
		Counters:       []obd.InUseCounter{},
	}
	b = b[4:]
	for _, c := range names {
		if len(b) < 4 {
			break
		}
		u.Counters = append(u.Counters, obd.InUseCounter{
			ID: c.id, Name: c.name,
			Completions: binary.BigEndian.Uint16(b), Conditions: binary.BigEndian.Uint16(b[2:]),
		})
		b = b[4:]
	}
	return u
}
