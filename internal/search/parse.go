package search

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/fleetms/obdctl/internal/errs"
)

// The bounds of a query: more is no longer something that a person asks.
const (
	maxLength = 4096 // characters
	maxTerms  = 64
)

// Parse reads a query. Times without a zone are in that of now, which also anchors "since:30d".
//
// Errors are of kind [errs.Usage], hold a [*Mistake] with the place and have a hint.
func Parse(text string, now time.Time) (Query, error) {
	p := parser{text: clean(text), now: now}
	if len(p.text) > maxLength {
		return Query{}, p.wrong(maxLength, "", "it is too long").WithHint("at most %d characters", maxLength)
	}
	for {
		for p.at < len(p.text) && unicode.IsSpace(p.text[p.at]) {
			p.at++
		}
		if p.at == len(p.text) {
			return p.query, nil
		}
		if err := p.term(); err != nil {
			return Query{}, err
		}
		if len(p.query.Words)+len(p.query.Filters) > maxTerms {
			return Query{}, p.wrong(p.at-1, "", "it has too many terms").WithHint("at most %d", maxTerms)
		}
	}
}

// clean makes control characters blanks and broken UTF-8 a mark, so that whatever is typed can be shown.
func clean(text string) []rune {
	runes := []rune(text)
	for i, r := range runes {
		if unicode.IsControl(r) {
			runes[i] = ' '
		}
	}
	return runes
}

type parser struct {
	text  []rune
	at    int
	now   time.Time
	query Query
}

// term is [-] (field ":" value | value), a value being bare or quoted, with an optional star behind it.
func (p *parser) term() error {
	start, not := p.at, false
	if p.text[p.at] == '-' {
		not = true
		p.at++
	}
	name, isFilter := p.field()
	if !isFilter {
		value, prefix, err := p.value()
		if err != nil {
			return err
		}
		if value == "" {
			return p.wrong(start, string(p.text[start:p.at]), "there is no word").WithHint("quote a minus sign or star that is meant as itself")
		}
		p.query.Words = append(p.query.Words, Word{Text: value, Prefix: prefix, Not: not})
		return nil
	}
	valueAt := p.at
	value, prefix, err := p.value()
	if err != nil {
		return err
	}
	return p.filter(term{name: name, value: value, prefix: prefix, not: not, at: start, valueAt: valueAt})
}

// field reads a run of letters in front of a colon.
func (p *parser) field() (string, bool) {
	i := p.at
	for i < len(p.text) && (unicode.IsLetter(p.text[i]) || p.text[i] == '_') {
		i++
	}
	if i == p.at || i == len(p.text) || p.text[i] != ':' {
		return "", false
	}
	name := string(p.text[p.at:i])
	p.at = i + 1
	return strings.ToLower(name), true
}

func (p *parser) value() (value string, prefix bool, err error) {
	if p.at < len(p.text) && p.text[p.at] == '"' {
		return p.quoted()
	}
	start := p.at
	for p.at < len(p.text) && !unicode.IsSpace(p.text[p.at]) {
		if p.text[p.at] == '"' {
			return "", false, p.wrong(p.at, `"`, "a quote stands inside a word").WithHint("put the whole word in quotes, and \\ before a quote inside them")
		}
		p.at++
	}
	bare := string(p.text[start:p.at])
	value = strings.TrimRight(bare, "*")
	if i := strings.IndexByte(value, '*'); i >= 0 {
		return "", false, p.wrong(start+len([]rune(value[:i])), bare, "a star stands inside a word").WithHint("a star can only stand at the end: %s*", value[:i])
	}
	return value, value != bare, nil
}

// quoted reads up to the closing quote; a backslash makes the next character stand for itself.
func (p *parser) quoted() (string, bool, error) {
	start := p.at
	var b strings.Builder
	for p.at++; p.at < len(p.text); p.at++ {
		switch r := p.text[p.at]; {
		case r == '\\' && p.at+1 < len(p.text):
			p.at++
			b.WriteRune(p.text[p.at])
		case r == '"':
			p.at++
			prefix := p.at < len(p.text) && p.text[p.at] == '*'
			if prefix {
				p.at++
			}
			if p.at < len(p.text) && !unicode.IsSpace(p.text[p.at]) {
				return "", false, p.wrong(p.at, string(p.text[p.at]), "a blank is missing behind the quote").WithHint("put a blank between terms")
			}
			return strings.TrimSpace(b.String()), prefix, nil
		default:
			b.WriteRune(r)
		}
	}
	return "", false, p.wrong(start, `"`, "the quote is not closed").WithHint("close it, or leave it out")
}

func (p *parser) wrong(at int, term, reason string) *errs.Error {
	return errs.New(errs.Usage, "search: %w", &Mistake{Column: at + 1, Term: term, Reason: reason})
}

// names of all fields, those of time included.
func names() []string {
	all := []string{"since", "until"}
	for _, f := range Fields() {
		all = append(all, string(f))
	}
	slices.Sort(all)
	return all
}
