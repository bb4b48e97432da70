package j1939

import "strings"

// Component is who made a node (PGN 65259): fields that end with an asterisk.
type Component struct {
	Make   string `json:"make"`
	Model  string `json:"model"`
	Serial string `json:"serial"`
	Unit   string `json:"unit"`
}

// ParseComponent reads the component identification. Fields that are missing are empty.
func ParseComponent(data []byte) Component {
	f := fields(data)
	return Component{at(f, 0), at(f, 1), at(f, 2), at(f, 3)}
}

// Bytes returns the message.
func (c Component) Bytes() []byte {
	return []byte(c.Make + "*" + c.Model + "*" + c.Serial + "*" + c.Unit + "*")
}

// ECUIdentity is PGN 64965.
type ECUIdentity struct {
	Part     string `json:"part"`
	Serial   string `json:"serial"`
	Location string `json:"location"`
	Type     string `json:"type"`
	Maker    string `json:"maker"`
	Hardware string `json:"hardware"`
}

// ParseECUIdentity reads the ECU identification.
func ParseECUIdentity(data []byte) ECUIdentity {
	f := fields(data)
	return ECUIdentity{at(f, 0), at(f, 1), at(f, 2), at(f, 3), at(f, 4), at(f, 5)}
}

// ParseSoftware reads the software identification (PGN 65242): a count and that many fields. Some nodes
// leave the count out.
func ParseSoftware(data []byte) []string {
	if len(data) > 0 && data[0] < ' ' {
		data = data[1:]
	}
	var out []string
	for _, f := range fields(data) {
		if f != "" {
			out = append(out, f)
		}
	}
	return out
}

// ParseVIN reads the vehicle identification (PGN 65260), which ends with an asterisk, and what the maker put
// behind it.
func ParseVIN(data []byte) (vin, rest string) {
	v, r, _ := strings.Cut(string(data), "*")
	return text([]byte(v)), text([]byte(r))
}

func fields(data []byte) []string {
	parts := strings.Split(string(data), "*")
	for i, p := range parts {
		parts[i] = text([]byte(p))
	}
	return parts
}

func at(f []string, i int) string {
	if i < len(f) {
		return f[i]
	}
	return ""
}
