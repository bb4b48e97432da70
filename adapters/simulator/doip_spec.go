package simulator

import (
	"encoding/binary"
	"fmt"
	"time"
)

// doipSpec is the DoIP entity of a car (ISO 13400-2). What a scenario leaves open has usual values.
type doipSpec struct {
	Address    hexID            `yaml:"address"`    // logical address of the entity
	EID        string           `yaml:"eid"`        // six bytes, hexadecimal
	GID        string           `yaml:"gid"`        // six bytes, hexadecimal
	Sockets    int              `yaml:"sockets"`    // testers at once
	MaxData    int              `yaml:"max_data"`   // longest diagnostic message in bytes
	Types      byteSet          `yaml:"types"`      // activation types
	Confirm    bool             `yaml:"confirm"`    // the first activation asks for a confirmation inside the car, the second finds it given
	Logical    map[string]hexID `yaml:"logical"`    // logical addresses of the ECUs by name
	Functional []hexID          `yaml:"functional"` // addresses of all of them
	Version    int              `yaml:"version"`    // of announcements: 2 = 2012, 3 = 2019
	Initial    time.Duration    `yaml:"initial"`    // a socket may stay without activation
	Idle       time.Duration    `yaml:"idle"`       // a socket may stay silent
	Power      byte             `yaml:"power"`      // diagnostic power mode, 0 = by the ignition
}

// Source addresses of test equipment (ISO 13400-2 table 13).
const (
	firstTester = 0x0E00
	lastTester  = 0x0FFF
)

// fill completes the specification from the car.
func (d *doipSpec) fill(s *scenario) error {
	if d.Address == 0 {
		d.Address = 0x1000
	}
	if d.EID == "" {
		d.EID = "02005E100001"
	}
	if d.GID == "" {
		d.GID = "000000000000"
	}
	d.Sockets = orWhole(d.Sockets, 4)
	d.MaxData = orWhole(d.MaxData, longestReply)
	d.Version = orWhole(d.Version, 2)
	d.Initial = max(d.Initial, 0)
	if d.Initial == 0 {
		d.Initial = 2 * time.Second
	}
	if d.Idle <= 0 {
		d.Idle = 5 * time.Minute
	}
	if d.Types == (byteSet{}) {
		d.Types = byteSet{0x00: true, 0x01: true}
	}
	if len(d.Functional) == 0 {
		d.Functional = []hexID{0xE000, 0xE400}
	}
	return d.check(s)
}

func orWhole(v, d int) int {
	if v == 0 {
		return d
	}
	return v
}

func (d *doipSpec) check(s *scenario) error {
	for _, text := range []string{d.EID, d.GID} {
		if b, err := hexBytes(text); err != nil || len(b) != 6 {
			return fmt.Errorf("doip: %q: want six hexadecimal bytes", text)
		}
	}
	if d.Address > 0xFFFF || d.Sockets < 1 || d.Sockets > maxClients-1 || d.MaxData < 8 || d.MaxData > 1<<20 || d.Version < 2 || d.Version > 3 {
		return fmt.Errorf("doip: want a 16-bit address, 1 to %d sockets, max_data from 8 to 1 MiB, version 2 or 3", maxClients-1)
	}
	names := map[string]bool{}
	for _, e := range s.ECUs {
		names[e.Name] = true
	}
	for name, address := range d.Logical {
		if !names[name] || address == 0 || address > 0xFFFF {
			return fmt.Errorf("doip: logical address %X of %q", uint32(address), name)
		}
	}
	return nil
}

// logical gives every ECU its logical address: as the scenario says, otherwise one after the other.
func (d *doipSpec) logical(ecus []*ecu) map[uint16]*ecu {
	table := map[uint16]*ecu{}
	for i, e := range ecus {
		address := uint16(d.Address) + uint16(i) + 1
		if a, ok := d.Logical[e.spec.Name]; ok {
			address = uint16(a)
		}
		table[address] = e
	}
	return table
}

// vin is the first that an ECU tells, as 17 characters.
func (s *scenario) vin() []byte {
	for _, e := range s.ECUs {
		for _, vin := range []string{e.Info.VIN, e.DIDs["F190"]} {
			if len(vin) == 17 {
				return []byte(vin)
			}
		}
	}
	return []byte("00000000000000000")
}

// identification is the payload of announcements and of answers to vehicle identification requests.
func (d *doipSpec) identification(vin []byte) []byte {
	eid, _ := hexBytes(d.EID) // checked
	gid, _ := hexBytes(d.GID)
	b := binary.BigEndian.AppendUint16(append([]byte{}, vin...), uint16(d.Address))
	return append(join(b, eid, gid), 0x00, 0x00) // no further action; VIN and GID are in step
}
