package monitor

// scalings lists the unit-and-scaling ids. Factors are the standard's own rounded ones; units are brought
// to the SI unit without a prefix where the standard uses milli and micro side by side, inches to mm.
var scalings = map[byte]Scaling{
	// Unsigned, 01 to 7F.
	0x01: {Factor: 1},
	0x02: {Factor: 0.1},
	0x03: {Factor: 0.01},
	0x04: {Factor: 0.001},
	0x05: {Factor: 0.0000305},
	0x06: {Factor: 0.000305},
	0x07: {Factor: 0.25, Unit: "/min"},
	0x08: {Factor: 0.01, Unit: "km/h"},
	0x09: {Factor: 1, Unit: "km/h"},
	0x0A: {Factor: 0.000122, Unit: "V"},
	0x0B: {Factor: 0.001, Unit: "V"},
	0x0C: {Factor: 0.01, Unit: "V"},
	0x0D: {Factor: 0.00390625, Unit: "mA"},
	0x0E: {Factor: 0.001, Unit: "A"},
	0x0F: {Factor: 0.01, Unit: "A"},
	0x10: {Factor: 0.001, Unit: "s"},
	0x11: {Factor: 0.1, Unit: "s"},
	0x12: {Factor: 1, Unit: "s"},
	0x13: {Factor: 0.001, Unit: "Ohm"},
	0x14: {Factor: 1, Unit: "Ohm"},
	0x15: {Factor: 1, Unit: "kOhm"},
	0x16: {Factor: 0.1, Offset: -40, Unit: "Cel"},
	0x17: {Factor: 0.01, Unit: "kPa"},
	0x18: {Factor: 0.0117, Unit: "kPa"},
	0x19: {Factor: 0.079, Unit: "kPa"},
	0x1A: {Factor: 1, Unit: "kPa"},
	0x1B: {Factor: 10, Unit: "kPa"},
	0x1C: {Factor: 0.01, Unit: "deg"},
	0x1D: {Factor: 0.5, Unit: "deg"},
	0x1E: {Factor: 0.0000305},  // equivalence ratio
	0x1F: {Factor: 0.05},       // air to fuel by mass
	0x20: {Factor: 0.00390625}, // ratio
	0x21: {Factor: 0.001, Unit: "Hz"},
	0x22: {Factor: 1, Unit: "Hz"},
	0x23: {Factor: 1, Unit: "kHz"},
	0x24: {Factor: 1}, // counts
	0x25: {Factor: 1, Unit: "km"},
	0x26: {Factor: 0.1, Unit: "V/s"}, // 0.1 mV/ms
	0x27: {Factor: 0.01, Unit: "g/s"},
	0x28: {Factor: 1, Unit: "g/s"},
	0x29: {Factor: 0.25, Unit: "Pa/s"},
	0x2A: {Factor: 0.001, Unit: "kg/h"},
	0x2B: {Factor: 1},                // switches
	0x2C: {Factor: 0.01, Unit: "g"},  // per cylinder
	0x2D: {Factor: 0.01, Unit: "mg"}, // per stroke
	0x2E: {Factor: 1},                // state, 0 or 1
	0x2F: {Factor: 0.01, Unit: "%"},  //
	0x30: {Factor: 0.001526, Unit: "%"},
	0x31: {Factor: 0.001, Unit: "L"},
	0x32: {Factor: 0.0000305 * 25.4, Unit: "mm"}, // 0.0000305 inch
	0x33: {Factor: 0.00024414},                   // equivalence ratio
	0x34: {Factor: 1, Unit: "min"},
	0x35: {Factor: 0.01, Unit: "s"},
	0x36: {Factor: 0.01, Unit: "g"},
	0x37: {Factor: 0.1, Unit: "g"},
	0x38: {Factor: 1, Unit: "g"},
	0x39: {Factor: 0.01, Offset: -327.68, Unit: "%"},
	0x3A: {Factor: 0.001, Unit: "g"},
	0x3B: {Factor: 0.0001, Unit: "g"},
	0x3C: {Factor: 0.1, Unit: "us"},
	0x3D: {Factor: 0.01, Unit: "mA"},
	0x3E: {Factor: 0.00006103516, Unit: "mm2"},
	0x3F: {Factor: 0.01, Unit: "L"},
	0x40: {Factor: 1, Unit: "[ppm]"},
	0x41: {Factor: 0.01, Unit: "uA"},

	// Two's complement, 80 to FE.
	0x81: {Factor: 1},
	0x82: {Factor: 0.1},
	0x83: {Factor: 0.01},
	0x84: {Factor: 0.001},
	0x85: {Factor: 0.0000305},
	0x86: {Factor: 0.000305},
	0x87: {Factor: 1, Unit: "[ppm]"},
	0x8A: {Factor: 0.000122, Unit: "V"},
	0x8B: {Factor: 0.001, Unit: "V"},
	0x8C: {Factor: 0.01, Unit: "V"},
	0x8D: {Factor: 0.00390625, Unit: "mA"},
	0x8E: {Factor: 0.001, Unit: "A"},
	0x90: {Factor: 0.001, Unit: "s"},
	0x96: {Factor: 0.1, Unit: "Cel"},
	0x99: {Factor: 0.1, Unit: "kPa"},
	0x9C: {Factor: 0.01, Unit: "deg"},
	0x9D: {Factor: 0.5, Unit: "deg"},
	0xA8: {Factor: 1, Unit: "g/s"},
	0xA9: {Factor: 0.25, Unit: "Pa/s"},
	0xAD: {Factor: 0.01, Unit: "mg"}, // per stroke
	0xAE: {Factor: 0.1, Unit: "mg"},  // per stroke
	0xAF: {Factor: 0.01, Unit: "%"},
	0xB0: {Factor: 0.003052, Unit: "%"},
	0xB1: {Factor: 0.002, Unit: "V/s"},
	0xFB: {Factor: 10, Unit: "kPa"},
	0xFC: {Factor: 0.01, Unit: "kPa"},
	0xFD: {Factor: 0.001, Unit: "kPa"},
	0xFE: {Factor: 0.25, Unit: "Pa"},
}
