package battery

import (
	"fmt"
	"math"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
)

// The parts that are judged.
const (
	leadPart     = "12 V battery"
	chargingPart = "charging system"
)

// recent is how many starts, rests or runs say how the battery is now.
const recent = 5

// Predict says how the 12 V battery and its charging are. Readings of the connector are enough; what they did not
// show is named. The caller fills in whose they are and when.
func Predict(o Observed) []fleet.Prediction {
	return []fleet.Prediction{predictBattery(o), predictCharging(o)}
}

func blank(o Observed, part string) fleet.Prediction {
	return fleet.Prediction{Topic: fleet.TopicBattery, Part: part, Urgency: fleet.UrgencyUnknown,
		LearnedFrom: "rules: load test and resting voltages of lead-acid batteries (Battery Council International)",
		Looked:      fleet.Looked{From: o.From, Until: o.Until, Readings: int64(o.Voltages)},
		Marks:       []string{fleet.MarkPhysics}, Missing: missing(o, part)}
}

// predictBattery goes by the dips of starts, and where none was seen by the voltage at rest.
func predictBattery(o Observed) fleet.Prediction {
	out := blank(o, leadPart)
	out.WouldChange = []string{"a charge over night and another start", "a load test in the workshop", "a new battery"}
	var dips []Start
	for _, s := range o.Starts {
		if s.Dip {
			dips = append(dips, s)
		}
	}
	if len(dips) > 0 {
		byStarts(&out, dips)
	}
	if len(o.Rests) > 0 {
		byRest(&out, o.Rests)
	}
	if !out.Told() {
		out.Claim = "Nothing can be said about the 12 V battery."
	}
	return out
}

// byStarts claims how far the last starts stayed above the limit.
func byStarts(out *fleet.Prediction, dips []Start) {
	last := dips[max(0, len(dips)-recent):]
	var margins []float64
	weak := 0
	for _, s := range last {
		margins = append(margins, s.margin())
		if s.margin() < 0 {
			weak++
		}
	}
	m, newest := middle(margins), last[len(last)-1]
	out.Quantity, out.Value, out.Unit = "cranking voltage above the limit", &m, "V"
	if len(dips) >= recent {
		low, high := medianInterval(margins)
		out.Interval = &fleet.Interval{Low: low, High: high, Level: 0.95}
	} else {
		out.Marks = append(out.Marks, fleet.MarkFewData)
	}
	at := "at an unknown temperature, taken as 21 °C"
	limit := crankLimit(21.1)
	if newest.TempC != nil {
		at, limit = fmt.Sprintf("at %.0f °C", *newest.TempC), crankLimit(*newest.TempC)
	}
	out.Reasons = append(out.Reasons, fleet.Reason{Signal: "crank_dip", Direction: direction(m), Contribution: math.Abs(m),
		Text: fmt.Sprintf("the last start pulled the supply from %.2f to %.2f V %s; a sound battery stays above %.2f V", newest.Before, newest.Lowest, at, limit)})
	switch {
	case weak >= 2 && m < 0:
		out.Urgency, out.Claim = fleet.UrgencyNow, fmt.Sprintf("The battery may not start the engine much longer: %d of the last %d starts fell below the limit.", weak, len(last))
	case weak >= 1:
		out.Urgency, out.Claim = fleet.UrgencyWatch, fmt.Sprintf("One of the last %d starts fell below the limit: the battery is weak or was not charged.", len(last))
	default:
		out.Urgency, out.Claim = fleet.UrgencyNone, fmt.Sprintf("The battery starts the engine with %.1f V to spare.", m)
	}
	f, ok := decline(dips)
	if !ok {
		return
	}
	days := f.reaches.Hours() / 24
	out.Horizon = &fleet.Horizon{Value: math.Round(days), Unit: "d"}
	out.Reasons = append(out.Reasons, fleet.Reason{Signal: "crank_dip", Direction: "low", Contribution: -f.perMonth,
		Text: fmt.Sprintf("over %d starts the margin falls by %.2f V a month (%.2f to %.2f)", len(dips), -f.perMonth, -f.high, -f.low)})
	out.Claim += fmt.Sprintf(" If it goes on falling, it meets the limit in about %.0f days.", days)
	if out.Urgency.Rank() < fleet.UrgencySoon.Rank() && days < 60 {
		out.Urgency = fleet.UrgencySoon
	}
}

func direction(margin float64) string {
	if margin < 0 {
		return "low"
	}
	return ""
}

// byRest adds what the voltage at rest says, and claims it where no start was seen.
func byRest(out *fleet.Prediction, rests []Rest) {
	last := rests[len(rests)-1]
	low, high := restCharge(last.Volts), restCharge(last.Volts+onLoad)
	since := "after an unknown time"
	if last.Stood > 0 {
		since = fmt.Sprintf("after %.0f h", last.Stood.Hours())
	}
	out.Reasons = append(out.Reasons, fleet.Reason{Signal: "rest_voltage", Contribution: max(0, 12.4-last.Volts),
		Text: fmt.Sprintf("%.2f V with the ignition on %s: between %.0f and %.0f %% charged", last.Volts, since, low, high)})
	empty := 0
	for _, r := range rests[max(0, len(rests)-recent):] {
		if restCharge(r.Volts+onLoad) < 75 {
			empty++
		}
	}
	told := out.Told()
	if !told {
		mid := (low + high) / 2
		out.Quantity, out.Value, out.Unit = "state of charge", &mid, "%"
		out.Interval = &fleet.Interval{Low: low, High: high, Level: 0.9}
		out.Urgency, out.Claim = fleet.UrgencyNone, fmt.Sprintf("The battery is charged; how it starts the engine was not seen (%.2f V at rest).", last.Volts)
	}
	if empty >= 2 {
		if out.Urgency.Rank() < fleet.UrgencySoon.Rank() {
			out.Urgency = fleet.UrgencySoon
		}
		out.Claim += " It was found discharged more than once: short trips, a hidden load, or a battery that holds no charge."
		return
	}
	if empty == 1 && !told {
		out.Urgency, out.Claim = fleet.UrgencyWatch, fmt.Sprintf("The battery was found discharged: %.2f V at rest.", last.Volts)
	}
}

// predictCharging goes by the voltage that the running engine holds.
func predictCharging(o Observed) fleet.Prediction {
	out := blank(o, chargingPart)
	out.LearnedFrom = fmt.Sprintf("rules: %.1f to %.1f V at 25 °C, %.0f mV less for each kelvin above", chargeLow, chargeTop, 1000*perKelvin)
	out.WouldChange = []string{"a longer run with lights and heating on", "the voltage and current measured at the alternator"}
	if len(o.Charges) == 0 {
		out.Claim = "Nothing can be said about the charging."
		return out
	}
	var held []float64
	highest, temperature := 0.0, false
	for _, c := range o.Charges[max(0, len(o.Charges)-recent):] {
		held = append(held, at25(c.Volts, c.TempC))
		highest, temperature = max(highest, c.Highest), temperature || c.TempC != nil
	}
	v := middle(held)
	out.Quantity, out.Value, out.Unit = "charging voltage at 25 °C", &v, "V"
	if len(held) >= 3 {
		low, high := medianInterval(held)
		out.Interval = &fleet.Interval{Low: low, High: high, Level: 0.95}
	}
	out.Reasons = []fleet.Reason{{Signal: "VPWR", Contribution: math.Abs(v - 14.2),
		Text: fmt.Sprintf("%.2f V held over the last %d runs of the engine, %.2f V at most", v, len(held), highest)}}
	if !temperature {
		out.Missing = append(out.Missing, "the temperature outside (PID 46)")
	}
	switch {
	case v > chargeTop:
		out.Urgency, out.Claim = fleet.UrgencyNow, fmt.Sprintf("The alternator overcharges: %.2f V.", v)
	case v < chargeLow && highest < chargeLow:
		out.Urgency, out.Claim = fleet.UrgencySoon, fmt.Sprintf("The battery is not charged: %.2f V with the engine running, and never more than %.2f V.", v, highest)
	case v < chargeLow:
		out.Urgency, out.Claim = fleet.UrgencyWatch, fmt.Sprintf("The engine mostly holds %.2f V and sometimes %.2f V: a car that steers its alternator does that, a slipping belt too.", v, highest)
	default:
		out.Urgency, out.Claim = fleet.UrgencyNone, fmt.Sprintf("The alternator holds %.2f V, as it should.", v)
	}
	return out
}

// missing names what the readings did not show of a part.
func missing(o Observed, part string) []string {
	var out []string
	if o.Voltages == 0 {
		return []string{"the supply voltage over some time (PID 42)"}
	}
	if !o.Engine {
		out = append(out, "the engine's speed (PID 0C): without it starts and charging cannot be told apart")
	}
	if part == chargingPart {
		if len(o.Charges) == 0 {
			out = append(out, "the voltage over some minutes with the engine running")
		}
		return out
	}
	dips := 0
	for _, s := range o.Starts {
		if s.Dip {
			dips++
		}
	}
	if dips == 0 {
		out = append(out, "a start of the engine with the voltage read several times a second, from before the key is turned")
	} else if o.Every > 300*time.Millisecond {
		out = append(out, "faster readings of the voltage: at one in "+o.Every.Round(100*time.Millisecond).String()+" the deepest dip of a start may be missed")
	}
	if len(o.Rests) == 0 {
		out = append(out, "the voltage before a start after at least 3 hours of rest")
	}
	return append(out, "the battery's current: without it there is no internal resistance")
}
