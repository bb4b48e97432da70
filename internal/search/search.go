// Package search is the small language in which everything is found: "code:P04* vin:1HG since:30d misfire".
//
// A query is words and filters, all of which must hold. Parse gives what was meant and where a mistake
// is; engines turn it into their own language.
package search

import "time"

// Query is a parsed query. Zero fields do not narrow.
type Query struct {
	Words   []Word // free text, all must be found
	Filters []Filter
	Since   time.Time
	Until   time.Time // exclusive
}

// Word is one word or quoted phrase.
type Word struct {
	Text   string
	Prefix bool // it ended with *
	Not    bool // it stood behind a minus sign
}

// Filter is one field:value.
type Filter struct {
	Field  Field
	Value  string // without its *
	Prefix bool
	Not    bool
}

// Field is what a filter looks at.
type Field string

// The fields.
const (
	FieldCode     Field = "code"     // trouble code, "P04*"
	FieldVIN      Field = "vin"      // start of a VIN
	FieldPlate    Field = "plate"    // number plate
	FieldMaker    Field = "maker"    // maker
	FieldModel    Field = "model"    // model
	FieldYear     Field = "year"     // model year
	FieldKind     Field = "kind"     // vehicle, scan, note, order, customer, file, trip, prediction, model, outcome
	FieldState    Field = "state"    // of a work order
	FieldVerdict  Field = "verdict"  // pass, fail, unknown
	FieldMIL      Field = "mil"      // on, off
	FieldECU      Field = "ecu"      // control unit address
	FieldCustomer Field = "customer" // customer's name
)
