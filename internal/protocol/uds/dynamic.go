package uds

// The definition types of service 2C (table 173).
const (
	DefineByIdentifier = 0x01
	DefineByMemory     = 0x02
	ClearDefinition    = 0x03
)

// Slice is a part of an identifier's data: position counts from 1, as the standard does.
type Slice struct {
	DID      uint16
	Position byte
	Size     byte
}

// Define makes an identifier (F200 to F3FF) out of parts of others (2C 01).
func Define(did uint16, parts ...Slice) []byte {
	request := []byte{byte(DefineIdentifier), DefineByIdentifier, byte(did >> 8), byte(did)}
	for _, p := range parts {
		request = append(request, byte(p.DID>>8), byte(p.DID), p.Position, p.Size)
	}
	return request
}

// Undefine drops a definition (2C 03).
func Undefine(did uint16) []byte {
	return []byte{byte(DefineIdentifier), ClearDefinition, byte(did >> 8), byte(did)}
}

// Defined is the reply to service 2C; DID is nil where all definitions were dropped at once.
type Defined struct {
	SubFunction byte    `json:"sub_function"`
	DID         *uint16 `json:"did,omitempty"`
}

func (a *answer) defined() any {
	d := &Defined{SubFunction: a.subFunction()}
	if len(a.data) == 0 && d.SubFunction == ClearDefinition {
		return d
	}
	did := a.uint16()
	d.DID = &did
	if len(a.request) >= 4 {
		a.same("identifier", uint32(a.request[2])<<8|uint32(a.request[3]), uint32(did))
	}
	return d
}
