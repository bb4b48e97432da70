package simulator

import (
	"maps"
	"slices"
)

// truckMonitors are the monitors by bit in DM5 and DM26: byte 4 the continuous ones, then bytes 5 and 6.
var truckMonitors = [3][]string{
	{"misfire", "fuel_system", "components"},
	{"catalyst", "heated_catalyst", "evap", "secondary_air", "ac_refrigerant", "exhaust_gas_sensor", "exhaust_gas_sensor_heater", "egr_vvt"},
	{"cold_start_aid", "boost_pressure", "pm_filter", "nox_converter", "nmhc_catalyst"},
}

// truckBits are three bytes with a bit for every monitor in the list.
func truckBits(names []string) (b [3]byte) {
	for i, row := range truckMonitors {
		for bit, name := range row {
			if slices.Contains(names, name) {
				b[i] |= 1 << bit
			}
		}
	}
	return b
}

// readiness is DM5: counts, compliance, which monitors there are and which are not complete.
func (n *truckNode) readiness() []byte {
	has, open := truckBits(n.spec.OBD.Supported), truckBits(n.open)
	return pack(len(n.codes.Active), len(n.codes.Previous), n.spec.OBD.Compliance,
		has[0]|(open[0]&has[0])<<4, has[1], has[2], open[1]&has[1], open[2]&has[2])
}

// cycle is DM26: time since the start, warm-ups since the clear, and the monitors of this cycle.
func (n *truckNode) cycle(s *state) []byte {
	has, open := truckBits(n.spec.OBD.Supported), truckBits(n.spec.OBD.OpenCycle)
	return pack(low(s.RunTime), byte(bounded(s.WarmUps-n.base.warmUps, 0, 250)),
		has[0]|(open[0]&has[0])<<4, has[1], has[2], open[1]&has[1], open[2]&has[2])
}

// sinceClear is DM21: distance with MIL, distance since the clear, minutes with MIL, minutes since the clear.
func (n *truckNode) sinceClear(s *state) []byte {
	km, minutes := s.MILKm, s.MILMin
	if len(n.codes.Confirmed) == 0 {
		km, minutes = 0, 0
	}
	return pack(low(km), low(s.ClearKm-n.base.km), low(minutes), low(s.ClearMin-n.base.min))
}

// freezeFrames is DM4: length, code, torque mode, boost, engine speed, load, coolant, vehicle speed.
func (n *truckNode) freezeFrames() []byte {
	var b []byte
	for _, c := range n.codes.Active {
		f := c.State
		if f == nil {
			continue
		}
		frame := pack(c.bytes(), 0x01, byte(bounded((f.MAP-f.Baro)/2, 0, 250)), low(f.RPM*8),
			byte(bounded(f.Load, 0, 250)), celsius(f.Coolant), low(f.Speed*256))
		b = append(append(b, byte(len(frame))), frame...)
	}
	if b == nil {
		b = []byte{0, 0, 0, 0, 0}
	}
	return eight(b)
}

// expandedFrames is DM25: length, code, and the data of the SPNs that DM24 lists for it.
func (n *truckNode) expandedFrames() []byte {
	var b []byte
	for _, i := range slices.Sorted(maps.Keys(n.spec.OBD.Expanded)) {
		if i < 0 || i >= len(n.codes.Active) {
			continue
		}
		data, _ := hexBytes(n.spec.OBD.Expanded[i])
		frame := join(n.codes.Active[i].bytes(), data)
		b = append(append(b, byte(len(frame))), frame...)
	}
	if b == nil {
		b = []byte{0, 0, 0, 0, 0}
	}
	return eight(b)
}

// performance is DM20: ignition cycles, general denominator, then SPN, numerator, denominator.
func (n *truckNode) performance() []byte {
	o := n.spec.OBD
	b := pack(low(float64(o.Ignition)), low(float64(o.General)))
	for _, r := range o.Ratios {
		b = join(b, pack(byte(r.SPN), byte(r.SPN>>8), 0xF8|byte(r.SPN>>16), low(float64(r.Numerator)), low(float64(r.Denominator))))
	}
	return eight(b)
}

// supportedSPNs is DM24; a flag of 0 says that it is supported.
func (n *truckNode) supportedSPNs() []byte {
	var b []byte
	for _, s := range n.spec.OBD.SPNs {
		flags := byte(0x1F)
		for i, letter := range "FDT" {
			if slices.Contains([]rune(s.Support), letter) {
				flags &^= 1 << i
			}
		}
		b = append(b, byte(s.SPN), byte(s.SPN>>8), byte(s.SPN>>16)<<5|flags, s.Length)
	}
	return eight(b)
}

// tests is DM30: test identifier 247, SPN and FMI, SLOT, value, maximum, minimum.
func (n *truckNode) tests(want func(*truckTest) bool) ([]byte, bool) {
	var b []byte
	for i := range n.spec.OBD.Tests {
		t := &n.spec.OBD.Tests[i]
		if !want(t) {
			continue
		}
		b = append(b, 247, byte(t.SPN), byte(t.SPN>>8), byte(t.SPN>>16)<<5|t.FMI&0x1F)
		for _, v := range []uint16{t.SLOT, t.Value, t.Max, t.Min} {
			b = append(b, byte(v), byte(v>>8))
		}
	}
	return b, b != nil
}

// commandTest is DM7: 247 with an SPN asks for the last results of its tests.
func (n *truckNode) commandTest(data []byte) ([]byte, bool) {
	if n.spec.OBD == nil || len(data) < 4 || data[0] != 247 {
		return nil, false
	}
	spn := uint32(data[1]) | uint32(data[2])<<8 | uint32(data[3]>>5)<<16
	fmi := data[3] & 0x1F
	return n.tests(func(t *truckTest) bool { return t.SPN == spn && (fmi == 31 || fmi == t.FMI) })
}

// clearActive is DM11: everything but the permanent codes goes.
func (n *truckNode) clearActive(s *state) {
	n.codes = truckCodes{Permanent: n.codes.Permanent}
	if o := n.spec.OBD; o != nil {
		n.open = slices.DeleteFunc(slices.Clone(o.Supported), func(m string) bool { return m == "components" })
	}
	n.base = clearing{km: s.ClearKm, min: s.ClearMin, warmUps: s.WarmUps}
}
