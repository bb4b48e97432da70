package chart

// Canvas is what a chart is drawn on. Coordinates run right and down from the upper left corner in the canvas's own
// unit (points, pixels, dots), which [Canvas.Metrics] relates to its letters.
type Canvas interface {
	Size() (width, height float64)
	Metrics() Metrics
	// Line draws through the points.
	Line(points []Point, s Stroke)
	// Area fills the polygon.
	Area(points []Point, ink Ink)
	// Text writes one line with its baseline at a point.
	Text(at Point, text string, s Letters)
	// Width is how wide the text would be.
	Width(text string, s Letters) float64
}

// Metrics are the sizes of a canvas.
type Metrics struct {
	Text   float64 // height of letters
	Small  float64 // height of the letters at axes
	Pad    float64 // between things
	Stroke float64 // the usual line; 0 for the thinnest that there is
	// Coarse is set where a line is as thick as a letter, such as in a terminal: fewer ticks, no grid.
	Coarse bool
}

// Stroke is how a line is drawn.
type Stroke struct {
	Ink   Ink
	Width float64   // in units of the canvas
	Dash  []float64 // lengths on and off, in units of the canvas; nil for a whole line
}

// Letters is how a text is written.
type Letters struct {
	Size   float64
	Strong bool
	Ink    Ink
	Align  Align
	Turned bool // runs upwards
}

// Align is where a text stands at its point.
type Align uint8

// The alignments.
const (
	Left Align = iota
	Center
	Right
)

// Ink is a colour by its use; a canvas has its own for light and dark, or for none.
type Ink uint8

// The inks.
const (
	Ground Ink = iota // the paper
	Text              // letters
	Muted             // letters that step back
	Grid              // lines that step back
	GoodInk
	WarnInk
	BadInk
	GoodPale
	WarnPale
	BadPale
	Track   // an empty bar
	Series1 // the first of SeriesInks
	Series2
	Series3
	Series4
	Series5
	Series6
	Pale1 // the first of the same inks for areas
	Pale2
	Pale3
	Pale4
	Pale5
	Pale6
	Inks // how many there are
)

// SeriesInks is how many series have an ink of their own; then they start again, with other dashes.
const SeriesInks = 6

// RGB is a colour of a screen or a printer.
type RGB struct{ R, G, B uint8 }

// Light is what the inks look like on white paper. Lightness differs from ink to ink, so that grey print tells them
// apart, and the hues are told apart by eyes without red or green.
func Light() [Inks]RGB {
	return [Inks]RGB{
		Ground: {255, 255, 255}, Text: {28, 33, 40}, Muted: {94, 104, 116}, Grid: {222, 226, 231},
		GoodInk: {0, 122, 94}, WarnInk: {222, 143, 5}, BadInk: {164, 22, 35},
		GoodPale: {217, 240, 232}, WarnPale: {253, 239, 208}, BadPale: {248, 219, 220}, Track: {235, 238, 242},
		Series1: {11, 79, 138}, Series2: {222, 125, 5}, Series3: {0, 150, 115}, Series4: {150, 40, 90},
		Series5: {86, 166, 220}, Series6: {90, 90, 90},
		Pale1: {206, 222, 238}, Pale2: {251, 225, 190}, Pale3: {200, 233, 222}, Pale4: {238, 208, 224},
		Pale5: {217, 236, 248}, Pale6: {222, 222, 222},
	}
}

// Dark is what the inks look like on a dark screen.
func Dark() [Inks]RGB {
	return [Inks]RGB{
		Ground: {22, 26, 32}, Text: {232, 236, 241}, Muted: {160, 170, 182}, Grid: {52, 60, 70},
		GoodInk: {72, 199, 160}, WarnInk: {245, 185, 66}, BadInk: {255, 112, 112},
		GoodPale: {24, 62, 52}, WarnPale: {72, 56, 20}, BadPale: {80, 34, 38}, Track: {44, 51, 60},
		Series1: {110, 175, 240}, Series2: {250, 170, 80}, Series3: {80, 205, 165}, Series4: {230, 130, 180},
		Series5: {170, 215, 245}, Series6: {180, 180, 180},
		Pale1: {36, 58, 82}, Pale2: {78, 56, 30}, Pale3: {28, 66, 56}, Pale4: {74, 42, 60},
		Pale5: {48, 64, 76}, Pale6: {64, 64, 64},
	}
}

// seriesInk returns the line and area ink of the nth series with its dashes in units of a stroke.
func seriesInk(n int) (line, area Ink, dash []float64) {
	dashes := [][]float64{nil, {6, 3}, {1.5, 2.5}, {8, 2.5, 1.5, 2.5}, {4, 2}, {2, 2}}
	i := n % SeriesInks
	return Series1 + Ink(i), Pale1 + Ink(i), dashes[(n+n/SeriesInks)%len(dashes)]
}

func (l Level) ink() Ink {
	switch l {
	case Good:
		return GoodInk
	case Warn:
		return WarnInk
	case Bad:
		return BadInk
	}
	return Series1
}

func (l Level) pale() Ink {
	switch l {
	case Good:
		return GoodPale
	case Warn:
		return WarnPale
	case Bad:
		return BadPale
	}
	return Track
}
