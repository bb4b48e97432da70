package text

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
)

// Options say how values are shown.
type Options struct {
	Imperial bool
	Width    int            // columns; 0 for no limit
	Zone     *time.Location // for times; nil means UTC
	All      bool           // every value and passed test, not only what matters
}

// Scan lays out one complete diagnosis, most important first, with what was predicted last of the vehicle.
func Scan(s *obd.Scan, said []fleet.Prediction, o Options) *Page {
	p := NewPage(o.Width)
	head(p, s, o)
	lamp(p, s)
	codes(p, s)
	freezeFrames(p, s, o)
	readiness(p, s)
	tests(p, s, o)
	findings(p, s)
	latest(p, said, o)
	readings(p, s, o)
	units(p, s)
	unread(p, s)
	return p
}

func head(p *Page, s *obd.Scan, o Options) {
	v := s.Vehicle
	p.Section("Vehicle")
	rows := [][]Cell{{T(Faint, "VIN"), vinCell(v)}}
	if about := vehicleWords(v); about != "" {
		rows = append(rows, []Cell{T(Faint, "Model"), C(about)})
	}
	if v.Explanation != "" {
		rows = append(rows, []Cell{T(Faint, "Note"), C(v.Explanation)})
	}
	rows = append(rows,
		[]Cell{T(Faint, "Line"), C("%s, %s", lineWords(s), count(len(s.ECUs), "control unit"))},
		[]Cell{T(Faint, "Adapter"), C(adapterWords(s.Adapter))})
	if s.Voltage != nil {
		rows = append(rows, []Cell{T(Faint, "Supply"), voltageCell(s.Voltage)})
	}
	took := s.Ended.Sub(s.Started).Round(10 * time.Millisecond)
	rows = append(rows, []Cell{T(Faint, "Read"), C("%s, in %s", Moment(s.Started, o.Zone), took)})
	p.Table(2, rows)
}

// lineWords name the line, and what is spoken on it where that is not the usual SAE J1979.
func lineWords(s *obd.Scan) string {
	switch s.Dialect {
	case obd.DialectOBDUDS:
		return s.Protocol.Name() + ", SAE J1979-2 (OBDonUDS)"
	case obd.DialectWWHOBD:
		return s.Protocol.Name() + ", ISO 27145 (WWH-OBD)"
	case obd.DialectUDSOnly:
		return s.Protocol.Name() + ", ISO 14229-1 (UDS) only"
	}
	return s.Protocol.Name()
}

// Moment shows a time with its zone.
func Moment(t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2006-01-02 15:04:05 -07:00")
}

func vinCell(v obd.Vehicle) Cell {
	switch {
	case v.VIN == "":
		return T(Warn, "not known")
	case !v.Plausible:
		return T(Warn, "%s (not a plausible VIN)", v.VIN)
	case v.CheckDigit == "invalid":
		return T(Warn, "%s (check digit does not match)", v.VIN)
	case v.CheckDigit == "valid":
		return T(Strong, "%s (check digit valid)", v.VIN)
	}
	return T(Strong, "%s", v.VIN)
}

func vehicleWords(v obd.Vehicle) string {
	var parts []string
	for _, s := range []string{v.Maker, v.Country} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if v.ModelYear != 0 {
		parts = append(parts, fmt.Sprintf("model year %d", v.ModelYear))
	}
	return strings.Join(parts, ", ")
}

func adapterWords(a obd.Adapter) string {
	if a.Claimed == "" {
		return a.Address
	}
	if a.Kind == "clone" {
		return fmt.Sprintf("%s (a clone) at %s", a.Claimed, a.Address)
	}
	return fmt.Sprintf("%s at %s", a.Claimed, a.Address)
}

func voltageCell(v *obd.Voltage) Cell {
	if v.Source == "adapter" {
		return C("%.1f V, measured by the adapter (may be off by 1 V)", v.Volts)
	}
	return C("%.1f V, reported by the control unit", v.Volts)
}

func lamp(p *Page, s *obd.Scan) {
	n := map[obd.CodeKind]int{}
	for _, c := range s.Codes {
		n[c.Kind]++
	}
	state := T(Good, "○ off")
	switch {
	case s.MIL:
		state = T(Bad, "● ON")
	case !done(s, obd.StepReadiness):
		state = T(Warn, "? not read in full")
	}
	p.Section("Malfunction indicator lamp", state)
	p.Line(2, C("%d stored, %d pending, %d permanent", n[obd.Stored], n[obd.Pending], n[obd.Permanent]))
	for _, k := range []struct {
		step obd.Step
		word string
	}{{obd.StepStored, "stored"}, {obd.StepPending, "pending"}, {obd.StepPermanent, "permanent"}} {
		switch {
		case done(s, k.step) || !wanted(s, k.step):
		case unsupported(s, k.step):
			p.Line(2, T(Faint, "%s codes: this vehicle does not report any", k.word))
		default:
			p.Line(2, T(Warn, "! %s codes could not be read in full: see 'Not read'", k.word))
		}
	}
	if c := s.Assessment.RecentlyCleared; c.Answer == "yes" || c.Answer == "likely" {
		p.Line(2, T(Warn, "! codes were cleared recently (%s): %s", c.Answer, strings.Join(c.Evidence, "; ")))
	}
}

// wanted tells a step that was tried.
func wanted(s *obd.Scan, step obd.Step) bool {
	return slices.ContainsFunc(s.Unread, func(u obd.Unread) bool { return u.Step == step })
}

// unsupported tells that the vehicle itself says it does not have what the step reads.
func unsupported(s *obd.Scan, step obd.Step) bool {
	return wanted(s, step) && !slices.ContainsFunc(s.Unread, func(u obd.Unread) bool {
		return u.Step == step && u.Reason != obd.NotSupported
	})
}

func done(s *obd.Scan, step obd.Step) bool { return slices.Contains(s.Complete, step) }

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
