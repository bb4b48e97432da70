package report_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report"
	"github.com/fleetms/obdctl/internal/report/document"
)

// odd puts a text into every place that a car, a file or a person fills.
func odd(text string, number float64) report.Input {
	in := whole()
	for _, s := range []*obd.Scan{in.Scan, in.Before, in.After} {
		s.Vehicle.VIN, s.Vehicle.Maker = text, text
		for i := range s.Codes {
			s.Codes[i].Code, s.Codes[i].Description, s.Codes[i].Severity = text, text, text
		}
		for i := range s.ECUs {
			s.ECUs[i].Name = text
		}
		for i := range s.Tests {
			s.Tests[i].Name, s.Tests[i].TestName, s.Tests[i].Unit, s.Tests[i].Value = text, text, text, number
			s.Tests[i].Min, s.Tests[i].Max = new(number), new(number+1)
		}
		for i := range s.Readings {
			s.Readings[i].Name, s.Readings[i].Value = text, number
		}
		for i := range s.FreezeFrames {
			s.FreezeFrames[i].Code = text
		}
		s.Assessment.Findings = append(s.Assessment.Findings, obd.Finding{ID: text, Severity: text, Text: text})
	}
	in.Vehicle = &fleet.Vehicle{VIN: text, Label: text, Plate: text, Model: text, OdometerKm: &number}
	in.Customer.Name, in.Notes[0].Text = text, text
	in.Pictures = []document.Picture{{Type: "image/png", Data: []byte(text), Alt: text, Caption: text}}
	in.Trip.DistanceKm, in.Trip.MaxKmh, in.Trip.FuelL = number, number, &number
	in.Trip.Events[0].Kind, in.Trip.Events[0].Value = text, number
	in.Signals[0].Name, in.Signals[0].Unit = text, text
	in.Signals[0].Buckets[3].Max, in.Signals[0].Buckets[5].Mean = number, -number
	in.Rows[0].Vehicle.Label, in.Rows[0].Codes = text, []string{text}
	in.Codes[0].Code, in.Forecasts[0].Name = text, text
	return in
}

// inEveryForm renders every report and looks whether the result is whole.
func inEveryForm(t *testing.T, in report.Input, tag, shop string) {
	t.Helper()
	for _, name := range report.Names() {
		o := options(t, tag)
		o.Shop.Name, o.Shop.Address, o.Shop.Color = shop, shop, shop
		d := build(t, name, in, o)
		for _, f := range report.Formats() {
			if f.Name == "xlsx" && name != "compare" {
				continue // the slowest; one has every kind of cell
			}
			var b bytes.Buffer
			if err := f.Write(&b, d, report.Render{}); err != nil {
				t.Fatalf("%s as %s: %v", name, f.Name, err)
			}
			if !f.Binary && !utf8.Valid(b.Bytes()) {
				t.Errorf("%s as %s is not UTF-8", name, f.Name)
			}
			if f.Name == "json" && !json.Valid(b.Bytes()) {
				t.Errorf("%s: no JSON", name)
			}
			if f.Name == "html" && bytes.Contains(b.Bytes(), []byte("<script")) {
				t.Errorf("%s: a script came through", name)
			}
		}
	}
}

func TestOddTexts(t *testing.T) {
	for name, text := range map[string]string{
		"emoji":    "🚗💨 misfire 👩🏽‍🔧 \U0001F1E9\U0001F1EA",
		"right":    "תקלה במנוע – محرك السيارة",
		"wide":     "发动机故障 エンジン 엔진",
		"long":     strings.Repeat("Donaudampfschifffahrtsgesellschaft", 30),
		"controls": "a\x00b\x01c\x1b[31md\re\nf\tg\u202eh\ufeff\ufffe",
		"broken":   "a\xff\xfe\xc3(",
		"markup":   `<script>alert(1)</script> & "quotes" 'x' =1+1 | *b* _i_ [l](http://x) {{page.more}} {n} %s %d`,
		"formula":  "=HYPERLINK(\"http://example.com\")",
		"empty":    "",
		"spaces":   "   ",
	} {
		t.Run(name, func(t *testing.T) { inEveryForm(t, odd(text, 1e300), "en", text) })
	}
}

func TestOddNumbers(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 1e-300, math.MaxFloat64, -math.MaxFloat64} {
		in := odd("x", v)
		in.Trip.DistanceKm, in.Trip.MaxKmh, in.Trip.FuelL, in.Trip.Events[0].Value = v, v, &v, v
		for _, name := range report.Names() {
			d := build(t, name, in, options(t, "fr"))
			for _, f := range []string{"pdf", "html", "csv", "json", "md"} {
				render(t, d, f, report.Render{})
			}
		}
	}
}

// TestAMegabyteIsSet puts a text of one megabyte into one note: the pages stay few.
func TestAMegabyteIsSet(t *testing.T) {
	in := whole()
	in.Notes[0].Text = strings.Repeat("word ", 1<<20/5)
	d := build(t, "health", in, options(t, "en"))
	for _, f := range report.Formats() {
		render(t, d, f.Name, report.Render{})
	}
}

func FuzzReports(f *testing.F) {
	f.Add("P0301", 1.5, uint8(0))
	f.Add("🚗\x00\u202e\xff", math.Inf(1), uint8(3))
	f.Add("{n} =1 <b>", -1e300, uint8(9))
	f.Fuzz(func(t *testing.T, text string, number float64, pick uint8) {
		if len(text) > 4000 {
			text = text[:4000]
		}
		names, formats := report.Names(), report.Formats()
		d := build(t, names[int(pick)%len(names)], odd(text, number), options(t, []string{"en", "de", "es", "fr"}[pick%4]))
		var b bytes.Buffer
		format := formats[int(pick/8)%len(formats)]
		if err := format.Write(&b, d, report.Render{}); err != nil {
			t.Errorf("%s as %s: %v", d.Report, format.Name, err)
		}
	})
}
