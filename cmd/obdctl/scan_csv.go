package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// writeScanCSV writes a scan as one flat table: a row for each fact, the same columns for all
// (docs/schema.md, "CSV").
func writeScanCSV(w io.Writer, s *obd.Scan) error {
	out := csv.NewWriter(w)
	row := func(cells ...string) {
		for len(cells) < 9 {
			cells = append(cells, "")
		}
		_ = out.Write(cells) // kept by the writer and returned by out.Error
	}
	row("kind", "ecu", "id", "name", "value", "unit", "min", "max", "note")
	row("scan", "", s.ID.String(), "", s.Started.Format(time.RFC3339Nano), "", "", "", s.Schema)
	row("vehicle", "", "VIN", "Vehicle identification number", safe(s.Vehicle.VIN), "", "", "", safe(s.Vehicle.Maker))
	row("lamp", "", "MIL", "Malfunction indicator lamp", strconv.FormatBool(s.MIL))
	for _, c := range s.Codes {
		row("code", c.ECU.String(), c.Code, safe(c.Description), string(c.Kind), "", "", "", c.Severity)
	}
	for _, f := range s.FreezeFrames {
		for _, r := range f.Readings {
			row("freeze_frame", r.ECU.String(), r.Signal, safe(r.Name), value(r), r.Unit, "", "", f.Code+" frame "+strconv.Itoa(int(f.Index)))
		}
	}
	row("inspection", "", s.Assessment.Inspection.Rule, "", string(s.Assessment.Inspection.Verdict), "", "", "", safe(strings.Join(s.Assessment.Inspection.Reasons, "; ")))
	for _, m := range s.Readiness.SinceClear {
		if m.Supported {
			row("monitor", "", string(m.ID), "", strconv.FormatBool(m.Complete))
		}
	}
	for _, t := range s.Tests {
		id := fmt.Sprintf("%02X", t.TID)
		if t.MID != nil {
			id = fmt.Sprintf("%02X/%02X", *t.MID, t.TID)
		}
		row("test", t.ECU.String(), id, safe(testName(t)), number(t.Value), t.Unit, optional(t.Min), optional(t.Max), strconv.FormatBool(t.Passed))
	}
	for _, r := range s.Readings {
		if !r.Absent {
			row("reading", r.ECU.String(), r.Signal, safe(r.Name), value(r), r.Unit, "", "", r.At.Format(time.RFC3339Nano))
		}
	}
	for _, u := range s.Unread {
		row("unread", u.ECU.String(), u.Request, string(u.Step), string(u.Reason), "", "", "", safe(u.Detail))
	}
	out.Flush()
	return out.Error()
}

func testName(t obd.MonitorTest) string {
	return strings.TrimPrefix(strings.TrimSuffix(t.Name+": "+t.TestName, ": "), ": ")
}

func value(r obd.Reading) string {
	if r.Text != "" {
		return safe(r.Text)
	}
	return number(r.Value)
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func optional(v *float64) string {
	if v == nil {
		return ""
	}
	return number(*v)
}

// safe keeps a spreadsheet from taking text of a car for a formula.
func safe(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		return "'" + s
	}
	return s
}
