package j1979

import (
	"math"

	"github.com/fleetms/obdctl/internal/obd"
)

// judge fills Margin from Value, Min and Max: the distance to the nearest limit as a fraction of the span
// between the limits, or of the one limit there is.
func judge(t *obd.MonitorTest) {
	if t.NotRun {
		return
	}
	var span, inside float64
	switch {
	case t.Min != nil && t.Max != nil:
		span, inside = *t.Max-*t.Min, min(t.Value-*t.Min, *t.Max-t.Value)
	case t.Max != nil:
		span, inside = math.Abs(*t.Max), *t.Max-t.Value
	case t.Min != nil:
		span, inside = math.Abs(*t.Min), t.Value-*t.Min
	}
	if span > 0 {
		margin := inside / span
		t.Margin = &margin
	}
}
