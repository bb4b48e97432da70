package evaluate

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict/engine"
	"github.com/fleetms/obdctl/internal/predict/metric"
	"github.com/fleetms/obdctl/internal/predict/split"
)

const (
	etiosSet   = "carobd (one Toyota Etios; real healthy trips, faults injected into them)"
	etiosModel = "residual models and limits of one vehicle"
	etiosNote  = "injected faults are cleaner than real ones"
	etiosFolds = 10
)

func etiosLayout() layout {
	return layout{trip: "trip", pace: 0.5, signals: map[string]string{
		"ENGINE_RPM": "RPM", "VEHICLE_SPEED": "VSS", "THROTTLE": "TP", "ENGINE_LOAD": "LOAD_PCT", "COOLANT_TEMPERATURE": "ECT",
		"LONG_TERM_FUEL_TRIM_BANK_1": "LONGFT1", "SHORT_TERM_FUEL_TRIM_BANK_1": "SHRTFT1", "INTAKE_MANIFOLD_PRESSURE": "MAP",
		"ACCELERATOR_PEDAL_D": "APP_D", "COMMANDED_THROTTLE_ACTUATOR": "TAC_PCT", "ABSOLUTE_BAROMETRIC_PRESSURE": "BARO",
		"INTAKE_AIR_TEMPERATURE": "IAT", "TIMING_ADVANCE": "SPARKADV", "CATALYST_TEMPERATURE_BANK1_SENSOR1": "CATEMP11",
		"CONTROL_MODULE_VOLTAGE": "VPWR"}}
}

// etiosPart is what a verdict on each injected fault should name.
func etiosPart(fault string) engine.Part {
	return map[string]engine.Part{"ect_stuck": engine.CoolantSensor, "thermostat_open": engine.Thermostat, "overheat": engine.Cooling,
		"alternator_fail": engine.Charging, "vacuum_leak": engine.IntakeLeak, "map_bias": engine.MAPSensor,
		"idle_rough": engine.Combustion}[fault]
}

// etios is the set as it lies in its folder.
type etios struct {
	healthy *journal
	faulted *journal
	source  map[string]string // of a faulted trip, the healthy one that it was made from
	fault   map[string]string // "" in no faulted trip
}

func readEtios(dir string) (*etios, error) {
	e := &etios{source: map[string]string{}, fault: map[string]string{}}
	var err error
	if e.healthy, err = readJournal(filepath.Join(dir, "trips_periodA.csv.gz"), etiosLayout()); err != nil {
		return nil, err
	}
	if e.faulted, err = readJournal(filepath.Join(dir, "faulted_trips.csv.gz"), etiosLayout()); err != nil {
		return nil, err
	}
	t, err := readTable(filepath.Join(dir, "faulted_manifest.csv"))
	if err != nil {
		return nil, err
	}
	if err := t.has("trip", "source_trip", "fault"); err != nil {
		return nil, err
	}
	for _, row := range t.rows {
		id := row[t.columns["trip"]]
		e.source[id], e.fault[id] = row[t.columns["source_trip"]], row[t.columns["fault"]]
	}
	return e, nil
}

// answers are verdicts of trips by models that knew neither the trip nor the one it was made from.
type answers struct {
	source []string // that the bootstrap draws
	fault  []string // "" for healthy
	flag   []float64
	named  []float64 // 1 where the part is the right one
}

func (a *answers) add(source, fault string, v engine.Verdict) {
	a.source, a.fault = append(a.source, source), append(a.fault, fault)
	a.flag = append(a.flag, flagged(v))
	named := 0.0
	if fault != "" && v.Part == etiosPart(fault) {
		named = 1
	}
	a.named = append(a.named, named)
}

// where lists the rows of one kind; "" is healthy.
func (a *answers) where(is func(fault string) bool) (rows []int) {
	for i, f := range a.fault {
		if is(f) {
			rows = append(rows, i)
		}
	}
	return rows
}

// trial judges every trip by a model learned from the trips of other folds.
func (e *etios) trial(folds []split.Fold) (answers, error) {
	var a answers
	trips := e.healthy.trips()
	for _, f := range folds {
		m, err := engine.Learn(split.Take(trips, f.Train), engine.Options{})
		if err != nil {
			return a, err
		}
		out := map[string]bool{}
		for _, i := range f.Test {
			out[trips[i].ID] = true
			a.add(trips[i].ID, "", m.Judge(&trips[i]))
		}
		for _, id := range e.faulted.ids {
			if src := e.source[id]; out[src] {
				t := e.faulted.trip(id, nil)
				a.add(src, e.fault[id], m.Judge(&t))
				mild := e.faulted.trip(id, e.milder(id))
				if e.fault[id] != "ect_stuck" { // half of a stuck reading is none
					a.add(src, e.fault[id]+" mild", m.Judge(&mild))
				}
			}
		}
	}
	return a, nil
}

// milder scales what a fault changed to 60 %, by the clean trip that it was made from.
func (e *etios) milder(id string) func(obd.Reading) obd.Reading {
	type key struct {
		signal string
		at     int64
	}
	clean := map[key]float64{}
	for _, r := range e.healthy.readings[e.source[id]] {
		clean[key{r.Signal, r.At.UnixMicro()}] = r.Value
	}
	return func(r obd.Reading) obd.Reading {
		if c, ok := clean[key{r.Signal, r.At.UnixMicro()}]; ok {
			r.Value = c + 0.6*(r.Value-c)
		}
		return r
	}
}

// CarOBD measures the engine's residual models trip by trip.
func CarOBD(dir string) ([]Figure, error) {
	e, err := readEtios(filepath.Join(dir, "carobd"))
	if err != nil {
		return nil, err
	}
	random, err := split.Grouped(e.healthy.ids, etiosFolds, 1)
	if err != nil {
		return nil, err
	}
	a, err := e.trial(random)
	if err != nil {
		return nil, err
	}
	const byTrip = "period A, 10-fold by source trip"
	out := append(a.figures(byTrip), a.kinds(byTrip)...)
	const byBlock = "period A, 10 blocks in the order recorded: a block of trips of one kind was never seen"
	if a, err = e.trial(blocks(len(e.healthy.ids), etiosFolds)); err != nil {
		return nil, err
	}
	out = append(out, a.figures(byBlock)...)
	unseen, err := e.unseen(random)
	if err != nil {
		return nil, err
	}
	odd, err := e.forest(random)
	if err != nil {
		return nil, err
	}
	held, err := e.held(filepath.Join(dir, "carobd"))
	return slices.Concat(out, unseen, odd, held), err
}

// blocks cuts rows into neighbours.
func blocks(n, k int) []split.Fold {
	folds := make([]split.Fold, k)
	for i := range n {
		for f := range folds {
			if i*k/n == f {
				folds[f].Test = append(folds[f].Test, i)
			} else {
				folds[f].Train = append(folds[f].Train, i)
			}
		}
	}
	return folds
}

func mildKind(fault string) bool { return len(fault) > 5 && fault[len(fault)-5:] == " mild" }

// figures are the promised ones, without the milder copies.
func (a *answers) figures(how string) []Figure {
	full := a.where(func(f string) bool { return !mildKind(f) })
	healthy := a.where(func(f string) bool { return f == "" })
	caught := a.where(func(f string) bool { return f != "" && !mildKind(f) })
	caught = slices.DeleteFunc(caught, func(i int) bool { return a.flag[i] == 0 })
	f1 := func(rows []int) float64 {
		var c metric.Confusion
		for _, r := range rows {
			c.Add(a.fault[r] != "", a.flag[r] == 1)
		}
		return c.F1()
	}
	return []Figure{
		a.figure(how, "F1 per trip", full, f1, 0.90, Higher, etiosNote),
		a.figure(how, "healthy trips flagged, share", healthy, meanOf(a.flag), 0.05, Lower, fmt.Sprintf("%d trips", len(healthy))),
		a.figure(how, "right part named where a fault was found, share", caught, meanOf(a.named), math.NaN(), Higher, ""),
	}
}

// figure measures a statistic on chosen rows, its interval by drawing source trips.
func (a *answers) figure(how, name string, rows []int, statistic func(rows []int) float64, target float64, better, note string) Figure {
	groups := split.Take(a.source, rows)
	i := metric.Bootstrap(groups, 1000, 0.95, 1, func(at []int) float64 {
		chosen := make([]int, len(at))
		for k, r := range at {
			chosen[k] = rows[r]
		}
		return statistic(chosen)
	})
	return Figure{Model: etiosModel, Data: etiosSet, Split: how, Metric: name, Value: statistic(rows), Low: i.Low, High: i.High,
		Target: target, Better: better, Note: note}.Judge()
}

// kinds are the recalls of each fault, as injected and at 60 % of it.
func (a *answers) kinds(how string) []Figure {
	names := slices.Clone(a.fault)
	slices.Sort(names)
	var out []Figure
	for _, kind := range slices.Compact(names) {
		if kind == "" {
			continue
		}
		note := ""
		if mildKind(kind) {
			note = "what the fault changed scaled to 60 %"
		}
		rows := a.where(func(f string) bool { return f == kind })
		out = append(out, a.figure(how, "found of "+kind+", share", rows, meanOf(a.flag), math.NaN(), Higher, fmt.Sprintf("%d trips %s", len(rows), note)))
	}
	return out
}

// held measures periods that lie beside the one learned from, where the folder has them.
func (e *etios) held(dir string) ([]Figure, error) {
	files := others(dir, "trips_period*.csv.gz", "trips_periodA.csv.gz")
	broken := others(dir, "faulted*.csv.gz", "faulted_trips.csv.gz")
	if len(files)+len(broken) == 0 {
		return nil, nil
	}
	m, err := engine.Learn(e.healthy.trips(), engine.Options{})
	if err != nil {
		return nil, err
	}
	var a answers
	for i, path := range slices.Concat(files, broken) {
		j, err := readJournal(path, etiosLayout())
		if err != nil {
			return nil, errs.New(errs.BadInput, "read held-out trips: %w", err)
		}
		for _, t := range j.trips() {
			fault := ""
			if i >= len(files) {
				fault = kindIn(t.ID)
			}
			a.add(t.ID, fault, m.Judge(&t))
		}
	}
	const how = "learned from period A, measured on other periods"
	return append(a.figures(how), a.kinds(how)...), nil
}

// kindIn takes the kind of fault from a trip's name, such as "F004_ect_stuck_long2".
func kindIn(id string) string {
	_, rest, _ := strings.Cut(id, "_")
	if i := strings.LastIndexByte(rest, '_'); i > 0 {
		return rest[:i]
	}
	return "fault"
}
