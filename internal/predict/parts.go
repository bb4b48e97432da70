package predict

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/engine"
	"github.com/fleetms/obdctl/internal/predict/registry"
)

// parts tells which part of the engine does otherwise than in the vehicle's healthy past, trip by trip.
type parts struct{}

// recentDrives is how many of the newest drives a claim rests on.
const recentDrives = 10

func (parts) Topic() fleet.Topic { return fleet.TopicEngine }

func (parts) Card() registry.Card {
	return registry.Card{
		Name: "engine-residuals", Topic: fleet.TopicEngine, Algorithm: "quadratic ridge residuals, heat balance, limits of held-out trips", PerVehicle: true, Unit: "trip",
		Enough: engine.MinTrips, Primary: "biased signals noticed", Healthy: "healthy trips flagged", MostFlag: 0.05,
		Limits: []string{
			"knows this vehicle only, and takes the trips that it learned from for healthy",
			"names the part that fits the pattern; a mechanic has to confirm it",
			"a fault that was there from the first trip is not seen unless it breaks a physical limit",
			"the figure 'biased signals noticed' is made up: constant errors are added to healthy trips",
		},
	}
}

func (parts) Check(weights []byte) error {
	_, err := engine.Load(bytes.NewReader(weights))
	return err
}

func (k parts) Predict(ctx context.Context, s *Subject) ([]fleet.Prediction, error) {
	m, weights, ok, err := s.champion(ctx, k.Card().Name)
	if err != nil {
		return nil, err
	}
	j := judged{model: engine.Untrained(), ref: fleet.ModelRef{Name: k.Card().Name}}
	if ok {
		if j.model, err = engine.Load(bytes.NewReader(weights)); err != nil {
			return nil, fmt.Errorf("read model %s: %w", m.Title(), err)
		}
		if j.ref = m.Ref(); m.Imported {
			j.marks = append(j.marks, fleet.MarkForeign)
		}
	} else {
		j.marks = append(j.marks, fleet.MarkNoPast)
	}
	drives, err := s.Drives(ctx)
	if err != nil {
		return nil, err
	}
	j.drives = drives[max(0, len(drives)-recentDrives):]
	for _, d := range j.drives {
		trip, err := s.trip(ctx, d, nil)
		if err != nil {
			return nil, err
		}
		j.verdicts = append(j.verdicts, j.model.Judge(&trip))
	}
	labels, err := s.labels(ctx)
	if err != nil {
		return nil, err
	}
	return j.say(labels), nil
}

// trip reads a drive for the engine's models, a change laid over each reading where one is given.
func (s *Subject) trip(ctx context.Context, d Drive, change *bias) (engine.Trip, error) {
	var failed error
	t := engine.NewTrip(d.From.UTC().Format("2006-01-02 15:04"), change.over(s.readings(ctx, d, engine.Signals(), &failed)))
	return t, failed
}

// judged are the newest drives with what the model says of each.
type judged struct {
	model    *engine.Model
	ref      fleet.ModelRef
	marks    []string
	drives   []Drive
	verdicts []engine.Verdict
}

// say puts what was said of single drives together: one prediction for each part that was named.
func (j judged) say(labels []fleet.Outcome) []fleet.Prediction {
	var told []engine.Verdict
	missing := map[string]int{}
	for _, v := range j.verdicts {
		if v.Claim != engine.NotKnown {
			told = append(told, v)
		}
		for _, m := range v.Missing {
			missing[m]++
		}
	}
	var said []fleet.Prediction
	for _, part := range named(told) {
		if p, ok := j.part(part, told, labels); ok {
			p.Missing = commonest(missing, len(j.verdicts))
			said = append(said, p)
		}
	}
	if len(said) > 0 {
		return said
	}
	p := j.blank("engine")
	p.Missing = commonest(missing, len(j.verdicts))
	if len(told) == 0 {
		p.Urgency, p.Claim = fleet.UrgencyUnknown, "Nothing can be said about the engine's parts."
		if len(j.verdicts) == 0 {
			p.Missing = []string{"drives: record some with 'obdctl live --save', or import logs"}
		}
		p.WouldChange = []string{"drives of some minutes with engine speed, coolant temperature, voltage, manifold pressure and fuel trims"}
		return []fleet.Prediction{p}
	}
	last := told[len(told)-1]
	value := 0.0
	_, high := wilson(0, len(told))
	p.Quantity, p.Unit, p.Value, p.Interval = "share of trips with a deviation", "1", &value, &fleet.Interval{Low: 0, High: high, Level: 0.9}
	p.Urgency, p.Claim = fleet.UrgencyNone, fmt.Sprintf("Nothing of the last %d trips went further than healthy trips go.", len(told))
	if j.model.Trips == 0 {
		p.Claim = fmt.Sprintf("Nothing of the last %d trips broke a physical limit; finer faults cannot be seen yet.", len(told))
		p.Missing = append(p.Missing, fmt.Sprintf("a healthy past to compare with: %d trips, then 'obdctl model train %s'", engine.MinTrips+registry.MinFrozen+1, parts{}.Card().Name))
	}
	if last.Near != nil {
		p.Reasons = []fleet.Reason{reasonOf(*last.Near)}
		p.WouldChange = last.WouldChange
	}
	p.LearnedFrom = last.LearnedFrom
	return []fleet.Prediction{p}
}

func (j judged) blank(part string) fleet.Prediction {
	from := "physical limits only: nothing was learned of this vehicle yet"
	if j.model.Trips > 0 {
		from = fmt.Sprintf("%d healthy trips of this vehicle", j.model.Trips)
	}
	return fleet.Prediction{Topic: fleet.TopicEngine, Part: part, Model: j.ref, Marks: slices.Clone(j.marks), Looked: looked(j.drives), LearnedFrom: from}
}

// named are the parts that any drive names.
func named(told []engine.Verdict) []engine.Part {
	var all []engine.Part
	for _, v := range told {
		if (v.Claim == engine.Faulty || v.Claim == engine.Anomaly) && !slices.Contains(all, v.Part) {
			all = append(all, v.Part)
		}
	}
	slices.Sort(all)
	return all
}

// part says how many of the newest drives name a part. What was found and replaced since is not held against the new part.
func (j judged) part(part engine.Part, told []engine.Verdict, labels []fleet.Outcome) (fleet.Prediction, bool) {
	since := renewed(part, labels)
	hits, of := 0, 0
	var last engine.Verdict
	for _, v := range told {
		if v.Start.Before(since) || part != engine.Unknown && !slices.Contains(v.Judged, part) && v.Part != part {
			continue
		}
		if of++; v.Part == part && v.Claim != engine.Healthy {
			hits++
			last = v
		}
	}
	if hits == 0 {
		return fleet.Prediction{}, false
	}
	p := j.blank(partName(part))
	value := float64(hits) / float64(of)
	low, high := wilson(hits, of)
	p.Quantity, p.Unit, p.Value, p.Interval = "share of trips that show it", "1", &value, &fleet.Interval{Low: low, High: high, Level: 0.9}
	p.Claim = fmt.Sprintf("%s: %d of the last %d trips show it.", capital(part.Text()), hits, of)
	p.LearnedFrom, p.WouldChange = last.LearnedFrom, append([]string{"confirm or refute it: " + part.Check()}, "what the next trips show")
	for _, r := range last.Reasons {
		p.Reasons = append(p.Reasons, reasonOf(r))
	}
	p.Reasons = p.Reasons[:min(len(p.Reasons), mostReasons)]
	p.Urgency = howSoon(part, hits, of)
	if of < 3 {
		p.Marks = append(p.Marks, fleet.MarkFewData)
	}
	return p, true
}

// howSoon goes by how often the part was named, and by what it can do.
func howSoon(part engine.Part, hits, of int) fleet.Urgency {
	often := hits >= 3 && 2*hits >= of
	switch {
	case often && (part == engine.Cooling || part == engine.Charging):
		return fleet.UrgencyNow
	case often, hits >= 2 && (part == engine.Cooling || part == engine.Charging):
		return fleet.UrgencySoon
	}
	return fleet.UrgencyWatch
}

// renewed is when a mechanic last replaced the part, or found it healthy.
func renewed(part engine.Part, labels []fleet.Outcome) (at time.Time) {
	for _, o := range labels {
		if o.Topic == fleet.TopicEngine && strings.EqualFold(o.Part, partName(part)) && (o.Replaced || o.Finding == fleet.FoundHealthy) {
			at = o.At
		}
	}
	return at
}

// partName is what people call a part.
func partName(p engine.Part) string {
	switch p {
	case engine.Unknown:
		return "engine, cause not known"
	case engine.CoolantSensor:
		return "coolant temperature sensor"
	case engine.Cooling:
		return "cooling system"
	case engine.Charging:
		return "alternator"
	case engine.IntakeLeak:
		return "intake, vacuum leak"
	case engine.MAPSensor:
		return "manifold pressure sensor"
	case engine.Combustion:
		return "combustion, misfire"
	}
	return strings.ReplaceAll(string(p), "_", " ")
}

func reasonOf(r engine.Reason) fleet.Reason {
	direction := "high"
	if r.Side == "below" {
		direction = "low"
	}
	unit := r.Unit
	if unit != "" {
		unit = " " + unit
	}
	signal := r.Measure
	if len(r.Signals) > 0 {
		signal = r.Signals[0]
	}
	return fleet.Reason{Signal: signal, Direction: direction, Contribution: r.Excess,
		Text: fmt.Sprintf("%s went %.3g%s %s what is expected; healthy trips usually %.3g, at most %.3g%s", r.Measure, r.Value, unit, r.Side, r.Usual, r.Limit, unit)}
}

// commonest are what most drives lack.
func commonest(missing map[string]int, of int) []string {
	var all []string
	for m, n := range missing {
		if 2*n > of {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(missing[b]-missing[a], strings.Compare(a, b)) })
	return all[:min(len(all), 6)]
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
