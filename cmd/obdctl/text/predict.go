package text

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/fleet"
)

// PredictedVehicle is what was said of one vehicle, with the work orders that belong to it.
type PredictedVehicle struct {
	Vehicle fleet.Vehicle
	Said    []fleet.Prediction
	Orders  []fleet.WorkOrder
}

// Predictions lays out what was said of vehicles, each prediction with all that it rests on.
func Predictions(all []PredictedVehicle, o Options) *Page {
	p := NewPage(o.Width)
	for _, v := range all {
		p.Section("Predictions", C("%s", v.Vehicle.Title()))
		if len(v.Said) == 0 {
			p.Line(2, T(Faint, "none yet: 'obdctl predict' makes them"))
		}
		for i, s := range v.Said {
			if i > 0 {
				p.Line(0)
			}
			prediction(p, s, o)
		}
		if len(v.Orders) > 0 {
			p.Section("Work orders opened")
			p.Table(2, orderRows(v.Orders, o))
		}
	}
	return p
}

func prediction(p *Page, s fleet.Prediction, o Options) {
	claim := s.Claim
	if s.Part != "" {
		claim = strings.ToUpper(s.Part[:1]) + s.Part[1:] + ": " + claim
	}
	p.Table(2, [][]Cell{{urgencyCell(s.Urgency), T(Strong, "%s", claim)}})
	var rows [][]Cell
	add := func(name, words string) {
		if words != "" {
			rows = append(rows, []Cell{T(Faint, "%s", name), C("%s", words)})
		}
	}
	if v := predictedValue(s); v != "" {
		add("value", v)
	}
	for i, r := range s.Reasons {
		name := ""
		if i == 0 {
			name = "because"
		}
		rows = append(rows, []Cell{T(Faint, "%s", name), C("%s", reason(r))})
	}
	add("mark", strings.Join(s.Marks, "; "))
	add("missing", strings.Join(s.Missing, "; "))
	add("learned", s.LearnedFrom)
	add("changes", strings.Join(s.WouldChange, "; "))
	if d := s.Proposal; d != nil {
		add("do", d.What+", "+d.When+by(*d, o)+"; waiting: "+d.Cost)
	}
	add("model", modelWords(s.Model))
	if s.ID.String() != "" && s.ID != [16]byte{} {
		rows = append(rows, []Cell{T(Faint, "id"), T(Faint, "%s, %s", short(s.ID), minute(s.At, o.Zone))})
	}
	p.Table(11, rows)
}

func modelWords(m fleet.ModelRef) string {
	switch {
	case m.Name == "":
		return ""
	case m.Version == 0:
		return m.Name
	case len(m.Hash) >= 12:
		return fmt.Sprintf("%s %d (%s)", m.Name, m.Version, m.Hash[:12])
	}
	return fmt.Sprintf("%s %d", m.Name, m.Version)
}

func by(d fleet.Proposal, o Options) string {
	if d.Before.IsZero() {
		return ""
	}
	return " (by " + minute(d.Before, o.Zone)[:10] + ")"
}

func reason(r fleet.Reason) string {
	words := r.Text
	if words == "" {
		words = strings.TrimSpace(r.Signal + " " + r.Direction)
	}
	return words
}

// urgencyCell says how soon in one word of one width.
func urgencyCell(u fleet.Urgency) Cell {
	switch u {
	case fleet.UrgencyNow:
		return T(Bad, "! now    ")
	case fleet.UrgencySoon:
		return T(Warn, "! soon   ")
	case fleet.UrgencyWatch:
		return T(Warn, "~ watch  ")
	case fleet.UrgencyNone:
		return T(Good, "✓ fine   ")
	}
	return T(Faint, "? unknown")
}

// predictedValue writes the number with its interval and horizon.
func predictedValue(s fleet.Prediction) string {
	if s.Value == nil {
		return ""
	}
	unit, scale := s.Unit, 1.0
	if unit == "1" {
		unit, scale = "%", 100
	}
	unit = plainUnit(unit)
	words := strings.TrimSpace(fmt.Sprintf("%s %s %s", s.Quantity, plainNumber(*s.Value*scale), unit))
	if i := s.Interval; i != nil {
		words += fmt.Sprintf(" (%s to %s, %.0f %%)", plainNumber(i.Low*scale), plainNumber(i.High*scale), 100*i.Level)
	}
	if h := s.Horizon; h != nil {
		words += fmt.Sprintf(", within %s %s", plainNumber(h.Value), plainUnit(h.Unit))
	}
	return words
}

// plainNumber writes a number with as many digits as it is worth.
func plainNumber(v float64) string {
	switch {
	case v >= 100 || v <= -100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10 || v <= -10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// plainUnit writes a UCUM code as people do.
func plainUnit(unit string) string {
	switch unit {
	case "d":
		return "days"
	case "{trip}":
		return "trips"
	case "{cycle}":
		return "cycles"
	case "1":
		return ""
	case "Cel":
		return "°C"
	}
	return unit
}

// PredictionList lays out predictions, one a line.
func PredictionList(all []fleet.Prediction, names map[string]fleet.Vehicle, next string, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Predictions", T(Faint, "%d", len(all)))
	var rows [][]Cell
	for _, s := range all {
		rows = append(rows, []Cell{T(Faint, "%s", short(s.ID)), C("%s", minute(s.At, o.Zone)), C("%s", names[s.VehicleID.String()].Title()), urgencyCell(s.Urgency), C("%s", s.Claim)})
	}
	p.Table(2, rows)
	if len(all) == 0 {
		p.Line(2, T(Faint, "none yet: 'obdctl predict' makes them"))
	}
	nextPage(p, next)
	return p
}

// latest adds what was predicted last to a page of something else.
func latest(p *Page, said []fleet.Prediction, o Options) {
	if len(said) == 0 {
		return
	}
	p.Section("Predicted last", T(Faint, "%s; 'obdctl predict' says it anew", minute(said[0].At, o.Zone)))
	var rows [][]Cell
	for _, s := range said {
		mark := ""
		if len(s.Marks) > 0 {
			mark = " [" + strings.Join(s.Marks, "; ") + "]"
		}
		rows = append(rows, []Cell{urgencyCell(s.Urgency), C("%s", partOr(s)), C("%s%s", s.Claim, mark)})
	}
	p.Table(2, rows)
}

func partOr(s fleet.Prediction) string {
	if s.Part == "" {
		return string(s.Topic)
	}
	return s.Part
}

// Proposals lays out what should be done.
func Proposals(all []PredictedVehicle, o Options) *Page {
	p := NewPage(o.Width)
	for _, v := range all {
		p.Section("Proposals", C("%s", v.Vehicle.Title()))
		for _, s := range v.Said {
			d := s.Proposal
			p.Table(2, [][]Cell{{urgencyCell(s.Urgency), T(Strong, "%s", d.What)}})
			p.Table(11, [][]Cell{
				{T(Faint, "when"), C("%s%s", d.When, by(*d, o))}, {T(Faint, "why"), C("%s", d.Why)}, {T(Faint, "waiting"), C("%s", d.Cost)},
				{T(Faint, "order"), orderCell(v.Orders, s)},
			})
		}
	}
	if len(all) == 0 {
		p.Section("Proposals")
		p.Line(2, T(Faint, "none: the newest predictions ask for nothing"))
	}
	return p
}

func orderCell(orders []fleet.WorkOrder, s fleet.Prediction) Cell {
	for _, o := range orders {
		if o.PredictionID != nil && strings.HasPrefix(o.Title, s.Part) {
			return C("%s, %s", short(o.ID), o.State)
		}
	}
	return T(Faint, "obdctl predict order %s", short(s.ID))
}

// RepairOutcomes lays out what mechanics found.
func RepairOutcomes(all []fleet.Outcome, next string, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Outcomes", T(Faint, "%d", len(all)))
	var rows [][]Cell
	for _, f := range all {
		words := f.Note
		if f.Replaced {
			words = strings.TrimSuffix("replaced; "+words, "; ")
		}
		measured := ""
		if f.Measured != nil {
			measured = strings.TrimSpace(plainNumber(*f.Measured) + " " + plainUnit(f.Unit))
		}
		rows = append(rows, []Cell{T(Faint, "%s", short(f.ID)), C("%s", minute(f.At, o.Zone)), C("%s", f.Topic), T(Strong, "%s", f.Part), findingCell(f.Finding), R("%s", measured), C("%s", words)})
	}
	p.Table(2, rows)
	nextPage(p, next)
	return p
}

func findingCell(f fleet.Finding) Cell {
	switch f {
	case fleet.FoundFailed:
		return T(Bad, "%s", f)
	case fleet.FoundWorn:
		return T(Warn, "%s", f)
	}
	return T(Good, "%s", f)
}
