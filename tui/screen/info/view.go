package info

import (
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/catalog/vin"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// View draws vehicle and connection, beside each other where there is room, and the control units below.
func (s *Screen) View() string {
	l := s.look
	if s.state.Scan == nil {
		return s.empty()
	}
	var parts []string
	if l.Width >= 84 && !l.Linear {
		each := (l.Width - 4) / 2
		left, right := s.vehicle(each), s.connection(l.Width-4-each)
		height := max(lines(left), lines(right))
		parts = append(parts, widget.Beside(4, widget.Block(left, each, height), widget.Block(right, l.Width-4-each, height)))
	} else {
		parts = append(parts, s.vehicle(l.Width), s.connection(l.Width))
	}
	for i := range s.state.Scan.ECUs {
		parts = append(parts, s.unit(&s.state.Scan.ECUs[i], l.Width))
	}
	return s.window(widget.Stack(parts...))
}

func lines(s string) int { return strings.Count(s, "\n") + 1 }

// window shows as much as there is room for and says how much is below.
func (s *Screen) window(text string) string {
	l := s.look
	all := strings.Split(text, "\n")
	top := s.top.Keep(len(all), l.Height)
	shown := all[top:min(len(all), top+max(l.Height, 0))]
	if rest := len(all) - top - len(shown); rest > 0 && len(shown) > 1 {
		shown = append(shown[:len(shown)-1:len(shown)-1], l.Paint(theme.Faint, l.Theme.Glyphs.Down+" "+l.N("tui.info.more", rest+1)))
	}
	return widget.Block(strings.Join(shown, "\n"), l.Width, l.Height)
}

// empty says why there is little to see. How the adapter is reached is known before the first scan.
func (s *Screen) empty() string {
	l := s.look
	if s.link.Up() {
		text := widget.Empty(l, l.Width, l.T("tui.info.not_scanned"), l.T("tui.info.not_scanned_hint"))
		return widget.Block(widget.Stack(text, s.connection(l.Width)), l.Width, l.Height)
	}
	return widget.Empty(l, l.Width, l.T("tui.info.no_car"), l.T("tui.info.no_car_hint"))
}

// pairs collects labels with those values that are known.
type pairs struct {
	s   *Screen
	all []widget.Pair
}

func (p *pairs) add(label, value string, tone theme.Tone, note ...string) {
	if value != "" {
		p.all = append(p.all, widget.Pair{Label: p.s.look.T(label), Value: value, Tone: tone, Note: strings.Join(note, " ")})
	}
}

// vehicle is what the VIN tells. Its parts are those of ISO 3779: world manufacturer identifier, vehicle descriptor, vehicle
// indicator.
func (s *Screen) vehicle(width int) string {
	l, v := s.look, s.state.Scan.Vehicle
	p := pairs{s: s}
	p.add("vehicle.vin", v.VIN, theme.Strong)
	p.add("vehicle.maker", v.Maker, theme.Plain)
	p.add("tui.info.country", v.Country, theme.Plain)
	if v.ModelYear > 0 {
		p.add("vehicle.model_year", strconv.Itoa(v.ModelYear), theme.Plain)
	}
	if v.Plausible && len(v.VIN) == vin.Length {
		p.add("tui.info.wmi", v.VIN[:3], theme.Plain, "WMI")
		p.add("tui.info.vds", v.VIN[3:9], theme.Plain, "VDS")
		p.add("tui.info.vis", v.VIN[9:], theme.Plain, "VIS")
	}
	var out []string
	if len(p.all) > 0 {
		out = append(out, widget.Pairs(l, width, p.all...))
	}
	switch {
	case v.VIN == "" && s.state.Has(obd.StepVehicle):
		out = append(out, l.Paint(theme.Faint, l.T("tui.info.no_vin")))
	case v.VIN == "":
		out = append(out, widget.Fit(widget.Mark(l, theme.Unsure, l.T("tui.info.vin_unread")), width))
	case v.CheckDigit == vin.Valid:
		out = append(out, widget.Fit(widget.Mark(l, theme.Fine, l.T("tui.info.digit_valid")), width))
	case v.CheckDigit == vin.Invalid:
		out = append(out, widget.Fit(widget.Mark(l, theme.Medium, l.T("tui.info.digit_invalid")), width))
	case v.CheckDigit == vin.NotUsed:
		out = append(out, widget.Fit(l.Paint(theme.Faint, l.T("tui.info.digit_unused")), width))
	}
	if v.Explanation != "" {
		for _, w := range widget.Wrap(widget.Clean(v.Explanation), width) {
			out = append(out, l.Paint(theme.Faint, w))
		}
	}
	return widget.Panel(l, width, l.T("page.vehicle"), "", strings.Join(out, "\n"))
}

// connection is how the scan was made; before the first one, how the adapter is reached.
func (s *Screen) connection(width int) string {
	l := s.look
	p := pairs{s: s}
	adapter, protocol, dialect := obd.Adapter{Address: s.link.Address, Claimed: s.link.Adapter}, s.link.Protocol, s.link.Dialect
	remark := ""
	if scan := s.state.Scan; scan != nil {
		adapter, protocol, dialect = scan.Adapter, scan.Protocol, scan.Dialect
		remark = l.Paint(theme.Faint, l.When(scan.Started))
	}
	p.add("vehicle.line", protocol.Name(), theme.Plain)
	if dialect != "" {
		p.add("tui.info.dialect", s.dialect(dialect), theme.Plain)
	}
	p.add("tui.info.adapter", adapter.Claimed, theme.Plain, adapter.Kind)
	p.add("col.address", adapter.Address, theme.Faint)
	if scan := s.state.Scan; scan != nil {
		if v := scan.Voltage; v != nil {
			by := "tile.by_car"
			if v.Source == "adapter" {
				by = "tile.by_adapter"
			}
			p.add("step.voltage", l.Words.Number(v.Volts, 1)+" V", theme.Plain, l.T(by))
		}
		p.add("tui.info.took", l.Words.Duration(scan.Ended.Sub(scan.Started)), theme.Plain)
		p.add("tui.info.tool", scan.Tool.Name+" "+scan.Tool.Version, theme.Faint)
	}
	return widget.Panel(l, width, l.T("step.connect"), remark, widget.Pairs(l, width, p.all...))
}

// dialect is the standard by which the car was read.
func (s *Screen) dialect(d obd.Dialect) string {
	switch d {
	case obd.DialectJ1979:
		return "SAE J1979 / ISO 15031-5"
	case obd.DialectOBDUDS:
		return "SAE J1979-2 (OBDonUDS)"
	case obd.DialectWWHOBD:
		return "ISO 27145 (WWH-OBD)"
	case obd.DialectJ1939:
		return "SAE J1939-73"
	case obd.DialectUDSOnly:
		return "ISO 14229-1 (UDS)"
	}
	return string(d)
}
