package battery

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/fleet"
)

// PredictCell says how many cycles a cell lives, or what lacks. used is how many it has done. m may be nil: no
// weights are shipped, because those that could be learned from open data are of laboratory cells.
func PredictCell(m *LifeModel, c Cell, used int) fleet.Prediction {
	out := fleet.Prediction{Topic: fleet.TopicCell, Part: "traction battery cell", Urgency: fleet.UrgencyUnknown,
		Quantity: "cycle life", Unit: "{cycle}"}
	if m == nil {
		out.Claim = "Nothing can be said about the life of the traction battery: no model of its cells was learned."
		out.LearnedFrom, out.Marks = "nothing", []string{fleet.MarkUntrained}
		out.Missing = []string{"cells of the same kind with discharge curves and a known end of life"}
		out.WouldChange = []string{"a model trained on cells of the same chemistry and use"}
		return out
	}
	out.LearnedFrom = fmt.Sprintf("%d %s cells with lives of %.0f to %.0f cycles", m.Cells, m.Chemistry, m.Lives[0], m.Lives[1])
	out.WouldChange = []string{"another charging pattern or temperature from now on", "a model trained on cells of the same chemistry and use"}
	life, err := m.Estimate(c)
	if err != nil {
		out.Claim = "Nothing can be said about the life of the traction battery."
		out.Missing = []string{err.Error()}
		return out
	}
	if len(life.Unlike) > 0 {
		out.Claim = "The cell is unlike those that the model knows, so no life is told."
		out.Missing = []string{"cells with " + strings.Join(life.Unlike, ", ") + " like this one"}
		return out
	}
	out.Value, out.Interval = &life.Cycles, &fleet.Interval{Low: life.Low, High: life.High, Level: life.Level}
	left := life.Cycles - float64(used)
	out.Horizon = &fleet.Horizon{Value: max(0, left), Unit: "{cycle}"}
	out.Claim = fmt.Sprintf("The cell keeps 80 %% of its capacity for about %.0f cycles (%.0f to %.0f), if used as in its first 100.", life.Cycles, life.Low, life.High)
	switch {
	case left < 0:
		out.Urgency = fleet.UrgencySoon
	case life.Low < float64(used):
		out.Urgency = fleet.UrgencyWatch
	default:
		out.Urgency = fleet.UrgencyNone
	}
	curve, _ := CurveOf(c, m.Top, m.Bottom)
	out.Reasons = []fleet.Reason{
		{Signal: "dQ(V)", Direction: "high", Contribution: curve.LogVar, Text: "how unevenly over voltage the discharge curve moved between cycle 10 and 100"},
		{Signal: "capacity", Contribution: curve.First, Text: fmt.Sprintf("the first capacity is %.1f %% of nominal", 100*curve.First)},
	}
	return out
}
