package main

import (
	"encoding/json"
	"io"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// errorDocument is what --json prints when a command fails (docs/schema.md, obdctl.error/1).
type errorDocument struct {
	Schema string       `json:"schema"`
	Error  errorDetails `json:"error"`
}

type errorDetails struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

func describeError(err error) errorDetails {
	return errorDetails{Kind: errs.KindOf(err).String(), Message: err.Error(), Hint: errs.HintOf(err)}
}

// writeJSON writes an indented document with a final newline; characters stay readable.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// writeLine writes one JSON object on one line.
func writeLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func localZone() *time.Location { return time.Local }

// toldError ends a command that has written its own document, which says what is missing: standard output
// gets no error document besides.
type toldError struct{ error }

// told marks an error that comes after the command's own document.
func told(err error) error {
	if err == nil {
		return nil
	}
	return toldError{err}
}

func (e toldError) Unwrap() error { return e.error }

// exitVerdict ends a command that did its work and found what --fail-on asked for.
type exitVerdict struct{ found []string }

func (exitVerdict) Error() string { return "found what --fail-on asked for" }
func (exitVerdict) code() int     { return 10 }
