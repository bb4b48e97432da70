package simulator

import (
	"fmt"
	"strconv"
	"strings"
)

// udsSpec is what an ECU knows of ISO 14229-1 beyond SAE J1979.
type udsSpec struct {
	Only     bool                `yaml:"only"`     // none of services 01 to 0A
	OBD      bool                `yaml:"obd"`      // PIDs, OBDMIDs and InfoTypes behind F4xx, F6xx and F8xx
	Format   hexID               `yaml:"format"`   // DTCFormatIdentifier, 0 = 01 (ISO 14229-1)
	Mask     hexID               `yaml:"mask"`     // DTCStatusAvailabilityMask, 0 = FF
	MaxDIDs  int                 `yaml:"max_dids"` // identifiers in one request, 0 = 8
	Codes    []udsCode           `yaml:"codes"`
	Live     map[string]liveSpec `yaml:"live"`     // identifiers whose value moves
	Guarded  byteWords           `yaml:"guarded"`  // identifiers behind security access
	Writable byteWords           `yaml:"writable"` // identifiers that service 2E takes
	Outputs  byteWords           `yaml:"outputs"`  // identifiers that service 2F takes
	Routines map[string]string   `yaml:"routines"` // service 31: identifier to status record
	Levels   byteSet             `yaml:"levels"`   // odd security levels that exist
	Secret   hexID               `yaml:"secret"`   // key = seed XOR secret; 0 = no key is right
	Periodic hexID               `yaml:"periodic"` // identifier of the messages of service 2A, 0 = no such service
}

// udsCode is one trouble code in the memory of an ECU.
type udsCode struct {
	Code      string            `yaml:"code"`   // "P0301-11": J2012 code and failure type
	Status    hexID             `yaml:"status"` // statusOfDTC (ISO 14229-1 annex D.2)
	Severity  hexID             `yaml:"severity"`
	Unit      hexID             `yaml:"unit"`  // functional unit
	Class     string            `yaml:"class"` // of UN GTR No. 5: A, B1, B2 or C
	Emission  bool              `yaml:"emission"`
	Permanent bool              `yaml:"permanent"`
	Group     hexID             `yaml:"group"`    // readiness group, 0 = none
	Counter   hexID             `yaml:"counter"`  // fault detection counter
	Freeze    *freezeSpec       `yaml:"freeze"`   // snapshot record 00 by PIDs behind F4xx
	Snapshot  map[string]string `yaml:"snapshot"` // snapshot record 01: identifier to hex
	Extended  map[string]string `yaml:"extended"` // extended data records: number to hex
}

// liveSpec is a moving value: (quantity + offset) * scale, rounded, big-endian.
type liveSpec struct {
	Of     string  `yaml:"of"`
	Scale  float64 `yaml:"scale"`
	Offset float64 `yaml:"offset"`
	Bytes  int     `yaml:"bytes"`
}

// byteWords is a set of identifiers written as "F190 F18C 0100-010F".
type byteWords map[uint16]bool

// UnmarshalText reads identifiers and ranges.
func (w *byteWords) UnmarshalText(text []byte) error {
	*w = byteWords{}
	for field := range strings.FieldsSeq(string(text)) {
		first, last, isRange := strings.Cut(field, "-")
		if !isRange {
			last = first
		}
		from, err := strconv.ParseUint(first, 16, 16)
		if err != nil {
			return fmt.Errorf("%q is not an identifier of four hexadecimal digits", field)
		}
		to, err := strconv.ParseUint(last, 16, 16)
		if err != nil || to < from {
			return fmt.Errorf("%q is not a range of identifiers", field)
		}
		for did := from; did <= to; did++ {
			(*w)[uint16(did)] = true
		}
	}
	return nil
}

// quantities are what live values and J1939 signals may show of the car.
var quantities = map[string]func(*state) float64{
	"speed":    func(s *state) float64 { return s.Speed },
	"rpm":      func(s *state) float64 { return s.RPM },
	"load":     func(s *state) float64 { return s.Load },
	"coolant":  func(s *state) float64 { return s.Coolant },
	"oil":      func(s *state) float64 { return s.Oil },
	"ambient":  func(s *state) float64 { return s.Ambient },
	"volts":    func(s *state) float64 { return s.Volts },
	"charge":   func(s *state) float64 { return s.Charge },
	"current":  func(s *state) float64 { return s.Current },
	"fuel":     func(s *state) float64 { return s.Fuel },
	"gear":     func(s *state) float64 { return float64(s.Gear) },
	"pedal":    func(s *state) float64 { return s.Pedal },
	"odometer": func(s *state) float64 { return s.Odometer },
}

// check finds what could not be answered, and fills in defaults.
func (u *udsSpec) check() error {
	if u.Format == 0 {
		u.Format = 0x01
	}
	if u.Mask == 0 {
		u.Mask = 0xFF
	}
	if u.MaxDIDs == 0 {
		u.MaxDIDs = 8
	}
	if u.Format > 0xFF || u.Mask > 0xFF || u.MaxDIDs < 0 || len(u.Codes) > maxCodes || u.Periodic > 0x1FFFFFFF {
		return fmt.Errorf("uds: format and mask must be bytes, at most %d codes", maxCodes)
	}
	for did, l := range u.Live {
		if _, ok := quantities[l.Of]; !ok || l.Bytes < 1 || l.Bytes > 4 {
			return fmt.Errorf("uds: live %s: want 1 to 4 bytes of one of %s", did, strings.Join(sortedKeys(quantities), ", "))
		}
		if _, err := identifier(did); err != nil {
			return err
		}
	}
	for id, text := range u.Routines {
		if _, err := identifier(id); err != nil {
			return err
		}
		if _, err := hexBytes(text); err != nil {
			return fmt.Errorf("uds: routine %s: %w", id, err)
		}
	}
	for i := range u.Codes {
		if err := u.Codes[i].check(); err != nil {
			return fmt.Errorf("uds: code %q: %w", u.Codes[i].Code, err)
		}
	}
	return nil
}

// classes of UN GTR No. 5 as bits of the severity byte (ISO 14229-1 annex D.3).
var classes = map[string]byte{"": 0, "A": 0x02, "B1": 0x04, "B2": 0x08, "C": 0x10}

func (c *udsCode) check() error {
	if _, err := udsCodeBytes(c.Code); err != nil {
		return err
	}
	class, ok := classes[c.Class]
	if !ok || c.Status > 0xFF || c.Severity > 0xFF || c.Unit > 0xFF || c.Group > 0xFF || c.Counter > 0xFF {
		return fmt.Errorf("want bytes, and a class A, B1, B2 or C")
	}
	c.Severity |= hexID(class)
	for did, text := range c.Snapshot {
		if _, err := identifier(did); err != nil {
			return err
		}
		if _, err := hexBytes(text); err != nil {
			return err
		}
	}
	for number, text := range c.Extended {
		if n, err := strconv.ParseUint(number, 16, 8); err != nil || n == 0 || n > 0xEF {
			return fmt.Errorf("extended data record %q: want 01 to EF", number)
		}
		if _, err := hexBytes(text); err != nil {
			return err
		}
	}
	return nil
}

func identifier(text string) (uint16, error) {
	n, err := strconv.ParseUint(text, 16, 16)
	if err != nil {
		return 0, fmt.Errorf("%q is not an identifier", text)
	}
	return uint16(n), nil
}

// udsCodeBytes packs "P0301-11": two bytes of J2012 and the failure type byte.
func udsCodeBytes(text string) (b [3]byte, err error) {
	base, failure, _ := strings.Cut(text, "-")
	two, ok := codeBytes(base)
	if failure == "" {
		failure = "00"
	}
	n, perr := strconv.ParseUint(failure, 16, 8)
	if !ok || perr != nil {
		return b, fmt.Errorf("%q is not a trouble code such as P0301-11", text)
	}
	return [3]byte{two[0], two[1], byte(n)}, nil
}
