package predict

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"iter"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// sickness is when a vehicle is known not to have been healthy: no model may learn from it that this is normal.
type sickness struct {
	codes  [][2]time.Time // from when a code was first seen until it was gone; zero end for still there
	faults []time.Time    // when a mechanic found a failed or worn part
}

func (s *Subject) sickness(ctx context.Context) (sickness, error) {
	var all sickness
	p := store.Page{Limit: 10_000}
	for {
		l, err := s.Tx.Codes().History(ctx, s.Vehicle.ID, "", p)
		if err != nil {
			return all, err
		}
		for _, c := range l.Items {
			if c.Kind == obd.Permanent {
				continue
			}
			until := time.Time{}
			if c.Gone != nil {
				until = *c.Gone
			}
			all.codes = append(all.codes, [2]time.Time{c.FirstSeen, until})
		}
		if p.After = l.Next; p.After == "" {
			break
		}
	}
	labels, err := s.labels(ctx)
	for _, o := range labels {
		if o.Finding != fleet.FoundHealthy && (o.Topic == fleet.TopicEngine || o.Topic == fleet.TopicFailure || o.Topic == fleet.TopicAnomaly) {
			all.faults = append(all.faults, o.At)
		}
	}
	return all, err
}

// coded tells that a trouble code was there during the drive.
func (s sickness) coded(d Drive) bool {
	for _, c := range s.codes {
		if d.Until.After(c[0]) && (c[1].IsZero() || d.From.Before(c[1])) {
			return true
		}
	}
	return false
}

// found tells that a mechanic found a fault within a month after the drive.
func (s sickness) found(d Drive) bool {
	for _, at := range s.faults {
		if at.After(d.Until) && at.Sub(d.Until) <= suspicious {
			return true
		}
	}
	return false
}

// content is what is noted of readings that pass by: a hash, which signals were heard, and how long the engine ran.
type content struct {
	hash.Hash
	heard   map[string]int
	running time.Duration
	turned  time.Time // when the running engine was heard last
}

func newContent() *content { return &content{Hash: sha256.New(), heard: map[string]int{}} }

func (c *content) note(r obd.Reading) {
	note(c, r)
	c.heard[r.Signal]++
	if r.Signal != "RPM" {
		return
	}
	if gap := r.At.Sub(c.turned); !c.turned.IsZero() && gap < 10*time.Second {
		c.running += gap
	}
	if c.turned = r.At; r.Value < 400 {
		c.turned = time.Time{}
	}
}

func (c *content) pass(readings iter.Seq[obd.Reading]) iter.Seq[obd.Reading] {
	return func(yield func(obd.Reading) bool) {
		for r := range readings {
			c.note(r)
			if !yield(r) {
				return
			}
		}
	}
}

func (c *content) sum() string { return hex.EncodeToString(c.Sum(nil)) }
