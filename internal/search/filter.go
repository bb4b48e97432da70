package search

import (
	"slices"
	"strings"
	"unicode"
)

// Fields lists every field, in the order in which a help text shows them.
func Fields() []Field {
	return []Field{
		FieldCode, FieldVIN, FieldPlate, FieldMaker, FieldModel, FieldYear, FieldKind, FieldState, FieldVerdict, FieldMIL, FieldECU, FieldCustomer,
	}
}

// Values lists what a field can hold; nil for one that is not a choice.
func (f Field) Values() []string {
	switch f {
	case FieldKind:
		return []string{"vehicle", "scan", "note", "order", "customer", "file", "trip", "prediction", "model", "outcome"}
	case FieldState:
		return []string{"open", "waiting", "done", "cancelled"}
	case FieldVerdict:
		return []string{"pass", "fail", "unknown"}
	case FieldMIL:
		return []string{"on", "off"}
	}
	return nil
}

// term is a field with its value and its places in the text.
type term struct {
	name, value string
	prefix, not bool
	at, valueAt int
}

func (p *parser) filter(t term) error {
	switch {
	case t.name == "since" || t.name == "until":
		return p.time(t)
	case !slices.Contains(names(), t.name):
		return p.wrong(t.at, t.name+":", "there is no such field").WithHint("%s (put text with a colon in quotes)", advice(t.name, names()))
	case t.value == "":
		return p.wrong(t.valueAt, t.name+":", "the value is missing").WithHint("write it behind the colon without a blank, such as code:P0301")
	}
	f := Filter{Field: Field(t.name), Value: normal(Field(t.name), t.value), Prefix: t.prefix, Not: t.not}
	if choices := f.Field.Values(); choices != nil && !fits(f, choices) {
		return p.wrong(t.valueAt, t.value, "there is no such "+t.name).WithHint("%s", advice(f.Value, choices))
	}
	if f.Field == FieldYear && strings.ContainsFunc(f.Value, func(r rune) bool { return r < '0' || r > '9' }) {
		return p.wrong(t.valueAt, t.value, "a year is a number").WithHint("year:2010, or year:201* for a decade")
	}
	p.query.Filters = append(p.query.Filters, f)
	return nil
}

func fits(f Filter, choices []string) bool {
	return slices.ContainsFunc(choices, func(c string) bool { return c == f.Value || f.Prefix && strings.HasPrefix(c, f.Value) })
}

// normal writes a value as the field is kept: codes, VINs and addresses in capitals, choices in small letters.
func normal(f Field, value string) string {
	switch f {
	case FieldCode, FieldVIN, FieldECU:
		return strings.Map(unicode.ToUpper, value)
	case FieldKind, FieldState, FieldVerdict, FieldMIL:
		return strings.Map(unicode.ToLower, value)
	}
	return value
}
