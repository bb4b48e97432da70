package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

const infoColumns = `id, vehicle_id, vin, started, ended, mil, codes, verdict, protocol, adapter, recording`

func scanInfo(r scanner) (i fleet.ScanInfo, err error) {
	var protocol string
	err = r.Scan(blob{&i.ID}, blob{&i.VehicleID}, &i.VIN, instant{&i.Started}, instant{&i.Ended}, &i.MIL, &i.Codes, &i.Verdict, &protocol, &i.Adapter, &i.Recording)
	if err == nil {
		err = i.Protocol.UnmarshalText([]byte(protocol))
	}
	return i, err
}

func (t scans) Put(ctx context.Context, s *obd.Scan, vehicle uuid.UUID, recording string) (fleet.ScanInfo, error) {
	if s.ID == uuid.Nil {
		return fleet.ScanInfo{}, errs.New(errs.BadInput, "save scan: it has no id")
	}
	have, err := t.info(ctx, s.ID)
	if err == nil || !isMissing(err) {
		return have, err
	}
	if vehicle, err = t.home(ctx, s, vehicle); err != nil {
		return fleet.ScanInfo{}, err
	}
	info := describe(s, vehicle, recording)
	if err := t.insert(ctx, s, info); err != nil {
		return info, err
	}
	if err := t.parts(ctx, s, vehicle); err != nil {
		return info, err
	}
	if err := t.count(ctx, vehicle); err != nil {
		return info, err
	}
	if err := t.indexScan(ctx, s, info); err != nil {
		return info, err
	}
	return info, t.changed(ctx, "scan", s.ID, "put")
}

func isMissing(err error) bool { return errors.Is(err, store.ErrNotFound) }

// home finds the vehicle of a scan, or makes one.
func (t scans) home(ctx context.Context, s *obd.Scan, vehicle uuid.UUID) (uuid.UUID, error) {
	if vehicle != uuid.Nil {
		v, err := vehicles(t).Get(ctx, vehicle)
		if err != nil {
			return vehicle, err
		}
		return v.ID, t.learn(ctx, v, s)
	}
	if vin := plainVIN(s.Vehicle.VIN); vin != "" {
		id, err := t.byVIN(ctx, vin)
		if err != nil {
			return id, err
		}
		if id != uuid.Nil {
			v, err := vehicles(t).Get(ctx, id)
			if err != nil {
				return id, err
			}
			return id, t.learn(ctx, v, s)
		}
	}
	v := fleet.Vehicle{VIN: s.Vehicle.VIN, Maker: s.Vehicle.Maker, ModelYear: s.Vehicle.ModelYear, OdometerKm: odometer(s)}
	err := vehicles(t).Put(ctx, &v)
	return v.ID, err
}

// learn takes over what a scan tells and the vehicle's entry lacks; the odometer only ever rises.
func (t scans) learn(ctx context.Context, v fleet.Vehicle, s *obd.Scan) error {
	before := v
	if vin := plainVIN(s.Vehicle.VIN); v.VIN == "" && vin != "" {
		if other, err := t.byVIN(ctx, vin); err != nil || other != uuid.Nil {
			return err // another entry has it: a person decides whether to merge
		}
		v.VIN = vin
	}
	if v.Maker == "" {
		v.Maker = s.Vehicle.Maker
	}
	if v.ModelYear == 0 {
		v.ModelYear = s.Vehicle.ModelYear
	}
	if km := odometer(s); km != nil && (v.OdometerKm == nil || *v.OdometerKm < *km) {
		v.OdometerKm = km
	}
	if v.VIN == before.VIN && v.Maker == before.Maker && v.ModelYear == before.ModelYear && v.OdometerKm == before.OdometerKm {
		return nil
	}
	return vehicles(t).Put(ctx, &v)
}

// odometer is PID A6 of a scan.
func odometer(s *obd.Scan) *float64 {
	for _, r := range s.Readings {
		if r.Signal == "ODO" && !r.Absent && r.Value > 0 {
			v := r.Value
			return &v
		}
	}
	return nil
}

func describe(s *obd.Scan, vehicle uuid.UUID, recording string) fleet.ScanInfo {
	seen := map[string]bool{}
	for _, c := range s.Codes {
		seen[c.Code] = true
	}
	return fleet.ScanInfo{
		ID: s.ID, VehicleID: vehicle, VIN: s.Vehicle.VIN, Started: obd.Stamp(s.Started), Ended: obd.Stamp(s.Ended), MIL: s.MIL, Codes: len(seen),
		Verdict: s.Assessment.Inspection.Verdict, Protocol: s.Protocol, Adapter: s.Adapter.Address, Recording: recording,
	}
}

func (t scans) insert(ctx context.Context, s *obd.Scan, i fleet.ScanInfo) error {
	document, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("save scan: %w", err)
	}
	// A person may bring back what was deleted: the new row takes the tombstone's place.
	if err := t.exec(ctx, `DELETE FROM scans WHERE tenant_id = ? AND id = ? AND deleted IS NOT NULL`, t.tenant[:], i.ID[:]); err != nil {
		return err
	}
	read := func(step obd.Step) bool { return slices.Contains(s.Complete, step) }
	return t.exec(ctx, `INSERT INTO scans (tenant_id, id, vehicle_id, vin, started, ended, mil, codes, verdict, protocol, adapter, recording,
		read_stored, read_pending, read_permanent, document, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.tenant[:], i.ID[:], i.VehicleID[:], i.VIN, stamp(i.Started), stamp(i.Ended), i.MIL, i.Codes, string(i.Verdict), i.Protocol.String(), i.Adapter, i.Recording,
		read(obd.StepStored), read(obd.StepPending), read(obd.StepPermanent), pack(document), stamp(t.now))
}

// parts keeps what is asked for across scans in rows of its own.
func (t scans) parts(ctx context.Context, s *obd.Scan, vehicle uuid.UUID) error {
	at := stamp(s.Started)
	for _, ecu := range unitsOf(s) {
		err := t.exec(ctx, `INSERT INTO scan_units (tenant_id, scan_id, ecu) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, t.tenant[:], s.ID[:], number(ecu))
		if err != nil {
			return err
		}
	}
	for _, c := range s.Codes {
		err := t.exec(ctx, `INSERT INTO scan_codes (tenant_id, scan_id, ecu, code, kind, vehicle_id, started) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			t.tenant[:], s.ID[:], number(c.ECU), c.Code, string(c.Kind), vehicle[:], at)
		if err != nil {
			return err
		}
	}
	for _, f := range s.FreezeFrames {
		document, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("save freeze frame: %w", err)
		}
		err = t.exec(ctx, `INSERT INTO scan_frames (tenant_id, scan_id, ecu, idx, code, vehicle_id, started, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			t.tenant[:], s.ID[:], number(f.ECU), f.Index, f.Code, vehicle[:], at, string(document))
		if err != nil {
			return err
		}
	}
	for n, m := range s.Tests {
		document, err := json.Marshal(m)
		if err != nil {
			return fmt.Errorf("save monitor test: %w", err)
		}
		err = t.exec(ctx, `INSERT INTO scan_tests (tenant_id, vehicle_id, ecu, mid, tid, part, started, scan_id, nth, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			t.tenant[:], vehicle[:], number(m.ECU), small(m.MID), m.TID, small(m.Part), at, s.ID[:], n, string(document))
		if err != nil {
			return err
		}
	}
	_, err := readings(t).Add(ctx, vehicle, keepable(s))
	return err
}

// unitsOf are the control units that answered, the one that gives no address (as recordings without headers) among them.
func unitsOf(s *obd.Scan) []obd.Address {
	units := []obd.Address{obd.Functional}
	for _, e := range s.ECUs {
		units = append(units, e.Address)
	}
	for _, c := range s.Codes {
		units = append(units, c.ECU)
	}
	return units
}

func small(n *uint8) int {
	if n == nil {
		return -1
	}
	return int(*n)
}

// keepable are the readings of a scan that can stand on a line of time.
func keepable(s *obd.Scan) []obd.Reading {
	var list []obd.Reading
	for _, r := range s.Readings {
		if r.At.IsZero() {
			r.At = s.Started
		}
		if !r.Absent && isFinite(r.Value) {
			list = append(list, r)
		}
	}
	return list
}

func (t scans) info(ctx context.Context, id uuid.UUID) (fleet.ScanInfo, error) {
	all, err := collect(ctx, t.tx, `SELECT `+infoColumns+` FROM scans WHERE tenant_id = ? AND id = ? AND deleted IS NULL`, []any{t.tenant[:], id[:]}, scanInfo)
	if err == nil && len(all) == 0 {
		return fleet.ScanInfo{}, missing("scan")
	}
	if err != nil {
		return fleet.ScanInfo{}, err
	}
	return all[0], nil
}

func (t scans) Get(ctx context.Context, id uuid.UUID) (*obd.Scan, error) {
	var packed []byte
	if err := t.row(ctx, "scan", `SELECT document FROM scans WHERE tenant_id = ? AND id = ? AND deleted IS NULL`, []any{t.tenant[:], id[:]}, &packed); err != nil {
		return nil, err
	}
	document, err := unpack(packed)
	if err != nil {
		return nil, errs.New(errs.BadInput, "read scan %s: %w", id, err)
	}
	s := &obd.Scan{}
	if err := json.Unmarshal(document, s); err != nil {
		return nil, errs.New(errs.BadInput, "read scan %s: %w", id, err)
	}
	return s, nil
}

func (t scans) Delete(ctx context.Context, id uuid.UUID) error {
	i, err := t.info(ctx, id)
	if err != nil {
		return err
	}
	if err := t.exec(ctx, `UPDATE scans SET deleted = ? WHERE tenant_id = ? AND id = ?`, stamp(t.now), t.tenant[:], id[:]); err != nil {
		return err
	}
	for _, table := range []string{"scan_units", "scan_codes", "scan_frames", "scan_tests"} {
		if err := t.exec(ctx, `DELETE FROM `+table+` WHERE tenant_id = ? AND scan_id = ?`, t.tenant[:], id[:]); err != nil {
			return err
		}
	}
	if err := t.count(ctx, i.VehicleID); err != nil {
		return err
	}
	if err := t.forget(ctx, "scan", id); err != nil {
		return err
	}
	if err := t.forgetImports(ctx, i.VehicleID, true); err != nil {
		return err
	}
	return t.changed(ctx, "scan", id, "delete")
}

func (t scans) List(ctx context.Context, f store.ScanFilter, p store.Page) (store.List[fleet.ScanInfo], error) {
	from, err := after(p, far)
	if err != nil {
		return store.List[fleet.ScanInfo]{}, err
	}
	query := `SELECT ` + infoColumns + ` FROM scans WHERE tenant_id = ? AND deleted IS NULL AND (started, id) < (?, ?)`
	args := []any{t.tenant[:], from.at, from.id[:]}
	narrow := func(where string, arg any) { query, args = query+" AND "+where, append(args, arg) }
	if f.VehicleID != uuid.Nil {
		id, err := t.resolve(ctx, f.VehicleID)
		if err != nil {
			return store.List[fleet.ScanInfo]{}, err
		}
		narrow("vehicle_id = ?", id[:])
	}
	if f.Code != "" {
		narrow("EXISTS (SELECT 1 FROM scan_codes c WHERE c.tenant_id = scans.tenant_id AND c.scan_id = scans.id AND c.code = ?)", strings.ToUpper(f.Code))
	}
	if !f.Since.IsZero() {
		narrow("started >= ?", stamp(f.Since))
	}
	if !f.Until.IsZero() {
		narrow("started < ?", stamp(f.Until))
	}
	items, err := collect(ctx, t.tx, query+` ORDER BY started DESC, id DESC LIMIT ?`, append(args, p.Size()+1), scanInfo)
	return list(items, p.Size(), func(i fleet.ScanInfo) cursor { return cursor{stamp(i.Started), i.ID} }), err
}

// Find understands an id or its start, "first", "last" and "last~N".
func (t scans) Find(ctx context.Context, words string, vehicle uuid.UUID) ([]fleet.ScanInfo, error) {
	where, args := `tenant_id = ? AND deleted IS NULL`, []any{t.tenant[:]}
	if vehicle != uuid.Nil {
		id, err := t.resolve(ctx, vehicle)
		if err != nil {
			return nil, err
		}
		where, args = where+` AND vehicle_id = ?`, append(args, id[:])
	}
	order, limit, offset := `started DESC, id DESC`, 1, 0
	words = strings.ToLower(strings.TrimSpace(words))
	switch back, isBack := strings.CutPrefix(words, "last~"); {
	case words == "first":
		order = `started, id`
	case words == "last" || words == "":
	case isBack:
		n, err := strconv.Atoi(back)
		if err != nil || n < 0 {
			return nil, errs.New(errs.Usage, "scan %q: behind last~ stands a number", words).WithHint("last~1 is the scan before the last one")
		}
		offset = n
	default:
		limit = 20
		where, args = where+` AND lower(hex(id)) LIKE ? ESCAPE '\'`, append(args, escapeLike(strings.ReplaceAll(words, "-", ""))+"%")
	}
	return collect(ctx, t.tx, `SELECT `+infoColumns+` FROM scans WHERE `+where+` ORDER BY `+order+` LIMIT ? OFFSET ?`, append(args, limit, offset), scanInfo)
}
