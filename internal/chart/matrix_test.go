package chart_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/chart/svg"
)

func TestAMatrixShowsEveryCountAndTellsRightFromWrongByInk(t *testing.T) {
	c := &chart.Chart{Kind: chart.Matrix, Title: "alarm", X: chart.Axis{Label: "said"}, Y: chart.Axis{Label: "true"}, Rows: []string{"later", "soon"}, Columns: []string{"quiet", "alarm"},
		Cells: [][]float64{{17268, 263}, {277, 2823}}}
	var b strings.Builder
	if err := svg.Write(&b, c, svg.Options{Width: 400}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"17,268", "263", "277", "2,823", "later", "soon", "quiet", "alarm", "said", "true", "#007a5e", "#f8dbdc"} {
		if !strings.Contains(strings.ToLower(b.String()), strings.ToLower(want)) {
			t.Errorf("%s is missing in\n%s", want, b.String())
		}
	}
}

func TestAMatrixWithoutCellsIsDrawn(t *testing.T) {
	var b strings.Builder
	if err := svg.Write(&b, &chart.Chart{Kind: chart.Matrix, Cells: [][]float64{nil, {0}}, Rows: []string{strings.Repeat("long ", 50)}}, svg.Options{Width: 10}); err != nil {
		t.Error(err)
	}
}
