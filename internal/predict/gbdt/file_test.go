package gbdt_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/gbdt"
)

func TestSavedModelPredictsTheSameBits(t *testing.T) {
	train := friedman(1000, 0.1, 1)
	o := gbdt.Default()
	o.Loss, o.Quantile, o.Rounds = gbdt.Quantile, 0.3, 20
	o.Names = []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	m := fit(t, train, gbdt.Set{}, o)
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	again, err := gbdt.Load(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range train.X {
		if m.Predict(x) != again.Predict(x) {
			t.Fatalf("%v: %v and %v", x, m.Predict(x), again.Predict(x))
		}
	}
	if again.Loss() != gbdt.Quantile || again.Features() != 8 || again.Names()[7] != "h" {
		t.Error("loss or features were lost")
	}
}

// good is a stump; the rows below break it in one place each.
const good = `{"format":"obdctl/gbdt","version":1,"loss":"squared","features":2,"base":1,"trees":[{"feature":[1,-1,-1],"left":[1,0,0],"right":[2,0,0],"flags":[1,0,0],"value":[5,-1,1],"cover":[2,1,1]}]}`

func TestDamagedModelsAreRefused(t *testing.T) {
	m, err := gbdt.Load(strings.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	if m.Predict([]float64{0, 6}) != 2 || m.Predict([]float64{0, 5}) != 0 || m.Predict([]float64{0, math.NaN()}) != 0 {
		t.Error("the stump asks whether feature 1 is above 5")
	}
	for _, c := range [][2]string{
		{`"feature":[1`, `"feature":[2`},              // no such feature
		{`"left":[1`, `"left":[0`},                    // a loop
		{`"right":[2`, `"right":[1`},                  // two parents
		{`"right":[2`, `"right":[7`},                  // no such node
		{`"flags":[1`, `"flags":[255`},                // flags of the future
		{`"flags":[1`, `"flags":[4`},                  // a category without sets
		{`"cover":[2,`, `"cover":[-2,`},               // a negative weight
		{`"cover":[2,1,1]`, `"cover":[2,1]`},          // columns of different lengths
		{`"value":[5`, `"value":[1e999`},              // no float64
		{`"features":2`, `"features":0`},              // nothing to ask
		{`"features":2`, `"features":2000000000`},     // more than any car has
		{`"trees":[{`, `"trees":[null,{`},             // an empty tree
		{`"version":1`, `"version":2`},                // written by a later release
		{`obdctl/gbdt`, `obdctl/forest`},              // another kind
		{`"squared"`, `"hinge"`},                      // an unknown loss
		{`"squared"`, `"quantile"`},                   // of which quantile?
		{`"base":1`, `"base":1,"names":["a"]`},        // one name for two features
		{`"cover":[2,1,1]}]}`, `"cover":[2,1,1]}]`},   // cut off
		{`"cover":[2,1,1]}]}`, `"cover":[2,1,1]}]}}`}, // something behind it
	} {
		damaged := strings.Replace(good, c[0], c[1], 1)
		if damaged == good {
			t.Fatalf("%q is not in the model", c[0])
		}
		if _, err := gbdt.Load(strings.NewReader(damaged)); errs.KindOf(err) != errs.BadInput || errs.HintOf(err) == "" {
			t.Errorf("%s: %v", c[1], err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(strings.Replace(good, `"flags":[1`, `"sets":[[3]],"flags":[4`, 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := gbdt.Load(bytes.NewReader(data))
		if err != nil {
			return
		}
		x := make([]float64, m.Features())
		p := m.Predict(x) // ends and does not panic
		var b bytes.Buffer
		if err := m.Save(&b); err != nil {
			t.Fatal(err)
		}
		again, err := gbdt.Load(&b)
		if err != nil {
			t.Fatal(err)
		}
		if q := again.Predict(x); p != q && !(math.IsNaN(p) && math.IsNaN(q)) {
			t.Fatalf("%v was saved and predicts %v", p, q)
		}
	})
}
