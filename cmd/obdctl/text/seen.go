package text

import "github.com/fleetms/obdctl/internal/obd"

// Seen lays out a car that was plugged in, in a few lines that are read from across the bay.
func Seen(s *obd.Scan, report string, o Options) *Page {
	p := NewPage(o.Width)
	title := s.Vehicle.VIN
	if title == "" {
		title = "A vehicle without a VIN"
	}
	p.Section(title, T(Faint, "%s", Moment(s.Started, o.Zone)))
	if about := vehicleWords(s.Vehicle); about != "" {
		p.Line(2, C("%s", about))
	}
	lamp(p, s)
	codes(p, s)
	if report != "" {
		p.Line(2, T(Faint, "report"), C("%s", report))
	}
	return p
}
