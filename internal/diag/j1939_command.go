package diag

import (
	"context"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// CommandedTests has every node of a truck send the last results of the tests that it says it has (DM24), by
// the command DM7 with test 247. Nothing is tested by it, but it is a command: the link's list must permit
// it. Errors: Unsupported for a vehicle without SAE J1939; what a node refuses is unread.
func (t *Tester) CommandedTests(ctx context.Context) ([]obd.MonitorTest, []obd.Unread, error) {
	if _, _, err := t.Supported(ctx, obd.ServiceCurrentData); err != nil {
		return nil, nil, err
	}
	j, ok := t.dialect.(*truck)
	if !ok {
		return nil, nil, errs.New(errs.Unsupported, "only trucks, which speak SAE J1939, give test results by command").
			WithHint("read this vehicle's with 'obdctl tests'")
	}
	groups, missed, err := j.ask(ctx, obd.StepTests, j1939.PGNDM24)
	if err != nil {
		return nil, missed, err
	}
	var queries []link.Query
	for _, g := range groups {
		layout, _ := j1939.ParseDM24(g.Data) // what is whole is certain
		for _, s := range layout {
			if s.Test {
				queries = append(queries, link.Query{PGN: j1939.PGNDM30, Destination: g.Source, Results: s.SPN})
			}
		}
	}
	answers, err := link.RequestAll(ctx, j.network, queries)
	tests := []obd.MonitorTest{}
	for _, g := range answers {
		if g.Err != nil {
			missed = append(missed, j.unread(obd.StepTests, g.Source, true, j1939.PGNDM7, g.Err))
			continue
		}
		results, perr := j1939.ParseDM30(g.Data)
		if perr != nil {
			missed = append(missed, j.unread(obd.StepTests, g.Source, true, g.PGN, malformed(perr)))
		}
		for _, r := range results {
			tests = append(tests, j.test(r, obd.NodeAddress(g.Source)))
		}
	}
	byECU(tests, func(x obd.MonitorTest) obd.Address { return x.ECU })
	return tests, missed, err
}
