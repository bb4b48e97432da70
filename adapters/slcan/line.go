package slcan

import (
	"errors"
	"fmt"
	"slices"

	"github.com/fleetms/obdctl/internal/can"
)

// errLine says that a line is none of the protocol.
var errLine = errors.New("not a frame of the LAWICEL protocol")

// fdLengths are the data lengths of CAN FD behind the length digits 9 to F.
var fdLengths = [...]uint8{12, 16, 20, 24, 32, 48, 64}

// AppendFrame writes a frame as a command, without its end. Letters: t and T are data frames of 11 and 29
// bits, r and R remote frames, d and D CAN FD frames, b and B those with the faster bit rate.
func AppendFrame(b []byte, f *can.Frame) []byte {
	letter := byte('t')
	switch {
	case f.FD && f.BRS:
		letter = 'b'
	case f.FD:
		letter = 'd'
	case f.Remote:
		letter = 'r'
	}
	if f.ID.IsExtended() {
		letter -= 'a' - 'A'
	}
	b = append(b, letter)
	b = append(b, f.ID.String()...)
	data := f.Payload()
	digit := f.Len
	if i := slices.Index(fdLengths[:], f.Len); f.FD && i >= 0 {
		digit = uint8(9 + i)
	}
	b = fmt.Appendf(b, "%X", digit&0x0F)
	return fmt.Appendf(b, "%X", data)
}

// Parsed is a frame that the adapter printed.
type Parsed struct {
	Frame can.Frame
	// Stamp is the adapter's time in milliseconds, 0 to 59,999, behind Z1; Stamped tells that there is one.
	Stamp   uint16
	Stamped bool
}

// ParseFrame reads a line of the adapter without its end.
func ParseFrame(line []byte) (Parsed, error) {
	var p Parsed
	if len(line) < 5 {
		return p, errLine
	}
	digits := 3
	switch line[0] {
	case 't', 'r', 'd', 'b':
	case 'T', 'R', 'D', 'B':
		digits = 8
		p.Frame.ID = can.Extended
	default:
		return p, errLine
	}
	p.Frame.Remote = line[0]|0x20 == 'r'
	p.Frame.FD = line[0]|0x20 == 'd' || line[0]|0x20 == 'b'
	p.Frame.BRS = line[0]|0x20 == 'b'
	if len(line) < 1+digits+1 {
		return p, errLine
	}
	id, ok := hexNumber(line[1 : 1+digits])
	if !ok || digits == 3 && id > 0x7FF || id > 0x1FFFFFFF {
		return p, errLine
	}
	p.Frame.ID |= can.ID(id)
	return p, p.parseData(line[1+digits:])
}

// parseData reads length, data and time.
func (p *Parsed) parseData(rest []byte) error {
	length, ok := hexNumber(rest[:1])
	switch {
	case !ok, length > 8 && !p.Frame.FD:
		return errLine
	case length > 8:
		p.Frame.Len = fdLengths[length-9]
	default:
		p.Frame.Len = uint8(length)
	}
	rest = rest[1:]
	for i := range p.Frame.Payload() {
		if len(rest) < 2 {
			return errLine
		}
		b, ok := hexNumber(rest[:2])
		if !ok {
			return errLine
		}
		p.Frame.Data[i], rest = byte(b), rest[2:]
	}
	switch len(rest) {
	case 0:
		return nil
	case 4:
		stamp, ok := hexNumber(rest)
		if !ok {
			return errLine
		}
		p.Stamp, p.Stamped = uint16(stamp), true
		return nil
	}
	return errLine
}

func hexNumber(b []byte) (uint32, bool) {
	var n uint32
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		default:
			return 0, false
		}
		n = n<<4 | uint32(c)
	}
	return n, len(b) > 0 && len(b) <= 8
}
