package text

import (
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict"
)

// Drift lays out how newer drives differ from older ones.
func Drift(v fleet.Vehicle, d predict.Drifted, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Drift", C("%s", v.Title()))
	day := "2006-01-02"
	p.Line(2, C("%d drives from %s to %s against %d from %s to %s", d.Before.Trips, d.Before.From.Format(day), d.Before.Until.Format(day), d.After.Trips, d.After.From.Format(day), d.After.Until.Format(day)))
	rows := [][]Cell{{T(Faint, ""), T(Faint, "signal"), T(Faint, "median"), T(Faint, "PSI"), T(Faint, "limit"), T(Faint, "KS"), T(Faint, "limit"), T(Faint, "")}}
	for _, s := range d.Signals {
		state := T(Good, "✓ same")
		switch {
		case s.Missing != "":
			state = T(Faint, "? unknown")
		case s.Alarm:
			state = T(Warn, "! changed")
		}
		rows = append(rows, []Cell{state, T(Strong, "%s", s.Signal), C("%.4g to %.4g", s.From, s.To), R("%.2f", s.PSI), R("%.2f", s.PSILimit), R("%.2f", s.KS), R("%.2f", s.KSLimit), T(Faint, "%s", s.Missing)})
	}
	p.Table(2, rows)
	if e := d.Errors; e != nil {
		p.Section("Predictions that mechanics looked at")
		p.Line(2, C("%d, %.0f %% refuted", e.Labels, 100*e.Share))
		if !e.Changed.IsZero() {
			p.Line(2, T(Warn, "! since %s they err otherwise than before: train again", e.Changed.Format(day)))
		}
	}
	return p
}
