package widget

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// Tile is one figure that is read from across the bay: what it is, the figure, and a remark.
type Tile struct {
	Label, Value, Note string
	Tone               theme.Tone
}

// Tiles puts tiles next to each other over the whole width, as many in a row as fit; the rest goes below.
func Tiles(l screen.Look, width int, tiles ...Tile) string {
	if l.Linear {
		var lines []string
		for _, t := range tiles {
			lines = append(lines, strings.TrimSuffix(t.Label+": "+t.Value+", "+t.Note, ", "))
		}
		return strings.Join(lines, "\n")
	}
	per := max(1, min(len(tiles), (width+2)/19))
	if per < len(tiles) && len(tiles)%per != 0 {
		per = max(1, (len(tiles)+1)/((len(tiles)+per-1)/per))
	}
	each := (width - 2*(per-1)) / per
	var rows []string
	for i := 0; i < len(tiles); i += per {
		var cells []string
		for _, t := range tiles[i:min(i+per, len(tiles))] {
			cells = append(cells, t.view(l, each))
		}
		rows = append(rows, Beside(2, cells...))
	}
	return strings.Join(rows, "\n")
}

func (t Tile) view(l screen.Look, width int) string {
	edge := l.Theme.Glyphs.Here
	if !l.Theme.Glyphs.Dots {
		edge = l.Theme.Glyphs.Bar
	}
	line := func(tone theme.Tone, text string) string {
		if tone == theme.Plain {
			tone = theme.Strong
		}
		return l.Paint(t.edge(), edge) + " " + l.Paint(tone, Fit(text, width-2))
	}
	note := t.Note
	if ansi.StringWidth(note) > width-2 {
		note = ansi.Truncate(note, width-2, "…")
	}
	return line(theme.Faint, t.Label) + "\n" + line(t.Tone, t.Value) + "\n" + line(theme.Faint, note)
}

func (t Tile) edge() theme.Tone {
	if t.Tone == theme.Plain || t.Tone == theme.Strong {
		return theme.Rule
	}
	return t.Tone
}
