package monitor

// TestName says what a standard test id (TID) of services 05 and 06 measures; "" for reserved ids and for a maker's own
// (80 to FE on CAN; every id of service 06 on the older lines).
func TestName(tid byte) string {
	if int(tid) < len(tests) {
		return tests[tid].name
	}
	return ""
}

// OxygenScaling returns the scaling of the single byte of service 05; it is known for the standard test ids.
func OxygenScaling(tid byte) Scaling {
	if int(tid) < len(tests) && tests[tid].factor != 0 {
		return Scaling{Factor: tests[tid].factor, Unit: tests[tid].unit, Known: true}
	}
	return Scaling{Factor: 1}
}

// IsConstant tells that a test id reports a fixed threshold, which has no limits and cannot fail.
func IsConstant(tid byte) bool { return tid >= 0x01 && tid <= 0x04 }

// tests lists the standard test ids, with the scaling of their single byte in service 05.
var tests = [...]struct {
	name   string
	factor float64
	unit   string
}{
	0x01: {"rich to lean threshold voltage", 0.005, "V"},
	0x02: {"lean to rich threshold voltage", 0.005, "V"},
	0x03: {"low voltage for the switch time", 0.005, "V"},
	0x04: {"high voltage for the switch time", 0.005, "V"},
	0x05: {"rich to lean switch time", 0.004, "s"},
	0x06: {"lean to rich switch time", 0.004, "s"},
	0x07: {"lowest voltage in the test cycle", 0.005, "V"},
	0x08: {"highest voltage in the test cycle", 0.005, "V"},
	0x09: {"time between transitions", 0.04, "s"},
	0x0A: {"sensor period", 0.04, "s"},
	0x0B: {"average misfires over the last ten driving cycles", 0, ""},
	0x0C: {"misfires in this or the last driving cycle", 0, ""},
}
