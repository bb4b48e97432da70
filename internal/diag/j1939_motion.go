package diag

import (
	"context"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// Parameters that tell whether a truck stands.
const (
	spnEngineSpeed = 190
	spnRoadSpeed   = 84 // by the wheels
)

// motion is what a truck says of its engine and its wheels.
type motion struct {
	engine, road float64 // 1/min, km/h; the fastest node counts
	known        bool    // the engine speed is
}

// take reads one group.
func (m *motion) take(j *truck, g link.ParameterGroup) {
	for _, number := range []uint32{spnEngineSpeed, spnRoadSpeed} {
		p := j.book.Parameter(number)
		if p == nil || p.PGN != g.PGN || g.Err != nil {
			continue
		}
		r, ok := p.Reading(g.Data, g.At, 0)
		switch {
		case !ok || r.Absent:
		case number == spnEngineSpeed:
			m.known, m.engine = true, max(m.engine, r.Value)
		default:
			m.road = max(m.road, r.Value)
		}
	}
}

// engineSpeed reads SPN 190. A truck that rolls (SPN 84) is refused here, with its engine off too.
func (j *truck) engineSpeed(ctx context.Context) (speed float64, known bool, err error) {
	const patience = 500 * time.Millisecond
	var m motion
	err = j.listen(ctx, patience, func(g link.ParameterGroup) bool {
		m.take(j, g)
		return true
	})
	if err == nil && !m.known {
		var groups []link.ParameterGroup
		groups, _, err = j.ask(ctx, obd.StepReadings, j1939.PGNEngine1, j1939.PGNCruise)
		for _, g := range groups {
			m.take(j, g)
		}
	}
	if err == nil && m.road >= standing {
		return 0, true, errs.New(errs.Denied, "the vehicle is moving (%.0f km/h)", m.road).WithHint("stop, switch the engine off and try again")
	}
	return m.engine, m.known, err
}

// standing in km/h: below it SPN 84, which counts in steps of 1/256, is noise of the sensor.
const standing = 1
