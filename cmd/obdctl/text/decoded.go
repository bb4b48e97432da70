package text

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/decode"
)

// Decoded lays out one decoded input.
func Decoded(r decode.Result, o Options) *Page {
	p := NewPage(o.Width)
	p.Line(0, T(Faint, "%d:", r.Line), T(Faint, "%s", shorten(r.Input)))
	for _, t := range r.Text {
		p.Line(2, C("%s", t))
	}
	p.Table(2, ReadingRows(r.Signals, o.Imperial, len(r.ECUs) > 0))
	var rows [][]Cell
	for _, c := range r.Codes {
		rows = append(rows, []Cell{T(severityTone(c.Severity), "%s", c.Code), C(c.ECU.String()), C(string(c.Kind)), C("%s", c.Description)})
	}
	p.Table(2, rows)
	rows = nil
	for _, t := range r.Tests {
		rows = append(rows, testRow(t, false, o.Imperial))
	}
	p.Table(2, rows)
	decodedInfo(p, r)
	if len(r.Signals)+len(r.Codes)+len(r.Info)+len(r.Text) == 0 {
		for _, x := range r.UDS {
			p.Table(2, udsRows(x.Data, nil))
		}
	}
	for _, f := range failures(r) {
		p.Line(2, T(Bad, "✗ %s:", f.Kind), C("%s", f.Message))
	}
	return p
}

func failures(r decode.Result) []decode.Failure {
	switch {
	case len(r.Errors) > 0:
		return r.Errors
	case r.Error != nil:
		return []decode.Failure{*r.Error}
	}
	return nil
}

func decodedInfo(p *Page, r decode.Result) {
	for _, i := range r.Info {
		words := append([]string{i.VIN, i.Name, i.ESN, i.Regulation}, append(i.CalIDs, i.CVNs...)...)
		p.Line(2, T(Faint, "InfoType %s", hex(i.Type)), C(i.ECU.String()), C("%s", strings.Join(strings.Fields(strings.Join(words, " ")), " ")))
		if i.InUse != nil {
			p.Line(4, C("%d ignition cycles, %d general conditions, %s", i.InUse.IgnitionCycles, i.InUse.Conditions, count(len(i.InUse.Counters), "counter")))
		}
	}
	for _, s := range r.Supported {
		ids := make([]string, len(s.IDs))
		for i, id := range s.IDs {
			ids[i] = fmt.Sprintf("%02X", id)
		}
		p.Line(2, T(Faint, "service %02X of %s supports", uint8(s.Service), s.ECU), C("%s", strings.Join(ids, " ")))
	}
	for _, m := range r.Monitors {
		open := 0
		for _, x := range m.Monitors {
			if x.Supported && !x.Complete {
				open++
			}
		}
		p.Line(2, T(Faint, "%s", m.ECU), C("lamp %s, %s, %s, %s open", onOff(m.MIL), count(m.Codes, "code"), string(m.Ignition), count(open, "monitor")))
	}
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 100 {
		return s[:100] + " ..."
	}
	return s
}
