package diag_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

var (
	engine  = obd.CAN11(0x7E8)
	gearbox = obd.CAN11(0x7E9)
)

func tester(c *diagtest.Car) *diag.Tester {
	return diag.New(c, catalog.Builtin(), dtc.Builtin(), diag.Options{})
}

// with returns the car with entries of its script replaced; an empty one is removed.
func with(c *diagtest.Car, script map[string]string) *diagtest.Car {
	for request, answer := range script {
		if answer == "" {
			delete(c.Script, request)
			continue
		}
		c.Script[request] = answer
	}
	return c
}

func supported(t *testing.T, tester *diag.Tester) diag.Support {
	t.Helper()
	s, _, err := tester.Supported(context.Background(), obd.ServiceCurrentData)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// why is what matters of an unread item.
type why struct {
	ECU     obd.Address
	Request string
	Reason  obd.Reason
	NRC     uint8
}

func whys(missed []obd.Unread) []why {
	var out []why
	for _, u := range missed {
		w := why{ECU: u.ECU, Request: u.Request, Reason: u.Reason}
		if u.NRC != nil {
			w.NRC = *u.NRC
		}
		out = append(out, w)
	}
	return out
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// value finds a reading.
func value(readings []obd.Reading, ecu obd.Address, signal string) (obd.Reading, bool) {
	i := slices.IndexFunc(readings, func(r obd.Reading) bool { return r.ECU == ecu && r.Signal == signal })
	if i < 0 {
		return obd.Reading{}, false
	}
	return readings[i], true
}

func kind(err error) string {
	if err == nil {
		return ""
	}
	return errs.KindOf(err).String()
}

func sent(c *diagtest.Car, request string) bool { return slices.Contains(c.Asked, request) }
