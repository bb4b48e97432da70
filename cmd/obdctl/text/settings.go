package text

// Setting is one row of the page of settings.
type Setting struct{ Name, Value, Origin, Env, Text string }

// Settings lays out every setting with its value and origin.
func Settings(path string, exists bool, all []Setting, o Options) *Page {
	p := NewPage(o.Width)
	remark := T(Faint, "%s", path)
	if !exists {
		remark = T(Faint, "%s (not there yet)", path)
	}
	p.Section("Settings", remark)
	var rows [][]Cell
	for _, s := range all {
		value := T(Faint, "-")
		if s.Value != "" {
			value = C("%s", s.Value)
		}
		from := T(Faint, "%s", s.Origin)
		switch s.Origin {
		case "file":
			from = C("file")
		case "environment":
			from = T(Warn, "%s", s.Env)
		case "flag":
			from = T(Warn, "flag")
		}
		rows = append(rows, []Cell{T(Strong, "%s", s.Name), value, from, T(Faint, "%s", s.Text)})
	}
	p.Table(2, rows)
	return p
}
