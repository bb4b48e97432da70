package j1979_test

import (
	"errors"
	"testing"

	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

func TestParseOxygenTest(t *testing.T) {
	for _, row := range []struct {
		name, data string
		want       string
		sensor     string
	}{
		{"constant", "45 01 01 5A", "--/01/--/01 -<0.45<-V passed -", "oxygen sensor, bank 1 sensor 1"},
		{"constant in a filled line", "45 02 02 5A 00 00", "--/02/--/02 -<0.45<-V passed -", "oxygen sensor, bank 1 sensor 2"},
		{"calculated", "45 05 01 12 00 19", "--/05/--/01 -<0.072<0.1s passed 0.28", "oxygen sensor, bank 1 sensor 1"},
		{"two limits", "45 07 10 20 10 40", "--/07/--/10 0.08<0.16<0.32V passed 0.3333", "oxygen sensor, bank 2 sensor 1"},
		{"failed", "45 0A 20 80 00 40", "--/0A/--/20 -<5.12<2.56s failed -1", "oxygen sensor, bank 2 sensor 2"},
		{"not run", "45 09 01 00 00 00", "--/09/--/01 0<0<0s not run -", "oxygen sensor, bank 1 sensor 1"},
		{"maker's own", "45 31 01 12 00 FF", "--/31/--/01 -<18<- passed -", "oxygen sensor, bank 1 sensor 1"},
		{"several sensor bits", "45 01 03 5A", "--/01/--/03 -<0.45<-V passed -", "oxygen sensor"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, err := j1979.ParseOxygenTest(engine, wire(t, row.data))
			if got := brief(r); err != nil || got != row.want || r.Name != row.sensor {
				t.Errorf("ParseOxygenTest(%s) = %s, %q, %v, want %s, %q", row.data, got, r.Name, err, row.want, row.sensor)
			}
		})
	}
	for _, data := range []string{"45 01 01", "45 00 01 FF C0 00 00", "46 01 01 5A", ""} {
		if _, err := j1979.ParseOxygenTest(engine, wire(t, data)); !errors.Is(err, j1979.ErrMalformed) {
			t.Errorf("ParseOxygenTest(%s): %v, want a malformed reply", data, err)
		}
	}
}

func FuzzParseOxygenTest(f *testing.F) {
	f.Add([]byte{0x45, 0x05, 0x01, 0x12, 0x00, 0x19})
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := j1979.ParseOxygenTest(engine, data)
		if err == nil && (r.TID != data[1] || *r.Part != data[2]) {
			t.Fatalf("% X gives %s", data, brief(r))
		}
	})
}
