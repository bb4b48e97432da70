package predict

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/life"
	"github.com/fleetms/obdctl/internal/predict/registry"
	"github.com/fleetms/obdctl/internal/store"
)

// failureSequence is the rival of [failure]: a network that reads the last weeks of drives in order, where the trees look
// at the newest alone. It learns from the same drives and labels; vehicles that still run teach how long they lasted.
type failureSequence struct{}

func (failureSequence) Card() registry.Card {
	c := failure{}.Card()
	c.Name, c.Algorithm = "engine-failure-lstm", "LSTM on the last 30 days of summaries of drives"
	c.Limits = append(c.Limits, "needs failures with two months of drives before them", "a day without a drive counts like the drive before it")
	return c
}

func (failureSequence) Check(weights []byte) error {
	_, err := loadSequences(weights)
	return err
}

// Gather reads what the trees learn from.
func (failureSequence) Gather(ctx context.Context, tx store.Tx, vehicle uuid.UUID) (registry.Study, error) {
	study, err := failure{}.gather(ctx, tx, vehicle)
	if err != nil {
		return nil, err
	}
	return &sequenceStudy{study}, nil
}

// say fills a prediction by the drives of the last days before the newest one, since the engine's last failure.
func (failureSequence) say(ctx context.Context, s *Subject, weights []byte, p *fleet.Prediction) error {
	m, err := loadSequences(weights)
	if err != nil {
		return err
	}
	drives, seen, err := recent(ctx, s)
	if err != nil {
		return err
	}
	if len(drives) == 0 {
		noDrive(p)
		return nil
	}
	p.Looked = looked(seen)
	rows, _ := daily(drives)
	e, err := m.life.Estimate(rows)
	if err != nil {
		p.Claim = "Nothing can be said about a failure of the engine: " + err.Error() + "."
		p.Missing = []string{"what the vehicles had that were learned from: " + strings.Join(m.life.Channels(), ", ")}
		return nil
	}
	m.say(p, e.Risk)
	if len(e.Unusual) > 0 {
		p.Missing = append(p.Missing, "vehicles like this one to learn from: it differs in "+strings.Join(e.Unusual, ", "))
	}
	p.Reasons = m.reasons(rows, e.Risk)
	return nil
}

// recent sums up the drives of the last days before the newest.
func recent(ctx context.Context, s *Subject) (rows []labelled, seen []Drive, err error) {
	drives, err := s.Drives(ctx)
	if err != nil || len(drives) == 0 {
		return nil, nil, err
	}
	outcomes, err := s.labels(ctx)
	if err != nil {
		return nil, nil, err
	}
	since := drives[len(drives)-1].Until.Add(-time.Duration(sequences().Window) * day)
	for _, at := range timesOf(s.Vehicle.ID, failuresOf(outcomes)) {
		if at.After(since) && !at.After(s.Now) {
			since = at // what was before belongs to the engine that failed
		}
	}
	for _, d := range drives {
		if d.Until.Before(since) {
			continue
		}
		var failed error
		said := sum(d, s.readings(ctx, d, summedSignals(), &failed))
		if failed != nil {
			return nil, nil, failed
		}
		if known(said.Row) >= 9 {
			rows, seen = append(rows, labelled{until: d.Until, row: said.Row}), append(seen, d)
		}
	}
	return rows, seen, nil
}

// rival is the champion that speaks where there are champions of several kinds: that which tells failures better on the
// frozen vehicles, the first on a tie. Figures that came with a file from elsewhere are of other vehicles and count
// behind. Why says so; the model has no name where none speaks.
func (s *Subject) rival(ctx context.Context, cards ...registry.Card) (best fleet.Model, weights []byte, why string, err error) {
	for _, c := range cards {
		m, w, ok, err := s.champion(ctx, c.Name)
		if err != nil {
			return best, nil, "", err
		}
		if !ok {
			continue
		}
		if best.Name == "" {
			best, weights = m, w
			continue
		}
		if better(m, best) {
			best, m, weights = m, best, w
		}
		why = fmt.Sprintf("; it speaks rather than %s, by %s: %s against %s", m.Title(), byDrive, told(best), told(m))
	}
	return best, weights, why, nil
}

func better(a, b fleet.Model) bool {
	if a.Imported != b.Imported {
		return b.Imported
	}
	return byDriveOf(a) > byDriveOf(b)
}

// byDriveOf is the figure that a model was compared by, 0 where it has none.
func byDriveOf(m fleet.Model) float64 {
	for _, f := range m.Metrics {
		if f.Name == byDrive {
			return f.Value
		}
	}
	return 0
}

func told(m fleet.Model) string {
	text := fmt.Sprintf("%.3f", byDriveOf(m))
	if m.Imported {
		return text + " on vehicles elsewhere"
	}
	for _, f := range m.Metrics {
		if f.Name == byDrive {
			return text + " on " + f.On
		}
	}
	return text
}

// encoded is a model of life as it is kept.
func encoded(m *life.Model) ([]byte, error) {
	var b bytes.Buffer
	err := m.Save(&b)
	return bytes.TrimSpace(b.Bytes()), err
}
