package registry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/registry"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// mean is the smallest model that can be trained: it foretells the mean of numbers, plus a bias that a seed above 100 adds.
type mean struct{ values map[string]float64 }

func (mean) Card() registry.Card {
	return registry.Card{Name: "mean", Topic: fleet.TopicEngine, Algorithm: "mean", PerVehicle: true, Unit: "number", Enough: 4, Primary: "error", Healthy: "flagged", MostFlag: 5, Limits: []string{"numbers only"}}
}

func (k mean) Gather(context.Context, store.Tx, uuid.UUID) (registry.Study, error) {
	s := &numbers{}
	for i := range 40 {
		id := fmt.Sprintf("n%02d", i)
		if v, ok := k.values[id]; ok {
			s.units = append(s.units, registry.Unit{ID: id, At: noon.Add(time.Duration(i) * time.Hour), Hash: fmt.Sprint(v)})
			s.values = append(s.values, v)
		}
	}
	return s, nil
}

func (mean) Check(weights []byte) error {
	var v guess
	return json.Unmarshal(weights, &v)
}

type guess struct{ Mean, Flags float64 }

type numbers struct {
	units  []registry.Unit
	values []float64
}

func (s *numbers) Units() []registry.Unit { return s.units }

func (s *numbers) Train(_ context.Context, units []int, seed uint64) ([]byte, error) {
	g := guess{Flags: float64(seed / 1000)}
	for _, i := range units {
		g.Mean += s.values[i] / float64(len(units))
	}
	if seed%1000 >= 100 {
		g.Mean += float64(seed % 1000)
	}
	return json.Marshal(g)
}

func (s *numbers) Measure(_ context.Context, weights []byte, units []int) ([]fleet.Metric, error) {
	if weights == nil {
		return nil, nil
	}
	var g guess
	if err := json.Unmarshal(weights, &g); err != nil {
		return nil, err
	}
	sum := 0.0
	for _, i := range units {
		sum += (s.values[i] - g.Mean) * (s.values[i] - g.Mean) / float64(len(units))
	}
	return []fleet.Metric{{Name: "error", Value: sum, Better: "lower"}, {Name: "flagged", Value: g.Flags, Better: "lower"}}, nil
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// shop is an empty store with one vehicle.
func shop(t *testing.T) (store.Tenant, fleet.Vehicle) {
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
	v := fleet.Vehicle{Label: "van"}
	if err := tenant.Update(t.Context(), func(tx store.Tx) error { return tx.Vehicles().Put(t.Context(), &v) }); err != nil {
		t.Fatal(err)
	}
	return tenant, v
}

func sample(n int) mean {
	k := mean{map[string]float64{}}
	for i := range n {
		k.values[fmt.Sprintf("n%02d", i)] = float64(i % 3)
	}
	return k
}

func train(t *testing.T, tenant store.Tenant, k mean, v fleet.Vehicle, seed uint64) fleet.Model {
	t.Helper()
	m, err := registry.Train(t.Context(), tenant, k, v.ID, registry.Options{Seed: seed, CodeVersion: "test", Now: noon.Add(time.Duration(seed) * time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAModelSaysWhatItWasMadeOf(t *testing.T) {
	tenant, v := shop(t)
	a, b := train(t, tenant, sample(30), v, 1), train(t, tenant, sample(30), v, 1)
	if a.Weights != b.Weights || a.DataHash != b.DataHash || a.Version != 1 || b.Version != 2 {
		t.Errorf("the same data and seed are the same model: %+v and %+v", a, b)
	}
	if a.State != fleet.Challenger || len(a.Metrics) != 2 || a.Seed != 1 || a.CodeVersion != "test" || !strings.Contains(a.Split, "30 % frozen") || !strings.Contains(a.Data, "numbers of this vehicle, 2026-03-02 to") {
		t.Errorf("%+v", a)
	}
	changed := sample(30)
	for id := range changed.values {
		changed.values[id]++
	}
	if c := train(t, tenant, changed, v, 1); c.DataHash == a.DataHash {
		t.Error("other data have the same hash")
	}
}

func TestTooLittleDataIsNoModel(t *testing.T) {
	tenant, v := shop(t)
	_, err := registry.Train(t.Context(), tenant, sample(5), v.ID, registry.Options{Now: noon})
	if errs.KindOf(err) != errs.BadInput || !strings.Contains(err.Error(), "not trained") {
		t.Error(err)
	}
	if _, err := registry.Train(t.Context(), tenant, sample(30), uuid.Nil, registry.Options{Now: noon}); errs.KindOf(err) != errs.Usage {
		t.Errorf("a model of one vehicle for none: %v", err)
	}
}

// TestTheFrozenPartStaysFrozen adds data: what was frozen before is never learned from later.
func TestTheFrozenPartStaysFrozen(t *testing.T) {
	tenant, v := shop(t)
	few, many := sample(20), sample(40)
	frozen := map[string]bool{}
	spy := spying{mean: few, frozen: frozen}
	if _, err := registry.Train(t.Context(), tenant, spy, v.ID, registry.Options{Now: noon}); err != nil {
		t.Fatal(err)
	}
	spy.mean, spy.again = many, true
	if _, err := registry.Train(t.Context(), tenant, spy, v.ID, registry.Options{Now: noon}); err != nil {
		t.Fatal(err)
	}
	if len(frozen) < registry.MinFrozen {
		t.Errorf("%d were frozen", len(frozen))
	}
}

// spying notes what was measured on first, and fails when that is trained on later.
type spying struct {
	mean
	frozen map[string]bool
	again  bool
}

func (k spying) Gather(ctx context.Context, tx store.Tx, v uuid.UUID) (registry.Study, error) {
	s, err := k.mean.Gather(ctx, tx, v)
	return spied{s.(*numbers), k}, err
}

type spied struct {
	*numbers
	k spying
}

func (s spied) Measure(ctx context.Context, w []byte, units []int) ([]fleet.Metric, error) {
	for _, i := range units {
		s.k.frozen[s.units[i].ID] = true
	}
	return s.numbers.Measure(ctx, w, units)
}

func (s spied) Train(ctx context.Context, units []int, seed uint64) ([]byte, error) {
	for _, i := range units {
		if s.k.again && s.k.frozen[s.units[i].ID] {
			return nil, errors.New(s.units[i].ID + " was frozen and is learned from")
		}
	}
	return s.numbers.Train(ctx, units, seed)
}

func TestOnlyABetterModelIsPromoted(t *testing.T) {
	tenant, v := shop(t)
	k := sample(30)
	promote := func(m fleet.Model) (registry.Comparison, error) {
		return registry.Promote(t.Context(), tenant, k, m.ID, noon.Add(time.Duration(m.Version)*time.Hour))
	}
	bad, good, flagging := train(t, tenant, k, v, 500), train(t, tenant, k, v, 1), train(t, tenant, k, v, 3002)
	if r, err := promote(bad); err != nil || r.Model.State != fleet.Champion || !strings.Contains(r.Verdict, "the first") {
		t.Fatalf("the first one: %+v, %v", r, err)
	}
	if r, err := promote(good); err != nil || !r.Better || !strings.Contains(r.Verdict, "better on frozen data") {
		t.Fatalf("a better one: %+v, %v", r, err)
	}
	if r, err := promote(bad); errs.KindOf(err) != errs.Denied || r.Model.State == fleet.Champion {
		t.Errorf("a worse one: %+v, %v", r, err)
	}
	if _, err := promote(flagging); errs.KindOf(err) != errs.Denied || !strings.Contains(err.Error(), "worse on healthy data") {
		t.Errorf("one that flags healthy data: %v", err)
	}
	if _, err := promote(train(t, tenant, k, v, 9003)); errs.KindOf(err) != errs.Denied || !strings.Contains(err.Error(), "surely more than the 5 that may be") {
		t.Errorf("one that flags too much whatever speaks today: %v", err)
	}
	if _, err := promote(train(t, tenant, k, v, 1)); errs.KindOf(err) != errs.Denied {
		t.Errorf("a tie: %v", err)
	}
	rollback(t, tenant, v, good, bad)
}

// rollback goes back to the one before, and then to none.
func rollback(t *testing.T, tenant store.Tenant, v fleet.Vehicle, now, before fleet.Model) {
	t.Helper()
	gone, back, err := registry.Rollback(t.Context(), tenant, mean{}.Card(), v.ID, noon)
	if err != nil || gone.ID != now.ID || back == nil || back.ID != before.ID || back.State != fleet.Champion {
		t.Fatalf("%+v, %+v, %v", gone, back, err)
	}
	gone, back, err = registry.Rollback(t.Context(), tenant, mean{}.Card(), v.ID, noon)
	if err != nil || gone.ID != before.ID || back != nil {
		t.Fatalf("%+v, %+v, %v", gone, back, err)
	}
	if _, _, err = registry.Rollback(t.Context(), tenant, mean{}.Card(), v.ID, noon); errs.KindOf(err) != errs.BadInput {
		t.Error(err)
	}
}

func exported(t *testing.T) (store.Tenant, fleet.Vehicle, []byte) {
	t.Helper()
	tenant, v := shop(t)
	m := train(t, tenant, sample(30), v, 1)
	var file bytes.Buffer
	if err := tenant.View(t.Context(), func(tx store.Tx) error { return registry.Export(t.Context(), tx, m.ID, &file) }); err != nil {
		t.Fatal(err)
	}
	return tenant, v, file.Bytes()
}

func TestAModelTravelsAsAFile(t *testing.T) {
	tenant, v, file := exported(t)
	f, k, err := registry.Read(bytes.NewReader(file), []registry.Kind{mean{}})
	if err != nil {
		t.Fatal(err)
	}
	var m fleet.Model
	err = tenant.Update(t.Context(), func(tx store.Tx) (err error) {
		m, err = registry.Import(t.Context(), tx, f, k, v.ID)
		return err
	})
	if err != nil || !m.Imported || m.State != fleet.Challenger || m.Weights != f.Model.Weights || m.Version != 2 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	_, _, file := exported(t)
	for what, change := range map[string]func(string) string{
		"empty":         func(string) string { return "" },
		"cut off":       func(s string) string { return s[:len(s)/2] },
		"other schema":  func(s string) string { return strings.Replace(s, "obdctl.model/1", "obdctl.model/9", 1) },
		"other weights": func(s string) string { return strings.Replace(s, `"content": "`, `"content": "AAAA`, 1) },
		"other name":    func(s string) string { return strings.Replace(s, `"name": "mean"`, `"name": "engine"`, 1) },
		"two in one":    func(s string) string { return s + s },
		"long card": func(s string) string {
			return strings.Replace(s, `"algorithm": "mean"`, `"algorithm": "`+strings.Repeat("x", 5000)+`"`, 1)
		},
	} {
		if _, _, err := registry.Read(strings.NewReader(change(string(file))), []registry.Kind{mean{}}); errs.KindOf(err) != errs.BadInput || errs.HintOf(err) == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"schema":"obdctl.model/1","model":{"name":"mean","weights":"4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"},"content":"AQ=="}`))
	f.Add([]byte(`{"schema":"obdctl.model/1"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, k, err := registry.Read(bytes.NewReader(data), []registry.Kind{mean{}})
		if err == nil && (k == nil || len(file.Content) == 0) {
			t.Errorf("read nothing without an error: %+v", file)
		}
	})
}
