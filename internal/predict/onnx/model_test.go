//go:build onnx

package onnx_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/onnx"
)

func network(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/network.onnx")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The network and what NumPy reckons for it come from ../reference/fixtures.py.
func TestNetworkPredictsAsItsFormula(t *testing.T) {
	m, err := onnx.Load(bytes.NewReader(network(t)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct{ Rows, Outputs [][]float64 }
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	got, err := m.Predict(want.Rows)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 8 || len(m.Shape()) != 1 || m.Shape()[0] != 3 {
		t.Fatalf("%d outputs, rows of %v", len(got), m.Shape())
	}
	for i, row := range want.Outputs {
		if math.Abs(got[i][0]-row[0]) > 1e-6 {
			t.Errorf("row %d: %v, want %v", i, got[i][0], row[0])
		}
	}
}

func TestBadInputIsRefused(t *testing.T) {
	good := network(t)
	for name, data := range map[string][]byte{
		"empty": nil, "text": []byte("{}"), "cut off": good[:len(good)/2],
		"an operator that nobody knows": bytes.Replace(good, []byte("Relu"), []byte("Rule"), 1),
		"a loop":                        bytes.Replace(good, []byte("X1"), []byte("Y1"), 1), // the first node reads what it writes
	} {
		if _, err := onnx.Load(bytes.NewReader(data)); errs.KindOf(err) != errs.BadInput || errs.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	m, err := onnx.Load(bytes.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	for name, rows := range map[string][][]float64{"no rows": nil, "too short": {{1}}, "a hole": {{1, 2, math.NaN()}}} {
		if _, err := m.Predict(rows); errs.KindOf(err) != errs.Usage {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(network(f))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		_, _ = onnx.Load(bytes.NewReader(data)) // must not panic or recurse without end
	})
}
