package predict_test

import (
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict"
	"github.com/fleetms/obdctl/internal/predict/madeup"
	"github.com/fleetms/obdctl/internal/predict/registry"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// today is when the tests look back; drives are made in the weeks before.
func today() time.Time { return time.Now().UTC().Truncate(time.Hour) }

func shop(t testing.TB) (store.Tenant, fleet.Vehicle) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	tenant, err := s.For(t.Context(), fleet.Local)
	if err != nil {
		t.Fatal(err)
	}
	return tenant, vehicle(t, tenant, "van")
}

func vehicle(t testing.TB, tenant store.Tenant, label string) fleet.Vehicle {
	t.Helper()
	v := fleet.Vehicle{Label: label}
	change(t, tenant, func(tx store.Tx) error { return tx.Vehicles().Put(t.Context(), &v) })
	return v
}

func change(t testing.TB, tenant store.Tenant, f func(store.Tx) error) {
	t.Helper()
	if err := tenant.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// drives adds a drive a day, the last one days ago.
func drives(t testing.TB, tenant store.Tenant, v fleet.Vehicle, n, last int, d madeup.Drive) {
	t.Helper()
	drivesUntil(t, tenant, v, today().AddDate(0, 0, -last), n, d)
}

// drivesUntil adds a drive a day until a day.
func drivesUntil(t testing.TB, tenant store.Tenant, v fleet.Vehicle, until time.Time, n int, d madeup.Drive) {
	t.Helper()
	change(t, tenant, func(tx store.Tx) error {
		for i := range n {
			d.Start = until.AddDate(0, 0, i+1-n).Add(-2 * time.Hour)
			d.Seed = uint64(d.Start.Unix() / 86400)
			if _, err := tx.Readings().Add(t.Context(), v.ID, d.Readings()); err != nil {
				return err
			}
		}
		return nil
	})
}

func said(t testing.TB, tenant store.Tenant, v fleet.Vehicle, topic fleet.Topic) []fleet.Prediction {
	t.Helper()
	return saidAt(t, tenant, v, topic, today())
}

func saidAt(t testing.TB, tenant store.Tenant, v fleet.Vehicle, topic fleet.Topic, now time.Time) (all []fleet.Prediction) {
	t.Helper()
	err := tenant.View(t.Context(), func(tx store.Tx) (err error) {
		all, err = predict.Vehicle(t.Context(), tx, v, predict.Options{Now: now, Topics: []fleet.Topic{topic}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sound checks what every prediction must have.
func sound(t *testing.T, p fleet.Prediction) {
	t.Helper()
	if p.Claim == "" || p.LearnedFrom == "" || p.Model.Name == "" || len(p.WouldChange) == 0 || p.At.IsZero() || p.Reasons == nil || p.Missing == nil || p.Marks == nil {
		t.Errorf("incomplete: %+v", p)
	}
	if p.Value != nil && (p.Interval == nil || p.Interval.Low > *p.Value || p.Interval.High < *p.Value || math.IsNaN(*p.Value)) && len(p.Marks) == 0 {
		t.Errorf("a value without its interval: %+v", p)
	}
	if !p.Told() && (p.Value != nil || len(p.Missing) == 0) {
		t.Errorf("a number out of nothing, or nothing said of what lacks: %+v", p)
	}
}

func TestNothingIsForetoldOutOfNothing(t *testing.T) {
	tenant, v := shop(t)
	few := []obd.Reading{}
	for i, value := range []float64{800, math.Inf(1), -1, math.NaN(), 65535} {
		few = append(few, obd.Reading{ECU: obd.CAN11(0x7E8), Signal: "RPM", Unit: "/min", Value: value, At: today().Add(time.Duration(i-10) * time.Second)})
	}
	for _, readings := range [][]obd.Reading{nil, few[:1], few[2:3]} {
		change(t, tenant, func(tx store.Tx) error { _, err := tx.Readings().Add(t.Context(), v.ID, readings); return err })
		for _, topic := range fleet.Topics() {
			for _, p := range said(t, tenant, v, topic) {
				sound(t, p)
				if p.Told() {
					t.Errorf("claimed from %d readings: %+v", len(readings), p)
				}
			}
		}
	}
	p := said(t, tenant, v, fleet.TopicFailure)[0]
	if !strings.Contains(p.Claim, "not trained: no labelled failures") || p.Marks[0] != fleet.MarkUntrained {
		t.Errorf("%+v", p)
	}
}

// learned is a car with a healthy past and a model of it that speaks.
func learned(t *testing.T) (store.Tenant, fleet.Vehicle, fleet.Model) {
	t.Helper()
	tenant, v := shop(t)
	drivesUntil(t, tenant, v, fixed.AddDate(0, 0, -40), 36, madeup.Drive{Seconds: 400})
	k, err := predict.Find("engine-residuals")
	if err != nil {
		t.Fatal(err)
	}
	m, err := registry.Train(t.Context(), tenant, k, v.ID, registry.Options{Seed: 1, CodeVersion: "test", Now: fixed})
	if err != nil {
		t.Fatal(err)
	}
	r, err := registry.Promote(t.Context(), tenant, k, m.ID, fixed)
	if err != nil {
		t.Fatal(err, r.Metrics)
	}
	return tenant, v, r.Model
}

// fixed is when the tests of learned models look back, so that they learn from the same drives every day.
var fixed = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestAPartIsNamedByTheVehiclesOwnPast(t *testing.T) {
	tenant, v, m := learned(t)
	at := fixed.AddDate(0, 0, -25)
	drivesUntil(t, tenant, v, at, 10, madeup.Drive{Seconds: 400})
	for _, p := range saidAt(t, tenant, v, fleet.TopicEngine, at) {
		if sound(t, p); p.Urgency != fleet.UrgencyNone && p.Urgency != fleet.UrgencyWatch || p.Model.Hash != m.Weights {
			t.Errorf("healthy drives: %+v", p)
		}
	}
	for _, p := range saidAt(t, tenant, v, fleet.TopicAnomaly, at) {
		if sound(t, p); !p.Told() || p.Urgency.Rank() > fleet.UrgencyWatch.Rank() {
			t.Errorf("healthy drives: %+v", p)
		}
	}
	for fault, part := range map[madeup.Fault]string{madeup.Alternator: "alternator"} {
		at = at.AddDate(0, 0, 11)
		drivesUntil(t, tenant, v, at, 10, madeup.Drive{Fault: fault, Seconds: 400})
		all := saidAt(t, tenant, v, fleet.TopicEngine, at)
		if all[0].Part != part || all[0].Urgency.Rank() < fleet.UrgencySoon.Rank() || all[0].Proposal == nil || len(all[0].Reasons) == 0 {
			t.Fatalf("%s: %+v", fault, all)
		}
		sound(t, all[0])
		o := fleet.Outcome{VehicleID: v.ID, Topic: fleet.TopicEngine, Part: part, Finding: fleet.FoundFailed, Replaced: true, At: at}
		change(t, tenant, func(tx store.Tx) error { return tx.Outcomes().Put(t.Context(), &o) })
		for _, p := range saidAt(t, tenant, v, fleet.TopicEngine, at) {
			if p.Part == part {
				t.Errorf("held against the new part: %+v", p)
			}
		}
	}
}

func TestAWeakBatteryAsksForCare(t *testing.T) {
	tenant, v := shop(t)
	drives(t, tenant, v, 8, 0, madeup.Drive{Fault: madeup.Starter, Seconds: 150})
	p := said(t, tenant, v, fleet.TopicBattery)[0]
	if sound(t, p); p.Part != "12 V battery" || p.Urgency != fleet.UrgencyNow || p.Proposal == nil || p.Proposal.Cost == "" {
		t.Errorf("%+v", p)
	}
}

func TestMeasuredPadsCorrectTheWear(t *testing.T) {
	tenant, v := shop(t)
	drives(t, tenant, v, 10, 1, madeup.Drive{Seconds: 400})
	put := func(o fleet.Outcome) {
		o.VehicleID, o.Topic, o.Part = v.ID, fleet.TopicBrake, "front pads"
		change(t, tenant, func(tx store.Tx) error { return tx.Outcomes().Put(t.Context(), &o) })
	}
	if p := said(t, tenant, v, fleet.TopicBrake)[0]; p.Told() {
		t.Errorf("nobody knows when the pads were new: %+v", p)
	}
	start, now := 50_000.0, 56_000.0
	put(fleet.Outcome{Finding: fleet.FoundWorn, Replaced: true, At: today().AddDate(0, 0, -30), OdometerKm: &start})
	change(t, tenant, func(tx store.Tx) error { v.OdometerKm = &now; return tx.Vehicles().Put(t.Context(), &v) })
	wide := said(t, tenant, v, fleet.TopicBrake)[0]
	sound(t, wide)
	wear, at := 30.0, 55_800.0
	put(fleet.Outcome{Finding: fleet.FoundWorn, Measured: &wear, Unit: "%", At: today().AddDate(0, 0, -1), OdometerKm: &at})
	narrow := said(t, tenant, v, fleet.TopicBrake)[0]
	if width(narrow) >= width(wide)/2 || math.Abs(*narrow.Value-wear) > 10 {
		t.Errorf("%v before, %v after a pad was measured at %v %%", wide.Interval, narrow.Interval, wear)
	}
	if !strings.Contains(strings.Join(narrow.Missing, " "), "of it was recorded") {
		t.Errorf("most of the distance was not recorded, and that is said: %q", narrow.Missing)
	}
}

func width(p fleet.Prediction) float64 { return p.Interval.High - p.Interval.Low }

// TestFailuresAreLearnedFromLabelsAlone makes a fleet whose voltage is low before engines fail.
func TestFailuresAreLearnedFromLabelsAlone(t *testing.T) {
	tenant, _ := shop(t)
	k, err := predict.Find("engine-failure")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := registry.Train(t.Context(), tenant, k, [16]byte{}, registry.Options{Now: today()}); errs.KindOf(err) != errs.BadInput || !strings.Contains(err.Error(), "not trained") {
		t.Errorf("without labels: %v", err)
	}
	var sick fleet.Vehicle
	for i := range 50 {
		v := vehicle(t, tenant, "fleet")
		if i%2 == 0 {
			drives(t, tenant, v, 2, 50, madeup.Drive{Seconds: 150})
			continue
		}
		sick = v
		drives(t, tenant, v, 2, 50, madeup.Drive{Seconds: 150, Fault: madeup.Alternator})
		o := fleet.Outcome{VehicleID: v.ID, Topic: fleet.TopicFailure, Part: "engine", Finding: fleet.FoundFailed, At: today().AddDate(0, 0, -45)}
		change(t, tenant, func(tx store.Tx) error { return tx.Outcomes().Put(t.Context(), &o) })
	}
	m, err := registry.Train(t.Context(), tenant, k, [16]byte{}, registry.Options{Seed: 1, Now: today()})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := registry.Promote(t.Context(), tenant, k, m.ID, today()); err != nil {
		t.Fatal(err, r.Metrics)
	}
	p := said(t, tenant, sick, fleet.TopicFailure)[0]
	if sound(t, p); p.Value == nil || *p.Value < 0.5 || len(p.Reasons) == 0 {
		t.Errorf("%+v", p)
	}
}

// TestSequencesAreARivalOfTrees makes a fleet whose voltage falls some weeks before engines fail; half of it
// still runs.
func TestSequencesAreARivalOfTrees(t *testing.T) {
	tenant, _ := shop(t)
	find := func(name string) registry.Kind {
		k, err := predict.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	k, o := find("engine-failure-lstm"), registry.Options{Seed: 1, Now: today()}
	if _, err := registry.Train(t.Context(), tenant, k, [16]byte{}, o); errs.KindOf(err) != errs.BadInput || !strings.Contains(err.Error(), "not trained") {
		t.Errorf("without labels: %v", err)
	}
	var vans [2]fleet.Vehicle // that runs, and that fails
	for i := range 44 {
		v := fleet.Vehicle{Label: "fleet"}
		v.ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte{byte(i)}) // a fixed name stays on its side of the split
		change(t, tenant, func(tx store.Tx) error { return tx.Vehicles().Put(t.Context(), &v) })
		vans[i%2] = v
		off := i / 2 % 11
		for _, before := range []int{108, 96, 86, 76, 68, 60, 50} {
			d := madeup.Drive{Seconds: 70}
			if i%2 == 1 && before < 70 {
				d.Fault = madeup.Alternator
			}
			drivesUntil(t, tenant, v, fixed.AddDate(0, 0, -before-off), 1, d)
		}
		if i%2 == 1 {
			failed := fleet.Outcome{VehicleID: v.ID, Topic: fleet.TopicFailure, Part: "engine", Finding: fleet.FoundFailed, At: fixed.AddDate(0, 0, -42-off)}
			change(t, tenant, func(tx store.Tx) error { return tx.Outcomes().Put(t.Context(), &failed) })
		}
	}
	promoted := func(k registry.Kind) fleet.Model {
		m, err := registry.Train(t.Context(), tenant, k, [16]byte{}, o)
		if err != nil {
			t.Fatal(err)
		}
		r, err := registry.Promote(t.Context(), tenant, k, m.ID, today())
		if err != nil {
			t.Fatal(err, r.Metrics)
		}
		return r.Model
	}
	network := promoted(k)
	at := fixed.AddDate(0, 0, -42-43/2%11-2)
	sick, well := saidAt(t, tenant, vans[1], fleet.TopicFailure, at)[0], saidAt(t, tenant, vans[0], fleet.TopicFailure, at)[0]
	if sound(t, sick); sick.Model.Name != "engine-failure-lstm" || sick.Value == nil || *sick.Value < 0.5 || len(sick.Reasons) == 0 || sick.Reasons[0].Signal != "VPWR" {
		t.Errorf("before a failure: %+v", sick)
	}
	if sound(t, well); well.Value == nil || *well.Value > 0.2 {
		t.Errorf("healthy: %+v", well)
	}
	trees := promoted(find("engine-failure"))
	if network.Metrics[0].On != trees.Metrics[0].On {
		t.Errorf("measured on %q and %q", network.Metrics[0].On, trees.Metrics[0].On)
	}
	want := trees.Name
	if network.Metrics[0].Value > trees.Metrics[0].Value {
		want = network.Name
	}
	if p := saidAt(t, tenant, vans[1], fleet.TopicFailure, at)[0]; p.Model.Name != want || !strings.Contains(p.LearnedFrom, "it speaks rather than") {
		t.Errorf("%+v; network %+v, trees %+v", p, network.Metrics, trees.Metrics)
	}
}

// FuzzWeights gives every kind of model weights that it never wrote.
func FuzzWeights(f *testing.F) {
	f.Add([]byte(`{"version":1,"trees":{},"steps":[{"upto":1,"drives":1,"failed":0}],"limit":1}`))
	f.Add([]byte(`{"version":1,"priors":[{"measure":"work","log_scale":1,"spread":1}]}`))
	f.Add([]byte(`{"version":1,"life":{"version":1,"kind":"lstm"},"steps":[{"upto":1,"drives":1,"failed":0}],"limit":1}`))
	f.Fuzz(func(_ *testing.T, weights []byte) {
		for _, k := range predict.Kinds() {
			_ = k.Check(weights)
		}
	})
}
