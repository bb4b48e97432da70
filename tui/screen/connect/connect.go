// Package connect is the first page: it finds adapters as they appear, opens one, and says what to try when that
// fails. A demo car is one key away.
package connect

import (
	"context"
	"time"
)

// Adapters finds and opens adapters.
type Adapters interface {
	// Look emits what comes into sight, also what was used before, until ctx ends.
	Look(ctx context.Context, emit func(Sight)) error
	// Connect leaves what is open and opens an address. It emits the dialogue as it goes, and returns when the car
	// can be asked or it came to nothing. What happens to the connection later comes as screen.Link.
	Connect(ctx context.Context, address string, emit func(Said)) error
	// Disconnect leaves what is open.
	Disconnect(ctx context.Context) error
	// Card is the report card that is kept of an adapter, nil when it was never examined.
	Card(ctx context.Context, address string) (*Card, error)
	// Examine makes a report card anew; it needs the adapter for itself and connects again afterwards.
	Examine(ctx context.Context, address string, emit func(Said)) (*Card, error)
	// Check says what is wrong with an address that a person typed.
	Check(address string) error
	// Demos are the addresses of simulated cars, the one for a first look first.
	Demos() []Demo
}

// Sight is an adapter, a vehicle on the network, or a way that could not be looked at.
type Sight struct {
	Address string
	Medium  string    // "USB", "Wi-Fi", "Bluetooth LE", "Ethernet"
	Name    string    // what it calls itself
	About   string    // chip, signal, VIN
	Likely  bool      // it looks like an adapter
	Last    time.Time // it was used before
	Gone    bool      // it was in sight and is not any more
	// Blind says why a way could not be looked at; Address is then empty.
	Blind error
}

// Said is a line of the dialogue.
type Said struct {
	At      time.Time
	Text    string
	Warning bool
}

// Demo is a simulated car.
type Demo struct{ Address, Title, About string }

// Card is what an adapter was seen to do.
type Card struct {
	Claims, Behaves  string
	Honest           bool
	Baud             int
	Answer           time.Duration // of the adapter itself
	Request          time.Duration // of the car, 0 without one
	Volts            float64
	Batch            int // PIDs in one request
	Honours, Refuses []string
	Made             time.Time
}
