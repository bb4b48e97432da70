package export_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/export"
)

var table = export.Table{Name: "readings", Columns: []export.Column{
	{Name: "at", Kind: export.Time}, {Name: "signal", Kind: export.Text}, {Name: "value", Kind: export.Number},
	{Name: "count", Kind: export.Integer}, {Name: "absent", Kind: export.Bool},
}}

var at = time.Date(2026, 3, 2, 8, 30, 0, 125_000_000, time.FixedZone("CET", 3600))

var rows = [][]any{
	{at, "RPM", 812.25, int64(3), false},
	{at.Add(time.Second), "=cmd|' /C calc'!A0", nil, nil, true},
	{at.Add(2 * time.Second), "ümlaut, \"quoted\"\nline", -0.5, int64(-1), nil},
}

func write(t testing.TB, format string, rows [][]any) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := export.New(&out, format, table)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestCSV(t *testing.T) {
	want := "at,signal,value,count,absent\n2026-03-02T07:30:00.125Z,RPM,812.25,3,false\n" +
		"2026-03-02T07:30:01.125Z,'=cmd|' /C calc'!A0,,,true\n" +
		"2026-03-02T07:30:02.125Z,\"ümlaut, \"\"quoted\"\"\nline\",-0.5,-1,\n"
	if got := string(write(t, "csv", rows)); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestJSONLines(t *testing.T) {
	want := `{"at":"2026-03-02T07:30:00.125Z","signal":"RPM","value":812.25,"count":3,"absent":false}` + "\n" +
		`{"at":"2026-03-02T07:30:01.125Z","signal":"=cmd|' /C calc'!A0","absent":true}` + "\n" +
		`{"at":"2026-03-02T07:30:02.125Z","signal":"ümlaut, \"quoted\"\nline","value":-0.5,"count":-1}` + "\n"
	if got := string(write(t, "jsonl", rows)); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestExcelHasRealTypes(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(write(t, "xlsx", rows)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := f.GetRows("readings", excelize.Options{RawCellValue: true})
	if err != nil || len(got) != 4 || got[1][2] != "812.25" || got[2][1] != "=cmd|' /C calc'!A0" {
		t.Fatalf("%v, %v", got, err)
	}
	if formula, err := f.GetCellFormula("readings", "B3"); err != nil || formula != "" {
		t.Errorf("a text became the formula %q, %v", formula, err)
	}
	if kind, err := f.GetCellType("readings", "C2"); err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		t.Errorf("a number is %v, %v", kind, err)
	}
	if days, err := strconv.ParseFloat(got[1][0], 64); err != nil || math.Abs(days-46083.3125014468) > 1e-9 {
		t.Errorf("a time is kept as %s, %v", got[1][0], err)
	}
}

func TestExcelHasFiltersOnWhatWasStreamed(t *testing.T) {
	data := write(t, "xlsx", rows)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet, err := io.ReadAll(f)
	if err != nil || !bytes.Contains(sheet, []byte(`<autoFilter ref="$A$1:$E$4"`)) && !bytes.Contains(sheet, []byte(`<autoFilter ref="A1:E4"`)) {
		t.Errorf("no filter: %s, %v", sheet[len(sheet)-200:], err)
	}
}

func TestParquetReadsBack(t *testing.T) {
	type row struct {
		At     *time.Time `parquet:"at,optional,timestamp(microsecond)"`
		Signal *string    `parquet:"signal,optional"`
		Value  *float64   `parquet:"value,optional"`
		Count  *int64     `parquet:"count,optional"`
		Absent *bool      `parquet:"absent,optional"`
	}
	data := write(t, "parquet", rows)
	got, err := parquet.Read[row](bytes.NewReader(data), int64(len(data)))
	if err != nil || len(got) != 3 {
		t.Fatalf("%v, %v", got, err)
	}
	if !got[0].At.Equal(at) || *got[0].Value != 812.25 || got[1].Value != nil || !*got[1].Absent || *got[2].Count != -1 || !strings.HasPrefix(*got[2].Signal, "ümlaut") {
		t.Errorf("%+v", got)
	}
}

func TestUnknownFormatsAndShapesAreRefused(t *testing.T) {
	if _, err := export.New(io.Discard, "docx", table); errs.KindOf(err) != errs.Usage || !strings.Contains(errs.HintOf(err), "parquet") {
		t.Error(err)
	}
	w, err := export.New(io.Discard, "csv", table)
	if err != nil {
		t.Fatal(err)
	}
	if w.Write([]any{1}) == nil {
		t.Error("a short row was taken")
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, format := range export.Formats() {
		b.Run(format, func(b *testing.B) {
			w, err := export.New(io.Discard, format, table)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for i := range b.N {
				if err := w.Write([]any{at.Add(time.Duration(i) * time.Second), fmt.Sprint("S", i%10), float64(i), int64(i), true}); err != nil {
					b.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func FuzzText(f *testing.F) {
	f.Add("=1+1", 1.5)
	f.Add("\x00\xff\U0001F600", math.Copysign(0, -1))
	f.Fuzz(func(t *testing.T, text string, number float64) {
		for _, format := range export.Formats() {
			if format == "jsonl" && number-number != 0 {
				continue // JSON has no infinity; the store holds none
			}
			write(t, format, [][]any{{at, text, number, nil, nil}})
		}
	})
}
