package fleet

import (
	"time"

	"github.com/google/uuid"
)

// Score is how a vehicle was driven over a stretch of time: 100 points, less what each line takes off. It says nothing
// about a driver whom nobody named: where a vehicle has several, it is the vehicle's.
type Score struct {
	VehicleID uuid.UUID   `json:"vehicle_id"`
	Driver    string      `json:"driver,omitempty"` // as the caller calls who drove
	From      time.Time   `json:"from,omitzero"`
	Until     time.Time   `json:"until,omitzero"`
	Km        float64     `json:"km"`
	Trips     int         `json:"trips"`
	Points    *float64    `json:"points,omitempty"`   // 0 to 100; nil where too little was driven or measured
	Interval  *Interval   `json:"interval,omitempty"` // of Points
	Lines     []ScoreLine `json:"lines"`              // what took off points, the most first, then what took none
	Missing   []string    `json:"missing"`            // what was not measured, and what it would need
	Weeks     []ScoreWeek `json:"weeks"`              // oldest first
	Trend     *ScoreTrend `json:"trend,omitempty"`
}

// ScoreLine is one habit with what it costs, such that the points of all lines add up.
type ScoreLine struct {
	ID       string   `json:"id"` // "harsh_braking"; see docs/schema.md
	Count    float64  `json:"count"`
	Unit     string   `json:"unit"`              // of Count: "{event}", "min", "km"
	Km       float64  `json:"km"`                // over which it was measured: sampling may be too slow on the rest
	Per100Km *float64 `json:"per_100km"`         // as counted; nil where nothing was measured
	Fair     *float64 `json:"fair_per_100km"`    // drawn towards others' the more, the less was driven
	Points   float64  `json:"points"`            // taken off
	Most     float64  `json:"most"`              // that this line can take off
	Why      string   `json:"why"`               // for people: what counts and how it became points
	Missing  string   `json:"missing,omitempty"` // what it lacks where it was not measured
}

// ScoreWeek is one week's points.
type ScoreWeek struct {
	Start    time.Time `json:"start"` // Monday 00:00
	Km       float64   `json:"km"`
	Points   float64   `json:"points"`
	Interval Interval  `json:"interval"`
}

// ScoreTrend is the change of weekly points.
type ScoreTrend struct {
	PerWeek  float64  `json:"per_week"`
	Interval Interval `json:"interval"`
	Verdict  string   `json:"verdict"` // "better", "worse" or "steady": chance explains what is steady
}

// Badge is an award for what was measured over enough distance that luck does not explain it.
type Badge struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Text string    `json:"text"` // for people: what for, over what distance
}

// Standing is one place on a leaderboard of those who opted in.
type Standing struct {
	Rank     int      `json:"rank"` // equal for those whom the data do not tell apart from the first of the rank
	Who      string   `json:"who"`
	Points   float64  `json:"points"`
	Interval Interval `json:"interval"`
	Km       float64  `json:"km"`
}
