// Package lang speaks to people in their language: messages with placeholders and plurals, numbers, dates, lists.
//
// The messages stand in messages/*.yaml, one file a language, all with the same keys and placeholders, which
// the tests hold. English is what the others are translated from. The rooms of the workstation have files of their
// own: messages/tui/codes.de.yaml holds the German messages tui.codes.*.
package lang

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Words is one language. It never changes once made and can be used from several goroutines.
type Words struct {
	tag      language.Tag
	messages map[string]message
	number   numberStyle
}

// message is one text, or its plural forms by category.
type message struct {
	text  string
	forms map[string]string
}

// Tags lists the languages, English first.
func Tags() []string { return []string{"en", "de", "es", "fr"} }

// Get returns the language that serves a BCP 47 tag ("de", "de-AT", "fr_CA.UTF-8"); an error for one that is not
// there. "" is English.
func Get(tag string) (*Words, error) {
	name, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), ".")
	if name == "" {
		name = "en"
	}
	parsed, err := language.Parse(name)
	if err != nil {
		return nil, fmt.Errorf("language %q is not a language tag", tag)
	}
	base, _ := parsed.Base()
	if !slices.Contains(Tags(), base.String()) {
		return nil, fmt.Errorf("language %q is not there: one of %s", tag, strings.Join(Tags(), ", "))
	}
	return load(base.String())
}

// English returns the language that is always there.
func English() *Words {
	w, err := Get("en")
	if err != nil {
		panic(err) // embedded, and read by the tests
	}
	return w
}

// Tag returns the BCP 47 tag.
func (w *Words) Tag() string { return w.tag.String() }

// Has tells whether there is a message.
func (w *Words) Has(key string) bool {
	_, ok := w.messages[key]
	return ok
}

// T returns a message with its {placeholders} filled from pairs of name and value. Numbers among them are
// written plain; those that need digits come as text from [Words.Number].
func (w *Words) T(key string, pairs ...any) string {
	m, ok := w.messages[key]
	if !ok {
		return "{{" + key + "}}" // the tests hold that every key is there
	}
	if m.forms != nil {
		return fill(m.forms["other"], pairs)
	}
	return fill(m.text, pairs)
}

// N is [Words.T] of a message with plural forms, by the rule of the language for n; {n} is n itself.
func (w *Words) N(key string, n int, pairs ...any) string {
	m, ok := w.messages[key]
	if !ok || m.forms == nil {
		return w.T(key, append(pairs, "n", n)...)
	}
	return fill(m.form(w.tag, n), append(pairs, "n", w.Number(float64(n), 0)))
}

func fill(text string, pairs []any) string {
	if len(pairs) == 0 || !strings.Contains(text, "{") {
		return text
	}
	old := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		old = append(old, fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return strings.NewReplacer(old...).Replace(text)
}
