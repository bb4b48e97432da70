package adapters_test

import (
	"testing"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/internal/link"
)

func options() adapters.Options { return adapters.Options{Allow: link.ReadOnly()} }

func TestLinks(t *testing.T) {
	for _, row := range []struct {
		name string
		car  adaptertest.Car
	}{
		{"petrol-misfire", adaptertest.Car{VIN: "1FADP3E21EL200017", ECUs: 2, CAN: true}},
		{"four-ecu", adaptertest.Car{VIN: "3VWD17AJ6HM200417", ECUs: 4, CAN: true}},
		{"diesel-4ecu-29bit", adaptertest.Car{VIN: "WVGZZZ5N6KW200317", ECUs: 4, CAN: true}},
		{"kwp", adaptertest.Car{VIN: "KMHDN46D45U200217", ECUs: 1}},
		{"j1850-vpw", adaptertest.Car{VIN: "1G1ZT538X70200917", ECUs: 1}},
	} {
		t.Run(row.name, func(t *testing.T) {
			adaptertest.RunLink(t, row.car, func(t *testing.T) link.Link {
				l, err := adapters.Open(t.Context(), "sim:"+row.name+"?pace=0", options())
				if err != nil {
					t.Fatal(err)
				}
				return l
			})
		})
	}
}
