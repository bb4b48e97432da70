package predict

import (
	"context"
	"fmt"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/battery"
)

// supply judges the 12 V battery and its charging by rules of physics; nothing is learned.
type supply struct{}

// supplyRules names the rules where a model would be named.
const supplyRules = "battery-rules"

// supplySignals are those that the rules read.
func supplySignals() []string { return []string{"VPWR", "BAT_PWR", "RPM", "AAT", "IAT"} }

func (supply) Topic() fleet.Topic { return fleet.TopicBattery }

func (supply) Predict(ctx context.Context, s *Subject) ([]fleet.Prediction, error) {
	var failed error
	seen := battery.Observe(s.readings(ctx, Drive{From: s.Now.Add(-lookBack), Until: s.Now}, supplySignals(), &failed))
	if failed != nil {
		return nil, failed
	}
	said := battery.Predict(seen)
	for i := range said {
		said[i].Model = fleet.ModelRef{Name: supplyRules}
		if seen.Rejected > 0 {
			said[i].Missing = append(said[i].Missing, fmt.Sprintf("%d voltages that no vehicle has were left out", seen.Rejected))
		}
	}
	return said, nil
}
