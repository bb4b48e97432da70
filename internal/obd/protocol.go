package obd

import "fmt"

// Protocol is the vehicle's diagnostic line as SAE J1978 and the ELM327 number it.
type Protocol uint8

// The protocols. 1 to 12 are the ELM327's own numbers (AT SP, AT DPN).
const (
	ProtocolUnknown Protocol = iota
	J1850PWM                 // SAE J1850 PWM, 41.6 kbit/s
	J1850VPW                 // SAE J1850 VPW, 10.4 kbit/s
	ISO9141                  // ISO 9141-2, 5-baud init, 10.4 kbit/s
	KWPSlow                  // ISO 14230-4, 5-baud init
	KWPFast                  // ISO 14230-4, fast init
	CAN11x500                // ISO 15765-4, 11 bit, 500 kbit/s
	CAN29x500                // ISO 15765-4, 29 bit, 500 kbit/s
	CAN11x250                // ISO 15765-4, 11 bit, 250 kbit/s
	CAN29x250                // ISO 15765-4, 29 bit, 250 kbit/s
	J1939                    // SAE J1939, 29 bit, 250 kbit/s by default
	CANUser1                 // the adapter's first user-defined CAN
	CANUser2                 // the adapter's second user-defined CAN
	DoIP                     // ISO 13400-2
)

var protocols = [...]struct{ slug, name string }{
	{"unknown", "unknown"},
	{"j1850-pwm", "SAE J1850 PWM"},
	{"j1850-vpw", "SAE J1850 VPW"},
	{"iso9141", "ISO 9141-2"},
	{"kwp-slow", "ISO 14230-4 (KWP, 5-baud init)"},
	{"kwp-fast", "ISO 14230-4 (KWP, fast init)"},
	{"can11-500", "ISO 15765-4 (CAN 11/500)"},
	{"can29-500", "ISO 15765-4 (CAN 29/500)"},
	{"can11-250", "ISO 15765-4 (CAN 11/250)"},
	{"can29-250", "ISO 15765-4 (CAN 29/250)"},
	{"j1939", "SAE J1939 (CAN 29/250)"},
	{"can-user1", "user CAN 1"},
	{"can-user2", "user CAN 2"},
	{"doip", "ISO 13400-2 (DoIP)"},
}

// IsCAN tells whether replies come as ISO 15765-2 transfers.
func (p Protocol) IsCAN() bool { return p >= CAN11x500 && p <= CANUser2 }

// Is29Bit tells whether OBD addresses are 29-bit CAN identifiers.
func (p Protocol) Is29Bit() bool { return p == CAN29x500 || p == CAN29x250 || p == J1939 }

// IsKLine tells ISO 9141-2 and ISO 14230, which need an init and a keep-alive.
func (p Protocol) IsKLine() bool { return p >= ISO9141 && p <= KWPFast }

// IsJ1850 tells the two J1850 lines.
func (p Protocol) IsJ1850() bool { return p == J1850PWM || p == J1850VPW }

// Name returns the standard's name for people.
func (p Protocol) Name() string {
	if int(p) < len(protocols) {
		return protocols[p].name
	}
	return protocols[0].name
}

// String returns the short name that JSON and flags use, such as "can11-500".
func (p Protocol) String() string {
	if int(p) < len(protocols) {
		return protocols[p].slug
	}
	return protocols[0].slug
}

// ParseProtocol reads the short name.
func ParseProtocol(s string) (Protocol, error) {
	for i, p := range protocols {
		if p.slug == s {
			return Protocol(i), nil
		}
	}
	return ProtocolUnknown, fmt.Errorf("protocol %q is not known", s)
}

// MarshalText writes the short name.
func (p Protocol) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the short name.
func (p *Protocol) UnmarshalText(b []byte) error {
	v, err := ParseProtocol(string(b))
	*p = v
	return err
}
