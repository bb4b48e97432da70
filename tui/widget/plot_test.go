package widget_test

import (
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/internal/lang"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

func look() screen.Look {
	return screen.Look{Width: 60, Height: 20, Theme: theme.Get("none", true), Words: lang.English()}
}

// wave is one period of a sine between lo and hi.
func wave(n int, lo, hi float64) []widget.Bucket {
	out := make([]widget.Bucket, n)
	for i := range out {
		v := lo + (hi-lo)*(1+math.Sin(float64(i)/float64(n)*2*math.Pi))/2
		out[i] = widget.Bucket{Min: v, Max: v, Mean: v, Count: 1}
	}
	return out
}

func TestPlotOfTwoAxes(t *testing.T) {
	p := widget.Plot{Width: 50, Height: 9, Cursor: -1, From: "09:41:00", To: "09:42:00"}
	p.Lines = []widget.Line{{Tone: theme.Series1, Right: true}, {Tone: theme.Series2}}
	p.Lines[0].Buckets, p.Lines[1].Buckets = wave(p.Buckets(), 20, 90), wave(p.Buckets(), 800, 3000)
	got := ansi.Strip(p.View(look()))
	want := strings.TrimPrefix(`
  3000│     ⡠⠔⠊⠉⠉⠉⠒⠤⡀                      │100   
      │   ⡠⠊⡠⠔⠊⠉⠉⠉⠒⠤⡈⠢⡀                    │      
      │ ⡠⠊⡠⠊        ⠈⠢⡈⠢⡀                  │      
      │⠜⡠⠊            ⠈⠢⡈⢆                ⢀│      
  1750│⠊                ⠈⢢⠑⢄            ⢀⠔⢁│60    
      │                   ⠑⢄⠑⢄        ⢀⠔⢁⠔⠁│      
      │                     ⠑⢄⠑⠢⢄⣀⣀⣀⠤⠒⢁⠔⠁  │      
   500│                       ⠑⠢⢄⣀⣀⣀⠤⠒⠁    │20    
       09:41:00                    09:42:00       `, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPlotLeavesGapsAndShowsExtremes(t *testing.T) {
	p := widget.Plot{Width: 27, Height: 5, Cursor: -1}
	p.Lines = []widget.Line{{Buckets: make([]widget.Bucket, 40)}}
	p.Lines[0].Buckets[10] = widget.Bucket{Min: 0, Max: 100, Mean: 50, Count: 9}
	lines := strings.Split(ansi.Strip(p.View(look())), "\n")
	for _, line := range lines[:4] {
		cells := []rune(line)
		if cells[7+5] == ' ' || cells[7+4] != ' ' || cells[7+6] != ' ' {
			t.Errorf("want one column of dots from minimum to maximum and nothing beside it: %q", line)
		}
	}
}

func TestMarginShowsWhereAValueStands(t *testing.T) {
	lo, hi := 0.0, 100.0
	for value, want := range map[float64]string{50: " ├──────◆──────┤ ", 0: " ◆─────────────┤ ", 100: " ├─────────────◆ ", 130: " ├─────────────┤◆", -1: "◆├─────────────┤ "} {
		m := widget.Margin{Value: value, Min: &lo, Max: &hi, Severity: theme.Medium}
		if got := ansi.Strip(m.View(look(), 17)); got != want {
			t.Errorf("%v: %q, want %q", value, got, want)
		}
	}
}

func TestSparkOfRoundingErrorsIsLevel(t *testing.T) {
	v := 85.2
	if got := widget.Spark(look(), theme.Plain, []float64{v, math.Nextafter(v, 90), v}, 3); got != "▁▁▁" {
		t.Errorf("%q", got)
	}
}

func TestLinesThatEndTogetherKeepTheirLetters(t *testing.T) {
	p := widget.Plot{Width: 30, Height: 4, Cursor: -1}
	p.Lines = []widget.Line{{Sign: "A"}, {Sign: "B"}}
	for i := range p.Lines {
		p.Lines[i].Buckets = wave(p.Buckets(), 0, 10)
	}
	if got := ansi.Strip(p.View(look())); !strings.Contains(got, "BA") {
		t.Errorf("one letter covers the other:\n%s", got)
	}
}
