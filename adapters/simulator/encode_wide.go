package simulator

// wideEncoders are the PIDs whose first byte says which of several sensors exist (SAE J1979-DA, PID 64 and on).
var wideEncoders = map[byte]encoder{
	0x67: func(s *state) []byte { return join([]byte{0x03}, one(s.Coolant+40), one(s.Coolant+37)) },
	0x68: func(s *state) []byte {
		return join([]byte{0x03}, one(s.Intake+40), one(s.Intake+46), []byte{0, 0, 0, 0})
	},
	0x70: func(s *state) []byte {
		return join([]byte{0x27}, two(s.MAP/0.03125), two((s.MAP-1)/0.03125), make([]byte, 4), []byte{0x02})
	},
	0x73: func(s *state) []byte { return join([]byte{0x01}, two((s.Baro+s.Soot*2)/0.01), []byte{0, 0}) },
	0x78: func(s *state) []byte {
		return join([]byte{0x07}, two((s.Exhaust+40)*10), two((s.Exhaust*0.9+40)*10), two((s.Exhaust*0.8+40)*10), []byte{0, 0})
	},
	0x7A: func(s *state) []byte {
		return join([]byte{0x07}, signed(s.Soot*100), two((s.Soot+s.Baro+2)*100), two((s.Baro+2)*100))
	},
	0x7C: func(s *state) []byte {
		return join([]byte{0x03}, two((s.Exhaust*0.85+40)*10), two((s.Exhaust*0.8+40)*10), make([]byte, 4))
	},
	0x83: func(s *state) []byte { return join([]byte{0x03}, two(s.NOx), two(s.NOx/12), make([]byte, 4)) },
	0x8E: func(*state) []byte { return one(8 + 125) },
	0x9A: func(s *state) []byte {
		return join([]byte{0x07, hybridMode(s)}, two((250+s.Charge)/0.015625), signed(s.Current*10))
	},
	0x9D: func(s *state) []byte {
		grams := s.FuelRate * 0.745 / 3.6 // l/h to g/s
		return join(two(grams/0.02), two(grams/0.02))
	},
	0x9E: func(s *state) []byte { return two(s.MAF * 3.6 * 1.07 / 0.2) },
	0xA4: func(s *state) []byte {
		ratios := []float64{0, 3.9, 2.2, 1.5, 1.15, 0.92, 0.77}
		ratio := 0.0
		if s.Gear > 0 && s.Gear < len(ratios) {
			ratio = ratios[s.Gear]
		}
		return join([]byte{0x03, byte(s.Gear) << 4}, two(ratio*1000))
	},
	0xA6: func(s *state) []byte { return four(s.Odometer * 10) },
}

// hybridMode of PID 9A: 0 = charge sustaining, 1 = charge depleting.
func hybridMode(s *state) byte {
	if s.Running {
		return 0
	}
	return 1
}

func join(parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// encode looks a PID up in both tables.
func encode(pid byte) (encoder, bool) {
	if e, ok := encoders[pid]; ok {
		return e, true
	}
	e, ok := wideEncoders[pid]
	return e, ok
}
