package trace

// Limits are what a signal shall stay within, in its unit; nil is no limit.
type Limits struct{ Low, High *float64 }

// IsSet tells that there is a limit.
func (l Limits) IsSet() bool { return l.Low != nil || l.High != nil }

// Side is on which side of its limits a value stands.
type Side uint8

// The sides.
const (
	Within Side = iota
	Below
	Above
)

// Of tells the side of a value.
func (l Limits) Of(v float64) Side {
	switch {
	case l.Low != nil && v < *l.Low:
		return Below
	case l.High != nil && v > *l.High:
		return Above
	}
	return Within
}

// Alarm is a signal that left its limits, with the value that did.
type Alarm struct{ Row Row }

// waiting is how many alarms wait for whoever tells them; later ones are on the board all the same.
const waiting = 32

// judge notes that a signal left its limits. One that swings around a limit rings again only after it was within
// by a fiftieth of its span, or of the limit itself.
func (b *Board) judge(s *signal) {
	l := s.row.Limits
	if !l.IsSet() {
		return
	}
	side := l.Of(s.row.Value)
	if side == Within && s.row.Side != Within && l.narrowed().Of(s.row.Value) != Within {
		return
	}
	rings := side != Within && side != s.row.Side
	s.row.Side = side
	if rings && len(b.alarms) < waiting {
		b.alarms = append(b.alarms, Alarm{s.row})
	}
}

// narrowed are limits that a value must be within before it counts as back.
func (l Limits) narrowed() Limits {
	const share = 1.0 / 50
	switch {
	case l.Low != nil && l.High != nil:
		by := (*l.High - *l.Low) * share
		return Limits{new(*l.Low + by), new(*l.High - by)}
	case l.Low != nil:
		return Limits{Low: new(*l.Low + abs(*l.Low)*share)}
	}
	return Limits{High: new(*l.High - abs(*l.High)*share)}
}

func abs(v float64) float64 { return max(v, -v) }

// Limit sets the limits of a signal; they hold from the value that is there now on.
func (b *Board) Limit(signal string, l Limits) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.limits[signal] = l
	for _, s := range b.order {
		if s.row.Signal == signal {
			s.row.Limits, s.row.Side = l, Within
			b.judge(s)
		}
	}
}

// Alarms hands out who left their limits since it was last asked.
func (b *Board) Alarms() []Alarm {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.alarms
	b.alarms = nil
	return out
}
