package text

import (
	"bytes"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Split parts replies into those that answer request and foreign ones: stale answers to an earlier
// request, other testers' traffic, requests that the adapter printed. With an empty request all are
// mine. A broken reply of which nothing is certain counts as mine.
func Split(all []link.Reply, request []byte) (mine, foreign []link.Reply) {
	if len(request) == 0 {
		return all, nil
	}
	for i, r := range all {
		if Answers(r.Data, request) || len(r.Data) == 0 && r.Err != nil {
			if foreign == nil && len(mine) == i {
				mine = all[: i+1 : i+1] // the usual case: no copy
				continue
			}
			mine = append(mine, r)
			continue
		}
		foreign = append(foreign, r)
	}
	return mine, foreign
}

// Answers tells whether data is an answer to request: its service plus 0x40 with the identifier that
// the service repeats, or a negative response to it.
func Answers(data, request []byte) bool {
	if len(data) == 0 || len(request) == 0 {
		return false
	}
	service := request[0]
	if isNegative(data, service) {
		return true
	}
	if data[0] != service+0x40 || data[0] == byte(obd.ServiceNegativeReply) && service != 0x3F {
		return false
	}
	id, echo := request[1:], data[1:]
	if len(id) == 0 || len(echo) == 0 {
		return true
	}
	switch service {
	case 0x01, 0x06, 0x09: // one to six identifiers, answered in any order
		return bytes.IndexByte(id, echo[0]) >= 0
	case 0x02: // pairs of identifier and frame; a very old ECU repeats no frame
		for i := 0; i < len(id); i += 2 {
			if id[i] == echo[0] {
				return true
			}
		}
		return false
	case 0x05, 0x08, 0x1A, 0x21, 0x30, 0x32, 0x33, 0x3B:
		return echo[0] == id[0]
	case 0x22, 0x2A, 0x2E, 0x2F, 0x24:
		return echoesDID(id, echo)
	case 0x10, 0x11, 0x19, 0x27, 0x28, 0x29, 0x31, 0x3E, 0x83, 0x85, 0x86, 0x87:
		return (echo[0]^id[0])&0x7F == 0 // bit 7 only suppresses the response
	}
	return true
}

// isNegative tells a negative response to service: 7F, or on the K-lines of Volvo, whose services
// begin at 80, also 7E, which there cannot answer TesterPresent.
func isNegative(data []byte, service byte) bool {
	if len(data) < 2 || data[1] != service {
		return false
	}
	return data[0] == byte(obd.ServiceNegativeReply) || data[0] == 0x7E && service >= 0x80
}

// echoesDID tells whether the reply begins with one of the two-byte identifiers that were asked for.
func echoesDID(id, echo []byte) bool {
	if len(id) < 2 || len(echo) < 2 {
		return id[0] == echo[0]
	}
	for i := 0; i+1 < len(id); i += 2 {
		if id[i] == echo[0] && id[i+1] == echo[1] {
			return true
		}
	}
	return false
}
