package claim_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/claim"
)

// set draws units of which a share is positive; distance is how far apart the scores of the classes lie.
func set(n int, share, distance float64) (label []bool, score []float64, unit []int) {
	r := rand.New(rand.NewPCG(5, 5))
	for i := range n {
		yes := r.Float64() < share
		s := r.NormFloat64()
		if yes {
			s += distance
		}
		label, score, unit = append(label, yes), append(score, s), append(unit, i)
	}
	return label, score, unit
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		name            string
		share, distance float64
		want            claim.Level
	}{
		{"noise", 0.6, 0, claim.Nothing},
		{"a weak signal where most are positive", 0.63, 0.7, claim.Ranks},
		{"a strong one", 0.3, 2.5, claim.Decides},
	} {
		label, score, unit := set(600, c.share, c.distance)
		f := claim.Judge(label, score, unit, c.distance/2, 1)
		if f.Level != c.want || f.Why == "" {
			t.Errorf("%s: %v, %s", c.name, f.Level, f.Why)
		}
	}
}

func TestRowsOfFewUnitsClaimNothing(t *testing.T) {
	label, score, _ := set(600, 0.3, 3)
	unit := make([]int, 600)
	for i := range unit {
		unit[i] = i % 4
	}
	if f := claim.Judge(label, score, unit, 1.5, 1); f.Level != claim.Nothing || !strings.Contains(f.Why, "are needed") {
		t.Errorf("%v, %s", f.Level, f.Why)
	}
}

func TestWhatDoesNotBelongTogetherClaimsNothing(t *testing.T) {
	if f := claim.Judge([]bool{true}, nil, []int{1}, 0, 1); f.Level != claim.Nothing || f.Why == "" {
		t.Errorf("%+v", f)
	}
}
