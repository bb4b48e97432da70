package text

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/obd"
)

// Quantity shows a value with its unit as people write it, in metric or imperial units.
func Quantity(value float64, code string, imperial bool) (number, symbol string) {
	if imperial {
		value, code = unit.Imperial(value, code)
	}
	return Number(value), unit.Symbol(code)
}

// Number shows at most four decimals of small numbers and none of large ones, without trailing zeros.
func Number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "?"
	}
	decimals := 4
	switch a := math.Abs(v); {
	case a >= 1000:
		decimals = 0
	case a >= 100:
		decimals = 1
	case a >= 10:
		decimals = 2
	case a >= 1:
		decimals = 3
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		s = "0"
	}
	return s
}

// keySignals come first where not everything is shown.
var keySignals = []string{
	"RPM", "VSS", "LOAD_PCT", "ECT", "IAT", "MAP", "MAF", "TP", "SHRTFT1", "LONGFT1", "SHRTFT2", "LONGFT2",
	"SPARKADV", "FUELSYS1", "FRP", "FLI", "VPWR", "EOT", "FUEL_RATE", "BAT_SOC", "ODO",
	"RUNTM", "MIL_DIST", "CLR_DIST", "WARM_UPS", "BARO", "AAT",
}

func readings(p *Page, s *obd.Scan, o Options) {
	if len(s.Readings) == 0 {
		return
	}
	shown := present(s.Readings)
	total := len(shown)
	if !o.All {
		shown = slices.DeleteFunc(shown, func(r obd.Reading) bool { return !slices.Contains(keySignals, r.Signal) })
		slices.SortStableFunc(shown, func(a, b obd.Reading) int {
			return cmp.Compare(slices.Index(keySignals, a.Signal), slices.Index(keySignals, b.Signal))
		})
	}
	p.Section("Live values", T(Faint, "%d of %d", len(shown), total))
	p.Table(2, ReadingRows(shown, o.Imperial, severalECUs(shown)))
}

func present(all []obd.Reading) []obd.Reading {
	return slices.DeleteFunc(slices.Clone(all), func(r obd.Reading) bool { return r.Absent })
}

func severalECUs(all []obd.Reading) bool {
	return slices.ContainsFunc(all, func(r obd.Reading) bool { return r.ECU != all[0].ECU })
}

// ReadingRows lays readings out as table rows: id, name, ECU where there are several, number, unit.
func ReadingRows(all []obd.Reading, imperial, withECU bool) [][]Cell {
	var rows [][]Cell
	for _, r := range all {
		row := []Cell{T(Faint, "%s", r.Signal), C(r.Name)}
		if withECU {
			row = append(row, C(r.ECU.String()))
		}
		if r.Text != "" {
			row = append(row, Cell{Text: r.Text, Right: true}, C(""))
		} else {
			number, symbol := Quantity(r.Value, r.Unit, imperial)
			row = append(row, Cell{Text: number, Right: true}, C(symbol))
		}
		rows = append(rows, row)
	}
	return rows
}

func freezeFrames(p *Page, s *obd.Scan, o Options) {
	for _, f := range s.FreezeFrames {
		p.Section("Freeze frame", C("%s, frame %d of %s", f.Code, f.Index, f.ECU))
		p.Table(2, ReadingRows(present(f.Readings), o.Imperial, false))
	}
}
