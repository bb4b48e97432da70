package simulator

import (
	"fmt"
	"strings"
	"time"
)

// nodeSpec is one node of a SAE J1939 network as the scenario describes it.
type nodeSpec struct {
	Name      string                   `yaml:"name"`
	Address   uint8                    `yaml:"address"`
	Number    nameSpec                 `yaml:"number"` // the NAME of SAE J1939-81
	Latency   time.Duration            `yaml:"latency"`
	Spread    time.Duration            `yaml:"spread"`
	Broadcast map[uint32]time.Duration `yaml:"broadcast"` // parameter groups by PGN, and how often
	Request   []uint32                 `yaml:"request"`   // parameter groups that are sent on request only
	Busy      []uint32                 `yaml:"busy"`      // groups first refused with "cannot respond now"
	Packets   int                      `yaml:"packets"`   // of a transfer that it takes per clear-to-send, 0 = all

	VIN          string            `yaml:"vin"`
	Component    string            `yaml:"component"` // make*model*serial*unit
	ECU          string            `yaml:"ecu"`       // part*serial*location*type
	Software     []string          `yaml:"software"`
	Calibrations []calibrationSpec `yaml:"calibrations"`
	Codes        truckCodes        `yaml:"codes"`
	Lamps        lampSpec          `yaml:"lamps"`
	OBD          *truckOBD         `yaml:"obd"` // emission part; nil = not an emission control unit
}

type nameSpec struct {
	Identity     uint32 `yaml:"identity"`     // 21 bits
	Manufacturer uint16 `yaml:"manufacturer"` // 11 bits
	Function     uint8  `yaml:"function"`
	Instance     uint8  `yaml:"instance"` // of the function, 5 bits
	System       uint8  `yaml:"system"`   // vehicle system, 7 bits
	Industry     uint8  `yaml:"industry"` // industry group, 3 bits
	Arbitrary    bool   `yaml:"arbitrary"`
}

type calibrationSpec struct {
	ID  string `yaml:"id"`
	CVN hexID  `yaml:"cvn"`
}

// truckCodes are the lists of SAE J1939-73, each behind a diagnostic message of its own.
type truckCodes struct {
	Active    []truckCode `yaml:"active"`    // DM1
	Previous  []truckCode `yaml:"previous"`  // DM2
	Pending   []truckCode `yaml:"pending"`   // DM6
	Confirmed []truckCode `yaml:"confirmed"` // DM12
	Lit       []truckCode `yaml:"lit"`       // DM23: previously lit the MIL
	Permanent []truckCode `yaml:"permanent"` // DM28
}

type truckCode struct {
	SPN   uint32 `yaml:"spn"`
	FMI   uint8  `yaml:"fmi"`
	Count uint8  `yaml:"count"`
	Old   bool   `yaml:"old"`    // conversion method bit set: an older layout of the SPN
	State *state `yaml:"freeze"` // freeze frame
}

// lampSpec tells which lamps are lit while codes are active: off, on, slow or fast.
type lampSpec struct {
	MIL     string `yaml:"mil"`
	Red     string `yaml:"red"`
	Amber   string `yaml:"amber"`
	Protect string `yaml:"protect"`
}

// truckOBD is what an emission control unit of a heavy vehicle tells.
type truckOBD struct {
	Compliance uint8          `yaml:"compliance"` // DM5: 20 = HD OBD
	Supported  []string       `yaml:"supported"`  // monitors in the words of DM5
	Open       []string       `yaml:"open"`
	OpenCycle  []string       `yaml:"open_cycle"`
	Ignition   uint16         `yaml:"ignition"`   // ignition cycles
	General    uint16         `yaml:"general"`    // OBD monitoring conditions
	Ratios     []ratioSpec    `yaml:"ratios"`     // DM20
	SPNs       []spnSpec      `yaml:"spns"`       // DM24
	Tests      []truckTest    `yaml:"tests"`      // DM30
	Family     string         `yaml:"family"`     // DM56: engine family
	Year       string         `yaml:"model_year"` // DM56
	Expanded   map[int]string `yaml:"expanded"`   // DM25: number of the code to hex of its data
}

type ratioSpec struct {
	SPN         uint32 `yaml:"spn"`
	Numerator   uint16 `yaml:"num"`
	Denominator uint16 `yaml:"den"`
}

// spnSpec is one entry of DM24: F expanded freeze frame, D data stream, T test results.
type spnSpec struct {
	SPN     uint32 `yaml:"spn"`
	Support string `yaml:"support"`
	Length  uint8  `yaml:"length"`
}

type truckTest struct {
	SPN   uint32 `yaml:"spn"`
	FMI   uint8  `yaml:"fmi"`
	SLOT  uint16 `yaml:"slot"`
	Value uint16 `yaml:"value"`
	Max   uint16 `yaml:"max"`
	Min   uint16 `yaml:"min"`
}

// Bounds of a scenario's network.
const (
	maxNodes    = 16
	maxGroups   = 64
	maxTruck    = 100 // codes of one list, tests, SPNs
	shortest    = 10 * time.Millisecond
	highestNode = 253
)

// check finds what the encoders could not answer and fills in defaults.
func (spec *nodeSpec) check() error {
	if spec.Address > highestNode {
		return fmt.Errorf("address %d: want at most %d", spec.Address, highestNode)
	}
	if spec.Latency == 0 {
		spec.Latency = 4 * time.Millisecond
	}
	if spec.Latency < 0 || spec.Latency > maxLatency || spec.Spread < 0 || spec.Spread > maxLatency || spec.Packets < 0 || spec.Packets > 255 {
		return fmt.Errorf("latency and spread must be from 0 to %s, packets up to 255", maxLatency)
	}
	if len(spec.Broadcast) > maxGroups || len(spec.Request) > maxGroups || len(spec.Software) > 32 || len(spec.Calibrations) > 32 {
		return fmt.Errorf("too many groups, software parts or calibrations")
	}
	for pgn, every := range spec.Broadcast {
		if _, ok := groups[pgn]; !ok && pgn != pgnDM1 || every < shortest || every > time.Hour {
			return fmt.Errorf("broadcast %d: want a group with an encoder, and from %s to 1h", pgn, shortest)
		}
	}
	for _, pgn := range spec.Request {
		if _, ok := groups[pgn]; !ok {
			return fmt.Errorf("request: group %d has no encoder", pgn)
		}
	}
	for _, text := range append([]string{spec.VIN, spec.Component, spec.ECU}, spec.Software...) {
		if len(text) > 200 {
			return fmt.Errorf("a text is longer than 200 characters")
		}
	}
	return spec.checkCodes()
}

func (spec *nodeSpec) checkCodes() error {
	for _, list := range [][]truckCode{
		spec.Codes.Active, spec.Codes.Previous, spec.Codes.Pending, spec.Codes.Confirmed, spec.Codes.Lit, spec.Codes.Permanent,
	} {
		if len(list) > maxTruck {
			return fmt.Errorf("more than %d codes", maxTruck)
		}
		for _, c := range list {
			if c.SPN >= 1<<19 || c.FMI > 31 || c.Count > 127 {
				return fmt.Errorf("code SPN %d FMI %d: too large", c.SPN, c.FMI)
			}
		}
	}
	for _, lamp := range []string{spec.Lamps.MIL, spec.Lamps.Red, spec.Lamps.Amber, spec.Lamps.Protect} {
		if _, ok := lamps[lamp]; !ok {
			return fmt.Errorf("lamp %q: want one of %s", lamp, strings.Join(sortedKeys(lamps), ", "))
		}
	}
	if o := spec.OBD; o != nil && (len(o.Ratios) > maxTruck || len(o.SPNs) > maxTruck || len(o.Tests) > maxTruck) {
		return fmt.Errorf("obd: more than %d ratios, SPNs or tests", maxTruck)
	}
	return nil
}
