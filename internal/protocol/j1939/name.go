package j1939

// Name is the 64-bit NAME of a node (SAE J1939-81, 4.1.1). The lower one keeps a contested address.
type Name struct {
	Identity         uint32 `json:"identity"`          // 21 bits: serial number of the maker
	Manufacturer     uint16 `json:"manufacturer"`      // 11 bits
	ECUInstance      uint8  `json:"ecu_instance"`      // 3 bits
	FunctionInstance uint8  `json:"function_instance"` // 5 bits
	Function         uint8  `json:"function"`
	VehicleSystem    uint8  `json:"vehicle_system"`  // 7 bits
	SystemInstance   uint8  `json:"system_instance"` // 4 bits
	IndustryGroup    uint8  `json:"industry_group"`  // 3 bits
	Arbitrary        bool   `json:"arbitrary"`       // the node can take another address by itself
}

// ParseName reads a NAME from its number, first byte on the wire lowest.
func ParseName(n uint64) Name {
	return Name{
		Identity:         uint32(n & 0x1FFFFF),
		Manufacturer:     uint16(n >> 21 & 0x7FF),
		ECUInstance:      uint8(n >> 32 & 7),
		FunctionInstance: uint8(n >> 35 & 0x1F),
		Function:         uint8(n >> 40),
		VehicleSystem:    uint8(n >> 49 & 0x7F),
		SystemInstance:   uint8(n >> 56 & 0xF),
		IndustryGroup:    uint8(n >> 60 & 7),
		Arbitrary:        n>>63 == 1,
	}
}

// Number returns the NAME as a number. The reserved bit 48 is 0.
func (n Name) Number() uint64 {
	v := uint64(n.Identity&0x1FFFFF) | uint64(n.Manufacturer&0x7FF)<<21 | uint64(n.ECUInstance&7)<<32 |
		uint64(n.FunctionInstance&0x1F)<<35 | uint64(n.Function)<<40 | uint64(n.VehicleSystem&0x7F)<<49 |
		uint64(n.SystemInstance&0xF)<<56 | uint64(n.IndustryGroup&7)<<60
	if n.Arbitrary {
		v |= 1 << 63
	}
	return v
}
