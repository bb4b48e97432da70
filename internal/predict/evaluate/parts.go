package evaluate

import (
	"context"
	"io"
)

// Part measures one set, or a few that belong together. What is under way goes to progress.
type Part struct {
	Name string
	Run  func(ctx context.Context, dir string, progress io.Writer) ([]Figure, error)
}

// Parts lists everything that is measured, the quick ones first.
func Parts() []Part {
	plain := func(f func(string) ([]Figure, error)) func(context.Context, string, io.Writer) ([]Figure, error) {
		return func(_ context.Context, dir string, _ io.Writer) ([]Figure, error) { return f(dir) }
	}
	within := func(f func(context.Context, string) ([]Figure, error)) func(context.Context, string, io.Writer) ([]Figure, error) {
		return func(ctx context.Context, dir string, _ io.Writer) ([]Figure, error) { return f(ctx, dir) }
	}
	return []Part{
		{"brake", plain(Brake)}, {"brake-forest", within(BrakeForest)},
		{"cells", plain(Cells)}, {"cell-trees", within(CellTrees)}, {"nasa-cells", plain(NASACells)}, {"12v", plain(LeadBattery)}, {"charging", plain(Charging)},
		{"engine-health", plain(EngineHealth)}, {"drivers", plain(Drivers)}, {"driver-events", plain(DriverEvents)},
		{"adbench", ADBench}, {"kit-obd", plain(KITOBD)}, {"carobd", plain(CarOBD)}, {"cmapss", CMAPSS},
	}
}
