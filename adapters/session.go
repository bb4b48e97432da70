package adapters

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// Clock stamps what is read over a link and names the documents made from it. While recording and in
// the replay of that recording it gives the same times and identifiers.
type Clock interface {
	Now() time.Time
	// NewID returns a new UUIDv7.
	NewID() uuid.UUID
	// Source is what obd.Clock calls it: "system", or "recording" for a transcript whose times are not
	// those of a clock. A recording of ours holds the times of the system's clock.
	Source() string
}

// ClockOf returns the clock of a link from [Open], the system's for any other.
func ClockOf(l link.Link) Clock {
	if s, ok := l.(interface{ itsClock() Clock }); ok {
		return s.itsClock()
	}
	return systemClock{}
}

// Session is an open link with its clock. It has the methods of the guarded link one by one.
type Session struct {
	link   link.Link
	clock  Clock
	player *replay.Player
}

func (s *Session) itsClock() Clock { return s.clock }

// Exchange is that of the guarded link.
func (s *Session) Exchange(ctx context.Context, req link.Request) ([]link.Reply, error) {
	return s.link.Exchange(ctx, req)
}

// Describe says what is at the other end.
func (s *Session) Describe() link.Description { return s.link.Describe() }

// SupplyVoltage measures with the adapter.
func (s *Session) SupplyVoltage(ctx context.Context) (float64, error) {
	if v, ok := s.link.(link.Voltmeter); ok {
		return v.SupplyVoltage(ctx)
	}
	return 0, errs.New(errs.Unsupported, "this adapter cannot measure the supply voltage")
}

// IsReplay tells that a recording answers, which has an end.
func (s *Session) IsReplay() bool { return s.player != nil }

// Close ends the link.
func (s *Session) Close() error { return s.link.Close() }

// Missing lists requests that a replay was asked for and the recording does not hold; nil otherwise.
func (s *Session) Missing() []string {
	if s.player == nil {
		return nil
	}
	return s.player.Missing()
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }
func (systemClock) Source() string { return "system" }

func (systemClock) NewID() uuid.UUID {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.New()
	}
	return id
}

type recordClock struct{ *replay.Recorder }

func (recordClock) Source() string { return "system" }

type playClock struct{ *replay.Player }

func (c playClock) Source() string {
	if c.Recording().Foreign {
		return "recording"
	}
	return "system"
}
