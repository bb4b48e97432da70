// Package score says how a vehicle is driven, per 100 km, and what each habit costs in points.
//
// Every line can be checked by hand: how many, over how many km, how many points, why. Rates are drawn towards those
// of the fleet the more, the less was driven (empirical Bayes), so that few km neither win nor lose. What was not
// measured takes no points and is named: a slow line cannot tell a harsh braking.
//
// No data set has a label of driving quality. Limits are those that are usual in fleets, and stand in one
// table; that a score repeats from trip to trip is measured, that it means safety is not.
package score

import "time"

// Limits are a fleet's own. Zero fields take the value that they document; negative ones switch a line off.
type Limits struct {
	BrakeMS2  float64       // deceleration that is harsh, 3 m/s2 (0.3 g)
	StartMS2  float64       // acceleration that is harsh, 2.5 m/s2
	CornerMS2 float64       // sideways acceleration that is harsh, 3 m/s2
	RPM       float64       // engine speed that is too high, 4500
	Kmh       float64       // speed that is too high anywhere, 130; there is no map: the limit of a road is not known
	Idle      time.Duration // standing with the engine running that is no light or queue, 1 minute
	Grace     time.Duration // from a serious code being seen until driving on is ignoring it, 24 hours
}

func (l Limits) filled() Limits {
	for v, usual := range map[*float64]float64{&l.BrakeMS2: 3, &l.StartMS2: 2.5, &l.CornerMS2: 3, &l.RPM: 4500, &l.Kmh: 130} {
		if *v == 0 {
			*v = usual
		}
	}
	if l.Idle == 0 {
		l.Idle = time.Minute
	}
	if l.Grace == 0 {
		l.Grace = 24 * time.Hour
	}
	return l
}

// Code is a serious fault that was there for a while: with the lamp lit or of a severity that forbids driving on.
type Code struct {
	Code string
	Seen time.Time  // when it was first told
	Gone *time.Time // nil while it is there
}

// The lines of a score.
const (
	Braking   = "harsh_braking"
	Starting  = "harsh_acceleration"
	Cornering = "harsh_cornering"
	OverRev   = "over_rev"
	Idling    = "idling"
	Speeding  = "speeding"
	Ignoring  = "codes_ignored"
)

// rule is what a habit costs.
type rule struct {
	id    string
	unit  string
	each  float64 // points for one per 100 km
	most  float64
	usual float64 // per 100 km, of a driver of whom nothing is known
	lacks string  // what must be read for it
}

// rules is the whole tariff. The usual rates only draw those who drove little, until a fleet has its own.
func rules() []rule {
	return []rule{
		{Braking, "{event}", 2, 20, 2, "vehicle speed at least every 2.5 s"},
		{Starting, "{event}", 1.5, 15, 2, "vehicle speed at least every 2.5 s"},
		{Cornering, "{event}", 1.5, 15, 2, "acceleration sideways (ACC_LAT), or rotation (GYRO_Z) with speed, from a phone or a tracker"},
		{OverRev, "{event}", 2, 10, 0.5, "engine speed at least every 5 s"},
		{Idling, "min", 0.5, 10, 5, "engine speed and vehicle speed"},
		{Speeding, "km", 0.5, 20, 2, "vehicle speed"},
		{Ignoring, "km", 0.3, 30, 0, "a scan of trouble codes"},
	}
}
