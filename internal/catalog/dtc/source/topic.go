package source

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Most lines of advice that one code carries: the first things to look at, not a manual.
const (
	mostCauses = 5
	mostChecks = 5
)

// book is everything that families lean on.
type book struct {
	topics   map[string]*topic
	kinds    []kind
	notes    []note
	systems  systems
	families int
}

// topic is the advice for one component or function.
type topic struct {
	Topic    string `yaml:"topic"`
	System   string `yaml:"system"`
	Severity string `yaml:"severity"`
	Advice   `yaml:",inline"`
	// Electrical is set where faults of circuits get the wiring advice of their kind in front.
	Electrical bool              `yaml:"electrical"`
	Kinds      map[string]change `yaml:"kinds"` // by kind of fault
	Codes      map[string]change `yaml:"codes"` // by code or comma-separated codes

	used bool
}

// change is what differs for a kind of fault or for one code; empty fields leave the topic's.
type change struct {
	Severity string `yaml:"severity"`
	Advice   `yaml:",inline"`
	Related  []string `yaml:"related"`
}

// kind is a sort of fault, told by the words of a description.
type kind struct {
	Kind   string   `yaml:"kind"`
	Words  []string `yaml:"words"`  // that end the description, or with a * stand in its fault
	Parts  []string `yaml:"parts"`  // one of which the description must hold, if any are given
	Except []string `yaml:"except"` // none of which it may hold
	Causes []string `yaml:"causes"` // in front of the topic's, for electrical topics
	Checks []string `yaml:"checks"`
}

// note is a remark on some codes.
type note struct {
	Note  string   `yaml:"note"`
	Codes []string `yaml:"codes"`
}

func (b *book) noteOn(code string) string {
	for _, n := range b.notes {
		if slices.Contains(n.Codes, code) {
			return n.Note
		}
	}
	return ""
}

type systems struct {
	Groups map[string]string `yaml:"groups"`
}

// of returns the system of a code that no topic claims.
func (s systems) of(code string) string {
	for n := len(code); n > 0; n-- {
		if name, ok := s.Groups[code[:n]]; ok {
			return name
		}
	}
	return ""
}

func readBook(fsys fs.FS) (*book, error) {
	b := &book{topics: map[string]*topic{}}
	for name, into := range map[string]any{"faults.yaml": &b.kinds, "notes.yaml": &b.notes, "systems.yaml": &b.systems} {
		if err := decode(fsys, name, into); err != nil {
			return nil, err
		}
	}
	names, err := fs.Glob(fsys, "topics/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		var topics []*topic
		if err := decode(fsys, name, &topics); err != nil {
			return nil, err
		}
		for _, t := range topics {
			if b.topics[t.Topic] != nil {
				return nil, fmt.Errorf("%s: topic %q stands twice", name, t.Topic)
			}
			b.topics[t.Topic] = t
		}
	}
	return b, nil
}

// kindOf returns the first kind that fits a description and what it says of the fault.
func (b *book) kindOf(text, fault string) *kind {
	text, fault = " "+strings.ToLower(text), strings.ToLower(fault)
	for i := range b.kinds {
		if b.kinds[i].fits(text, fault) {
			return &b.kinds[i]
		}
	}
	return nil
}

func (k *kind) fits(text, fault string) bool {
	in := func(part string) bool { return strings.Contains(text, part) }
	if len(k.Parts) > 0 && !slices.ContainsFunc(k.Parts, in) || slices.ContainsFunc(k.Except, in) {
		return false
	}
	return slices.ContainsFunc(k.Words, func(w string) bool {
		if part, inside := strings.CutPrefix(w, "*"); inside {
			return strings.Contains(fault, part)
		}
		return strings.HasSuffix(text, " "+w)
	})
}

// advise fills system, severity and advice of an entry from its topic, the kind of its fault and itself.
func (b *book) advise(e *Entry, name string, s said) error {
	t := b.topics[name]
	if t == nil {
		return fmt.Errorf("topic %q is not written", name)
	}
	t.used = true
	e.System, e.Severity, e.Advice = t.System, t.Severity, t.Advice
	if k := b.kindOf(s.text, s.fault); k != nil {
		c, special := t.Kinds[k.Kind]
		if t.Electrical && !special {
			c.Causes = first(mostCauses, k.Causes, t.Causes)
			c.Checks = first(mostChecks, k.Checks, t.Checks)
		}
		c.change(e)
	}
	for codes, c := range t.Codes {
		if slices.Contains(strings.Split(strings.ReplaceAll(codes, " ", ""), ","), e.Code) {
			c.change(e)
		}
	}
	e.Advice = e.Advice.at(e.Where)
	return nil
}

func (c change) change(e *Entry) {
	if c.Severity != "" {
		e.Severity = c.Severity
	}
	if c.Feels != "" {
		e.Advice.Feels = c.Feels
	}
	if c.Causes != nil {
		e.Advice.Causes = c.Causes
	}
	if c.Checks != nil {
		e.Advice.Checks = c.Checks
	}
	e.Related = append(e.Related, c.Related...)
}

// at drops the blanks for a place from advice of a code that names none.
func (a Advice) at(where string) Advice {
	if where != "" {
		return a
	}
	clean := func(s string) string { return strings.ReplaceAll(s, " {where}", "") }
	out := Advice{Feels: clean(a.Feels)}
	for _, c := range a.Causes {
		out.Causes = append(out.Causes, clean(c))
	}
	for _, c := range a.Checks {
		out.Checks = append(out.Checks, clean(c))
	}
	return out
}

// first joins lists, without what was said already, up to n lines.
func first(n int, lists ...[]string) []string {
	var out []string
	for _, line := range slices.Concat(lists...) {
		if len(out) < n && !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}

// unused tells of topics that no code asks for.
func (b *book) unused() error {
	for _, name := range slices.Sorted(maps.Keys(b.topics)) {
		if !b.topics[name].used {
			return fmt.Errorf("topic %q: no code asks for it", name)
		}
	}
	return nil
}
