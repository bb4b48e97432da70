package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

func scans(t *testing.T, e Engine) {
	tenant := local(t, e)
	one := diagnosis(accord, morning, code("P0301", obd.Stored, "misfire"))
	one.Readings = []obd.Reading{{Signal: "RPM", ECU: engine, Value: 800, Unit: "/min"}, {Signal: "SPEED", ECU: engine, Absent: true}}
	one.FreezeFrames = []obd.FreezeFrame{{ECU: engine, Code: "P0301", Readings: []obd.Reading{{Signal: "RPM", Value: 2200}}}}
	info := save(t, tenant, one, uuid.Nil)
	if info.ID != one.ID || info.VehicleID == uuid.Nil || info.VIN != accord || info.Codes != 1 || !info.MIL {
		t.Errorf("info: %+v", info)
	}
	if again := save(t, tenant, one, uuid.Nil); again != info {
		t.Errorf("the same scan again: %+v, want %+v", again, info)
	}
	two := diagnosis(accord, morning.Add(time.Hour))
	if second := save(t, tenant, two, uuid.Nil); second.VehicleID != info.VehicleID {
		t.Error("a VIN has one vehicle")
	}
	strange := save(t, tenant, diagnosis("", morning.Add(-time.Hour)), uuid.Nil)
	if strange.VehicleID == info.VehicleID {
		t.Error("a scan without a VIN gets a vehicle of its own")
	}
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Scans().Get(ctx, one.ID)
		if diff := cmp.Diff(one, got); err != nil || diff != "" {
			t.Errorf("%v, a scan comes back otherwise (-want +got):\n%s", err, diff)
		}
		return nil
	})
	listed(t, tenant, info, strange, two.ID)
	deleted(t, tenant, one)
}

// listed looks at three scans: strange an hour before info, and the last one an hour behind it.
func listed(t *testing.T, tenant store.Tenant, info, strange fleet.ScanInfo, last uuid.UUID) {
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		all := pages(t, 2, func(p store.Page) (store.List[fleet.ScanInfo], error) {
			return tx.Scans().List(ctx, store.ScanFilter{}, p)
		})
		if len(all) != 3 || all[0].ID != last || all[1] != info || all[2] != strange {
			t.Errorf("list: %+v", all)
		}
		for name, test := range map[string]struct {
			f    store.ScanFilter
			want int
		}{
			"vehicle": {store.ScanFilter{VehicleID: info.VehicleID}, 2}, "code": {store.ScanFilter{Code: "p0301"}, 1},
			"since": {store.ScanFilter{Since: morning}, 2}, "until": {store.ScanFilter{Until: morning}, 1},
		} {
			if l, err := tx.Scans().List(ctx, test.f, store.Page{}); err != nil || len(l.Items) != test.want {
				t.Errorf("by %s: %d, %v", name, len(l.Items), err)
			}
		}
		for words, want := range map[string]uuid.UUID{"last": last, "last~1": info.ID, "first": strange.ID, info.ID.String(): info.ID} {
			if found, err := tx.Scans().Find(ctx, words, uuid.Nil); err != nil || len(found) != 1 || found[0].ID != want {
				t.Errorf("find %s: %+v, %v", words, found, err)
			}
		}
		return nil
	})
}

func deleted(t *testing.T, tenant store.Tenant, one *obd.Scan) {
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Scans().Delete(ctx, one.ID) })
	fails(t, tenant, "a deleted scan", store.ErrNotFound, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Scans().Get(ctx, one.ID)
		return err
	})
	save(t, tenant, one, uuid.Nil) // a person may import again what was deleted
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Scans().Get(ctx, one.ID)
		return err
	})
}

func codes(t *testing.T, e Engine) {
	tenant := local(t, e)
	misfire, pending := code("P0301", obd.Stored, ""), code("P0420", obd.Pending, "")
	hour := func(n int) time.Time { return morning.Add(time.Duration(n) * time.Hour) }
	blind := diagnosis(accord, hour(2))
	blind.Complete = nil
	vehicle := save(t, tenant, diagnosis(accord, hour(1), misfire, pending), uuid.Nil).VehicleID
	save(t, tenant, diagnosis(accord, hour(4)), uuid.Nil)
	save(t, tenant, blind, uuid.Nil) // comes late, and says nothing about codes
	history := func(prefix string) map[string]fleet.CodeHistory {
		all := map[string]fleet.CodeHistory{}
		view(t, tenant, func(ctx context.Context, tx store.Tx) error {
			for _, h := range pages(t, 1, func(p store.Page) (store.List[fleet.CodeHistory], error) {
				return tx.Codes().History(ctx, vehicle, prefix, p)
			}) {
				all[h.Code] = h
			}
			return nil
		})
		return all
	}
	if h := history("")["P0301"]; h.Gone == nil || !h.Gone.Equal(hour(4)) || !h.FirstSeen.Equal(hour(1)) || !h.LastSeen.Equal(hour(1)) || h.Scans != 1 || h.ECU != engine || h.Kind != obd.Stored {
		t.Errorf("gone with the first full list without it: %+v", h)
	}
	save(t, tenant, diagnosis(accord, hour(3), misfire), uuid.Nil) // out of order
	save(t, tenant, diagnosis(accord, hour(5), misfire), uuid.Nil)
	if h := history("P03"); len(h) != 1 || h["P0301"].Gone != nil || h["P0301"].Scans != 3 || !h["P0301"].LastSeen.Equal(hour(5)) {
		t.Errorf("back again: %+v", h)
	}
	var last fleet.ScanInfo
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		found, err := tx.Scans().Find(ctx, "last", vehicle)
		last = found[0]
		return err
	})
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Scans().Delete(ctx, last.ID) })
	if h := history("")["P0301"]; h.Gone == nil || !h.Gone.Equal(hour(4)) || h.Scans != 2 {
		t.Errorf("without the deleted scan: %+v", h)
	}
}

func tests(t *testing.T, e Engine) {
	tenant := local(t, e)
	mid, limit := uint8(0x21), 1.0
	var vehicle uuid.UUID
	for n := range 3 {
		s := diagnosis(accord, morning.Add(time.Duration(-n)*time.Hour))
		s.Tests = []obd.MonitorTest{
			{ECU: engine, MID: &mid, TID: 0x80, Value: float64(n), Max: &limit, Passed: true},
			{ECU: engine, MID: &mid, TID: 0x80, Value: 9, Max: &limit}, // some report a test twice
			{ECU: engine, TID: 0x01, Value: 5},
		}
		vehicle = save(t, tenant, s, uuid.Nil).VehicleID
	}
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		var points []fleet.TestPoint
		if err := tx.Tests().Trend(ctx, vehicle, func(p fleet.TestPoint) bool { points = append(points, p); return true }); err != nil {
			t.Error(err)
		}
		for i := 1; i < len(points); i++ {
			a, b := points[i-1], points[i]
			if a.Test.TID == b.Test.TID && a.At.After(b.At) {
				t.Errorf("test %02X is out of order: %v, %v", a.Test.TID, a.At, b.At)
			}
		}
		if len(points) != 9 {
			t.Errorf("%d results", len(points))
		}
		return nil
	})
}
