package elm327

import (
	"encoding/hex"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// judgeLine tells which lines may reach the adapter. It follows the few settings that change what a line
// of digits means on the bus.
type judgeLine struct {
	allow     link.Allow
	last      bool      // a line went to the adapter, so that a bare CR repeats one that was judged
	formatted formatted // AT CAF
	extension byte      // AT CEA: the byte in front of the control byte
	extended  bool      // AT CEA is on
	regular   bool      // the header is one of OBD, behind which control units have no address extension
	foreign   bool      // the header has 11 bits and is none of OBD, behind which there may be address extensions
	line      lineKind  // AT SP
	id        identifier
	order     byteOrder // AT JE, AT JS
}

// lineKind says what the line in use makes of a request.
type lineKind uint8

const (
	lineUnknown lineKind = iota // saved, or found by the adapter: K-line, J1850 or CAN
	lineCAN                     // chosen
	lineOlder                   // chosen: K-line or J1850
	lineJ1939                   // CAN of trucks, whose frames have no control byte and can be commands
)

// formatted says whether the adapter puts the control byte of ISO 15765-2 in front of a request.
type formatted uint8

const (
	formatUnknown formatted = iota // settings survive a change of program
	formatOn
	formatOff
)

// check refuses a line, without its carriage return, or takes note of it.
func (j *judgeLine) check(line []byte) error {
	s, err := normal(line)
	if err != nil {
		return err
	}
	switch {
	case s == "" && j.last:
		return nil
	case s == "":
		return errs.New(errs.Denied, "an empty line repeats the adapter's last command, which is not known")
	case strings.HasPrefix(s, "STPX"):
		err = j.checkSTPX(s)
	case strings.HasPrefix(s, "AT"), strings.HasPrefix(s, "ST"), strings.HasPrefix(s, "VT"):
		err = j.checkCommand(s)
	default:
		err = j.checkHex(s)
	}
	if err == nil {
		j.last = true
	}
	return err
}

// normal is a line as the adapter reads it: without blanks, in capitals. Bytes that some adapters drop and
// others take as an end (control bytes, backspace, anything above 7E) are refused.
func normal(line []byte) (string, error) {
	var b strings.Builder
	for _, c := range line {
		switch {
		case c == ' ':
		case c > ' ' && c < 0x7F:
			b.WriteByte(c)
		default:
			return "", errs.New(errs.Denied, "line to the adapter has the control byte %02X", c)
		}
	}
	return strings.ToUpper(b.String()), nil
}

// checkHex judges a request in digits. An odd last digit is a count, as the ELM327 reads it; a clone that
// reads all digits as data would send the same service with one more half byte.
func (j *judgeLine) checkHex(s string) error {
	data, err := hex.DecodeString(s[:len(s)&^1])
	if err != nil || len(s)%2 == 1 && !isHex(s[len(s)-1]) {
		return errs.New(errs.Denied, "line %q is neither a command nor a request", clip(s))
	}
	if len(s)%2 == 1 && j.formatted == formatOff {
		return errs.New(errs.Denied, "a raw frame %q has half a byte", clip(s))
	}
	return j.checkData(data)
}

// checkData judges what goes to the bus.
func (j *judgeLine) checkData(data []byte) error {
	if len(data) == 0 {
		return j.allow.Check(nil)
	}
	if judged, err := j.checkGroup(j.id, data); judged {
		return err
	}
	switch j.formatted {
	case formatOff:
		if !j.regular || j.extended {
			return errs.New(errs.Denied, "raw frames pass only to the addresses of OBD").
				WithHint("behind other addresses the first byte may be an address extension; send AT CAF1 first")
		}
		if err := j.checkFrame(data); err != nil {
			return err
		}
		// AT CAF means nothing off CAN, and an adapter may have ignored or forgotten it: then this is a
		// formatted request. Clear to send (30) is no service of ISO 15765-4 or ISO 14229-1.
		if data[0] != 0x30 && !j.allow.Permits(data) {
			return errs.New(errs.Denied, "if the adapter formats after all, this is service %02X", data[0])
		}
		return nil
	case formatUnknown:
		if service, ok := frameService(data); ok && service != 0 && !j.allow.Permits(data[1:]) {
			return errs.New(errs.Denied, "the adapter's CAN formatting is not known, and as a raw frame this is service %02X", service).
				WithHint("send AT CAF1 first")
		}
		if data[0]>>4 == 1 && len(data) > 2 && !j.allow.Permits(data[2:]) {
			return errs.New(errs.Denied, "the adapter's CAN formatting is not known, and as a raw first frame this is service %02X", data[2]).
				WithHint("send AT CAF1 first")
		}
	}
	if j.line == lineOlder && j.foreign {
		return errs.New(errs.Denied, "three digits are no header of this line: its bytes can be read as a request").
			WithHint("give the three header bytes, such as AT SH 68 6A F1")
	}
	if j.extended && !j.checkExtended(data) {
		return errs.New(errs.Denied, "with the address extension %02X a control unit without one would read this as service %02X",
			j.extension, controlBytes(len(data))[0])
	}
	if j.foreign && !j.extended && !j.checkShifted(data) {
		return errs.New(errs.Denied, "behind this address a control unit with an address extension would read this as service %02X", data[1])
	}
	return j.allow.Check(data)
}

// checkShifted looks at a request as an ECU with an address extension does: the control byte as its address,
// the service as the control byte of a single frame.
func (j *judgeLine) checkShifted(data []byte) bool {
	if len(data) < 2 || len(data) > 7 || data[0] == 0 || data[0] > 6 {
		return true
	}
	return j.allow.Permits(data[1:])
}

// checkExtended looks at a request behind an address extension as an ECU without one does: the extension
// as control byte of a single frame, the true control byte as the service.
func (j *judgeLine) checkExtended(data []byte) bool {
	if j.extension == 0 || j.extension > 7 {
		return true
	}
	return j.allow.Permits(append(controlBytes(len(data)), data...))
}

// controlBytes are what the adapter puts in front of a request behind an address extension: of a single
// frame, or of a first one where it takes long requests.
func controlBytes(n int) []byte {
	if n <= 6 {
		return []byte{byte(n)}
	}
	return []byte{0x10 | byte(n>>8), byte(n)}
}

// checkFrame judges a raw CAN frame, whose first byte is the control byte of ISO 15765-2 clause 9. Nothing
// but single and first frames begins a message; flow control and consecutive frames carry none.
func (j *judgeLine) checkFrame(data []byte) error {
	switch data[0] >> 4 {
	case 0:
		n := int(data[0] & 15)
		switch {
		case n == 0 && len(data) > 1: // CAN FD: the length stands in the second byte
			return j.allow.Check(data[2:])
		case n == 0:
			return j.allow.Check(nil)
		}
		return j.allow.Check(data[1:])
	case 1:
		if len(data) < 3 {
			return j.allow.Check(nil)
		}
		if data[0] == 0x10 && data[1] == 0 { // escape: a length of four bytes follows
			return j.allow.Check(data[min(6, len(data)):])
		}
		return j.allow.Check(data[2:])
	case 2, 3:
		return nil
	}
	return errs.New(errs.Denied, "a raw frame beginning with %02X is none of ISO 15765-2", data[0])
}

// frameService returns the service of data read as a raw single frame.
func frameService(data []byte) (byte, bool) {
	if len(data) < 2 || data[0] == 0 || data[0] > 7 || int(data[0]) > len(data)-1 {
		return 0, false
	}
	return data[1], true
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' }

func clip(s string) string { return s[:min(len(s), 24)] }
