package j1939

import (
	"encoding/hex"
	"strings"
)

// Hex are bytes that are written in hexadecimal.
type Hex []byte

func (h Hex) String() string { return strings.ToUpper(hex.EncodeToString(h)) }

// MarshalText writes the digits without blanks.
func (h Hex) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// VehicleID is PGN 65260.
type VehicleID struct {
	VIN   string `json:"vin"`
	Extra string `json:"extra,omitempty"` // what the maker put behind it
}

// Asked is PGN 59904.
type Asked struct {
	PGN uint32 `json:"pgn"`
}

// lists are the groups of [List].
var lists = map[uint32]bool{PGNDM1: true, PGNDM2: true, PGNDM6: true, PGNDM12: true, PGNDM23: true, PGNDM27: true, PGNDM28: true, PGNDM35: true}

// IsList tells the groups that list trouble codes behind four lamps.
func IsList(pgn uint32) bool { return lists[pgn] }

// parsers has the other groups that this package knows field by field; legacy is as in [ParseDTC].
var parsers = map[uint32]func(data []byte, legacy uint8) (any, error){
	PGNDM4:  func(d []byte, legacy uint8) (any, error) { list, err := ParseFrames(d, legacy); return some(list), err },
	PGNDM25: func(d []byte, legacy uint8) (any, error) { list, err := ParseFrames(d, legacy); return some(list), err },
	PGNDM31: func(d []byte, legacy uint8) (any, error) { list, err := ParseDM31(d, legacy); return some(list), err },

	PGNDM5: plain(ParseDM5), PGNDM7: plain(ParseDM7), PGNDM19: listed(ParseDM19), PGNDM20: plain(ParseDM20), PGNDM21: plain(ParseDM21),
	PGNDM22: plain(ParseDM22), PGNDM24: listed(ParseDM24), PGNDM26: plain(ParseDM26), PGNDM29: plain(ParseDM29), PGNDM30: listed(ParseDM30),
	PGNDM32: listed(ParseDM32), PGNDM33: listed(ParseDM33), PGNDM34: plain(ParseDM34),

	PGNEngineHours:  plain(ParseHours),
	PGNAcknowledge:  plain(ParseAcknowledgement),
	PGNRequest:      plain(func(d []byte) (Asked, error) { pgn, err := ParseRequest(d); return Asked{pgn}, err }),
	PGNAddressClaim: plain(parseClaim),
	PGNVehicleID:    plain(func(d []byte) (VehicleID, error) { vin, extra := ParseVIN(d); return VehicleID{vin, extra}, nil }),
	PGNComponentID:  plain(func(d []byte) (Component, error) { return ParseComponent(d), nil }),
	PGNSoftwareID:   listed(func(d []byte) ([]string, error) { return ParseSoftware(d), nil }),
	PGNECUID:        plain(func(d []byte) (ECUIdentity, error) { return ParseECUIdentity(d), nil }),
}

// listed is [plain] for messages that are lists: one without entries is empty, not nil.
func listed[T any](parse func([]byte) ([]T, error)) func([]byte, uint8) (any, error) {
	return func(data []byte, _ uint8) (any, error) {
		list, err := parse(data)
		return some(list), err
	}
}

func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func plain[T any](parse func([]byte) (T, error)) func([]byte, uint8) (any, error) {
	return func(data []byte, _ uint8) (any, error) { return parse(data) }
}

func parseClaim(data []byte) (Name, error) {
	if len(data) < 8 {
		return Name{}, short("address claim", data, 8)
	}
	var n uint64
	for i, b := range data[:8] {
		n |= uint64(b) << (8 * i)
	}
	return ParseName(n), nil
}

// Message reads the data of a group into the type that has its fields: [List], [DM5], []TestResult ...; nil
// for a group that only a catalogue of parameters describes. legacy is as in [ParseDTC]. What could be read
// before an error comes with it.
func Message(pgn uint32, data []byte, legacy uint8) (any, error) {
	if IsList(pgn) {
		list, err := ParseList(data, legacy)
		list.DTCs = some(list.DTCs)
		return list, err
	}
	if parse, ok := parsers[pgn]; ok {
		return parse(data, legacy)
	}
	return nil, nil //nolint:nilnil // no type of its own is no error
}
