package evaluate_test

import (
	"os"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/evaluate"
)

// show measures and logs, where OBDCTL_DATA names the folder of the sets; figures are no tests.
func show(t *testing.T, measure func(dir string) ([]evaluate.Figure, error)) {
	t.Helper()
	dir := os.Getenv("OBDCTL_DATA")
	if dir == "" {
		t.Skip("OBDCTL_DATA does not name the folder of the data sets; 'make eval' does")
	}
	figures, err := measure(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		t.Log(f.String(), f.Note)
	}
}

func TestBrakeFigures(t *testing.T) { show(t, evaluate.Brake) }

func TestCellFigures(t *testing.T) { show(t, evaluate.Cells) }

func TestLeadBatteryFigures(t *testing.T) { show(t, evaluate.LeadBattery) }

func TestNASAFigures(t *testing.T) { show(t, evaluate.NASACells) }

func TestDriverFigures(t *testing.T) { show(t, evaluate.Drivers) }

func TestDriverEventFigures(t *testing.T) { show(t, evaluate.DriverEvents) }

func TestBrakeForestFigures(t *testing.T) {
	show(t, func(dir string) ([]evaluate.Figure, error) { return evaluate.BrakeForest(t.Context(), dir) })
}

func TestCellTreeFigures(t *testing.T) {
	show(t, func(dir string) ([]evaluate.Figure, error) { return evaluate.CellTrees(t.Context(), dir) })
}

func TestChargingFigures(t *testing.T) { show(t, evaluate.Charging) }
