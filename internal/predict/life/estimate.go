package life

import (
	"math"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
)

// Estimate is what can be said of a machine after a cycle. A life at the cap means the cap or more.
type Estimate struct {
	Life    float64  // cycles
	Low     float64  // the interval at the settings' level
	High    float64  // at the cap: no upper end is known
	Risk    float64  // probability of a failure within the horizon
	Alarm   bool     // the risk is above the limit
	Cycles  int      // how many were looked at
	Unusual []string // channels outside what was seen in training, or stuck: the estimate is a guess
}

// Estimate says what the last cycles of a machine mean. It needs one block of cycles; a channel that is missing in more
// than half of the window is named in an error, and no number is made up for it.
func (m *Model) Estimate(rows [][]float64) (Estimate, error) {
	s := m.settings
	for i, row := range rows {
		if len(row) != len(m.names) {
			return Estimate{}, errs.New(errs.BadInput, "cycle %d has %d values: must be %d, one for each channel", i+1, len(row), len(m.names))
		}
	}
	if len(rows) < s.Block {
		return Estimate{}, errs.New(errs.BadInput, "%d cycles: at least %d are needed", len(rows), s.Block)
	}
	rows = rows[max(0, len(rows)-s.Window):]
	var missing, unusual []string
	for _, c := range m.channels {
		gaps, odd := c.look(rows)
		if 2*gaps > len(rows) {
			missing = append(missing, c.Name)
		} else if odd {
			unusual = append(unusual, c.Name)
		}
	}
	if len(missing) > 0 {
		return Estimate{}, errs.New(errs.BadInput, "more than half of the last %d values are missing: %s", len(rows), strings.Join(missing, ", "))
	}
	k := len(m.channels)
	e, err := m.ask([][]float32{s.sequence(scaled(rows, m.channels), k)})
	if err != nil {
		return Estimate{}, err
	}
	e[0].Cycles, e[0].Unusual = len(rows), unusual
	return e[0], nil
}

// look counts the missing values of a channel, and tells whether others are outside what was seen in training or stuck
// at one value longer than ever then.
func (c channel) look(rows [][]float64) (gaps int, odd bool) {
	margin := 0.1 * (c.High - c.Low)
	run, last := 0, math.NaN()
	for _, row := range rows {
		v := row[c.At]
		if math.IsNaN(v) || math.IsInf(v, 0) {
			gaps++
			continue
		}
		if run++; v != last {
			run, last = 1, v
		}
		odd = odd || v < c.Low-margin || v > c.High+margin || run > c.Run
	}
	return gaps, odd
}

// Trace says after each cycle of a unit what its last cycles mean. Estimates before the first whole block are nil.
func (m *Model) Trace(u Unit) ([]*Estimate, error) {
	if err := readableRows(u, len(m.names)); err != nil {
		return nil, err
	}
	out := make([]*Estimate, len(u.Rows))
	first := m.settings.Block - 1
	if len(u.Rows) <= first {
		return out, nil
	}
	said, err := m.ask(m.settings.sequences(u.Rows, m.channels)[first:])
	if err != nil {
		return nil, err
	}
	for i := range said {
		said[i].Cycles = min(first+i+1, m.settings.Window)
		out[first+i] = &said[i]
	}
	return out, nil
}

func readableRows(u Unit, width int) error {
	for i, row := range u.Rows {
		if len(row) != width {
			return errs.New(errs.BadInput, "unit %s, cycle %d has %d values: must be %d", u.ID, i+1, len(row), width)
		}
	}
	return nil
}

// ask lets the members speak and takes the mean.
func (m *Model) ask(seq [][]float32) ([]Estimate, error) {
	out := make([]Estimate, len(seq))
	n := float64(len(m.members))
	for _, one := range m.members {
		life, risk, err := one.estimate(seq)
		if err != nil {
			return nil, err
		}
		for i := range seq {
			out[i].Life += life[i] / n
			out[i].Risk += risk[i] / n
		}
	}
	for i := range out {
		e := &out[i]
		e.Low, e.High = m.band.around(e.Life, m.settings.Cap)
		e.Alarm = e.Risk >= m.limit
	}
	return out, nil
}

// Member returns the model with one of its members speaking alone; its interval and limit stay those of all.
func (m *Model) Member(i int) *Model {
	one := *m
	one.members = m.members[i : i+1]
	return &one
}

// Members is how many speak together.
func (m *Model) Members() int { return len(m.members) }

// Channels names the channels that count; the others are constant or the same early and late in life.
func (m *Model) Channels() []string {
	var out []string
	for _, c := range m.channels {
		out = append(out, c.Name)
	}
	return out
}

// Names are those of the values of a row, as they were given to [Train].
func (m *Model) Names() []string { return slices.Clone(m.names) }

// Settings are those that m was trained with.
func (m *Model) Settings() Settings { return m.settings }
