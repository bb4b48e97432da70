package foreign_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/foreign"
)

const (
	xgbStump = `{"learner":{"gradient_booster":{"name":"gbtree","model":{"tree_info":[0],"trees":[{"left_children":[1,-1,-1],"right_children":[2,-1,-1],"split_indices":[1,0,0],"split_conditions":[5,-1,1],"default_left":[1,0,0],"sum_hessian":[2,1,1]}]}},"learner_model_param":{"base_score":"5E-1","num_class":"0","num_feature":"2"},"objective":{"name":"reg:squarederror"}}}`
	lgbStump = "tree\nversion=v4\nnum_tree_per_iteration=1\nmax_feature_idx=1\nobjective=regression\nfeature_names=a b\n\nTree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=1\nthreshold=5\ndecision_type=10\nleft_child=-1\nright_child=-2\nleaf_value=-1 1\nleaf_count=1 1\ninternal_count=2\nis_linear=0\n\nend of trees\n"
)

// What the fuzz target starts from must be models, or it would only search among refusals.
func TestCategoricalStumps(t *testing.T) {
	for _, text := range []string{xgbCategories(), lgbCategories()} {
		m, err := foreign.Load(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		in, out := m.Predict([]float64{0, 2}), m.Predict([]float64{0, 1})
		if in == out {
			t.Errorf("%s: category 2 and category 1 are both %v", m.From(), in)
		}
	}
}

func xgbCategories() string {
	return strings.Replace(xgbStump, `"split_indices"`, `"split_type":[1,0,0],"categories":[0,2],"categories_nodes":[0],"categories_segments":[0],"categories_sizes":[2],"split_indices"`, 1)
}

func lgbCategories() string {
	return strings.NewReplacer("num_cat=0", "num_cat=1\ncat_boundaries=0 1\ncat_threshold=5", "threshold=5", "threshold=0", "decision_type=10", "decision_type=1").Replace(lgbStump)
}

func TestStumps(t *testing.T) {
	for text, want := range map[string][2]float64{xgbStump: {-0.5, 1.5}, lgbStump: {-1, 1}} {
		m, err := foreign.Load(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if low, high := m.Predict([]float64{0, 4.9}), m.Predict([]float64{0, 5.1}); low != want[0] || high != want[1] {
			t.Errorf("%s: %v and %v", m.From(), low, high)
		}
	}
	x, _ := foreign.Load(strings.NewReader(xgbStump))
	l, _ := foreign.Load(strings.NewReader(lgbStump))
	if x.Predict([]float64{0, 5}) != 1.5 || l.Predict([]float64{0, 5}) != -1 {
		t.Error("at the threshold XGBoost goes right and LightGBM left")
	}
	// XGBoost rounds to float32 first: what rounds to 5 is 5.
	if x.Predict([]float64{0, 5 - 1e-9}) != 1.5 || x.Predict([]float64{0, 4.9999995}) != -0.5 {
		t.Error("5 - 1e-9 is 5 as float32, 4.9999995 is not")
	}
}

func TestHostileModelsAreRefused(t *testing.T) {
	for _, c := range [][3]string{
		{xgbStump, `"left_children":[1`, `"left_children":[0`},                    // a loop
		{xgbStump, `"left_children":[1`, `"left_children":[2`},                    // two parents
		{xgbStump, `"right_children":[2`, `"right_children":[9`},                  // no such node
		{xgbStump, `"split_indices":[1`, `"split_indices":[-1`},                   // no feature
		{xgbStump, `"split_indices":[1`, `"split_indices":[2`},                    // a feature too many
		{xgbStump, `"default_left":[1`, `"default_left":[7`},                      // neither left nor right
		{xgbStump, `"default_left":[1,0,0]`, `"default_left":[1]`},                // columns of different lengths
		{xgbStump, `"sum_hessian":[2`, `"sum_hessian":[-2`},                       // a negative weight
		{xgbStump, `"tree_info":[0]`, `"tree_info":[1]`},                          // no such output
		{xgbStump, `"tree_info":[0]`, `"tree_info":[]`},                           // an output missing
		{xgbStump, `"5E-1"`, `"[NaN]"`},                                           // no number to start from
		{xgbStump, `"5E-1"`, `"[1,2]"`},                                           // two for one output
		{xgbStump, `"num_feature":"2"`, `"num_feature":"-2"`},                     // nothing to ask
		{xgbStump, `"num_feature":"2"`, `"num_feature":"9999999999"`},             // too much
		{xgbStump, `"num_class":"0"`, `"num_class":"999999999"`},                  // too many
		{xgbStump, `"gbtree"`, `"gblinear"`},                                      // no trees
		{xgbStump, `reg:squarederror`, `survival:cox`},                            // unknown
		{xgbStump, `"split_indices"`, `"split_type":[1,0,0],"split_indices"`},     // a category of no set
		{xgbStump, `[5,-1,1]`, `[1e99,-1,1]`},                                     // no float32
		{xgbStump, `"base_score"`, `"num_target":"2","base_score"`},               // two answers a leaf
		{lgbStump, "left_child=-1", "left_child=0"},                               // a loop
		{lgbStump, "left_child=-1", "left_child=-2"},                              // two parents
		{lgbStump, "left_child=-1", "left_child=-9"},                              // no such leaf
		{lgbStump, "split_feature=1", "split_feature=2"},                          // no such feature
		{lgbStump, "decision_type=10", "decision_type=1"},                         // a category of no set
		{lgbStump, "decision_type=10", "decision_type=1e300"},                     // of no type
		{lgbStump, "threshold=5", "threshold=nan"},                                // no threshold
		{lgbStump, "leaf_value=-1 1", "leaf_value=-1"},                            // a leaf missing
		{lgbStump, "num_leaves=2", "num_leaves=16777216"},                         // claims more than it has
		{lgbStump, "num_leaves=2", "num_leaves=-5"},                               // less than one
		{lgbStump, "num_cat=0", "num_cat=3"},                                      // sets that are not there
		{lgbStump, "num_cat=0", "num_cat=1\ncat_boundaries=0 9\ncat_threshold=1"}, // beyond the end
		{lgbStump, "is_linear=0", "is_linear=1"},                                  // linear leaves
		{lgbStump, "objective=regression", "objective=who knows"},                 // unknown
		{lgbStump, "max_feature_idx=1", "max_feature_idx=99999999"},               // too much
		{lgbStump, "feature_names=a b", "feature_names=a b c"},                    // a name too many
		{lgbStump, "end of trees\n", ""},                                          // cut off
	} {
		damaged := strings.Replace(c[0], c[1], c[2], 1)
		if damaged == c[0] {
			t.Fatalf("%q is not in the model", c[1])
		}
		if _, err := foreign.Load(strings.NewReader(damaged)); errs.KindOf(err) != errs.BadInput || errs.HintOf(err) == "" {
			t.Errorf("%q: %v", c[2], err)
		}
	}
	for _, text := range []string{"", "PK\x03\x04", "{", "tree", "tree\n"} {
		if _, err := foreign.Load(strings.NewReader(text)); errs.KindOf(err) != errs.BadInput {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(xgbStump))
	f.Add([]byte(lgbStump))
	f.Add([]byte(xgbCategories()))
	f.Add([]byte(lgbCategories()))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if m, err := foreign.Load(bytes.NewReader(data)); err == nil {
			x := make([]float64, m.Features())
			m.Predict(x)
			m.Probabilities(x)
		}
	})
}
