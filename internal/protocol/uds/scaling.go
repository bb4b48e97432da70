package uds

// ReadScalingOf asks how an identifier's data is scaled (service 24).
func ReadScalingOf(did uint16) []byte { return []byte{byte(ReadScaling), byte(did >> 8), byte(did)} }

// Scaling is the reply to service 24.
type Scaling struct {
	DID    uint16        `json:"did"`
	Fields []ScalingByte `json:"fields"`
}

// ScalingByte is one scalingByte and its extension (annex C.2).
type ScalingByte struct {
	Type      byte `json:"type"`   // the upper four bits: 0 unsigned, 1 signed, 6 text, 9 formula, A unit ...
	Length    byte `json:"length"` // the lower four bits: bytes of the parameter or of a formula's constants
	Extension Hex  `json:"extension,omitempty"`
}

// The types of scalingByte with an extension.
const (
	scalingBitMapped = 0x2
	scalingFormula   = 0x9
	scalingUnit      = 0xA
	scalingState     = 0xB
)

func (a *answer) scaling() any {
	s := &Scaling{DID: a.uint16()}
	if len(a.request) >= 3 {
		a.same("identifier", uint32(first(didsOf(a.request))), uint32(s.DID))
	}
	if len(a.data) == 0 {
		a.short = true
	}
	for len(a.data) > 0 {
		b := a.byte()
		f := ScalingByte{Type: b >> 4, Length: b & 0x0F}
		switch f.Type {
		case scalingBitMapped:
			f.Extension = Hex(a.take(int(f.Length)))
		case scalingFormula:
			f.Extension = Hex(a.take(1 + 2*int(f.Length)))
		case scalingUnit:
			f.Extension = Hex(a.take(1))
		case scalingState:
			f.Extension = Hex(a.take(min(1, len(a.data))))
		}
		if a.short {
			break
		}
		s.Fields = append(s.Fields, f)
	}
	return s
}
