package j1979_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// show writes the supported monitors, open ones in brackets.
func show(monitors []obd.Monitor) string {
	var s []string
	for _, m := range monitors {
		switch {
		case m.Supported && m.Complete:
			s = append(s, string(m.ID))
		case m.Supported:
			s = append(s, "["+string(m.ID)+"]")
		}
	}
	return strings.Join(s, " ")
}

func TestParseMonitorStatus(t *testing.T) {
	for _, row := range []struct {
		name, data string
		want       string
	}{
		{"petrol, lamp on", "41 01 81 07 65 04",
			"true 1 spark misfire fuel_system components catalyst [evap] oxygen_sensor oxygen_sensor_heater"},
		{"petrol, everything open", "41 01 00 77 FF FF",
			"false 0 spark [misfire] [fuel_system] [components] [catalyst] [heated_catalyst] [evap] [secondary_air] " +
				"[ac_refrigerant] [oxygen_sensor] [oxygen_sensor_heater] [egr_vvt]"},
		{"diesel", "41 01 00 0E EB 20",
			"false 0 compression fuel_system components nmhc_catalyst nox_scr boost_pressure [exhaust_gas_sensor] pm_filter egr_vvt"},
		{"reserved bits of a diesel", "41 01 00 08 14 14", "false 0 compression "},
		{"this cycle has no lamp", "41 41 81 07 65 00",
			"false 0 spark misfire fuel_system components catalyst evap oxygen_sensor oxygen_sensor_heater"},
		{"padded", "41 01 00 04 00 00 AA", "false 0 spark components"},
		{"short", "41 01 00 04 00", "malformed"},
		{"another PID", "41 0C 1A F8 00 00", "malformed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, err := j1979.ParseMonitorStatus(engine, wire(t, row.data))
			got := fmt.Sprintf("%v %d %s %s", s.MIL, s.Codes, s.Ignition, show(s.Monitors))
			if errors.Is(err, j1979.ErrMalformed) {
				got = "malformed"
			} else if s.ECU != engine {
				t.Errorf("ECU = %s", s.ECU)
			}
			if got != row.want {
				t.Errorf("ParseMonitorStatus(%s)\n got %s\nwant %s", row.data, got, row.want)
			}
		})
	}
}

func TestMergeReadiness(t *testing.T) {
	for _, row := range []struct {
		name  string
		since []string
		cycle []string
		want  string
	}{
		{"none", nil, nil, " |  | "},
		{"one", []string{"41 01 00 07 61 01"}, nil, "spark | misfire fuel_system components [catalyst] oxygen_sensor oxygen_sensor_heater | "},
		{"a transmission does not make a diesel a petrol car", []string{"41 01 00 04 00 00", "41 01 00 0E EB 20", "41 01 01 04 00 00"}, nil,
			"compression | fuel_system components nmhc_catalyst nox_scr boost_pressure [exhaust_gas_sensor] pm_filter egr_vvt | "},
		{"an ECU without monitors does not decide", []string{"41 01 00 00 00 00", "41 01 00 0C 02 02"}, nil, "compression | components [nox_scr] | "},
		{"open wins", []string{"41 01 00 07 01 00", "41 01 00 07 01 01"}, nil, "spark | misfire fuel_system components [catalyst] | "},
		{"open wins in the other order", []string{"41 01 00 07 01 01", "41 01 00 07 01 00"}, nil, "spark | misfire fuel_system components [catalyst] | "},
		{"not having it is not having it open", []string{"41 01 00 07 01 00", "41 01 00 07 00 01"}, nil, "spark | misfire fuel_system components catalyst | "},
		{"support is joined over the layouts", []string{"41 01 00 07 E1 00", "41 01 00 08 40 40"}, nil,
			"spark | misfire fuel_system components catalyst oxygen_sensor oxygen_sensor_heater egr_vvt [pm_filter] | "},
		{"this cycle", []string{"41 01 00 07 61 00"}, []string{"41 41 00 07 61 60"},
			"spark | misfire fuel_system components catalyst oxygen_sensor oxygen_sensor_heater | " +
				"misfire fuel_system components catalyst [oxygen_sensor] [oxygen_sensor_heater]"},
	} {
		t.Run(row.name, func(t *testing.T) {
			parse := func(rows []string) []obd.MonitorStatus {
				var all []obd.MonitorStatus
				for i, data := range rows {
					s, err := j1979.ParseMonitorStatus(obd.CAN11(0x7E8+uint32(i)), wire(t, data))
					if err != nil {
						t.Fatal(err)
					}
					all = append(all, s)
				}
				return all
			}
			r := j1979.MergeReadiness(parse(row.since), parse(row.cycle))
			got := fmt.Sprintf("%s | %s | %s", r.Ignition, show(r.SinceClear), show(r.ThisCycle))
			if got != row.want || r.SinceClear == nil {
				t.Errorf("got %s\nwant %s", got, row.want)
			}
		})
	}
}

// FuzzMonitorStatus holds every bit of the four bytes against what comes out.
func FuzzMonitorStatus(f *testing.F) {
	f.Add([]byte{0x81, 0x07, 0x65, 0x04}, []byte{0x41, 0x01})
	f.Fuzz(func(t *testing.T, abcd, raw []byte) {
		j1979.ParseMonitorStatus(engine, raw)
		if len(abcd) < 4 {
			return
		}
		s, err := j1979.ParseMonitorStatus(engine, append([]byte{0x41, 0x01}, abcd[:4]...))
		if err != nil {
			t.Fatal(err)
		}
		if s.MIL != (abcd[0]&0x80 != 0) || s.Codes != int(abcd[0]&0x7F) || (s.Ignition == obd.Compression) != (abcd[1]&8 != 0) {
			t.Fatalf("% X gives %+v", abcd[:4], s)
		}
		r := j1979.MergeReadiness([]obd.MonitorStatus{s, s}, nil)
		if show(r.SinceClear) != show(s.Monitors) {
			t.Fatalf("merging an ECU with itself: %s, want %s", show(r.SinceClear), show(s.Monitors))
		}
	})
}
