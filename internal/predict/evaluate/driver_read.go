package evaluate

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// epoch is when every log begins that has no date: a Monday.
var epoch = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

// readTrips5 reads trips of 1 Hz, each on a day of its own.
func readTrips5(path string) ([]driver, error) {
	t, err := readTable(path)
	if err != nil {
		return nil, err
	}
	if err := t.has("driver", "trip", "t_s", "speed", "rpm"); err != nil {
		return nil, err
	}
	var out []driver
	for from := 0; from < len(t.rows); {
		who, trip := t.text(from, "driver"), t.text(from, "trip")
		until := from
		for until < len(t.rows) && t.text(until, "driver") == who && t.text(until, "trip") == trip {
			until++
		}
		i := slices.IndexFunc(out, func(d driver) bool { return d.name == who })
		if i < 0 {
			i, out = len(out), append(out, driver{name: who})
		}
		start := epoch.AddDate(0, 0, len(out[i].drives))
		out[i].drives = append(out[i].drives, driveOf(tripRows(t, from, until, start)))
		from = until
	}
	return out, nil
}

func tripRows(t *table, from, until int, start time.Time) []obd.Reading {
	var list []obd.Reading
	for r := from; r < until; r++ {
		s := t.number(r, "t_s")
		if math.IsNaN(s) {
			continue
		}
		at := start.Add(time.Duration(s * float64(time.Second)))
		list = append(list, obd.Reading{At: at, Signal: "RPM", Value: t.number(r, "rpm")}, obd.Reading{At: at, Signal: "VSS", Value: t.number(r, "speed")})
	}
	slices.SortStableFunc(list, func(a, b obd.Reading) int { return a.At.Compare(b.At) })
	return list
}

// readRoute reads drives along one route. The clock of the set is rounded: the engine's own run time tells the seconds. Each
// drive is cut into ten pieces of equal length, so that halves of it can be held against each other.
func readRoute(path string) ([]driver, error) {
	t, err := readTable(path)
	if err != nil {
		return nil, err
	}
	if err := t.has("VEHICLE_ID", "ENGINE_RPM", "SPEED", "ENGINE_RUNTIME"); err != nil {
		return nil, err
	}
	rows := map[string][]obd.Reading{}
	var order []string
	for r := range t.rows {
		who := t.text(r, "VEHICLE_ID")
		if rows[who] == nil {
			order = append(order, who)
		}
		at, ok := runtime(t.text(r, "ENGINE_RUNTIME"))
		if !ok {
			continue
		}
		for signal, cell := range map[string]string{"RPM": "ENGINE_RPM", "VSS": "SPEED"} {
			if v, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimRight(t.text(r, cell), "RPMkm/h"), ",", "."), 64); err == nil {
				rows[who] = append(rows[who], obd.Reading{At: epoch.Add(at), Signal: signal, Value: v})
			}
		}
	}
	var out []driver
	for _, who := range order {
		list := rows[who]
		slices.SortStableFunc(list, func(a, b obd.Reading) int { return a.At.Compare(b.At) })
		const pieces = 10
		if len(list) < 20*pieces {
			continue
		}
		d := driver{name: who}
		for i := range pieces {
			d.drives = append(d.drives, driveOf(list[len(list)*i/pieces:len(list)*(i+1)/pieces]))
		}
		out = append(out, d)
	}
	return out, nil
}

// runtime reads hours, minutes and seconds: "00:03:02".
func runtime(s string) (time.Duration, bool) {
	parts := strings.Split(s, ":")
	if len(parts) != 3 {
		return 0, false
	}
	var total time.Duration
	for _, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			return 0, false
		}
		total = total*60 + time.Duration(n)
	}
	return total * time.Second, true
}
