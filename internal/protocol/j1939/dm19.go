package j1939

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// PGNDM19 holds calibration ids and their verification numbers.
const PGNDM19 = 54016 // D300

const calibrationBytes = 20

// Calibration is one pair of DM19.
type Calibration struct {
	CVN uint32 `json:"cvn"` // calibration verification number
	ID  string `json:"id"`  // calibration id, padding removed
}

// ParseDM19 reads DM19: four bytes of verification number, lowest first, and sixteen characters each. Bytes
// behind the last whole pair are an error beside the pairs.
func ParseDM19(data []byte) ([]Calibration, error) {
	var out []Calibration
	for ; len(data) >= calibrationBytes; data = data[calibrationBytes:] {
		out = append(out, Calibration{CVN: binary.LittleEndian.Uint32(data), ID: text(data[4:calibrationBytes])})
	}
	if len(data) > 0 {
		return out, short("DM19", data, calibrationBytes)
	}
	return out, nil
}

// DM19Bytes returns the message; ids are cut after 16 characters.
func DM19Bytes(list []Calibration) []byte {
	var out []byte
	for _, c := range list {
		b := make([]byte, calibrationBytes)
		binary.LittleEndian.PutUint32(b, c.CVN)
		copy(b[4:], c.ID)
		out = append(out, b...)
	}
	return out
}

// text returns what can be read: up to the first NUL or FF, other characters than printable ASCII left out.
func text(data []byte) string {
	if i := bytes.IndexAny(data, "\x00"); i >= 0 {
		data = data[:i]
	}
	if i := bytes.IndexByte(data, 0xFF); i >= 0 {
		data = data[:i]
	}
	keep := func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}
	return strings.TrimSpace(strings.Map(keep, string(data)))
}
