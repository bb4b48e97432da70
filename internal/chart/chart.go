// Package chart describes charts and draws them on any canvas: lines with their band of minimum and maximum, dots,
// bars, margins to a limit, gauges, matrices of counts.
//
// A [Chart] says what is shown, [Draw] where every stroke goes, and a [Canvas] is paper of some kind: PDF, SVG,
// PNG, a terminal. The same chart always gives the same strokes. Colours differ in lightness and lines
// in their dashes, so that print in grey and eyes that do not tell red from green lose nothing.
package chart

import "github.com/fleetms/obdctl/internal/fleet"

// Kind is the form of a chart.
type Kind string

// The kinds.
const (
	XY      Kind = "xy"      // series over a value or time axis
	Columns Kind = "bars"    // one bar for each name
	Limits  Kind = "margins" // one row for each test: where its value is between its limits
	Dials   Kind = "gauges"  // half rings
	Matrix  Kind = "matrix"  // counts of what is true by what was said
)

// Chart is what is shown. Fields that do not belong to its kind are ignored.
type Chart struct {
	Kind  Kind   `json:"kind"`
	Title string `json:"title,omitempty"`
	// Alt says in words what the chart shows, for those who cannot see it.
	Alt string `json:"alt,omitempty"`

	X      Axis     `json:"x,omitzero"`
	Y      Axis     `json:"y,omitzero"`
	Y2     *Axis    `json:"y2,omitempty"` // of series with Second
	Series []Series `json:"series,omitempty"`
	Lines  []Limit  `json:"limits,omitempty"`
	Marks  []Mark   `json:"marks,omitempty"`

	Bars    []Bar    `json:"bars,omitempty"`
	Margins []Margin `json:"margins,omitempty"`
	Gauges  []Gauge  `json:"gauges,omitempty"`

	Rows    []string    `json:"rows,omitempty"` // of a matrix, named by Y
	Columns []string    `json:"columns,omitempty"`
	Cells   [][]float64 `json:"cells,omitempty"`
}

// Axis is a scale with its name. Bounds that are absent follow from the data.
type Axis struct {
	Label string   `json:"label,omitempty"`
	Unit  string   `json:"unit,omitempty"` // as people write it
	Time  bool     `json:"time,omitempty"` // values are seconds since 1970, UTC
	Min   *float64 `json:"min,omitempty"`
	Max   *float64 `json:"max,omitempty"`
	Whole bool     `json:"whole,omitempty"` // counts: no ticks between whole numbers
}

// Style is how a series is drawn.
type Style string

// The styles.
const (
	Line Style = "line"
	Band Style = "band" // mean as a line in the band from minimum to maximum
	Dots Style = "dots"
	Step Style = "step" // a state that holds until the next point
)

// Series is one line of a chart.
type Series struct {
	Name    string         `json:"name"`
	Style   Style          `json:"style"`
	Points  []Point        `json:"points,omitempty"`
	Buckets []fleet.Bucket `json:"buckets,omitempty"` // of a band
	Second  bool           `json:"second,omitempty"`  // on the second y axis
}

// Point is a place: on the axes in a chart, in its own units on a canvas, whose y runs down.
type Point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Limit is a value that should not be passed.
type Limit struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Level Level   `json:"level,omitempty"`
}

// Mark is something that happened at a place of the x axis.
type Mark struct {
	At    float64 `json:"at"`
	Name  string  `json:"name,omitempty"`
	Level Level   `json:"level,omitempty"`
}

// Level says how good something is.
type Level string

// The levels.
const (
	Plain Level = ""
	Good  Level = "good"
	Warn  Level = "warn"
	Bad   Level = "bad"
)

// Bar is one bar with its name.
type Bar struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Text  string  `json:"text,omitempty"` // what stands at its end
	Level Level   `json:"level,omitempty"`
}

// Margin is one test with its limits: where the value is inside what is allowed.
type Margin struct {
	Name  string   `json:"name"`
	Note  string   `json:"note,omitempty"` // under the name
	Value float64  `json:"value"`
	Min   *float64 `json:"min,omitempty"`
	Max   *float64 `json:"max,omitempty"`
	Text  string   `json:"text,omitempty"` // value and limits in words
	Level Level    `json:"level,omitempty"`
	// Before is an earlier value of the same test.
	Before *float64 `json:"before,omitempty"`
}

// Gauge is one value on a half ring from Min to Max.
type Gauge struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Text  string  `json:"text"` // the value in words
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`
	Zones []Zone  `json:"zones,omitempty"` // in order
	Level Level   `json:"level,omitempty"`
}

// Zone is a stretch of a gauge.
type Zone struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Level Level   `json:"level"`
}
