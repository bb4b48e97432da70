package importer_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/importer"
)

func TestVehiclesWithAndWithoutAVINStayApart(t *testing.T) {
	const log = "at,vehicle_id,vin,RPM (rpm)\n" +
		"2026-03-02T08:00:00Z,car-a,1FADP3E21EL200017,800\n" +
		"2026-03-02T08:00:01Z,car-a,,900\n" +
		"2026-03-02T08:00:02Z,car-b,,1000\n" +
		"2026-03-02T08:00:03Z,car-b,,1100\n" +
		"2026-03-02T08:00:04Z,car-a,1FADP3E21EL200017,1200\n"
	sum, _, err := run(t, "log.csv", log, importer.Options{})
	if err != nil || len(sum.Vehicles) != 2 {
		t.Fatalf("%+v, %v", sum.Vehicles, err)
	}
	a, b := sum.Vehicles[0], sum.Vehicles[1]
	if a.VIN != "1FADP3E21EL200017" || a.Readings != 3 || b.Label != "car-b" || b.Readings != 2 {
		t.Errorf("%+v", sum.Vehicles)
	}
}
