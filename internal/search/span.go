package search

import "time"

// Span reads a time as since: and until: take it, and returns where it begins and where it has passed: a date
// stands for all of it. Flags of commands use it, so that times are written in one way everywhere.
func Span(text string, now time.Time) (first, after time.Time, err error) { return span(text, now) }
