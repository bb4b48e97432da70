package anomaly_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/anomaly"
	"github.com/fleetms/obdctl/internal/predict/engine"
)

// names are measures of eight different signals.
func names() []string {
	return []string{"coolant reading unchanged", "manifold pressure unchanged on the move", "engine speed unchanged on the move", "vehicle speed unchanged",
		"air flow unchanged on the move", "calculated load unchanged on the move", "throttle unchanged on the move", "intake air reading unchanged"}
}

const measures = 8

// past is a model as training leaves it: trips that scatter around 0, up to about 1.
func past(trips int, seed uint64) *engine.Model {
	r := rand.New(rand.NewPCG(seed, 1))
	m := &engine.Model{Version: 1, Trips: trips}
	for _, name := range names() {
		m.Limits = append(m.Limits, engine.Limit{Measure: name, Side: "above", Value: 2, Usual: 1, Spread: 1})
	}
	for i := range trips {
		s := engine.Standing{Trip: fmt.Sprint(i)}
		for range measures {
			s.Values = append(s.Values, 0.4*r.NormFloat64())
		}
		m.Past = append(m.Past, s)
	}
	return m
}

func learn(t *testing.T, peers ...*engine.Model) *anomaly.Model {
	t.Helper()
	m, err := anomaly.Learn(t.Context(), past(60, 1), peers, anomaly.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestHealthyTripsAreUsual(t *testing.T) {
	m := learn(t)
	flagged := 0
	for _, s := range past(100, 2).Past {
		if m.Judge(s).Claim == anomaly.Unusual {
			flagged++
		}
	}
	if flagged > 8 {
		t.Errorf("%d of 100 healthy trips flagged", flagged)
	}
}

func TestSeveralMeasuresTogetherAreAnAnomalyWithItsReasons(t *testing.T) {
	s := past(1, 3).Past[0]
	s.Values[2], s.Values[5], s.Values[6] = 1.6, 1.5, 1.7
	v := learn(t, past(40, 7), past(40, 8)).Judge(s)
	if v.Claim != anomaly.Unusual || v.Score <= v.Limit || v.Reach > 2 || v.Of != 60 {
		t.Fatalf("%+v", v)
	}
	var top []string
	for _, r := range v.Reasons[:3] {
		top = append(top, r.Signals[0])
	}
	slices.Sort(top)
	if strings.Join(top, " ") != "LOAD_PCT RPM TP" {
		t.Errorf("reasons %+v", v.Reasons)
	}
	if !(v.PeerShare < 0.05) || !strings.Contains(v.LearnedFrom, "80 of 2 peers") {
		t.Errorf("peers: %v, %s", v.PeerShare, v.LearnedFrom)
	}
}

func TestAShortPastIsRefused(t *testing.T) {
	if _, err := anomaly.Learn(t.Context(), past(5, 1), nil, anomaly.Options{}); errs.KindOf(err) != errs.BadInput {
		t.Errorf("%v", err)
	}
}

func TestTooFewMeasuresGiveNoScore(t *testing.T) {
	s := engine.Standing{Trip: "x", Values: make([]float64, measures)}
	for i := range s.Values {
		s.Values[i] = math.NaN()
	}
	v := learn(t).Judge(s)
	if v.Claim != anomaly.NotKnown || v.Score != 0 || len(v.Missing) != measures {
		t.Errorf("%+v", v)
	}
}

func TestTheSameSeedGrowsTheSameForest(t *testing.T) {
	s := past(1, 9).Past[0]
	if a, b := learn(t).Judge(s), learn(t).Judge(s); a.Score != b.Score {
		t.Errorf("%v and %v", a.Score, b.Score)
	}
}
