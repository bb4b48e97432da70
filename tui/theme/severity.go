package theme

// Severity is how serious something is. Its words are the catalogue's: critical, high, medium, low, info.
type Severity uint8

// The severities.
const (
	Unrated Severity = iota
	Fine
	Note
	Low
	Medium
	High
	Critical
	Unsure // not read: neither good nor bad
)

// SeverityOf reads the catalogue's word.
func SeverityOf(word string) Severity {
	switch word {
	case "critical":
		return Critical
	case "high":
		return High
	case "medium":
		return Medium
	case "low":
		return Low
	case "info":
		return Note
	}
	return Unrated
}

// Tone is how the severity is drawn.
func (s Severity) Tone() Tone {
	switch s {
	case Critical, High:
		return Bad
	case Medium, Unsure:
		return Warn
	case Fine:
		return Good
	case Note, Low:
		return Info
	}
	return Plain
}

// Glyph is the sign of the severity.
func (s Severity) Glyph(g Glyphs) string {
	switch s {
	case Critical:
		return g.Critical
	case High:
		return g.Bad
	case Medium:
		return g.Warn
	case Low:
		return g.Low
	case Fine:
		return g.Good
	case Unsure:
		return g.Unknown
	}
	return g.Info
}

// Key is the message that names the severity.
func (s Severity) Key() string {
	return [...]string{"severity.unrated", "tui.shell.fine", "severity.info", "severity.low", "severity.medium", "severity.high", "severity.critical", "word.unknown"}[s]
}
