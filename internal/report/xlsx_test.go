package report_test

import (
	"bytes"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report"
)

func openXLSX(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestSpreadsheetsHoldRealValues(t *testing.T) {
	f := openXLSX(t, render(t, build(t, "fleet-day", whole(), options(t, "de")), "xlsx", report.Render{}))
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Bericht", "Fahrzeuge", "Fahrten", "Diagrammdaten", "Diagramm"}) {
		t.Errorf("sheets: %q", got)
	}
	raw := excelize.Options{RawCellValue: true}
	for at, want := range map[string]string{"A1": "Fahrzeug", "C1": "Strecke [km]", "A2": "Blue one", "C2": "38.2", "C3": "76.4"} {
		if got, err := f.GetCellValue("Fahrzeuge", at, raw); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", at, got, err, want)
		}
	}
	if kind, err := f.GetCellType("Fahrzeuge", "C2"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("a distance is of type %v, %v", kind, err)
	}
	serial, err := f.GetCellValue("Fahrten", "B2", raw)
	if err != nil || !strings.HasPrefix(serial, "46086.34375") { // 5 March 2026, 08:15
		t.Errorf("start of the trip: %q, %v", serial, err)
	}
	tables, err := f.GetTables("Fahrten")
	if err != nil || len(tables) != 1 || tables[0].Range != "A1:H4" {
		t.Errorf("filters: %+v, %v", tables, err)
	}
	panes, err := f.GetPanes("Fahrten")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes: %+v, %v", panes, err)
	}
}

// TestAMillionReadingsNeedLittleMemory streams readings into a sheet.
func TestAMillionReadingsNeedLittleMemory(t *testing.T) {
	const rows = 100_000 // as many again cost no more memory
	in := whole()
	in.Signals = nil
	in.Readings = func(yield func(obd.Reading, error) bool) {
		for i := range rows {
			if !yield(obd.Reading{At: started.Add(time.Duration(i) * 10 * time.Millisecond), ECU: obd.CAN11(engine), Signal: "RPM", Name: "Engine speed", Value: float64(800 + i%3000), Unit: "/min"}, nil) {
				return
			}
		}
	}
	d := build(t, "trip", in, options(t, "en"))
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f, err := report.FindFormat("xlsx")
	if err != nil {
		t.Fatal(err)
	}
	sink := &counter{}
	if err := f.Write(sink, d, report.Render{}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if held := int64(after.HeapSys) - int64(before.HeapSys); held > 200<<20 {
		t.Errorf("%d rows took %d MiB of heap", rows, held>>20)
	}
	if sink.n < int64(rows) {
		t.Errorf("%d rows gave %d bytes", rows, sink.n)
	}
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
