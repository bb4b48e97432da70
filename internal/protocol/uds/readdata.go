package uds

import (
	"fmt"
	"slices"
)

// ReadDIDs asks for data identifiers (service 22), several in one request.
func ReadDIDs(dids ...uint16) []byte {
	request := make([]byte, 1, 1+2*len(dids))
	request[0] = byte(ReadByIdentifier)
	for _, did := range dids {
		request = append(request, byte(did>>8), byte(did))
	}
	return request
}

// Identifier is one data identifier and its data.
type Identifier struct {
	DID  uint16 `json:"did"`
	Data Hex    `json:"data"`
	// Unsplit tells that the length was not known: what follows may be part of Data.
	Unsplit bool `json:"unsplit,omitempty"`
}

// Identifiers is the reply to service 22, in the order of the reply.
type Identifiers struct {
	Items []Identifier `json:"items"`
}

// Find returns the data of an identifier.
func (i *Identifiers) Find(did uint16) (Hex, bool) {
	for _, item := range i.Items {
		if item.DID == did {
			return item.Data, true
		}
	}
	return nil, false
}

// identifiers walks the reply by the known lengths; where one is not known the data ends before the
// next identifier that was asked for. ECUs leave out what they do not have.
func (a *answer) identifiers() any {
	open := didsOf(a.request)
	out := &Identifiers{}
	if len(a.data) == 0 {
		a.short = true
	}
	for len(a.data) > 0 && !(len(out.Items) > 0 && a.padded()) {
		did := a.uint16()
		if a.short {
			return out
		}
		at := slices.Index(open, did)
		if at < 0 && a.stray == "" {
			a.stray = fmt.Sprintf("identifier %04X was not asked", did)
		}
		if at >= 0 {
			open = slices.Delete(open, at, at+1)
		}
		item := Identifier{DID: did}
		a.identifierData(&item, open)
		if a.short {
			return out
		}
		out.Items = append(out.Items, item)
	}
	return out
}

// identifierData takes the data of one identifier; open are those that may still come.
func (a *answer) identifierData(item *Identifier, open []uint16) {
	length := a.know.length(item.DID)
	if length < 0 {
		length = len(a.data)
		for at := 1; at+2 < len(a.data); at++ {
			if slices.Contains(open, uint16(a.data[at])<<8|uint16(a.data[at+1])) {
				length = at
				break
			}
		}
		item.Unsplit = len(open) > 0
	}
	item.Data = Hex(a.take(length))
}

// didsOf returns the identifiers of a request of service 22.
func didsOf(request []byte) []uint16 {
	var dids []uint16
	for at := 1; at+1 < len(request); at += 2 {
		dids = append(dids, uint16(request[at])<<8|uint16(request[at+1]))
	}
	return dids
}

func first(dids []uint16) uint16 {
	if len(dids) == 0 {
		return 0
	}
	return dids[0]
}
