package text

import (
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/iso9141"
	"github.com/fleetms/obdctl/internal/protocol/j1850"
	"github.com/fleetms/obdctl/internal/protocol/kwp2000"
)

// olderLine is one message of ISO 9141-2, ISO 14230 or SAE J1850.
type olderLine struct {
	from obd.Address
	data []byte
}

// readOlder reads the lines of K-line and J1850.
//
// A wrong checksum alone does not cost a line: the adapter checks it itself and says so ("<DATA
// ERROR"), and some adapters and logs print another byte in its place. A line that the adapter flagged
// is never data.
func readOlder(lines []Line, f Format) []link.Reply {
	var good []olderLine
	var broken []link.Reply
	for _, l := range lines {
		digits, ok := appendDigits(make([]byte, 0, 64), l.Text)
		if !ok || len(digits)%2 != 0 {
			continue
		}
		o, ok := olderMessage(appendPacked(make([]byte, 0, len(digits)/2), digits), f)
		switch {
		case l.Mark != None:
			broken = append(broken, link.Reply{ECU: o.from, Frames: 1, Err: flagged(l.Mark, nil)})
		case ok:
			good = append(good, o)
		}
	}
	return append(mergeOlder(good), broken...)
}

// olderMessage takes header and checksum off a line.
func olderMessage(line []byte, f Format) (olderLine, bool) {
	if !f.Headers {
		return olderLine{data: line}, len(line) > 0
	}
	var o olderLine
	var right bool
	switch {
	case f.Protocol.IsJ1850():
		m, err := j1850.Parse(line)
		if err != nil {
			return o, false
		}
		o, right = olderLine{obd.NodeAddress(m.Source), m.Data}, m.Right
	case f.Protocol == obd.ISO9141 && len(line) > 0 && line[0]>>6 <= byte(kwp2000.CARB):
		m, err := iso9141.Parse(line)
		if err != nil {
			return o, false
		}
		o, right = olderLine{obd.NodeAddress(m.Source), m.Data}, m.Right
	default:
		m, err := kwp2000.Parse(line)
		if err != nil {
			return o, false
		}
		o, right = olderLine{data: m.Data}, m.Sum == kwp2000.Right
		if m.Mode != kwp2000.NoAddress {
			o.from = obd.NodeAddress(m.Source)
		}
	}
	return o, right || plausible(o.data)
}

// plausible tells whether data without a right checksum is long enough for an answer: apart from
// ClearDiagnosticInformation, every service repeats more of the request than itself.
func plausible(data []byte) bool {
	const cleared = 0x44
	return len(data) >= 2 || len(data) == 1 && data[0] == cleared
}
