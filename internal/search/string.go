package search

import (
	"strings"
	"time"
	"unicode"
)

// String writes the query so that [Parse] reads the same one again: words, filters, then times in full.
func (q Query) String() string {
	var parts []string
	for _, w := range q.Words {
		parts = append(parts, sign(w.Not)+quote(w.Text, w.Prefix, true))
	}
	for _, f := range q.Filters {
		parts = append(parts, sign(f.Not)+string(f.Field)+":"+quote(f.Value, f.Prefix, false))
	}
	if !q.Since.IsZero() {
		parts = append(parts, "since:"+q.Since.UTC().Format(time.RFC3339Nano))
	}
	if !q.Until.IsZero() {
		parts = append(parts, "until:"+q.Until.UTC().Format(time.RFC3339Nano))
	}
	return strings.Join(parts, " ")
}

func sign(not bool) string {
	if not {
		return "-"
	}
	return ""
}

// quote puts quotes around what would be read as something else; a word alone must not look like a field either.
func quote(s string, prefix, alone bool) string {
	special := func(r rune) bool { return unicode.IsSpace(r) || r == '"' || r == '*' || alone && r == ':' }
	if strings.ContainsFunc(s, special) || alone && strings.HasPrefix(s, "-") {
		s = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
	if prefix {
		return s + "*"
	}
	return s
}
