package predict

import (
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
)

// care is what is done about a part, and what waiting may cost.
type care struct{ what, cost string }

// cares are what a workshop does, by words that a part's name holds; the first that fits counts.
func cares() []struct {
	words string
	care  care
} {
	return []struct {
		words string
		care  care
	}{
		{"thermostat", care{"check the thermostat, replace it if it stays open", "more fuel and wear in a cold engine; the heater stays cool"}},
		{"coolant temperature sensor", care{"measure the coolant temperature sensor and its plug", "wrong mixture and fan control; a hot engine may go unnoticed"}},
		{"coolant", care{"check coolant level, radiator, fan and pump", "an overheated engine: a head gasket or the engine itself"}},
		{"alternator", care{"measure charging voltage under load; check belt, alternator and regulator", "the car stops when the battery is empty"}},
		{"charging", care{"measure charging voltage under load; check belt, alternator and regulator", "the car stops when the battery is empty, or a high voltage boils it"}},
		{"vacuum", care{"look for a leak in the intake behind the throttle, with smoke or a spray", "rough idle; a lean mixture heats valves and catalyst"}},
		{"manifold pressure", care{"compare the manifold pressure sensor with the barometer at rest", "wrong mixture, more fuel, codes that point elsewhere"}},
		{"misfire", care{"check plugs, coils and compression", "unburnt fuel destroys the catalyst"}},
		{"ignition", care{"check plugs, coils and compression", "unburnt fuel destroys the catalyst"}},
		{"12 V battery", care{"test the battery under load and charge it; replace it if the test fails", "one morning the car does not start"}},
		{"battery", care{"test the battery; replace it if the test fails", "less range, and in the end no start"}},
		{"pad", care{"measure the pads, replace them at the limit", "worn pads ruin the discs and brake worse"}},
		{"engine", care{"full diagnosis: scan, oil pressure, compression", "a breakdown on the road"}},
	}
}

// propose makes a proposal of a prediction that asks for something, nil of others.
func propose(p fleet.Prediction) *fleet.Proposal {
	out := &fleet.Proposal{Why: p.Claim}
	switch p.Urgency {
	case fleet.UrgencyNow:
		out.When, out.Before = "before the next long journey", p.At.AddDate(0, 0, 7)
	case fleet.UrgencySoon:
		out.When, out.Before = "at the next visit, within a month", p.At.AddDate(0, 0, 30)
	default:
		return nil
	}
	c := careOf(p.Part)
	out.What, out.Cost = c.what, c.cost
	if h := p.Horizon; h != nil && h.Unit == "d" && h.Value > 0 && h.Value < 3650 {
		if day := p.At.Add(time.Duration(h.Value * 24 * float64(time.Hour))); day.Before(out.Before) {
			out.Before = day
		}
	}
	return out
}

func careOf(part string) care {
	for _, c := range cares() {
		if strings.Contains(strings.ToLower(part), strings.ToLower(c.words)) {
			return c.care
		}
	}
	what := "look at what the reasons name"
	if part != "" {
		what = "check the " + part
	}
	return care{what, "not known"}
}
