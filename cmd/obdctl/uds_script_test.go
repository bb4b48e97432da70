package main

import (
	"fmt"
	"maps"
	"net"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/fleetms/obdctl/internal/diag/diagtest"
)

// TestUDSScript runs the scripts of testdata/uds against cars that speak ISO 14229-1, behind adapters of their own.
func TestUDSScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  filepath.Join("testdata", "uds"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"valid": valid},
		Setup: func(e *testscript.Env) error {
			for _, v := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"} {
				e.Setenv(v, filepath.Join(e.WorkDir, ".home"))
			}
			e.Setenv("TZ", "UTC")
			for name, car := range map[string]*diagtest.Car{
				"OBDUDS": workshop(diagtest.OBDonUDS()), "WWHOBD": diagtest.WWHOBD(), "ELECTRIC": diagtest.Electric(),
			} {
				l, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					return err
				}
				e.Defer(func() { l.Close() })
				e.Setenv(name, fmt.Sprintf("tcp://%s", l.Addr()))
				go serveELM(l, car)
			}
			return nil
		},
	})
}

// workshop lets the engine's ECU do what can change a car, in the extended session and behind a key.
func workshop(car *diagtest.Car) *diagtest.Car {
	maps.Copy(car.Script, map[string]string{
		"7E8<1003": "7E8 5003 0032 01F4", "7E8<1001": "7E8 5001 0032 01F4",
		"7E8<1103": "7E8 5103", "7E8<3101020301": "7E8 7101020300", "7E8<220142": "7E8 62014200FF", "7E8<2E01420102": "7E8 6E0142",
		"7E8<2F01550307": "7E8 6F01550307", "7E8<280001": "7E8 6800", "8501": "7E8 C501\n7E9 C501", "7E8<2A0101": "7E8 6A",
		"7E8<2701": "7E8 6701CAFE", "7E8<2702BEEF": "7E8 6702", "7E8<27020000": "7E8 7F2736",
		"7E8<22F190": "7E8 62F190 314D384744394D4158", "7E8<22F187": "7E8 7F2231",
	})
	return car
}
