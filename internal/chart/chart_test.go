package chart_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/internal/chart"
	chartpng "github.com/fleetms/obdctl/internal/chart/png"
	"github.com/fleetms/obdctl/internal/chart/svg"
	"github.com/fleetms/obdctl/internal/chart/term"
	"github.com/fleetms/obdctl/internal/fleet"
)

var update = flag.Bool("update", false, "write the golden files anew")

var start = time.Date(2026, 3, 5, 7, 50, 0, 0, time.UTC)

// charts are one of each kind.
func charts() map[string]*chart.Chart {
	trip := &chart.Chart{Kind: chart.XY, Title: "Vehicle speed", Alt: "speed over time", X: chart.Axis{Time: true}, Y: chart.Axis{Unit: "km/h"}, Y2: &chart.Axis{Unit: "°C"},
		Lines: []chart.Limit{{Name: "limit", Value: 100, Level: chart.Bad}}, Marks: []chart.Mark{{At: float64(start.Unix() + 900), Name: "hard brake", Level: chart.Warn}}}
	band, coolant := chart.Series{Name: "speed", Style: chart.Band}, chart.Series{Name: "coolant", Style: chart.Line, Second: true}
	for i := range 60 {
		at := start.Add(time.Duration(i) * 40 * time.Second)
		v := 60 + 50*math.Sin(float64(i)/8)
		b := fleet.Bucket{Start: at, Count: 40, Min: v - 5, Max: v + 5, Mean: v}
		if i == 30 || i == 31 || i == 33 {
			b.Count = 0
		}
		band.Buckets = append(band.Buckets, b)
		coolant.Points = append(coolant.Points, chart.Point{X: float64(at.Unix()), Y: 20 + float64(i)})
	}
	trip.Series = []chart.Series{band, coolant}
	return map[string]*chart.Chart{
		"xy": trip,
		"dots": {Kind: chart.XY, Y: chart.Axis{Whole: true}, X: chart.Axis{Label: "engine speed", Unit: "rpm"}, Series: []chart.Series{
			{Name: "dots", Style: chart.Dots, Points: []chart.Point{{X: 700, Y: 1}, {X: 3200, Y: 2}, {X: math.NaN(), Y: 1}}},
			{Name: "steps", Style: chart.Step, Points: []chart.Point{{X: 800, Y: 0}, {X: 2000, Y: 2}, {X: 3000, Y: 1}}}}},
		"bars": {Kind: chart.Columns, Title: "Distances", Bars: []chart.Bar{{Name: "Van 1", Value: 120, Text: "120 km"}, {Name: "Van 2", Value: -40}, {Name: "a name that is far too long for the room that there is", Value: 60, Level: chart.Warn}}},
		"margins": {Kind: chart.Limits, Margins: []chart.Margin{
			{Name: "catalyst", Note: "bank 1", Value: 0.4, Max: new(0.75), Text: "0.40 (≤ 0.75)", Level: chart.Good, Before: new(0.6)},
			{Name: "sensor", Value: 0.4, Min: new(0.3), Max: new(0.6), Level: chart.Good}, {Name: "misfire", Value: 31, Max: new(24.0), Level: chart.Bad}, {Name: "no limits", Value: 1}}},
		"gauges": {Kind: chart.Dials, Gauges: []chart.Gauge{{Name: "Coolant", Value: 90, Text: "90 °C", Min: -40, Max: 140, Level: chart.Good, Zones: []chart.Zone{{From: -40, To: 110, Level: chart.Good}, {From: 110, To: 140, Level: chart.Bad}}}, {Name: "Voltage", Value: math.NaN(), Text: "–", Max: 16}}},
		"empty":  {},
	}
}

func TestGolden(t *testing.T) {
	for name, c := range charts() {
		var picture, text, plain bytes.Buffer
		if err := svg.Write(&picture, c, svg.Options{}); err != nil {
			t.Fatal(err)
		}
		if err := term.Write(&text, c, term.Options{Columns: 78}); err != nil {
			t.Fatal(err)
		}
		if err := term.Write(&plain, c, term.Options{Columns: 78, ASCII: true}); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".svg", picture.Bytes())
		golden(t, name+".txt", text.Bytes())
		for _, b := range plain.Bytes() {
			if b >= 0x80 {
				t.Errorf("%s: ASCII has more:\n%s", name, plain.String())
				break
			}
		}
		for line := range strings.SplitSeq(text.String(), "\n") {
			if utf8.RuneCountInString(line) > 78 {
				t.Errorf("%s: a line is %d wide", name, utf8.RuneCountInString(line))
			}
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", name, diff)
	}
}

func TestPNG(t *testing.T) {
	for name, c := range charts() {
		var a, b bytes.Buffer
		for _, w := range []io.Writer{&a, &b} {
			if err := chartpng.Write(w, c, chartpng.Options{Width: 700, Dark: name == "xy"}); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: two pictures differ", name)
		}
		img, err := png.Decode(&a)
		if err != nil || img.Bounds().Dx() != 700 {
			t.Errorf("%s: %v, %v", name, img.Bounds(), err)
		}
	}
	if err := chartpng.Write(io.Discard, charts()["xy"], chartpng.Options{Width: 1 << 20}); !errors.Is(err, chartpng.ErrSize) {
		t.Error(err)
	}
}

// TestInksCanBeReadOnTheirGround holds contrast (WCAG 2: 4.5) and that levels differ in grey.
func TestInksCanBeReadOnTheirGround(t *testing.T) {
	for name, inks := range map[string][chart.Inks]chart.RGB{"light": chart.Light(), "dark": chart.Dark()} {
		for _, ink := range []chart.Ink{chart.Text, chart.Muted} {
			if ratio := contrast(inks[ink], inks[chart.Ground]); ratio < 4.5 {
				t.Errorf("%s: ink %d has a contrast of %.1f only", name, ink, ratio)
			}
		}
		good, warn, bad := luminance(inks[chart.GoodInk]), luminance(inks[chart.WarnInk]), luminance(inks[chart.BadInk])
		if math.Abs(good-warn) < 0.05 || math.Abs(warn-bad) < 0.05 {
			t.Errorf("%s: levels look alike in grey: %.2f %.2f %.2f", name, good, warn, bad)
		}
	}
}

func contrast(a, b chart.RGB) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(c chart.RGB) float64 {
	part := func(v uint8) float64 { return math.Pow(float64(v)/255, 2.2) }
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		m    chart.Margin
		want float64
	}{
		{chart.Margin{Value: 6, Min: new(0.0), Max: new(10.0)}, 0.4}, {chart.Margin{Value: 30, Max: new(24.0)}, -0.25}, {chart.Margin{Value: 30, Min: new(20.0)}, 0.5},
		{chart.Margin{Value: -30, Min: new(-40.0)}, 0.25}, {chart.Margin{Value: -30, Max: new(-20.0)}, 0.5},
	} {
		if got := c.m.Share(); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%+v: %v, want %v", c.m, got, c.want)
		}
	}
	if got := (chart.Margin{Value: 1}).Share(); !math.IsNaN(got) {
		t.Error(got)
	}
}

// FuzzDraw draws whatever comes on every canvas.
func FuzzDraw(f *testing.F) {
	f.Add("name", 1.0, 2.0, 3.0, uint8(0))
	f.Add("\x00\xff🚗", math.Inf(1), -1e308, 1e308, uint8(7))
	f.Add("", math.NaN(), 0.0, 1e-320, uint8(2))
	f.Fuzz(func(t *testing.T, name string, a, b, v float64, pick uint8) {
		c := &chart.Chart{Kind: []chart.Kind{chart.XY, chart.Columns, chart.Limits, chart.Dials}[pick%4], Title: name,
			X: chart.Axis{Label: name, Time: pick&4 != 0}, Y: chart.Axis{Min: &a, Unit: name, Whole: pick&8 != 0}, Y2: &chart.Axis{Max: &b},
			Series: []chart.Series{{Name: name, Style: chart.Line, Points: []chart.Point{{X: a, Y: b}, {X: b, Y: v}, {X: v, Y: a}}}, {Style: chart.Step, Second: true, Points: []chart.Point{{X: v, Y: b}, {X: a, Y: v}}},
				{Style: chart.Band, Buckets: []fleet.Bucket{{Start: start, Count: 1, Min: a, Max: b, Mean: v}, {Start: start.Add(time.Hour), Count: 1, Min: v, Max: v, Mean: v}}}},
			Lines: []chart.Limit{{Name: name, Value: v}}, Marks: []chart.Mark{{At: a, Name: name}},
			Bars: []chart.Bar{{Name: name, Value: a}, {Value: b, Text: name}}, Margins: []chart.Margin{{Name: name, Note: name, Value: v, Min: &a, Max: &b, Before: &a}, {Value: a, Max: &v}, {Value: a, Min: &v}},
			Gauges: []chart.Gauge{{Name: name, Value: v, Text: name, Min: a, Max: b, Zones: []chart.Zone{{From: a, To: v}, {From: v, To: b}}}}}
		var picture bytes.Buffer
		if err := svg.Write(&picture, c, svg.Options{Width: 300}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(picture.String(), "NaN") || strings.Contains(picture.String(), "Inf") {
			t.Errorf("a place that is none: %s", picture.String())
		}
		for d := xml.NewDecoder(&picture); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if err := term.Write(io.Discard, c, term.Options{Columns: 40, Color: true}); err != nil {
			t.Fatal(err)
		}
		if err := chartpng.Write(io.Discard, c, chartpng.Options{Width: 200, Scale: 1}); err != nil {
			t.Fatal(err)
		}
	})
}
