package diag

import (
	"context"
	"fmt"

	"github.com/fleetms/obdctl/internal/catalog/spn"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// monitorTests reads the scaled test results (DM30). Many nodes give them only after the command DM7, which
// is not sent: it may start a test.
func (j *truck) monitorTests(ctx context.Context) ([]obd.MonitorTest, []obd.Unread, error) {
	groups, missed, err := j.ask(ctx, obd.StepTests, j1939.PGNDM30)
	tests := []obd.MonitorTest{}
	for _, g := range groups {
		results, perr := j1939.ParseDM30(g.Data)
		if perr != nil {
			missed = append(missed, j.unread(obd.StepTests, g.Source, true, g.PGN, malformed(perr)))
		}
		for _, r := range results {
			tests = append(tests, j.test(r, obd.NodeAddress(g.Source)))
		}
	}
	byECU(tests, func(t obd.MonitorTest) obd.Address { return t.ECU })
	return tests, missed, err
}

func (j *truck) test(r j1939.TestResult, ecu obd.Address) obd.MonitorTest {
	slot, known := spn.SlotOf(r.Slot)
	scaled := func(raw uint16) float64 { return float64(raw)*slot.Scale + slot.Offset }
	t := obd.MonitorTest{ECU: ecu, TID: r.Test, Name: fmt.Sprintf("SPN %d", r.SPN), TestName: spn.FMI(r.FMI), Known: known, Unit: slot.Unit}
	if p := j.book.Parameter(r.SPN); p != nil {
		t.Name = fmt.Sprintf("SPN %d %s", r.SPN, p.Name)
	}
	verdict := r.Verdict()
	t.NotRun = verdict == j1939.NotComplete || verdict == j1939.Impossible
	t.Passed = verdict == j1939.Passed
	if r.HasMax() {
		v := scaled(r.Max)
		t.Max = &v
	}
	if r.HasMin() {
		v := scaled(r.Min)
		t.Min = &v
	}
	if t.NotRun {
		return t
	}
	t.Value = scaled(r.Value)
	t.Margin = marginOf(t)
	return t
}

// marginOf is how far the value is inside its nearest limit, as a fraction of the span or of the only limit.
func marginOf(t obd.MonitorTest) *float64 {
	var margin float64
	switch {
	case t.Min != nil && t.Max != nil && *t.Max > *t.Min:
		margin = min(t.Value-*t.Min, *t.Max-t.Value) / (*t.Max - *t.Min)
	case t.Max != nil && t.Min == nil && *t.Max > 0:
		margin = (*t.Max - t.Value) / *t.Max
	case t.Min != nil && t.Max == nil && *t.Min > 0:
		margin = (t.Value - *t.Min) / *t.Min
	default:
		return nil
	}
	return &margin
}
