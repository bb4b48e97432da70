package evaluate

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/battery"
)

// Charging measures the rule for the charging voltage on trips of a healthy car, and on those into which a failing
// alternator was written. One trip decides here; a vehicle's last five do in use.
func Charging(dir string) ([]Figure, error) {
	dir = filepath.Join(dir, "carobd")
	volts := map[string]string{"ENGINE_RPM": "RPM", "CONTROL_MODULE_VOLTAGE": "VPWR", "INTAKE_AIR_TEMPERATURE": "IAT"}
	var hit, all [3]int // healthy trips, alternators that fail, other faults
	for _, name := range []string{"trips_periodA.csv.gz", "faulted_trips.csv.gz"} {
		j, err := readJournal(filepath.Join(dir, name), layout{trip: "trip", pace: 0.5, signals: volts})
		if err != nil {
			return nil, err
		}
		for _, id := range j.ids {
			said := battery.Predict(battery.Observe(slices.Values(j.readings[id])))
			kind := 0
			switch {
			case strings.Contains(id, "alternator_fail"):
				kind = 1
			case name != "trips_periodA.csv.gz":
				kind = 2
			}
			all[kind]++
			if said[1].Urgency.Rank() >= fleet.UrgencyWatch.Rank() {
				hit[kind]++
			}
		}
	}
	figure := func(kind int, metric, better, note string) Figure {
		low, high := clopperPearson(hit[kind], all[kind])
		return Figure{Model: "12 V rules", Data: "carobd (one Toyota Etios)", Split: "nothing was learned", Metric: metric,
			Value: float64(hit[kind]) / float64(all[kind]), Low: low, High: high, Target: math.NaN(), Better: better,
			Note: fmt.Sprintf("%d of %d; %s", hit[kind], all[kind], note)}
	}
	return []Figure{
		figure(0, "false positive rate of charging, healthy trips", Lower, "all of one healthy car"),
		figure(1, "recall of charging, trips with a failing alternator", Higher, "semi-synthetic: the fault was written into real trips"),
		figure(2, "false positive rate of charging, trips with other faults", Lower, "semi-synthetic"),
	}, nil
}
