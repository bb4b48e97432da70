package trip

import (
	"github.com/fleetms/obdctl/internal/obd"
)

// Ways to the fuel that was burnt, best first.
const (
	byVolume = "FUEL_RATE"     // PID 5E, L/h
	byMass   = "FUEL_RATE_ALT" // PID 9D, g/s
	byAir    = "MAF"           // PID 10, g/s, petrol only
)

// Petrol at 15 degrees Celsius (EN 228: 720 to 775 g/L) and its stoichiometric ratio of air to fuel.
const (
	petrolDensity = 745.0
	stoichiometry = 14.7
)

// fuelSense adds up the fuel in each of the ways that the car's readings allow.
type fuelSense struct {
	petrol bool
	litres map[string]float64
	last   map[string]sampled
}

// restart begins a new trip; what kind of fuel it is stays known.
func (f *fuelSense) restart() {
	f.litres, f.last = map[string]float64{}, map[string]sampled{}
}

// learn takes the kind of fuel from PID 51: 1 is petrol.
func (f *fuelSense) learn(r obd.Reading, petrol bool) {
	f.petrol = f.petrol || petrol
	if r.Signal == "FUEL_TYPE" || r.Signal == "FUEL_TYP" {
		f.petrol = r.Value == 1
	}
}

func (f *fuelSense) take(r obd.Reading) {
	f.learn(r, false)
	var rate float64 // L/s
	switch r.Signal {
	case byVolume:
		rate = r.Value / 3600
	case byMass:
		rate = r.Value / petrolDensity
	case byAir:
		rate = r.Value / stoichiometry / petrolDensity
	default:
		return
	}
	if old, ok := f.last[r.Signal]; ok && r.At.Sub(old.at) <= holdFor && rate >= 0 {
		f.litres[r.Signal] += (old.value + rate) / 2 * r.At.Sub(old.at).Seconds()
	} else if !ok {
		f.litres[r.Signal] += 0
	}
	f.last[r.Signal] = sampled{value: rate, at: r.At, known: true}
}

// total gives the fuel in litres and the signal that it comes from; nothing where the readings do not allow it.
func (f *fuelSense) total() (*float64, string) {
	for _, way := range []string{byVolume, byMass, byAir} {
		litres, ok := f.litres[way]
		if !ok || way != byVolume && !f.petrol {
			continue
		}
		return &litres, way
	}
	return nil, ""
}
