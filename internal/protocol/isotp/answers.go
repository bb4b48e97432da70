package isotp

import "slices"

// answers tells whether data begins an answer to the request: its service plus 0x40 with the identifier
// that the service repeats, or a negative response to it.
func answers(data, request []byte) bool {
	if len(data) == 0 || len(request) == 0 {
		return false
	}
	if data[0] == 0x7F {
		return len(data) >= 2 && data[1] == request[0]
	}
	if data[0] != request[0]+0x40 {
		return false
	}
	asked, echo := request[1:], data[1:]
	if len(asked) == 0 || len(echo) == 0 {
		return true
	}
	switch request[0] {
	case 0x01, 0x06, 0x09: // one to six identifiers, answered in any order
		return slices.Contains(asked, echo[0])
	case 0x02: // pairs of identifier and frame number
		return among(asked, echo[:1], 2)
	case 0x22, 0x24, 0x2A, 0x2E, 0x2F:
		return among(asked, echo[:min(2, len(echo))], 2)
	case 0x05, 0x08, 0x1A, 0x21, 0x30, 0x32, 0x33, 0x3B:
		return echo[0] == asked[0]
	case 0x10, 0x11, 0x19, 0x27, 0x28, 0x29, 0x31, 0x3E, 0x83, 0x85, 0x86, 0x87:
		return (echo[0]^asked[0])&0x7F == 0 // bit 7 only asks for silence
	}
	return true
}

// among tells whether echo is the beginning of one of the items of a list.
func among(list, echo []byte, size int) bool {
	for len(list) >= len(echo) {
		if slices.Equal(list[:len(echo)], echo) {
			return true
		}
		list = list[min(size, len(list)):]
		if len(list) == 0 {
			break
		}
	}
	return false
}
