package theme

// Glyphs are the signs that the workstation draws with. Every one is one column wide.
type Glyphs struct {
	Good, Info, Low, Warn, Bad, Critical, Unknown string // beside a word, so that colour is never alone
	On, Off, Half                                 string // a lamp or a connection
	Point, Here, More, Up, Down, Left, Right      string
	Line, Bar, Corner                             string // between parts
	Full, Empty                                   string // of a gauge
	Eighths                                       []rune // of a bar, from an eighth to full
	Dots                                          bool   // braille may be drawn
	Spin                                          []string
}

func unicode() Glyphs {
	return Glyphs{
		Good: "✓", Info: "·", Low: "○", Warn: "◆", Bad: "▲", Critical: "■", Unknown: "?",
		On: "●", Off: "○", Half: "◐",
		Point: "›", Here: "▌", More: "…", Up: "▲", Down: "▼", Left: "‹", Right: "›",
		Line: "─", Bar: "│", Corner: "└",
		Full: "━", Empty: "╌", Eighths: []rune("▏▎▍▌▋▊▉█"), Dots: true,
		Spin: []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"},
	}
}

// Plain is the theme with signs that any terminal and any screen reader knows.
func (t *Theme) Plain() *Theme {
	plain := *t
	plain.Glyphs = Glyphs{
		Good: "+", Info: "-", Low: "o", Warn: "!", Bad: "X", Critical: "#", Unknown: "?",
		On: "*", Off: "o", Half: "~",
		Point: ">", Here: ">", More: "~", Up: "^", Down: "v", Left: "<", Right: ">",
		Line: "-", Bar: "|", Corner: "`",
		Full: "=", Empty: ".", Eighths: []rune("########"),
		Spin: []string{"|", "/", "-", "\\"},
	}
	return &plain
}
