// Package live is the page of live values: chosen signals as numbers, gauges or plots, with alarms on limits, and a
// recording of them that is kept.
package live

import (
	"context"
	"time"

	"github.com/fleetms/obdctl/tui/screen/live/trace"
)

// Car is what the page asks of the car.
type Car interface {
	// Offer says what the car can be asked for. It may ask the car, once.
	Offer(ctx context.Context) (Menu, error)
	// Watch reads signals over and over and puts them on the board, until ctx ends or nothing can be read any more.
	// While a recording runs the board is filled on after that.
	Watch(ctx context.Context, signals []string, board *trace.Board) error
	// Record keeps what is read from now on, for the vehicle that tells its VIN or that the words name: label, plate
	// or id. An error of errs.Usage says that words are needed.
	Record(ctx context.Context, words string) error
	// StopRecording finishes the recording.
	StopRecording(ctx context.Context) (Kept, error)
}

// Menu is what can be watched.
type Menu struct {
	Signals []Signal
	Presets []Preset // those of which the car has anything, without what it has not
}

// Signal is one of them.
type Signal struct{ ID, Name, Unit string }

// Preset is a named group of signals.
type Preset struct {
	Name    string // "engine"; tui.live.preset.<name> is its title
	Signals []string
}

// Kept is a recording that was finished.
type Kept struct {
	Values      int
	First, Last time.Time
}
