package decode

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/catalog/spn"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// words says for people what the fields of a message hold, a line each.
func words(fields any, source uint8) []string {
	switch m := fields.(type) {
	case j1939.VehicleID:
		if m.VIN == "" {
			return []string{"no VIN"}
		}
		return []string{"VIN " + m.VIN}
	case j1939.Component:
		return []string{fmt.Sprintf("make %s, model %s, serial number %s, unit %s", m.Make, m.Model, m.Serial, m.Unit)}
	case j1939.ECUIdentity:
		return []string{fmt.Sprintf("part %s, serial number %s, location %s, type %s, maker %s, hardware %s",
			m.Part, m.Serial, m.Location, m.Type, m.Maker, m.Hardware)}
	case j1939.Asked:
		return []string{"asks for PGN " + label(m.PGN)}
	case j1939.Acknowledgement:
		return []string{fmt.Sprintf("PGN %s: %s", label(m.PGN), m.Name())}
	case j1939.Name:
		return []string{fmt.Sprintf("claims address %d: %s, maker %s", source, spn.Function(m.Function), spn.Maker(m.Manufacturer))}
	case []string:
		return []string{"software " + strings.Join(m, ", ")}
	case []j1939.Calibration:
		return each(m, func(c j1939.Calibration) string { return fmt.Sprintf("calibration %s, CVN %08X", c.ID, c.CVN) })
	}
	return diagnosticWords(fields)
}

// diagnosticWords are those of the diagnostic messages (SAE J1939-73).
func diagnosticWords(fields any) []string {
	switch m := fields.(type) {
	case j1939.DM5:
		return append([]string{fmt.Sprintf("%s active and %s previously active codes, made for %s", m.Active, m.PreviouslyActive, j1939.ComplianceName(m.Compliance))},
			monitorWords(m.Systems.Monitors())...)
	case j1939.DM26:
		return append([]string{fmt.Sprintf("%s s since engine start, %s warm-ups since cleared", m.SinceStart, m.WarmUps)}, monitorWords(m.Systems.Monitors())...)
	case j1939.DM7:
		return []string{fmt.Sprintf("asks for test %d of SPN %d FMI %d", m.Test, m.SPN, m.FMI)}
	case j1939.DM20:
		first := fmt.Sprintf("%s ignition cycles, general conditions met %s times", m.Ignitions, m.Conditions)
		return append([]string{first}, each(m.Ratios, func(r j1939.Ratio) string {
			return fmt.Sprintf("%s: ran %s of %s times", parameter(r.SPN), r.Numerator, r.Denominator)
		})...)
	case j1939.DM21:
		return []string{
			fmt.Sprintf("%s km and %s min with the MIL on", m.DistanceMIL, m.MinutesMIL),
			fmt.Sprintf("%s km and %s min since the codes were cleared", m.DistanceCleared, m.MinutesCleared),
		}
	case j1939.DM22:
		return []string{fmt.Sprintf("clearing of SPN %d FMI %d: control %d, indicator %d", m.SPN, m.FMI, m.Control, m.Indicator)}
	case j1939.DM29:
		return []string{fmt.Sprintf("codes: %s pending, %s of all pending, %s with MIL, %s previously with MIL, %s permanent",
			m.Pending, m.AllPending, m.MILOn, m.PreviousMILOn, m.Permanent)}
	case j1939.DM34:
		return []string{"NOx " + areaWords(m.NOx), "particulate matter " + areaWords(m.PM)}
	}
	return listWords(fields)
}

// listWords are those of the messages that are lists.
func listWords(fields any) []string {
	switch m := fields.(type) {
	case []j1939.Frame:
		return each(m, func(f j1939.Frame) string { return fmt.Sprintf("freeze frame of %s: %s", f.DTC, f.Data) })
	case []j1939.Support:
		return each(m, func(s j1939.Support) string {
			return fmt.Sprintf("%s: %s, length %d", parameter(s.SPN), strings.Join(supportWords(s), ", "), s.Length)
		})
	case []j1939.TestResult:
		return each(m, testWords)
	case []j1939.Association:
		return each(m, func(a j1939.Association) string {
			return fmt.Sprintf("%s: MIL %s, red stop %s, amber warning %s, protect %s", a.DTC, a.Lamps.MIL, a.Lamps.RedStop, a.Lamps.Amber, a.Lamps.Protect)
		})
	case []j1939.Exceedance:
		return each(m, func(e j1939.Exceedance) string {
			return fmt.Sprintf("SPN %d FMI %d: active %s h, previously %s h, derate in %s h", e.SPN, e.FMI, e.Active, e.Previously, e.UntilDerate)
		})
	case []j1939.Timer:
		return each(m, func(t j1939.Timer) string {
			return fmt.Sprintf("auxiliary emission control device %d: %s min, %s min", t.Number, t.First, t.Second)
		})
	}
	return nil
}

func each[T any](list []T, say func(T) string) []string {
	out := make([]string, 0, len(list))
	for _, x := range list {
		out = append(out, say(x))
	}
	return out
}

func monitorWords(monitors []obd.Monitor) []string {
	var done, open []string
	for _, m := range monitors {
		switch {
		case m.Supported && m.Complete:
			done = append(done, string(m.ID))
		case m.Supported:
			open = append(open, string(m.ID))
		}
	}
	var out []string
	if len(done) > 0 {
		out = append(out, "complete: "+strings.Join(done, ", "))
	}
	if len(open) > 0 {
		out = append(out, "open: "+strings.Join(open, ", "))
	}
	return out
}

func supportWords(s j1939.Support) []string {
	var out []string
	for _, w := range []struct {
		has  bool
		word string
	}{{s.Freeze, "freeze frame"}, {s.Stream, "data stream"}, {s.Test, "test results"}, {s.Rationality, "rationality"}} {
		if w.has {
			out = append(out, w.word)
		}
	}
	if len(out) == 0 {
		return []string{"nothing"}
	}
	return out
}

// testWords scales a result by its SLOT where the catalogue has it.
func testWords(t j1939.TestResult) string {
	slot, known := spn.SlotOf(t.Slot)
	value := func(raw uint16) string {
		if !known {
			return fmt.Sprint(raw)
		}
		return strings.TrimSpace(fmt.Sprintf("%.6g %s", float64(raw)*slot.Scale+slot.Offset, slot.Unit))
	}
	line := fmt.Sprintf("%s FMI %d: %s", parameter(t.SPN), t.FMI, t.Verdict())
	if v := t.Verdict(); v == j1939.Passed || v == j1939.Failed {
		line += ", " + value(t.Value)
	}
	if t.HasMin() {
		line += ", minimum " + value(t.Min)
	}
	if t.HasMax() {
		line += ", maximum " + value(t.Max)
	}
	return line
}

func areaWords(a j1939.AreaStatus) string {
	return fmt.Sprintf("control area %s, carve-out %s, deficiency %s", a.Control, a.CarveOut, a.Deficiency)
}

// parameter names a suspect parameter.
func parameter(number uint32) string {
	if p := spn.Builtin().Parameter(number); p != nil {
		return fmt.Sprintf("SPN %d %s", number, p.Name)
	}
	return fmt.Sprintf("SPN %d", number)
}
