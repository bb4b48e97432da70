package scan_test

import (
	"context"
	"slices"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/scan"
)

func scanOf(t *testing.T, car *diagtest.Car) *obd.Scan {
	t.Helper()
	s, err := scan.Run(context.Background(), diag.New(car, catalog.Builtin(), dtc.Builtin(), diag.Options{}), scan.Options{})
	if err != nil {
		t.Fatalf("scan: %v", err)
	}
	return s
}

// codesOf words codes as "7E8 stored P0301".
func codesOf(s *obd.Scan) []string {
	var out []string
	for _, c := range s.Codes {
		words := c.ECU.String() + " " + string(c.Kind) + " " + c.Code
		if c.Class != "" {
			words += " class " + c.Class
		}
		out = append(out, words)
	}
	return out
}

func TestEveryDialectGivesTheSameScan(t *testing.T) {
	for _, c := range []struct {
		name    string
		car     *diagtest.Car
		dialect obd.Dialect
		vin     string
		mil     bool
		codes   []string
		ecus    int
		frames  int
		tests   int
		rpm     bool
	}{
		{"SAE J1979", diagtest.Petrol(), obd.DialectJ1979, "1M8GDM9AXKP042788", true,
			[]string{"7E8 stored P0301", "7E8 permanent P0301"}, 2, 1, 4, true},
		{"SAE J1979-2", diagtest.OBDonUDS(), obd.DialectOBDUDS, "1M8GDM9AXKP042788", true,
			[]string{"7E8 stored P0301", "7E9 pending P0700", "7E8 permanent P0301"}, 2, 1, 4, true},
		{"ISO 27145", diagtest.WWHOBD(), obd.DialectWWHOBD, "XTUBT836ZK0012345", true,
			[]string{"18DAF100 stored P20EE class A", "18DAF13D pending P223F class B1"}, 2, 1, 0, true},
		{"UDS only", diagtest.Electric(), obd.DialectUDSOnly, "5JMEV1845XS001234", true,
			[]string{"7EC stored P0A1F", "7EC pending U1100"}, 2, 1, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scanOf(t, c.car)
			if s.Dialect != c.dialect || s.Vehicle.VIN != c.vin || s.MIL != c.mil || len(s.ECUs) != c.ecus ||
				len(s.FreezeFrames) != c.frames || len(s.Tests) != c.tests {
				t.Errorf("dialect %s, VIN %q, MIL %v, %d ECUs, %d frames, %d tests", s.Dialect, s.Vehicle.VIN, s.MIL, len(s.ECUs), len(s.FreezeFrames), len(s.Tests))
			}
			if got := codesOf(s); !slices.Equal(got, c.codes) {
				t.Errorf("codes %q, want %q", got, c.codes)
			}
			if got := slices.ContainsFunc(s.Readings, func(r obd.Reading) bool { return r.Signal == "RPM" }); got != c.rpm {
				t.Errorf("engine speed read: %v", got)
			}
		})
	}
}
