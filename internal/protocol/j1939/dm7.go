package j1939

import "github.com/fleetms/obdctl/internal/can"

// PGNDM7 asks a node to run tests or report their results; it is no request and is never sent in read-only mode.
// Of its tests this program knows one only, that reports what was found last.
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

// ResultsFrame builds the command to a node to send the last results of a parameter's tests, all of its FMIs.
func ResultsFrame(from, to uint8, spn uint32) can.Frame {
	const allModes = 31
	return can.New(ID{Priority: 6, PGN: PGNDM7, Source: from, Destination: to}.CAN(), DM7{Test: TestsOfOne, SPN: spn, FMI: allModes}.Bytes()...)
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
