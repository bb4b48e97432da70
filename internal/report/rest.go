package report

import (
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

// ecus is the chapter of control units and their software.
func (p *page) ecus(s *obd.Scan) {
	if len(s.ECUs) == 0 {
		return
	}
	p.section("ecus")
	t := &document.Table{ID: "ecus", Title: p.t("section.ecus"), Columns: []document.Column{
		{ID: "address", Title: p.t("col.address"), Kind: document.Code},
		{ID: "name", Title: p.t("col.name"), Kind: document.Words, Weight: 2},
		{ID: "calibration", Title: p.t("col.calibration"), Kind: document.Words, Weight: 2},
		{ID: "cvn", Title: p.t("col.cvn"), Kind: document.Code},
	}}
	for _, e := range s.ECUs {
		address, name := strong(e.Address.String()), words(e.Name)
		if len(e.Calibrations) == 0 {
			t.Rows = append(t.Rows, []document.Cell{address, name, words("–"), words("–")})
		}
		for _, c := range e.Calibrations {
			t.Rows = append(t.Rows, []document.Cell{address, name, words(dash(c.ID)), words(dash(c.CVN))})
			address, name = words(e.Address.String()), words(e.Name)
		}
	}
	p.add(document.Block{Table: t})
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// unread is the chapter of what could not be read, so that nobody takes silence for health.
func (p *page) unread(s *obd.Scan) {
	missed := lost(s)
	without := len(s.Unread) - len(missed)
	if len(missed) == 0 {
		p.allRead(s, without)
		return
	}
	p.section("unread")
	p.say(p.n("unread.some", len(missed)))
	t := &document.Table{ID: "unread", Title: p.t("section.unread"), Columns: []document.Column{
		{ID: "step", Title: p.t("col.step"), Kind: document.Words, Weight: 1.4},
		{ID: "ecu", Title: p.t("col.ecu"), Kind: document.Words, Weight: 1.4},
		{ID: "request", Title: p.t("col.request"), Kind: document.Code},
		{ID: "reason", Title: p.t("col.reason"), Kind: document.Words, Weight: 1.6},
	}}
	for _, u := range missed {
		t.Rows = append(t.Rows, []document.Cell{words(p.step(u.Step)), words(ecuName(s, u.ECU)), words(dash(u.Request)), words(p.reason(u.Reason))})
	}
	p.add(document.Block{Table: t})
	if without > 0 {
		p.small(p.n("unread.without", without))
	}
}

// allRead says at the foot that nothing is missing; a scan that did not ask for everything cannot say so.
func (p *page) allRead(s *obd.Scan, without int) {
	if read(s, obd.StepStored) && read(s, obd.StepReadiness) && read(s, obd.StepReadings) {
		p.doc.Foot = append(p.doc.Foot, p.t("unread.none"))
	}
	if without > 0 {
		p.doc.Foot = append(p.doc.Foot, p.n("unread.without", without))
	}
}

func (p *page) step(s obd.Step) string {
	if key := "step." + string(s); p.w.Has(key) {
		return p.t(key)
	}
	return strings.ReplaceAll(string(s), "_", " ")
}

func (p *page) reason(r obd.Reason) string {
	if key := "reason." + string(r); p.w.Has(key) {
		return p.t(key)
	}
	return strings.ReplaceAll(string(r), "_", " ")
}

// notes is the chapter of what people wrote down.
func (p *page) notes() {
	if len(p.in.Notes) == 0 {
		return
	}
	p.section("notes")
	for _, n := range p.in.Notes {
		p.small(p.w.DateTime(p.local(n.Updated)))
		p.say(n.Text)
	}
}

// pictures is the chapter of photos.
func (p *page) pictures() {
	if len(p.in.Pictures) == 0 {
		return
	}
	p.section("pictures")
	for i := range p.in.Pictures {
		p.add(document.Block{Picture: &p.in.Pictures[i]})
	}
}

// allReadings is every value of the scan, for spreadsheets and programs.
func (p *page) allReadings(s *obd.Scan) {
	if len(s.Readings) == 0 {
		return
	}
	p.section("readings")
	p.now.Detail = true
	p.add(document.Block{Table: p.readingsTable(func(yield func(obd.Reading, error) bool) {
		for _, r := range s.Readings {
			if !yield(r, nil) {
				return
			}
		}
	})})
}

// readingsTable shows readings one by one; it reads them while it is written.
func (p *page) readingsTable(all func(func(obd.Reading, error) bool)) *document.Table {
	return &document.Table{
		ID: "readings", Title: p.t("section.readings"),
		Columns: []document.Column{
			{ID: "at", Title: p.t("col.time"), Kind: document.Time},
			{ID: "ecu", Title: p.t("col.ecu"), Kind: document.Code},
			{ID: "signal", Title: p.t("col.short"), Kind: document.Code},
			{ID: "name", Title: p.t("col.signal"), Kind: document.Words},
			{ID: "value", Title: p.t("col.value"), Kind: document.Number, Digits: 3},
			{ID: "unit", Title: p.t("col.unit"), Kind: document.Words},
			{ID: "text", Title: p.t("col.text"), Kind: document.Words},
		},
		Source: func(yield func([]document.Cell, error) bool) {
			all(func(r obd.Reading, err error) bool {
				if err != nil {
					return yield(nil, err)
				}
				return r.Absent || yield(p.readingRow(r), nil)
			})
		},
	}
}

func (p *page) readingRow(r obd.Reading) []document.Cell {
	value := p.plainValue(r.Value, r.Unit, -1)
	return []document.Cell{
		p.when(r.At), words(r.ECU.String()), words(r.Signal), words(r.Name), value, words(p.symbol(r.Unit)), words(r.Text),
	}
}
