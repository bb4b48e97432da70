package predict

import (
	"context"
	"fmt"
	"slices"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict/battery"
	"github.com/fleetms/obdctl/internal/store"
)

// supply judges the 12 V battery and its charging by rules of physics; nothing is learned.
type supply struct{}

// supplyRules names the rules where a model would be named.
const supplyRules = "battery-rules"

// supplySignals are those that the rules read.
func supplySignals() []string { return []string{"VPWR", "BAT_PWR", "RPM", "AAT", "IAT"} }

func (supply) Topic() fleet.Topic { return fleet.TopicBattery }

func (supply) Predict(ctx context.Context, s *Subject) ([]fleet.Prediction, error) {
	span, err := s.span(ctx, supplySignals())
	if err != nil {
		return nil, err
	}
	var failed error
	seen := battery.Observe(s.readings(ctx, Drive{From: span.From, Until: s.Now}, supplySignals(), &failed))
	if failed != nil {
		return nil, failed
	}
	spots, err := s.spots(ctx)
	if err != nil {
		return nil, err
	}
	said := battery.WithSpots(battery.Predict(seen), spots)
	for i := range said {
		said[i].Model = fleet.ModelRef{Name: supplyRules}
		if seen.Rejected > 0 {
			said[i].Missing = append(said[i].Missing, fmt.Sprintf("%d voltages that no vehicle has were left out", seen.Rejected))
		}
	}
	return said, nil
}

// spots are the voltages of the last scans, where no log tells more.
func (s *Subject) spots(ctx context.Context) ([]battery.Spot, error) {
	const few = 5
	list, err := s.Tx.Scans().List(ctx, store.ScanFilter{VehicleID: s.Vehicle.ID}, store.Page{Limit: few})
	if err != nil {
		return nil, err
	}
	var out []battery.Spot
	for _, info := range list.Items {
		scan, err := s.Tx.Scans().Get(ctx, info.ID)
		if err != nil {
			return nil, err
		}
		if scan.Voltage == nil {
			continue
		}
		running := slices.ContainsFunc(scan.Readings, func(r obd.Reading) bool { return r.Signal == "RPM" && r.Value > 400 })
		out = append(out, battery.Spot{At: scan.Started, Volts: scan.Voltage.Volts, Adapter: scan.Voltage.Source == "adapter", Running: running})
	}
	return out, nil
}
