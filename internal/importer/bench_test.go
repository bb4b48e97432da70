package importer_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/importer"
	"github.com/fleetms/obdctl/internal/obd"
)

type countSink struct{ n int }

func (s *countSink) Readings(_ context.Context, _ importer.Vehicle, batch []obd.Reading) (int, error) {
	s.n += len(batch)
	return len(batch), nil
}

func (s *countSink) Scan(context.Context, importer.Vehicle, *obd.Scan, []byte) error { return nil }

// wide is a table of ten signals; long is the same with one row a value.
func wide(rows int) string {
	var b strings.Builder
	b.WriteString("timestamp,rpm,speed,ect_c,map_kpa,iat_c,maf_gs,throttle,engine_load,battery_v,timing_advance\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d.%03d,%d,%d,%d,%d,%d,%d.%02d,%d.%d,%d.%d,14.%d,%d\n", 1772871301+i/10, i%10*100,
			900+i%3000, i%130, 80+i%10, 30+i%70, 20+i%15, i%60, i%100, 10+i%80, i%10, i%100, i%10, i%10, i%40)
	}
	return b.String()
}

func long(rows int) string {
	var b strings.Builder
	b.WriteString("\"SECONDS\";\"PID\";\"VALUE\";\"UNITS\";\n")
	names := []string{"Engine RPM", "Vehicle speed", "Engine coolant temperature", "Intake air temperature"}
	units := []string{"rpm", "km/h", "℃", "℃"}
	for i := range rows {
		fmt.Fprintf(&b, "\"%d.%06d\";\"%s\";\"%d\";\"%s\";\n", i/20, i%20*50000, names[i%4], 10+i%90, units[i%4])
	}
	return b.String()
}

func benchmark(b *testing.B, name, content string, rows int) {
	b.ReportAllocs()
	b.SetBytes(int64(len(content)))
	readings := 0
	for b.Loop() {
		s := &countSink{}
		if _, err := importer.Run(b.Context(), text(name, content), importer.Options{}, s); err != nil {
			b.Fatal(err)
		}
		readings = s.n
	}
	perOp := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(float64(rows)/perOp, "rows/s")
	b.ReportMetric(float64(readings)/perOp, "readings/s")
}

func BenchmarkWideTable(b *testing.B) { benchmark(b, "x.csv", wide(50_000), 50_000) }
func BenchmarkLongTable(b *testing.B) { benchmark(b, "2026-03-07.csv", long(100_000), 100_000) }
