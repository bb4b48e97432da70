package simulator

import "math"

// encoder builds the data of one PID of service 01 or 02 from the state of the car (SAE J1979 annex B).
type encoder func(s *state) []byte

// Every formula here is the inverse of the standard's, written for this package alone.
var encoders = map[byte]encoder{
	0x03: func(s *state) []byte { return []byte{fuelSystem(s), 0} },
	0x04: func(s *state) []byte { return percent(s.Load) },
	0x05: func(s *state) []byte { return one(s.Coolant + 40) },
	0x06: func(s *state) []byte { return trim(s.ShortFT) },
	0x07: func(s *state) []byte { return trim(s.LongFT) },
	0x08: func(s *state) []byte { return trim(-0.8 * s.ShortFT) },
	0x09: func(s *state) []byte { return trim(s.LongFT / 2) },
	0x0A: func(s *state) []byte { return one(s.Rail / 3) },
	0x0B: func(s *state) []byte { return one(s.MAP) },
	0x0C: func(s *state) []byte { return two(s.RPM * 4) },
	0x0D: func(s *state) []byte { return one(s.Speed) },
	0x0E: func(s *state) []byte { return one((s.Timing + 64) * 2) },
	0x0F: func(s *state) []byte { return one(s.Intake + 40) },
	0x10: func(s *state) []byte { return two(s.MAF * 100) },
	0x11: func(s *state) []byte { return percent(s.Throttle) },
	0x14: func(s *state) []byte { return oxygen(s.O2, s.ShortFT) },
	0x15: func(s *state) []byte { return append(one(s.O2After*200), 0xFF) },
	0x18: func(s *state) []byte { return oxygen(0.9-s.O2, -0.8*s.ShortFT) },
	0x19: func(s *state) []byte { return append(one(s.O2After*200), 0xFF) },
	0x1F: func(s *state) []byte { return two(s.RunTime) },
	0x21: func(s *state) []byte { return two(math.Floor(s.MILKm)) },
	0x22: func(s *state) []byte { return two((s.Rail - s.MAP + 100) / 0.079) },
	0x23: func(s *state) []byte { return two(s.Rail / 10) },
	0x24: func(s *state) []byte { return append(two(s.Lambda*32768), two(s.O2*8192)...) },
	0x2C: func(s *state) []byte { return percent(s.EGR) },
	0x2D: func(s *state) []byte { return trim(-1.5) },
	0x2E: func(s *state) []byte { return percent(s.Purge) },
	0x2F: func(s *state) []byte { return percent(s.Fuel) },
	0x30: func(s *state) []byte { return one(s.WarmUps) },
	0x31: func(s *state) []byte { return two(math.Floor(s.ClearKm)) },
	0x32: func(s *state) []byte { return signed(-4 * (25 + s.Purge*8)) },
	0x33: func(s *state) []byte { return one(s.Baro) },
	0x34: func(s *state) []byte { return append(two(s.Lambda*32768), two(32768+256*pumpCurrent(s))...) },
	0x3C: func(s *state) []byte { return two((s.Catalyst + 40) * 10) },
	0x3D: func(s *state) []byte { return two((s.Catalyst*0.96 + 40) * 10) },
	0x3E: func(s *state) []byte { return two((s.Catalyst*0.88 + 40) * 10) },
	0x42: func(s *state) []byte { return two(s.Volts * 1000) },
	0x43: func(s *state) []byte { return two(s.AbsLoad * 255 / 100) },
	0x44: func(s *state) []byte { return two(s.Lambda * 32768) },
	0x45: func(s *state) []byte { return percent(max(0, s.Throttle-12)) },
	0x46: func(s *state) []byte { return one(s.Ambient + 40) },
	0x47: func(s *state) []byte { return percent(s.Throttle + 0.8) },
	0x49: func(s *state) []byte { return percent(14 + 0.7*s.Pedal) },
	0x4A: func(s *state) []byte { return percent(7 + 0.35*s.Pedal) },
	0x4C: func(s *state) []byte { return percent(s.Throttle) },
	0x4D: func(s *state) []byte { return two(math.Floor(s.MILMin)) },
	0x4E: func(s *state) []byte { return two(math.Floor(s.ClearMin)) },
	0x54: func(s *state) []byte { return signed(-(25 + s.Purge*8)) },
	0x59: func(s *state) []byte { return two(s.Rail / 10) },
	0x5A: func(s *state) []byte { return percent(s.Pedal) },
	0x5B: func(s *state) []byte { return percent(s.Charge) },
	0x5C: func(s *state) []byte { return one(s.Oil + 40) },
	0x5D: func(s *state) []byte { return two((s.Timing + 210) * 128) },
	0x5E: func(s *state) []byte { return two(s.FuelRate * 20) },
	0x61: func(s *state) []byte { return one(s.Torque + 126) },
	0x62: func(s *state) []byte { return one(s.Torque + 125) },
}

// one, two and the others round to the nearest step and stay at the ends of their range.
func one(v float64) []byte { return []byte{byte(bounded(v, 0, 255))} }

func two(v float64) []byte {
	n := uint16(bounded(v, 0, 65535))
	return []byte{byte(n >> 8), byte(n)}
}

func signed(v float64) []byte {
	n := uint16(int16(bounded(v, -32768, 32767)))
	return []byte{byte(n >> 8), byte(n)}
}

func four(v float64) []byte {
	n := uint32(bounded(v, 0, math.MaxUint32))
	return []byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
}

func percent(v float64) []byte { return one(v * 255 / 100) }

func trim(v float64) []byte { return one((v + 100) * 128 / 100) }

func oxygen(volts, trimPct float64) []byte { return append(one(volts*200), trim(trimPct)...) }

func bounded(v, low, high float64) float64 {
	if math.IsNaN(v) {
		return low
	}
	return math.Round(clamp(v, low, high))
}

// fuelSystem is the status byte of PID 03: open loop (cold, load or cut-off) or closed loop.
func fuelSystem(s *state) byte {
	switch {
	case !s.Running:
		return 0x00
	case s.Closed:
		return 0x02
	case s.Coolant <= 40:
		return 0x01
	}
	return 0x04
}

// pumpCurrent of a wide-band sensor in mA, about 0 at lambda 1.
func pumpCurrent(s *state) float64 { return clamp((s.Lambda-1)*8, -3, 2.5) }
