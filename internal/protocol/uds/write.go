package uds

// WriteDID asks to write an identifier's data (service 2E).
func WriteDID(did uint16, data []byte) []byte {
	return append([]byte{byte(WriteByIdentifier), byte(did >> 8), byte(did)}, data...)
}

// Written is the reply to service 2E.
type Written struct {
	DID uint16 `json:"did"`
}

func (a *answer) written() any {
	w := &Written{DID: a.uint16()}
	if len(a.request) >= 3 {
		a.same("identifier", uint32(first(didsOf(a.request[:3]))), uint32(w.DID))
	}
	return w
}
