package importer

import (
	"bytes"
	"strings"

	"github.com/fleetms/obdctl/internal/catalog"
)

// profile is what one program does in its own way. Everything else about a table is found out.
type profile struct {
	name   string
	is     func(head []byte, titles map[string]bool) bool
	names  map[string]string // plain titles that mean something else than elsewhere; "" for a signal of its own
	habits map[string]habit  // plain titles whose numbers are not what their unit says
	// daySeconds: a plain number of seconds counts from midnight.
	daySeconds bool
}

// habit is a conversion that a program's numbers need before their unit holds.
type habit struct {
	scale
	unit string
}

// has tells that all titles stand in the head of a table.
func has(titles map[string]bool, all ...string) bool {
	for _, t := range all {
		if !titles[t] {
			return false
		}
	}
	return true
}

func hasPrefix(titles map[string]bool, prefix string) bool {
	for t := range titles {
		if strings.HasPrefix(t, prefix) {
			return true
		}
	}
	return false
}

func begins(head []byte, words string) bool {
	return bytes.Contains(head[:min(len(head), 2048)], []byte(words))
}

// profiles lists the programs that are told apart, the surest sign first.
func profiles() []profile {
	return []profile{
		{name: "racechrono", is: func(head []byte, _ map[string]bool) bool { return begins(head, "created using RaceChrono") }},
		{
			name: "obd-fusion",
			is: func(head []byte, t map[string]bool) bool {
				return begins(head, "StartTime") && begins(head, "Time (sec)") || begins(head, "OBD Fusion")
			},
		},
		{
			name: "torque",
			is: func(_ []byte, t map[string]bool) bool {
				return has(t, "devicetime") && (has(t, "gpstime") || has(t, "longitude", "latitude")) || has(t, "gpstime", "gx", "gcalibrated")
			},
			names: map[string]string{
				"gcalibrated": "", "fuelremainingcalculatedfromvehicleprofile": "",
				"fuelrailpressurerelativetomanifoldvacuum": "FRP_REL", "voltagecontrolmodule": "VPWR", "voltageobdadapter": "",
			},
		},
		{
			name: "car-scanner", daySeconds: true,
			is: func(_ []byte, t map[string]bool) bool { return has(t, "seconds", "pid", "value") },
		},
		{
			name: "car-scanner", daySeconds: true,
			is: func(_ []byte, t map[string]bool) bool {
				return has(t, "time") && (hasPrefix(t, "calculatedboost") || hasPrefix(t, "averagefuelconsumption") ||
					hasPrefix(t, "fueleconomizer") || hasPrefix(t, "instantenginepower") || hasPrefix(t, "obdmodulevoltage"))
			},
		},
		{
			name: "harrys-laptimer",
			is: func(head []byte, t map[string]bool) bool {
				return has(t, "lapindex", "index") || has(t, "linealg", "lateralg") || begins(head, "LapTimer")
			},
			names: map[string]string{"speed": "GPS_SPEED", "speedkph": "GPS_SPEED", "speedmph": "GPS_SPEED", "wheelspeedkph": "VSS", "wheelspeedmph": "VSS"},
		},
		{
			name: "dashcommand",
			is: func(head []byte, t map[string]bool) bool {
				return hasPrefix(t, "frametime") || hasPrefix(t, "auxgps") || hasPrefix(t, "saerpm") || hasPrefix(t, "calcenginepower")
			},
		},
		{
			// Timing advance and the equivalence ratio go through the program's percent formula: raw*100/255.
			// Of the ratio only the whole number is left, which is no measurement of it.
			name:   "android-obd-reader",
			is:     func(_ []byte, t map[string]bool) bool { return has(t, "troublecodes", "dtcnumber") },
			names:  map[string]string{"termfueltrimbank1": "LONGFT1", "equivratio": "", "timingadvance": "SPARKADV"},
			habits: map[string]habit{"timingadvance": {scale{255.0 / 200, -64}, "deg"}},
		},
		{
			name: "pyobd",
			is: func(_ []byte, t map[string]bool) bool {
				return has(t, "time", "rpm", "mph") || has(t, "time", "rpm", "fuelstatus") || has(t, "time", "rpm", "loadpct")
			},
		},
		{name: "obdwiz", is: func(head []byte, _ map[string]bool) bool {
			return begins(head, "OBDwiz") || begins(head, "OBDWiz") || begins(head, "ScanTool")
		}},
		{name: "scanmaster", is: func(head []byte, _ map[string]bool) bool { return begins(head, "ScanMaster") }},
	}
}

// profileOf finds the program that wrote a table.
func profileOf(head []byte, columns []title) profile {
	titles := make(map[string]bool, 2*len(columns))
	for _, t := range columns {
		titles[plain(t.full)], titles[plain(t.name)] = true, true
	}
	for _, p := range profiles() {
		if p.is(head, titles) {
			return p
		}
	}
	return profile{name: "table"}
}

// signal returns the canonical signal of a title, "" for one of its own.
func (p profile) signal(cat *catalog.Catalog, t title) string {
	for _, n := range []string{plain(t.full), plain(t.name)} {
		if id, ok := p.names[n]; ok {
			return id
		}
	}
	return resolve(cat, t)
}
