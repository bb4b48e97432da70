package text

import "github.com/fleetms/obdctl/internal/obd"

// The parts of a scan that commands of their own show. Each says so when there is nothing, so that an
// empty screen never means "could not be read".

// Codes lays out the lamp and the trouble codes.
func Codes(s *obd.Scan, o Options) *Page {
	p := NewPage(o.Width)
	lamp(p, s)
	codes(p, s)
	unread(p, s)
	return p
}

// FreezeFrames lays out every freeze frame.
func FreezeFrames(s *obd.Scan, o Options) *Page {
	p := NewPage(o.Width)
	freezeFrames(p, s, o)
	if len(s.FreezeFrames) == 0 {
		p.Section("Freeze frames", emptyCell(s, obd.StepFreeze, "none stored"))
	}
	unread(p, s)
	return p
}

// Monitors lays out readiness, verdict and coach.
func Monitors(s *obd.Scan, o Options) *Page {
	p := NewPage(o.Width)
	readiness(p, s)
	unread(p, s)
	return p
}

// Tests lays out the monitor tests.
func Tests(s *obd.Scan, o Options) *Page {
	p := NewPage(o.Width)
	tests(p, s, o)
	if len(s.Tests) == 0 {
		p.Section("Monitor tests", emptyCell(s, obd.StepTests, "this vehicle reports none"))
	} else if !o.All && len(testRows(s, o)) == 0 {
		p.Line(2, T(Good, "✓ none failed, none close to its limit; --all lists every one"))
	}
	unread(p, s)
	return p
}

// Info lays out vehicle and control units, with in-use counters.
func Info(s *obd.Scan, o Options) *Page {
	p := NewPage(o.Width)
	head(p, s, o)
	units(p, s)
	for _, e := range s.ECUs {
		details(p, e, o)
	}
	unread(p, s)
	return p
}

// textRows are readings of which most are words: they stand to the left and may take several lines.
func textRows(all []obd.Reading, o Options) [][]Cell {
	rows := ReadingRows(all, o.Imperial, false)
	for i, r := range all {
		if row := rows[i]; r.Text != "" && len(row) > 2 {
			rows[i] = []Cell{row[0], row[1], C(r.Text)}
		}
	}
	return rows
}

func emptyCell(s *obd.Scan, step obd.Step, words string) Cell {
	if !done(s, step) {
		return T(Warn, "? could not be read in full")
	}
	return T(Faint, "%s", words)
}

func details(p *Page, e obd.ECU, o Options) {
	var rows [][]Cell
	for _, f := range []struct{ name, value string }{{"Engine serial number", e.ESN}, {"Exhaust regulation", e.Regulation}} {
		if f.value != "" {
			rows = append(rows, []Cell{T(Faint, "%s", f.name), C(f.value)})
		}
	}
	rows = append(rows, textRows(e.Info, o)...)
	if len(rows) > 0 {
		p.Section("Details", C(e.Address.String()))
		p.Table(2, rows)
	}
	if e.InUse == nil {
		return
	}
	p.Section("In-use performance", C("%s: %d ignition cycles, %d general conditions met",
		e.Address, e.InUse.IgnitionCycles, e.InUse.Conditions))
	rows = nil
	for _, c := range e.InUse.Counters {
		rows = append(rows, []Cell{C(c.Name), R("%d", c.Completions), C("of %d", c.Conditions)})
	}
	p.Table(2, rows)
}
