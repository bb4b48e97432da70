package text

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// UDS lays out what control units answered to one request of ISO 14229-1.
func UDS(request []byte, answers []diag.Answer, o Options) *Page {
	p := NewPage(o.Width)
	p.Section(fmt.Sprintf("UDS %X", request))
	for _, a := range answers {
		if a.Err != nil {
			p.Line(2, C("%s", a.ECU.String()), T(Bad, "✗ %s", a.Err.Error()), T(Faint, "%s", a.Raw.String()))
			continue
		}
		p.Line(2, C("%s", a.ECU.String()), T(Good, "✓ %s", a.Reply.CodeName()))
		p.Table(4, udsRows(a.Reply.Data, a.Raw))
	}
	return p
}

// udsRows are the fields of a positive answer.
func udsRows(fields any, raw uds.Hex) [][]Cell {
	switch d := fields.(type) {
	case *uds.Identifiers:
		return identifierRows(d.Items)
	case *uds.DTCReport:
		return reportRows(d)
	case *uds.Session:
		rows := [][]Cell{{C("session"), C("%02X", d.Session)}}
		if d.HasTimes {
			rows = append(rows, []Cell{C("waits"), C("%s, %s after response pending", d.P2, d.P2Star)})
		}
		return rows
	case *uds.RoutineState:
		return [][]Cell{{C("routine"), C("%04X", d.ID)}, {C("status"), C("%s", orNothing(d.Status))}}
	case *uds.Controlled:
		return [][]Cell{{C("identifier"), C("%04X", d.DID)}, {C("state"), C("%s", orNothing(d.State))}}
	}
	if len(raw) > 1 {
		return [][]Cell{{C("data"), C("%s", raw[1:].String())}}
	}
	return nil
}

func orNothing(h uds.Hex) string {
	if len(h) == 0 {
		return "nothing more"
	}
	return h.String()
}

func identifierRows(items []uds.Identifier) [][]Cell {
	var rows [][]Cell
	for _, i := range items {
		rows = append(rows, []Cell{
			T(Strong, "%04X", i.DID), R("%d bytes", len(i.Data)), C("%s", i.Data.String()), T(Faint, "%s", ASCII(i.Data)),
		})
	}
	return rows
}

func reportRows(r *uds.DTCReport) [][]Cell {
	var rows [][]Cell
	if r.Count != nil {
		rows = append(rows, []Cell{C("codes"), C("%d", *r.Count)})
	}
	format := uds.FormatJ2012
	if r.Format != nil {
		format = *r.Format
	}
	for _, d := range r.DTCs {
		var words []string
		if d.Severity != nil {
			words = append(words, strings.TrimSpace(d.Severity.Advice()+" class "+d.Severity.Class()))
		}
		if d.Status != nil {
			words = append(words, d.Status.Names()...)
		}
		if d.FaultCounter != nil {
			words = append(words, fmt.Sprintf("fault detection counter %d", *d.FaultCounter))
		}
		if len(d.SnapshotNumbers) > 0 {
			words = append(words, fmt.Sprintf("snapshots % X", d.SnapshotNumbers))
		}
		rows = append(rows, []Cell{T(Strong, "%s", d.DTC.Text(format)), C("%s", d.DTC.String()), C("%s", strings.Join(words, ", "))})
		rows = append(rows, recordRows(d)...)
	}
	if len(rows) == 0 {
		rows = append(rows, []Cell{T(Good, "no codes")})
	}
	return rows
}

// recordRows are the snapshots and extended data of one code.
func recordRows(d uds.DTCRecord) [][]Cell {
	var rows [][]Cell
	for _, s := range d.Snapshots {
		for _, i := range s.Items {
			rows = append(rows, []Cell{C("  snapshot %02X", s.Record), C("%04X", i.DID), C("%s", i.Data.String())})
		}
	}
	for _, e := range d.Extended {
		rows = append(rows, []Cell{C("  extended"), C("%02X", e.Record), C("%s", e.Data.String())})
	}
	return rows
}

// DID lays out one identifier that a scan found.
func DID(f diag.FoundDID) *Page {
	p := NewPage(0)
	if f.NRC != nil {
		p.Line(0, T(Strong, "%04X", f.DID), T(Warn, "refused: %s", uds.Reply{Code: *f.NRC}.CodeName()))
		return p
	}
	p.Line(0, T(Strong, "%04X", f.DID), R("%3d", len(f.Data)), C("%s", f.Data.String()), T(Faint, "%s", ASCII(f.Data)))
	return p
}

// ASCII is the text of bytes that are one, "" for others; zeros at the end do not count.
func ASCII(b []byte) string {
	s := strings.TrimRight(string(b), "\x00 ")
	for _, c := range []byte(s) {
		if c < ' ' || c > '~' {
			return ""
		}
	}
	return s
}
