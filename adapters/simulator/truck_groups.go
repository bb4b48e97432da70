package simulator

import (
	"math"
	"time"
)

// group builds the eight bytes of a parameter group from the state of the vehicle (SAE J1939-71). What a
// node does not measure is FF: not available.
type group struct {
	priority uint8
	data     func(s *state) []byte
}

// groups are those that a node of a scenario can send. Numbers are little-endian, each formula the inverse
// of the standard's.
var groups = map[uint32]group{
	61441: {6, func(s *state) []byte { return pack(0xC0, pct(brake(s)), 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF) }},
	61442: {3, func(s *state) []byte {
		return pack(0xFC, low(shaft(s)*8), 0xFA, 0xFF, low(s.RPM*8), 0x03)
	}},
	61443: {3, func(s *state) []byte {
		return pack(0xF0, pct(s.Pedal), byte(bounded(s.Load, 0, 250)), 0xFF, 0xFF, 0xFF, 0xFA, 0xFF)
	}},
	61444: {3, func(s *state) []byte {
		return pack(0xF1, torque(s.Torque), torque(s.Torque), low(s.RPM*8), 0x00, 0xF0|starter(s), torque(s.Torque))
	}},
	61445: {6, func(s *state) []byte {
		return pack(gearByte(s), low(ratio(s)*1000), gearByte(s), rangeOf(s))
	}},
	61454: {6, func(s *state) []byte { return pack(low((s.NOx+200)*20), low(0xFFFF), 0xFF, 0xFF, 0xFF, 0xFF) }},
	65110: {6, func(s *state) []byte { return pack(pct(62), celsius(s.Ambient+4), 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF) }},
	65215: {6, func(s *state) []byte {
		return pack(low(s.Speed*256), 0x7D, 0x7D, 0x7D, 0x7D, 0xFF, 0xFF)
	}},
	65244: {6, func(s *state) []byte { return pack(long(s.Odometer*0.012*2), long(s.Odometer/55*0.21*20)) }},
	65248: {6, func(s *state) []byte { return pack(long(s.ClearKm*8), long(s.Odometer*8)) }},
	65253: {6, func(s *state) []byte { return pack(long(s.Odometer/55*20), long(s.Odometer/55*60*1150/1000)) }},
	65257: {6, func(s *state) []byte { return pack(long(s.ClearKm*0.31*2), long(s.Odometer*0.31*2)) }},
	65262: {6, func(s *state) []byte {
		return pack(celsius(s.Coolant), celsius(s.Intake+12), warm(s.Oil), low(0xFFFF), celsius(s.Intake+9), 0xFF)
	}},
	65263: {6, func(s *state) []byte {
		return pack(byte(bounded(s.Rail/200/4, 0, 250)), 0xFF, pct(81), byte(bounded(oilPressure(s)/4, 0, 250)), low(0xFFFF), 0xFF, pct(96))
	}},
	65265: {6, func(s *state) []byte {
		return pack(parking(s), low(s.Speed*256), 0xC0|switches(s), 0xFF, 0xFF, 0x1F, 0xFF)
	}},
	65266: {6, func(s *state) []byte {
		return pack(low(s.FuelRate*20), low(economy(s)*512), low(3.1*512), pct(s.Throttle), 0xFF)
	}},
	65269: {6, func(s *state) []byte {
		return pack(byte(bounded(s.Baro*2, 0, 250)), warm(s.Ambient+9), warm(s.Ambient), celsius(s.Intake), low(0xFFFF))
	}},
	65270: {6, func(s *state) []byte {
		return pack(0xFF, byte(bounded((s.MAP-s.Baro)/2, 0, 250)), celsius(s.Intake), byte(bounded(s.Baro/2, 0, 250)), 0xFF, warm(s.Exhaust), 0xFF)
	}},
	65271: {6, func(s *state) []byte {
		return pack(0xFF, 0xFF, low(s.Volts*20), low(s.Volts*20), low((s.Volts-0.2)*20))
	}},
	65272: {6, func(s *state) []byte {
		return pack(0xFF, pct(88), 0xFF, byte(bounded(1100/16, 0, 250)), warm(s.Oil-8), 0xFF, 0xFF)
	}},
	65276: {6, func(s *state) []byte { return pack(0xFF, pct(s.Fuel), 0xFF, 0xFF, low(0xFFFF), 0xFF, 0xFF) }},
}

// pack joins bytes and little-endian numbers.
func pack(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch v := p.(type) {
		case int:
			b = append(b, byte(v))
		case byte:
			b = append(b, v)
		case []byte:
			b = append(b, v...)
		}
	}
	return b
}

// low and long are two and four bytes, the lowest first; FAFF and FAFFFFFF are the highest valid ones.
func low(v float64) []byte {
	if v == 0xFFFF {
		return []byte{0xFF, 0xFF}
	}
	n := uint16(bounded(v, 0, 0xFAFF))
	return []byte{byte(n), byte(n >> 8)}
}

func long(v float64) []byte {
	n := uint32(bounded(v, 0, 0xFAFFFFFF))
	return []byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}
}

func pct(v float64) byte     { return byte(bounded(v*2.5, 0, 250)) }
func celsius(v float64) byte { return byte(bounded(v+40, 0, 250)) }
func torque(v float64) byte  { return byte(bounded(v+125, 0, 250)) }
func warm(v float64) []byte  { return low((v + 273) * 32) }

// oilPressure is in kPa: it follows the engine's speed and falls as the oil gets thin.
func oilPressure(s *state) float64 {
	if !s.Running {
		return 0
	}
	return clamp(150+0.2*s.RPM-0.8*(s.Oil-60), 90, 620)
}

func economy(s *state) float64 {
	if s.FuelRate < 0.05 {
		return 0
	}
	return s.Speed / s.FuelRate
}

func brake(s *state) float64 {
	if s.Speed > 0 && s.Pedal == 0 {
		return 22
	}
	return 0
}

func starter(s *state) byte {
	if s.Running {
		return 0x03 // start finished
	}
	return 0
}

// ratio of the gearbox: engine to output shaft.
func ratio(s *state) float64 {
	if s.Gear == 0 {
		return 0
	}
	return 12 / math.Pow(1.28, float64(s.Gear-1))
}

func shaft(s *state) float64 { return s.Speed * 14.2 }

func gearByte(s *state) byte { return byte(125 + s.Gear) }

func rangeOf(s *state) []byte {
	if s.Gear == 0 {
		return []byte("N N ")
	}
	return []byte("D D ")
}

// parking is the first byte of CCVS1: the parking brake is set while nothing moves.
func parking(s *state) byte {
	if s.Speed == 0 {
		return 0xF7
	}
	return 0xF3
}

func switches(s *state) byte {
	if brake(s) > 0 {
		return 0x10
	}
	return 0
}

// usualPhase spreads first broadcasts, so that a network does not speak all at once.
func usualPhase(address uint8, index int, every time.Duration) time.Duration {
	return (time.Duration(address)*1700*time.Microsecond + time.Duration(index)*2300*time.Microsecond) % every
}
