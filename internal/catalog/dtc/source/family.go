package source

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// family is one item of a codes file, in one of three forms.
type family struct {
	Part   string            `yaml:"part"`   // a component...
	Faults map[string]string `yaml:"faults"` // ...and what can be wrong with it: code -> fault

	Say  string            `yaml:"say"`  // a sentence with a blank {}...
	Each map[string]string `yaml:"each"` // ...and what fills it: code -> word

	Texts map[string]string `yaml:"texts"` // irregular codes in full

	At    string `yaml:"at"`    // "bank 1 sensor 2": said in brackets behind each description
	Topic string `yaml:"topic"` // whose advice holds
}

// said is one code's description before its place, and the two parts that advice depends on.
type said struct{ text, fault, where string }

func (b *book) entries(f family) ([]Entry, error) {
	lines, err := f.say()
	if err != nil {
		return nil, err
	}
	b.families++
	var out []Entry
	for _, code := range slices.Sorted(maps.Keys(lines)) {
		if err := checkCode(code); err != nil {
			return nil, err
		}
		s := lines[code]
		e := Entry{Code: code, Description: capital(s.text), System: b.systems.of(code), Where: s.where, Family: b.families, Note: b.noteOn(code)}
		if f.At != "" {
			e.Description += " (" + f.At + ")"
			e.Where = f.At
		}
		if f.Topic != "" {
			if err := b.advise(&e, f.Topic, s); err != nil {
				return nil, fmt.Errorf("%s: %w", code, err)
			}
		}
		out = append(out, e)
	}
	return out, nil
}

// say returns the description of every code of the family, by code.
func (f family) say() (map[string]said, error) {
	lines := map[string]said{}
	for code, fault := range f.Faults {
		lines[code] = said{text: f.Part + " " + fault, fault: fault, where: cylinder(f.Part)}
	}
	for code, word := range f.Each {
		text := strings.ReplaceAll(f.Say, "{}", word)
		lines[code] = said{text: text, fault: text, where: cylinder(text)}
	}
	for code, text := range f.Texts {
		lines[code] = said{text: text, fault: text, where: place(text)}
	}
	switch {
	case len(lines) == 0:
		return nil, fmt.Errorf("a family without codes")
	case len(lines) != len(f.Faults)+len(f.Each)+len(f.Texts):
		return nil, fmt.Errorf("a code stands twice")
	case len(f.Faults) > 0 && f.Part == "", len(f.Each) > 0 && !strings.Contains(f.Say, "{}"):
		return nil, fmt.Errorf("faults need a part, each needs a {} to fill")
	}
	return lines, nil
}

// place returns what stands in brackets at the end of a text, when it is a bank or a cylinder.
func place(text string) string {
	if open := strings.LastIndex(text, "(bank"); open >= 0 && strings.HasSuffix(text, ")") {
		return text[open+1 : len(text)-1]
	}
	return cylinder(text)
}

// cylinder returns "cylinder 3" when the text names one.
func cylinder(text string) string {
	words := strings.Fields(strings.ToLower(text))
	for i, w := range words[:max(0, len(words)-1)] {
		if n := words[i+1]; w == "cylinder" && n[0] >= '0' && n[0] <= '9' {
			return "cylinder " + n
		}
	}
	return ""
}

// capital writes the first letter large, except where the word has its own spelling (NOx).
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
