package importer

import (
	"context"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/obd"
)

// Interpreter makes readings and scans of raw traffic; whoever knows the protocols gives it. One is made for
// each file, and used by one goroutine.
type Interpreter interface {
	// Exchange decodes what an adapter answered to one command.
	Exchange(x Exchange) Decoded
	// Frame takes a frame of a bus and returns what has become readable by it, perhaps of earlier frames.
	Frame(line int, f can.Frame) Decoded
	// End returns what was still open, and ends the interpreter.
	End() Decoded
	// Diagnose makes the scan of a recorded dialogue that asks for one; nil when it does not.
	Diagnose(ctx context.Context, name string, content []byte) (*obd.Scan, error)
}

// Exchange is one command to an adapter with all that was heard until the next one.
type Exchange struct {
	At       time.Time // when it was sent
	Line     int
	Sent     string // without the carriage return
	Received []byte
}

// Decoded is what a piece of traffic says.
type Decoded struct {
	Readings []obd.Reading // those without a time get that of the exchange
	VIN      string
	Problems []Problem
}

// Problem is something that could not be decoded.
type Problem struct {
	Line   int
	Reason string
}
