// Package theme is how the workstation looks: what each meaning is drawn with, in light, dark, high contrast
// and without colour. Meanings are named here and nowhere coloured by hand; each also has a sign or a word.
package theme

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
)

// Tone is what a piece of text means. The theme chooses colour and weight.
type Tone uint8

// The tones.
const (
	Plain  Tone = iota
	Strong      // what a person looks for: a value, a name
	Faint       // what stands beside it: labels, units, hints
	Accent      // what can be acted on, and where one is
	Good
	Info
	Warn
	Bad
	Chosen  // the row under the cursor
	Bar     // title bar and status line
	BarDim  // what is less on the bar
	BarMark // the program's name and the open tab on the bar
	Rule    // lines between parts
	Key     // a key that can be pressed
	Series1 // the lines of a plot, in their order
	Series2
	Series3
	Series4
	Series5
	Series6
	tones
)

// Series is the tone of the n-th line of a plot, from 0; it starts over after six.
func Series(n int) Tone { return Series1 + Tone(n%6) }

// Theme draws tones. It never changes once made.
type Theme struct {
	Name   string
	Dark   bool
	Colors bool // false: weight, underline and reverse alone
	styles [tones]lipgloss.Style
	frames [tones]ends // of each style
	// Back and Fore are set where the theme wants the whole screen in its own colours; nil leaves the terminal's.
	Back, Fore color.Color
	Glyphs     Glyphs
}

// Style is how a tone is drawn.
func (t *Theme) Style(tone Tone) lipgloss.Style { return t.styles[tone] }

// ends are what a style puts before and after a text.
type ends struct{ before, after string }

// prime finds the ends of every style: putting them around a text costs a small part of what rendering does, and a
// screen has hundreds of them.
func (t *Theme) prime() *Theme {
	for tone, style := range t.styles {
		if style.GetUnderline() {
			continue // spaces are not underlined
		}
		t.frames[tone].before, t.frames[tone].after, _ = strings.Cut(style.Render("x"), "x")
	}
	return t
}

// Paint draws text in a tone.
func (t *Theme) Paint(tone Tone, text string) string {
	if tone == Plain || text == "" {
		return text
	}
	if f := t.frames[tone]; f.before != "" && !strings.ContainsAny(text, "\n\t\r") {
		return f.before + text + f.after
	}
	return t.styles[tone].Render(text)
}

// Names lists the themes in the order in which the settings offer them.
func Names() []string { return []string{"auto", "dark", "light", "contrast", "none"} }

// Get returns a theme by its name. "auto" is dark or light, as the terminal's background is; so is any other
// word, for the settings have refused it before.
func Get(name string, terminalIsDark bool) *Theme { return get(name, terminalIsDark).prime() }

func get(name string, terminalIsDark bool) *Theme {
	switch name {
	case "dark":
		return dark().own("#101418", "#D6DCE2")
	case "light":
		return light().own("#FBFBF8", "#22282E")
	case "contrast":
		return contrast().own("#000000", "#FFFFFF")
	case "none":
		return colorless()
	}
	t := light()
	if terminalIsDark {
		t = dark()
	}
	t.Name = "auto"
	return t
}

// own gives the theme the whole screen.
func (t *Theme) own(back, fore string) *Theme {
	t.Back, t.Fore = lipgloss.Color(back), lipgloss.Color(fore)
	return t
}

// palette is what a coloured theme differs in.
type palette struct {
	strong, faint, accent, good, info, warn, bad string
	chosenBack, chosenFore                       string
	barBack, barFore, barDim, markBack, markFore string
	rule                                         string
	series                                       [6]string
}

func colored(name string, isDark bool, p palette) *Theme {
	fore := func(c string) lipgloss.Style { return lipgloss.NewStyle().Foreground(lipgloss.Color(c)) }
	on := func(f, b string) lipgloss.Style { return fore(f).Background(lipgloss.Color(b)) }
	t := &Theme{Name: name, Dark: isDark, Colors: true, Glyphs: unicode()}
	t.styles = [tones]lipgloss.Style{
		Plain: lipgloss.NewStyle(), Strong: fore(p.strong).Bold(true), Faint: fore(p.faint), Accent: fore(p.accent),
		Good: fore(p.good), Info: fore(p.info), Warn: fore(p.warn), Bad: fore(p.bad).Bold(true),
		Chosen: on(p.chosenFore, p.chosenBack),
		Bar:    on(p.barFore, p.barBack), BarDim: on(p.barDim, p.barBack), BarMark: on(p.markFore, p.markBack).Bold(true),
		Rule: fore(p.rule), Key: fore(p.accent).Bold(true),
	}
	for i, c := range p.series {
		t.styles[Series(i)] = fore(c)
	}
	return t
}

func dark() *Theme {
	return colored("dark", true, palette{
		strong: "#F2F5F7", faint: "#7D8894", accent: "#6CB6FF", good: "#7BC47F", info: "#8FB4D9", warn: "#E5B567", bad: "#FF7B72",
		chosenBack: "#2A3644", chosenFore: "#F2F5F7",
		barBack: "#1B222A", barFore: "#D6DCE2", barDim: "#7D8894", markBack: "#2F6DB5", markFore: "#FFFFFF",
		rule:   "#323C47",
		series: [6]string{"#6CB6FF", "#E5B567", "#7BC47F", "#C99BF0", "#FF7B72", "#5CC8C2"},
	})
}

func light() *Theme {
	return colored("light", false, palette{
		strong: "#14181C", faint: "#66707A", accent: "#0B5CAD", good: "#1F7A34", info: "#3C6A96", warn: "#8F5A00", bad: "#B3261E",
		chosenBack: "#CFE2F6", chosenFore: "#14181C",
		barBack: "#E7EAEC", barFore: "#22282E", barDim: "#66707A", markBack: "#0B5CAD", markFore: "#FFFFFF",
		rule:   "#C9CFD4",
		series: [6]string{"#0B5CAD", "#8F5A00", "#1F7A34", "#7A3FB0", "#B3261E", "#0F7670"},
	})
}

func contrast() *Theme {
	t := colored("contrast", true, palette{
		strong: "#FFFFFF", faint: "#FFFFFF", accent: "#00FFFF", good: "#00FF00", info: "#FFFFFF", warn: "#FFFF00", bad: "#FF8080",
		chosenBack: "#FFFF00", chosenFore: "#000000",
		barBack: "#FFFFFF", barFore: "#000000", barDim: "#000000", markBack: "#0000A0", markFore: "#FFFFFF",
		rule:   "#FFFFFF",
		series: [6]string{"#00FFFF", "#FFFF00", "#00FF00", "#FF80FF", "#FF8080", "#FFFFFF"},
	})
	t.styles[Chosen] = t.styles[Chosen].Bold(true)
	return t
}

// colorless uses weight, underline and reverse only, as NO_COLOR asks for and as paper-like screens need.
func colorless() *Theme {
	bold, reverse := lipgloss.NewStyle().Bold(true), lipgloss.NewStyle().Reverse(true)
	t := &Theme{Name: "none", Dark: true, Glyphs: unicode()}
	for i := range t.styles {
		t.styles[i] = lipgloss.NewStyle()
	}
	for _, tone := range []Tone{Strong, Bad, Warn, Key} {
		t.styles[tone] = bold
	}
	t.styles[Accent] = lipgloss.NewStyle().Underline(true)
	t.styles[Faint], t.styles[Rule] = lipgloss.NewStyle().Faint(true), lipgloss.NewStyle().Faint(true)
	t.styles[Chosen], t.styles[Bar], t.styles[BarDim] = reverse, reverse, reverse
	t.styles[BarMark] = bold
	return t
}

// Over is how a tone is drawn in the row under the cursor.
func (t *Theme) Over(tone Tone) lipgloss.Style {
	if !t.Colors || t.Name == "contrast" || tone == Plain {
		return t.styles[Chosen]
	}
	return t.styles[tone].Background(t.styles[Chosen].GetBackground())
}
