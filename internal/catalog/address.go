package catalog

import (
	"fmt"
	"strconv"

	"github.com/fleetms/obdctl/internal/obd"
)

// requestAddress reads a request header: two digits are the node address of an older line, three an
// 11-bit identifier, four the middle of a 29-bit one (DA10 is 18DA10F1, with the priority and tester
// given), eight a whole one. The headers that J1850 and ISO 9141-2 give to every request (68 6A, 61 6A,
// C0 33..C7 33) are functional.
func requestAddress(text string, priority, tester uint64) (obd.Address, error) {
	n, err := strconv.ParseUint(text, 16, 32)
	if err != nil {
		return 0, fmt.Errorf("header %q is not hexadecimal", text)
	}
	switch {
	case n == 0x686A || n == 0x616A || n&0xF8FF == 0xC033:
		return obd.Functional, nil
	case len(text) == 4:
		n = priority<<24 | n<<8 | tester
	case len(text) == 6: // the three bytes of an older line's header: format, target, source
		return obd.NodeAddress(byte(n >> 8)), nil
	case len(text) == 2:
		return obd.NodeAddress(byte(n)), nil
	}
	return canAddress(text, n)
}

// replyAddress reads whose reply is meant: two digits are a node address, with a 29-bit header's priority
// and tester a whole identifier (10 is 18DAF110), three an 11-bit identifier, six a 29-bit one without
// priority, eight a whole one; none is any ECU.
func replyAddress(text string, headerDigits int, priority, tester uint64) (obd.Address, error) {
	if text == "" {
		return obd.Functional, nil
	}
	n, err := strconv.ParseUint(text, 16, 32)
	if err != nil {
		return 0, fmt.Errorf("reply address %q is not hexadecimal", text)
	}
	switch {
	case len(text) == 2 && headerDigits < 4:
		return obd.NodeAddress(byte(n)), nil
	case len(text) == 2:
		n |= priority<<24 | 0xDA<<16 | tester<<8
	case len(text) == 4, len(text) == 6:
		n |= priority << 24
	}
	return canAddress(text, n)
}

func canAddress(text string, n uint64) (obd.Address, error) {
	switch {
	case len(text) <= 3 && text != "" && len(text) != 2 && n <= 0x7FF:
		return obd.CAN11(uint32(n)), nil
	case n <= 0x1FFFFFFF && len(text) != 3:
		return obd.CAN29(uint32(n)), nil
	}
	return 0, fmt.Errorf("address %q is out of range", text)
}
