package foreign_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/foreign"
	"github.com/fleetms/obdctl/internal/predict/shap"
)

// expected is what the originals said, see ../reference/fixtures.py.
type expected struct {
	Rows   [][]*float64 `json:"rows"`
	Models map[string]struct {
		Predictions json.RawMessage `json:"predictions"` // a number a row, or one for each class
		Parts       [][]float64     `json:"parts"`       // attributions, the base behind them
	} `json:"models"`
}

func fixtures(t *testing.T) (expected, [][]float64) {
	t.Helper()
	text, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var e expected
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	rows := make([][]float64, len(e.Rows))
	for i, row := range e.Rows {
		for _, v := range row {
			if v == nil {
				rows[i] = append(rows[i], math.NaN())
			} else {
				rows[i] = append(rows[i], *v)
			}
		}
	}
	return e, rows
}

func load(t *testing.T, name string) *foreign.Model {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := foreign.Load(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return m
}

// tolerance is float32's for XGBoost, which reckons with it, and rounding for LightGBM.
func tolerance(name string) float64 {
	if strings.HasPrefix(name, "xgb") {
		return 3e-6
	}
	return 1e-12
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance*(1+math.Abs(b)) }

func TestPredictionsAreTheOriginals(t *testing.T) {
	e, rows := fixtures(t)
	if len(e.Models) != 16 || len(rows) != 30 {
		t.Fatalf("%d models, %d rows", len(e.Models), len(rows))
	}
	for name, want := range e.Models {
		m := load(t, name)
		var one []float64
		var several [][]float64
		if json.Unmarshal(want.Predictions, &one) != nil {
			one = nil // half filled
			if err := json.Unmarshal(want.Predictions, &several); err != nil {
				t.Fatal(err)
			}
		}
		for i, row := range rows {
			if one != nil {
				if got := m.Predict(row); !near(got, one[i], tolerance(name)) {
					t.Errorf("%s, row %d %v: %v, the original %v", name, i, row, got, one[i])
				}
				continue
			}
			best := 0
			for c, got := range m.Probabilities(row) {
				if !near(got, several[i][c], tolerance(name)) {
					t.Errorf("%s, row %d, class %d: %v, the original %v", name, i, c, got, several[i][c])
				}
				if several[i][c] > several[i][best] {
					best = c
				}
			}
			if m.Predict(row) != float64(best) {
				t.Errorf("%s, row %d: class %v, the original %d", name, i, m.Predict(row), best)
			}
		}
	}
}

func TestAttributionsAreTheOriginals(t *testing.T) {
	e, rows := fixtures(t)
	n := 0
	for name, want := range e.Models {
		if want.Parts == nil {
			continue
		}
		n++
		explain, err := shap.New(&load(t, name).Trees()[0])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, row := range rows {
			got := append(explain.Values(row), explain.Base())
			for f := range got {
				if !near(got[f], want.Parts[i][f], 10*tolerance(name)) {
					t.Errorf("%s, row %d, feature %d: %v, the original %v", name, i, f, got[f], want.Parts[i][f])
				}
			}
		}
	}
	if n != 13 {
		t.Errorf("%d models with attributions", n)
	}
}

func TestRowsOfAnotherLength(t *testing.T) {
	m := load(t, "lgb_squared.txt")
	if !math.IsNaN(m.Predict([]float64{1})) || m.Probabilities(nil) != nil || m.From() != "lightgbm" || m.Features() != 5 || len(m.Names()) != 5 {
		t.Error("a row of another length has no prediction")
	}
}
