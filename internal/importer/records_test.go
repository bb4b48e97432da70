package importer_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/importer"
	"github.com/fleetms/obdctl/internal/obd"
)

// text makes a source of a text.
func text(name, content string) importer.Source {
	return importer.Source{Name: name, Group: name, Size: int64(len(content)), Opener: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func run(t testing.TB, name, content string, o importer.Options) (importer.Summary, string, error) {
	t.Helper()
	s := &listSink{}
	sum, err := importer.Run(t.Context(), text(name, content), o, s)
	return sum, s.b.String(), err
}

// TestCells reads one cell each, in a column whose title says the unit.
func TestCells(t *testing.T) {
	for _, c := range []struct{ title, cell, want string }{
		{"RPM", "1726", "RPM=1726|/min"},
		{"RPM", "1 726,5", "RPM=1726.5|/min"},
		{"RPM", "1'726.5", "RPM=1726.5|/min"},
		{"RPM", "1.726,5", "RPM=1726.5|/min"},
		{"RPM", "1,726.5", "RPM=1726.5|/min"},
		{"RPM", "1,726", "RPM=1.726|/min"}, // where semicolons part the fields, a lone comma is the decimal mark
		{"RPM", "17,26", "RPM=17.26|/min"},
		{"RPM", "+1.5e3", "RPM=1500|/min"},
		{"RPM", "1726rpm", "RPM=1726|/min"},
		{"RPM", "NODATA", ""},
		{"RPM", "NaN", ""},
		{"RPM", "∞", ""},
		{"RPM", "1e999", "rejected"},
		{"RPM", "0x12", "rejected"},
		{"Engine Coolant Temperature(°F)", "212", "ECT=100|Cel"},
		{"Coolant temp [°C]", "-40", "ECT=-40|Cel"},
		{"coolant_temp_f", "32", "ECT=0|Cel"},
		{"Coolant temp", "100C", "ECT=100|Cel"},
		{"Speed (OBD)(km/h)", "54", "VSS=54|km/h"},
		{"Speed", "54mph", "VSS=86.904576|km/h"},
		{"Intake Manifold Pressure(psi)", "14.5", "MAP=99.973980751|kPa"},
		{"MAP (inHg)", "30", "MAP=101.59167|kPa"},
		{"Voltage (Control Module)(V)", "12.3V", "VPWR=12.3|V"},
		{"Battery voltage", "12300 mV", "VPWR=12.3|V"},
		{"Throttle Position(Manifold)(%)", "17.6%", "TP=17.6|%"},
		{"Run time since engine start", "01:02:03", "RUNTM=3723|s"},
		{"GPS Speed (Meters/second)", "10", "GPS_SPEED=36|km/h"},
		{"Altitude (ft)", "1000", "GPS_ALT=304.8|m"},
		{"Engine Load(Absolute)(%)", "50", "LOAD_ABS=50|%"}, // words in brackets are part of the name
		{"ENGINE_RPM ()", "900", "RPM=900|/min"},
		{"Coolant", "88 degree_Celsius", "ECT=88|Cel"},
		{"Velocità veicolo (km/h)", "54", "VSS=54|km/h"},
		{"Température du liquide de refroidissement (°C)", "88", "ECT=88|Cel"},
		{"Engine Speed (SPN 190)", "1200", "RPM=1200|/min"},
		{"O2 voltage (Bank 1  Sensor 1) (V)", "0.45", "O2S11=0.45|V"},
		{"Time run with MIL on (min)", "12", "MIL_TIME=12|min"}, // a time, and not that of the row
		{"Fuel rate (direct from ECU)(L/m)", "0.5", "FUEL_RATE=30|L/h"},
		{"maf_g_s", "3", "MAF=3|g/s"},
		{"CO₂ in g/km (Average)(g/km)", "120", "CO2_IN_G_KM_AVERAGE=120|g/km"},
		{"Cruise", "on", "CRUISE=1|"},
		{"Mood", "fine", "MOOD=\"fine\"|"},
		{"Mass air flow rate (lb/min)", "1", "MAF=7.559872833|g/s"},
		{"Fuel rate (gal/h)", "1", "FUEL_RATE=3.785411784|L/h"},
		{"Engine load (kPa)", "50", "ENGINE_LOAD=50|kPa"}, // not the load of the catalogue, which is a percentage
	} {
		_, got, err := run(t, "x.csv", "Timestamp;"+c.title+"\n2026-03-07T09:15:01Z;"+c.cell+"\n", options(t))
		switch {
		case err != nil:
			t.Errorf("%s %q: %v", c.title, c.cell, err)
		case (c.want == "" || c.want == "rejected") && got != "":
			t.Errorf("%s %q: got %s", c.title, c.cell, got)
		case c.want != "" && c.want != "rejected" && got != "||2026-03-07T09:15:01Z||"+c.want+"\n":
			t.Errorf("%s %q: got %s, want %s", c.title, c.cell, got, c.want)
		}
	}
}

// TestTimes reads one time each, in Berlin.
func TestTimes(t *testing.T) {
	for _, c := range []struct{ title, cell, want string }{
		{"Time", "2026-03-07T09:15:01Z", "2026-03-07T09:15:01Z"},
		{"Time", "2026-03-07T09:15:01.5+05:30", "2026-03-07T03:45:01.5Z"},
		{"Time", "2026-03-07 09:15:01 -0500", "2026-03-07T14:15:01Z"},
		{"Time", "2026-03-07 09:15:01,250", "2026-03-07T08:15:01.25Z"},
		{"Time", "2026/07/03 09:15", "2026-07-03T07:15:00Z"},
		{"Time", "07.03.2026 09:15:01", "2026-03-07T08:15:01Z"},
		{"Time", "3/27/2026 9:15:01 PM", "2026-03-27T20:15:01Z"},
		{"Time", "27/3/2026 21:15:01", "2026-03-27T20:15:01Z"},
		{"Time", "07-Mar-2026 09:15:01.123", "2026-03-07T08:15:01.123Z"},
		{"Time", "07-déc.-2026 09:15:01", "2026-12-07T08:15:01Z"},
		{"Time", "Sat Mar 07 09:15:01 GMT-05:00 2026", "2026-03-07T14:15:01Z"},
		{"Time", "Sat Mar 07 09:15:01 EDT 2026", "2026-03-07T13:15:01Z"},
		{"Time", "Mar 7, 2026 9:15:01 AM", "2026-03-07T08:15:01Z"},
		{"Time", "20260307091501", "2026-03-07T08:15:01Z"},
		{"Time", "1772871301", "2026-03-07T08:15:01Z"},
		{"Time", "1772871301.25", "2026-03-07T08:15:01.25Z"},
		{"Time", "1772871301250", "2026-03-07T08:15:01.25Z"},
		{"Time", "1772871301250001", "2026-03-07T08:15:01.250001Z"},
		{"Time", "1,772871301E+12", "2026-03-07T08:15:01Z"},
		{"Time (ms)", "1500", "1999-12-31T23:00:01.5Z"},
		{"Elapsed time", "00:01:30", "1999-12-31T23:01:30Z"},
	} {
		o := options(t)
		if strings.Contains(c.want, "1999") { // counted from a start that is known
			o.Start = midnight2000(o)
		}
		_, got, err := run(t, "x.csv", c.title+";RPM\n"+c.cell+";900\n", o)
		if want := "||" + c.want + "||RPM=900|/min\n"; err != nil || got != want {
			t.Errorf("%q: got %s, want %s (%v)", c.cell, got, want, err)
		}
	}
}

// TestLines holds what is a line of a table, and what costs a line.
func TestLines(t *testing.T) {
	const head = "timestamp,rpm,note\n"
	for _, c := range []struct {
		name, rows       string
		readings         int
		rejected, partly int64
	}{
		{"CR LF and blank lines", "1772871301,900,a\r\n\r\n1772871302,901,a\r\n", 3, 0, 0},
		{"a quoted field over two lines", "1772871301,900,\"a\nb\"\n1772871302,901,c\n", 4, 0, 0},
		{"doubled quotes", "1772871301,900,\"say \"\"hi\"\"\"\n", 2, 0, 0},
		{"a quote without an end", "1772871301,900,\"open\n1772871302,901,c\n", 2, 1, 0},
		{"the titles again", "1772871301,900,a\ntimestamp,rpm,note\n1772871302,901,a\n", 3, 0, 0},
		{"a cut last line", "1772871301,900,a\n17728713", 2, 1, 0},
		{"garbage behind", "1772871301,900,a\n\x00\x01garbage\n", 2, 1, 0},
		{"too many fields", "1772871301,900,a,b,c\n1772871302,901,a\n", 2, 1, 0},
		{"a bad number", "1772871301,fast,a\n1772871302,901,a\n1772871303,902,a\n", 3, 0, 1},
		{"a year beyond all", "99999999999999999999,900,a\n1772871302,901,a\n", 2, 1, 0},
	} {
		sum, got, err := run(t, "x.csv", head+c.rows, options(t))
		if err != nil || strings.Count(got, "\n") != c.readings || sum.Rejected != c.rejected || sum.Partial != c.partly {
			t.Errorf("%s: %d readings, %d rejected, %d in part (%v)\n%s%v", c.name, strings.Count(got, "\n"), sum.Rejected, sum.Partial, err, got, sum.Rejects)
		}
	}
}

// TestSameContentSameKey tells that compression and name do not matter, and that the options do.
func TestSameContentSameKey(t *testing.T) {
	content := "timestamp,rpm\n1772871301,900\n"
	folder := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte(content))
	_ = z.Close()
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, path := range []string{
		write("a.csv", []byte(content)), write("b.bin", zipped.Bytes()), write("c", enc.EncodeAll([]byte(content), nil)),
	} {
		s := &listSink{}
		sum, err := importer.Run(t.Context(), source(t, path), options(t), s)
		if err != nil || s.count != 1 {
			t.Fatalf("%s: %d readings, %v", path, s.count, err)
		}
		key, cut, err := importer.Key(t.Context(), source(t, path), options(t))
		if err != nil || cut || key != sum.Key {
			t.Errorf("Key gives %s, Run %s (%v)", key, sum.Key, err)
		}
		keys[key] = true
	}
	o := options(t)
	o.ZoneSet = true
	other, _, err := importer.Key(t.Context(), text("a.csv", content), o)
	if err != nil || len(keys) != 1 || keys[other] {
		t.Errorf("keys %v, with a zone %s (%v)", keys, other, err)
	}
}

// TestHostileFiles must end soon, with a word and without much memory.
func TestHostileFiles(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 256 {
		_, _ = z.Write(make([]byte, 1<<20))
	}
	_ = z.Close()
	for name, content := range map[string]string{
		"empty":      "",
		"blank":      "\n\n  \n",
		"binary":     strings.Repeat("\x7fELF\x00\x01\x02\x03", 999),
		"prose":      "This is no log.\nIt has lines, and commas, but no time.\n",
		"bomb":       bomb.String(),
		"deep JSON":  strings.Repeat("[", 1<<20),
		"open JSON":  "{\"schema\":\"" + strings.Repeat("a", 40<<20),
		"one title":  "rpm\n900\n901\n",
		"table only": "a,b,c\n",
	} {
		if _, got, err := run(t, name, content, options(t)); err == nil || got != "" || errs.KindOf(err) != errs.BadInput {
			t.Errorf("%s: %v %s", name, err, got)
		}
	}
}

// TestDamagedStream keeps what came before the damage.
func TestDamagedStream(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	fmt.Fprintln(z, "timestamp,rpm")
	for i := range 20000 {
		fmt.Fprintf(z, "%d,%d\n", 1772871301+i, i*7919%9973)
	}
	_ = z.Close()
	sum, _, err := run(t, "cut.csv.gz", b.String()[:b.Len()/2], options(t))
	if err != nil || sum.Readings < 1000 || sum.Rejected == 0 {
		t.Errorf("%d readings, %d rejected, %v", sum.Readings, sum.Rejected, err)
	}
}

// failingSink refuses its second batch.
type failingSink struct{ calls int }

func (s *failingSink) Readings(context.Context, importer.Vehicle, []obd.Reading) (int, error) {
	if s.calls++; s.calls > 1 {
		return 0, io.ErrShortWrite
	}
	return 1, nil
}

func (s *failingSink) Scan(context.Context, importer.Vehicle, *obd.Scan, []byte) error { return nil }

func TestSinkErrorsEndTheRun(t *testing.T) {
	o := options(t)
	o.Limits.Batch = 10
	rows := "timestamp,rpm\n"
	for i := range 1000 {
		rows += fmt.Sprintf("%d,900\n", 1772871301+i)
	}
	s := &failingSink{}
	_, err := importer.Run(t.Context(), text("x", rows), o, s)
	if !errors.Is(err, io.ErrShortWrite) || s.calls != 2 {
		t.Errorf("%d calls, %v", s.calls, err)
	}
}

func TestCancelledRunEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := importer.Run(ctx, text("x", "timestamp,rpm\n1,2\n"), options(t), &listSink{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
