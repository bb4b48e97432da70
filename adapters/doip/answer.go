package doip

import "slices"

// answers tells that a message is a reply to the request: the refusal of its service, or its service with
// what the request asked for. Late replies to an earlier request are told apart that way.
func answers(request, reply []byte) bool {
	if len(request) == 0 || len(reply) == 0 {
		return false
	}
	if reply[0] == 0x7F {
		return len(reply) >= 3 && reply[1] == request[0]
	}
	if reply[0] != request[0]+0x40 {
		return false
	}
	switch request[0] {
	case 0x01, 0x05, 0x06, 0x08, 0x09: // PIDs, MIDs or InfoTypes, of which a reply may hold some
		return len(request) < 2 || len(reply) >= 2 && slices.Contains(request[1:], reply[1])
	case 0x02:
		return len(request) < 2 || len(reply) >= 2 && holdsPair(request[1:], reply[1], 1)
	case 0x22:
		return len(request) < 3 || len(reply) >= 3 && holdsIdentifier(request[1:], reply[1], reply[2])
	case 0x24, 0x2E, 0x2F: // one identifier
		return len(request) < 3 || len(reply) >= 3 && reply[1] == request[1] && reply[2] == request[2]
	case 0x10, 0x11, 0x19, 0x27, 0x28, 0x29, 0x2C, 0x31, 0x3E, 0x85, 0x86, 0x87: // sub-function
		return len(request) < 2 || len(reply) >= 2 && reply[1]&0x7F == request[1]&0x7F
	}
	return true
}

// holdsPair looks for a PID among pairs of PID and frame number.
func holdsPair(pairs []byte, pid byte, extra int) bool {
	for i := 0; i < len(pairs); i += 1 + extra {
		if pairs[i] == pid {
			return true
		}
	}
	return false
}

func holdsIdentifier(ids []byte, high, low byte) bool {
	for i := 0; i+1 < len(ids); i += 2 {
		if ids[i] == high && ids[i+1] == low {
			return true
		}
	}
	return false
}
