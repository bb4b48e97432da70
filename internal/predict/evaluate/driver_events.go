package evaluate

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/fleetms/obdctl/internal/score"
)

const eventSet = "driver_events (staged on request)"

// manoeuvre is one labelled stretch of time.
type manoeuvre struct {
	kind       string
	start, end float64
	found      bool
}

// DriverEvents measures the detection of harsh manoeuvres in a phone's horizontal acceleration. It is in the frame of
// the earth, so that braking, accelerating and cornering cannot be told apart without a heading: the limit of 3 m/s2 is
// that of braking and cornering.
func DriverEvents(dir string) ([]Figure, error) {
	var all []manoeuvre
	alarms, hours := 0, 0.0
	trips := []string{"trip17", "trip20"}
	if lies(filepath.Join(dir, "driver_events"), "trip21_events.csv") { // usually held back
		trips = append(trips, "trip21")
	}
	for _, trip := range trips {
		events, outside, covered, err := readEvents(filepath.Join(dir, "driver_events"), trip)
		if err != nil {
			return nil, err
		}
		all, alarms, hours = append(all, events...), alarms+outside, hours+covered
	}
	const limit = "nothing was learned; the fleet's usual limit of 3 m/s2"
	hits := map[string][2]int{}
	for _, m := range all {
		for _, name := range []string{m.kind, "aggressive"} {
			if m.kind == "calm" && name == "aggressive" {
				continue
			}
			h := hits[name]
			if m.found {
				h[0]++
			}
			h[1]++
			hits[name] = h
		}
	}
	var out []Figure
	for _, f := range []struct{ kind, metric, better, note string }{
		{"calm", "false positive rate", Lower, "calm manoeuvres flagged"},
		{"aggressive", "recall, all kinds", Higher, "never to be quoted without the false positive rate"},
		{"braking", "recall, braking", Higher, ""},
		{"turning", "recall, turns and lane changes", Higher, ""},
		{"acceleration", "recall, acceleration", Higher, "this car reaches 1.3 to 2.5 m/s2: staged, and below every usual limit"},
	} {
		h := hits[f.kind]
		low, high := clopperPearson(h[0], h[1])
		out = append(out, Figure{Model: "harsh events", Data: eventSet, Split: limit, Metric: f.metric, Value: float64(h[0]) / float64(h[1]),
			Low: low, High: high, Target: math.NaN(), Better: f.better, Note: strings.TrimSpace(fmt.Sprintf("%d of %d; %s", h[0], h[1], f.note))})
	}
	return append(out, Figure{Model: "harsh events", Data: eventSet, Split: limit, Metric: "alarms per hour outside labelled events",
		Value: float64(alarms) / hours, Low: math.NaN(), High: math.NaN(), Target: math.NaN(), Better: Lower,
		Note: fmt.Sprintf("%d in %.0f min; not all that happened there need be labelled", alarms, 60*hours)}), nil
}

// clopperPearson is the exact interval of 95 % of a share.
func clopperPearson(k, n int) (low, high float64) {
	low, high = 0, 1
	if k > 0 {
		low = distuv.Beta{Alpha: float64(k), Beta: float64(n - k + 1)}.Quantile(0.025)
	}
	if k < n {
		high = distuv.Beta{Alpha: float64(k + 1), Beta: float64(n - k)}.Quantile(0.975)
	}
	return low, high
}

// readEvents runs the detector over one trip and returns its labelled events, the alarms outside of them, and
// the hours outside.
func readEvents(dir, trip string) (events []manoeuvre, outside int, hours float64, err error) {
	motion, err := readTable(filepath.Join(dir, trip+"_25hz.csv.gz"))
	if err != nil {
		return nil, 0, 0, err
	}
	labels, err := readTable(filepath.Join(dir, trip+"_events.csv"))
	if err != nil {
		return nil, 0, 0, err
	}
	if err := motion.has("t_s", "lin_x", "lin_y"); err != nil {
		return nil, 0, 0, err
	}
	if err := labels.has("event", "start_s", "end_s"); err != nil {
		return nil, 0, 0, err
	}
	for r := range labels.rows {
		events = append(events, manoeuvre{kind: kindOf(labels.text(r, "event")), start: labels.number(r, "start_s"), end: labels.number(r, "end_s")})
	}
	when := func(r int) time.Time { return epoch.Add(time.Duration(motion.number(r, "t_s") * float64(time.Second))) }
	moments := score.Moments(func(yield func(time.Time, float64) bool) {
		for r := range motion.rows {
			if !yield(when(r), math.Hypot(motion.number(r, "lin_x"), motion.number(r, "lin_y"))) {
				return
			}
		}
	}, 3)
	hours = when(len(motion.rows) - 1).Sub(when(0)).Hours()
	const slack = 1.0 // seconds: labels are set by hand
	for i := range events {
		hours -= (events[i].end - events[i].start + 2*slack) / 3600
	}
	for _, at := range moments {
		s, inside := at.Sub(epoch).Seconds(), false
		for i := range events {
			if s >= events[i].start-slack && s <= events[i].end+slack {
				events[i].found, inside = true, true
			}
		}
		if !inside {
			outside++
		}
	}
	return events, outside, hours, nil
}

func kindOf(label string) string {
	switch {
	case label == "non_aggressive":
		return "calm"
	case strings.Contains(label, "braking"):
		return "braking"
	case strings.Contains(label, "acceleration"):
		return "acceleration"
	}
	return "turning"
}
