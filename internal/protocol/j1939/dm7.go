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
	Test uint8  `json:"test"`
	SPN  uint32 `json:"spn"` // 19 bits
	FMI  uint8  `json:"fmi"` // 31 for all
}

// ParseDM7 reads DM7. Of a message that is cut short the part that is there is returned with the error.
func ParseDM7(data []byte) (DM7, error) {
	var whole [4]byte
	n := copy(whole[:], data)
	m := DM7{Test: whole[0]}
	m.SPN, m.FMI = spn19(whole[1:])
	if n < len(whole) {
		return m, short("DM7", data, len(whole))
	}
	return m, nil
}

// Bytes returns the message.
func (m DM7) Bytes() []byte {
	out := []byte{m.Test, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF}
	putSPN19(out[1:], m.SPN, m.FMI)
	return out
}
