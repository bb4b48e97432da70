package uds

import (
	"context"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// KeySource computes the key that opens a security level. The caller gives it; this program knows no
// algorithm, keeps no key and tries none.
type KeySource interface {
	// Key answers the seed that an ECU gave for a level (an odd number).
	Key(ctx context.Context, ecu obd.Address, level byte, seed []byte) ([]byte, error)
}

// The response codes that end the way to a security level.
const (
	NRCInvalidKey      = 0x35
	NRCTooManyAttempts = 0x36 // no further try in this ignition cycle
	NRCDelayNotExpired = 0x37 // the ECU counts a waiting time
)

// KeyDelay is what most ECUs count before they take another try after [NRCTooManyAttempts].
const KeyDelay = 10 * time.Second

// RequestSeed asks for the seed of a level; an even level is brought down to its seed's.
func RequestSeed(level byte, record ...byte) []byte {
	return append([]byte{byte(SecurityAccess), level - (1 - level&1)}, record...)
}

// SendKey answers the seed of a level.
func SendKey(level byte, key []byte) []byte {
	return append([]byte{byte(SecurityAccess), level + level&1}, key...)
}

// Security is the reply to service 27: the seed of an odd level, nothing more for an even one.
type Security struct {
	Level byte `json:"level"`
	Seed  Hex  `json:"seed,omitempty"`
}

// IsOpen tells that the level is open already: the seed is all zeros (clause 10.4).
func (s *Security) IsOpen() bool { return s.Level&1 == 1 && len(s.Seed) > 0 && isZero(s.Seed) }

func (a *answer) security() any {
	s := &Security{Level: a.subFunction()}
	if a.asked()&1 == 1 {
		if s.Seed = a.rest(); len(s.Seed) == 0 {
			a.short = true
		}
	}
	return s
}
