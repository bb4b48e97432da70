package j1939

// PGNDM7 asks a node to run tests or report their results; it is no request and is never sent in read-only mode.
const PGNDM7 = 58112 // E300

// Test identifiers of DM7.
const (
	TestsOfOne = 247 // the results of one parameter
	TestsOfAll = 246 // all results
)

// DM7 is the command for a test.
type DM7 struct {
	Test uint8
	SPN  uint32
	FMI  uint8 // 31 for all
}

// ParseDM7 reads DM7.
func ParseDM7(data []byte) (DM7, error) {
	if len(data) < 4 {
		return DM7{}, short("DM7", data, 4)
	}
	m := DM7{Test: data[0]}
	m.SPN, m.FMI = spn19(data[1:])
	return m, nil
}

// Bytes returns the message.
func (m DM7) Bytes() []byte {
	out := []byte{m.Test, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF}
	putSPN19(out[1:], m.SPN, m.FMI)
	return out
}
