package chart

import (
	"math"
	"time"

	"github.com/fleetms/obdctl/internal/lang"
)

// tick is one place on an axis with its name.
type tick struct {
	at   float64
	name string
}

// scale maps values of an axis to places on the canvas.
type scale struct {
	min, max   float64
	from, to   float64 // on the canvas
	ticks      []tick
	isTime     bool
	unit, name string
}

func (s scale) place(v float64) float64 {
	return s.from + (v-s.min)/(s.max-s.min)*(s.to-s.from)
}

// span is the extent of data.
type span struct{ min, max float64 }

func noSpan() span { return span{math.Inf(1), math.Inf(-1)} }

func (s *span) add(v float64) {
	if isFinite(v) {
		s.min, s.max = math.Min(s.min, v), math.Max(s.max, v)
	}
}

func isFinite(v float64) bool { return !math.IsNaN(v) && math.Abs(v) < 1e300 }

// bounds lays the axis's own bounds over those of the data; an empty span becomes one around its value.
func (a Axis) bounds(s span) span {
	if s.min > s.max {
		s = span{0, 1}
	}
	if a.Min != nil && isFinite(*a.Min) {
		s.min = *a.Min
	}
	if a.Max != nil && isFinite(*a.Max) {
		s.max = *a.Max
	}
	if s.max < s.min {
		s.min, s.max = s.max, s.min
	}
	if s.max-s.min < 1e-9*math.Max(1, math.Abs(s.max)) {
		d := math.Max(math.Abs(s.max)*0.1, 0.5)
		s.min, s.max = s.min-d, s.max+d
	}
	return s
}

// values makes a scale of numbers with about n ticks; bounds that nobody set are widened to whole ticks.
func values(a Axis, data span, n int, w *lang.Words) scale {
	b := a.bounds(data)
	step := niceStep((b.max - b.min) / float64(max(n, 1)))
	if a.Whole {
		step = math.Max(step, 1)
	}
	if a.Min == nil {
		b.min = math.Floor(b.min/step+1e-9) * step
	}
	if a.Max == nil {
		b.max = math.Ceil(b.max/step-1e-9) * step
	}
	s := scale{min: b.min, max: b.max, unit: a.Unit, name: a.Label}
	digits := digitsOf(step)
	first := math.Ceil(b.min/step - 1e-9)
	for i := 0.0; i < 200; i++ {
		v := (first + i) * step
		if v > b.max+step*1e-6 {
			break
		}
		s.ticks = append(s.ticks, tick{v, w.Number(v, digits)})
	}
	return s
}

// niceStep is 1, 2, 2.5 or 5 times a power of ten, not below the raw step.
func niceStep(raw float64) float64 {
	if !(raw > 0) || math.IsInf(raw, 0) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if raw <= m*power*(1+1e-9) {
			return m * power
		}
	}
	return 10 * power
}

func digitsOf(step float64) int {
	digits := 0
	for step < 1e6 && digits < 9 && math.Abs(step-math.Round(step)) > 1e-9*math.Max(step, 1e-6) {
		step *= 10
		digits++
	}
	return digits
}

// timeSteps are the distances of ticks on a time axis up to a day; months and years follow.
var timeSteps = []time.Duration{
	time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
}

// times makes a scale of time in a zone with at most about n ticks.
func times(a Axis, data span, n int, w *lang.Words, zone *time.Location) scale {
	b := a.bounds(data)
	limit := float64(1 << 38) // about 8,700 years either way
	b.min, b.max = math.Max(b.min, -limit), math.Min(b.max, limit)
	if b.max <= b.min {
		b = span{0, 1}
	}
	s := scale{min: b.min, max: b.max, isTime: true, unit: a.Unit, name: a.Label}
	raw := (b.max - b.min) / float64(max(n, 1))
	for _, step := range timeSteps {
		if step.Seconds() >= raw {
			s.ticks = clockTicks(b, step, w, zone)
			return s
		}
	}
	s.ticks = dayTicks(b, raw/86400, w, zone)
	return s
}

func at(seconds float64, zone *time.Location) time.Time {
	return time.UnixMicro(int64(seconds * 1e6)).In(zone)
}

func clockTicks(b span, step time.Duration, w *lang.Words, zone *time.Location) []tick {
	start := at(b.min, zone)
	t := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, zone)
	t = t.Add(start.Sub(t).Truncate(step))
	var ticks []tick
	for ; seconds(t) <= b.max && len(ticks) < 200; t = t.Add(step) {
		if seconds(t) < b.min {
			continue
		}
		name := t.Format("15:04")
		if step < time.Minute {
			name = t.Format("15:04:05")
		} else if t.Hour() == 0 && t.Minute() == 0 {
			name = w.DayMonth(t)
		}
		ticks = append(ticks, tick{seconds(t), name})
	}
	return ticks
}

func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

// dayTicks puts ticks every few days, months or years.
func dayTicks(b span, days float64, w *lang.Words, zone *time.Location) []tick {
	t := at(b.min, zone)
	t = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
	next := func(t time.Time) time.Time { return t.AddDate(0, 0, dayStep(days)) }
	name := w.DayMonth
	switch {
	case days > 200:
		years := int(niceStep(math.Max(days/365, 1)))
		t = time.Date(t.Year()-t.Year()%years, 1, 1, 0, 0, 0, 0, zone)
		next = func(t time.Time) time.Time { return t.AddDate(years, 0, 0) }
		name = func(t time.Time) string { return t.Format("2006") }
	case days > 14:
		months := monthStep(days / 30)
		t = time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, zone)
		t = t.AddDate(0, -(int(t.Month())-1)%months, 0)
		next = func(t time.Time) time.Time { return t.AddDate(0, months, 0) }
		name = w.MonthYear
	}
	var ticks []tick
	for i := 0; i < 500 && seconds(t) <= b.max; i++ {
		if seconds(t) >= b.min {
			ticks = append(ticks, tick{seconds(t), name(t)})
		}
		t = next(t)
	}
	return ticks
}

func dayStep(days float64) int {
	for _, n := range []int{1, 2, 7} {
		if days <= float64(n) {
			return n
		}
	}
	return 14
}

func monthStep(months float64) int {
	for _, n := range []int{1, 2, 3} {
		if months <= float64(n) {
			return n
		}
	}
	return 6
}
