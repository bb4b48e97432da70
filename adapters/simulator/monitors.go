package simulator

import "slices"

// The monitors by bit number: the continuous ones, then the others for spark and for compression
// ignition (SAE J1979 PID 01, bytes B, C and D).
var (
	continuous       = []string{"misfire", "fuel_system", "components"}
	sparkMonitors    = []string{"catalyst", "heated_catalyst", "evap", "secondary_air", "ac_refrigerant", "oxygen_sensor", "oxygen_sensor_heater", "egr_vvt"}
	compressMonitors = []string{"nmhc_catalyst", "nox_scr", "", "boost_pressure", "", "exhaust_gas_sensor", "pm_filter", "egr_vvt"}
)

func otherMonitors(compression bool) []string {
	if compression {
		return compressMonitors
	}
	return sparkMonitors
}

func knownMonitor(name string, compression bool) bool {
	return name != "" && (slices.Contains(continuous, name) || slices.Contains(otherMonitors(compression), name))
}

// monitorBits turns names into the bits of the continuous and of the other monitors.
func monitorBits(names []string, compression bool) (first, other byte) {
	for _, name := range names {
		if i := slices.Index(continuous, name); i >= 0 {
			first |= 1 << i
		}
		if i := slices.Index(otherMonitors(compression), name); i >= 0 {
			other |= 1 << i
		}
	}
	return first, other
}

// status is PID 01 (since clear) or PID 41 (this driving cycle) of an ECU.
func (e *ecu) status(cycle bool) []byte {
	var a, b, c, d byte
	if m := e.spec.Monitors; m != nil {
		var supported byte
		supported, c = monitorBits(m.Supported, m.Compression)
		open, openOther := e.open, e.openOther
		if cycle {
			open, openOther = monitorBits(m.OpenCycle, m.Compression)
		}
		b = supported | (open&supported)<<4
		d = openOther & c
		if m.Compression {
			b |= 0x08
		}
	}
	if !cycle {
		a = byte(e.confirmed())
		if a > 0 {
			a |= 0x80
		}
	}
	return []byte{a, b, c, d}
}

// confirmed counts the codes that ask for the lamp.
func (e *ecu) confirmed() int {
	if len(e.codes.Stored) > 0 || e.spec.UDS == nil || !e.spec.UDS.OBD {
		return len(e.codes.Stored)
	}
	return len(e.matching(func(m *memory) bool { return m.spec.Emission && m.status&statusConfirmed != 0 }))
}
