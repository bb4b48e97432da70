package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/importer"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// storeKeeper keeps files in the store: each in one transaction with the note that it was taken in, so that after a
// power cut a file is there as a whole or can be imported again.
type storeKeeper struct {
	tenant  store.Tenant
	vehicle uuid.UUID // that everything belongs to; zero to go by what files say
	known   map[string]fleet.Import
	done    func() error
}

// openKeeper opens the store, finds the vehicle that was named, and reads which contents are there.
func (a *app) openKeeper(ctx context.Context, f importFlags) (keeper, error) {
	tenant, done, err := a.tenant(ctx)
	if err != nil {
		return nil, err
	}
	k := &storeKeeper{tenant: tenant, known: map[string]fleet.Import{}, done: done}
	if k.vehicle, err = namedVehicle(ctx, tenant, f); err == nil {
		err = k.readKnown(ctx)
	}
	if err != nil {
		return nil, firstError(err, done())
	}
	return k, nil
}

func (k *storeKeeper) close() error { return k.done() }

func (k *storeKeeper) readKnown(ctx context.Context) error {
	return k.tenant.View(ctx, func(tx store.Tx) error {
		for p := (store.Page{Limit: 10_000}); ; {
			list, err := tx.Imports().List(ctx, p)
			if err != nil {
				return err
			}
			for _, i := range list.Items {
				k.known[i.Key] = i
			}
			if p.After = list.Next; p.After == "" {
				return nil
			}
		}
	})
}

var errKnown = errors.New("imported before")

// keep takes in one file in one transaction.
func (k *storeKeeper) keep(ctx context.Context, src importer.Source, o importer.Options, strict bool) (importer.Summary, error) {
	if sum, known, err := k.seen(ctx, src, o); known || err != nil {
		return sum, err
	}
	var sum importer.Summary
	var own error // the file's, so that the store's are told from them
	err := k.tenant.Update(ctx, func(tx store.Tx) error {
		s := &storeSink{tx: tx, given: k.vehicle, group: src.Group, name: src.Name, ids: map[importer.Vehicle]uuid.UUID{}, spans: map[uuid.UUID]span{}}
		if sum, own = importer.Run(ctx, src, o, s); own != nil {
			return own
		}
		if strict && sum.Rejected+sum.Partial > 0 {
			return errStrict
		}
		if err := s.findTrips(ctx); err != nil {
			return err
		}
		if old := sum.Readings - sum.New; old > 0 {
			sum.Notes = append(sum.Notes, fmt.Sprintf("readings that were there already, or fall on the same moment as another: %d", old))
		}
		return k.note(ctx, tx, src, &sum, s)
	})
	switch {
	case errors.Is(err, errKnown):
		sum.Skipped, sum.New = true, 0
		return sum, nil
	case errors.Is(err, errStrict):
		sum.New = 0
		return sum, errs.New(errs.BadInput, "import: %s: %w", src.Name, errStrict)
	}
	return sum, err
}

// seen looks for the content among what is there, where it can be read twice.
func (k *storeKeeper) seen(ctx context.Context, src importer.Source, o importer.Options) (importer.Summary, bool, error) {
	if src.Once || len(k.known) == 0 {
		return importer.Summary{}, false, nil
	}
	sum := importer.Summary{Schema: importer.Schema, Name: src.Name}
	key, cut, err := importer.Key(ctx, src, o)
	if err != nil {
		return sum, false, err
	}
	before, ok := k.known[key]
	sum.Cut = cut
	return skipped(sum, key, before), ok, nil
}

func skipped(sum importer.Summary, key string, before fleet.Import) importer.Summary {
	sum.Key, sum.Format, sum.Skipped = key, before.Format, true
	sum.Vehicles, sum.Columns = []importer.VehicleCount{}, []importer.ColumnSummary{}
	sum.Rejects, sum.Notes = []importer.Reject{}, []string{}
	return sum
}

// note writes down that the content was taken in. Another program may have done so meanwhile.
func (k *storeKeeper) note(ctx context.Context, tx store.Tx, src importer.Source, sum *importer.Summary, s *storeSink) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	i := fleet.Import{
		ID: id, Key: sum.Key, Name: src.Name, Format: sum.Format, At: obd.Stamp(time.Now()), Readings: sum.New, Scans: sum.Scans, Rejected: sum.Rejected,
	}
	if len(s.ids) == 1 {
		for _, v := range s.ids {
			i.VehicleID = v
		}
	}
	before, err := tx.Imports().Begin(ctx, &i)
	if errors.Is(err, store.ErrExists) {
		*sum = skipped(importer.Summary{Schema: importer.Schema, Name: src.Name}, sum.Key, before)
		return errKnown
	}
	if err == nil {
		k.known[i.Key] = i
	}
	return err
}

// storeSink is a sink into one transaction.
type storeSink struct {
	tx    store.Tx
	given uuid.UUID
	group string
	name  string // of the file
	ids   map[importer.Vehicle]uuid.UUID
	spans map[uuid.UUID]span
}

// span is the stretch of time of which readings were added.
type span struct{ from, until time.Time }

func (s *storeSink) Readings(ctx context.Context, v importer.Vehicle, batch []obd.Reading) (int, error) {
	id, err := s.vehicle(ctx, v)
	if err != nil {
		return 0, err
	}
	all := s.spans[id]
	for i := range batch {
		if at := batch[i].At; all.from.IsZero() || at.Before(all.from) {
			all.from = at
		}
		if at := batch[i].At; at.After(all.until) {
			all.until = at
		}
	}
	s.spans[id] = all
	return s.tx.Readings().Add(ctx, id, batch)
}

func (s *storeSink) Scan(ctx context.Context, v importer.Vehicle, scan *obd.Scan, recording []byte) error {
	id := s.given
	if id == uuid.Nil && !isVIN(scan.Vehicle.VIN) {
		var err error
		if id, err = s.vehicle(ctx, v); err != nil {
			return err
		}
	}
	if err := s.isThere(ctx, scan, recording != nil); err != nil {
		return err
	}
	info, err := s.put(ctx, scan, id, recording)
	if err == nil {
		s.ids[v] = info.VehicleID
	}
	return err
}

// isThere tells a scan that is kept already from another one that has its id. A dialogue always gives the same scan,
// though perhaps by another obdctl.
func (s *storeSink) isThere(ctx context.Context, scan *obd.Scan, recorded bool) error {
	have, err := s.tx.Scans().Get(ctx, scan.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	was, err := json.Marshal(have)
	if err != nil {
		return err
	}
	is, err := json.Marshal(scan)
	if err == nil && !recorded && !bytes.Equal(was, is) {
		return importer.ErrTaken
	}
	return firstError(err, importer.ErrKnown)
}

func (s *storeSink) put(ctx context.Context, scan *obd.Scan, vehicle uuid.UUID, recording []byte) (fleet.ScanInfo, error) {
	if recording == nil {
		return s.tx.Scans().Put(ctx, scan, vehicle, "")
	}
	file := fleet.File{Type: "text/plain", Name: filepath.Base(s.name)}
	if bytes.HasPrefix(recording, []byte("obdctl-recording/")) {
		file.Type = "application/x-obdrec"
	}
	return putRecorded(ctx, s.tx, scan, vehicle, file, bytes.NewReader(recording))
}

// vehicle finds whose readings they are: as the person said, by VIN, by the name that the file gives, else by the
// name of the file or folder. One that is not there is added.
func (s *storeSink) vehicle(ctx context.Context, v importer.Vehicle) (uuid.UUID, error) {
	if id, ok := s.ids[v]; ok {
		return id, nil
	}
	id := s.given
	if id == uuid.Nil {
		want := fleet.Vehicle{VIN: strings.ToUpper(v.VIN), Label: v.Label}
		if !isVIN(want.VIN) {
			want.VIN = ""
			if want.Label == "" {
				want.Label = v.VIN
			}
		}
		if want.VIN == "" && want.Label == "" {
			want.Label = groupLabel(s.group)
		}
		var err error
		if id, err = findOrAdd(ctx, s.tx, want); err != nil {
			return id, err
		}
	}
	s.ids[v] = id
	return id, nil
}

// isVIN tells 17 characters of ISO 3779.
func isVIN(s string) bool {
	return len(s) == 17 && strings.Trim(strings.ToUpper(s), "ABCDEFGHJKLMNPRSTUVWXYZ0123456789") == ""
}

// groupLabel is what a vehicle is called of which the files tell nothing.
func groupLabel(group string) string {
	if group == "-" {
		return "standard input"
	}
	if abs, err := filepath.Abs(group); err == nil {
		group = abs
	}
	name := filepath.Base(group)
	for _, ext := range []string{".gz", ".zst", ".bz2", ".zip", ".csv", ".txt", ".log", ".tsv", ".json", ".jsonl", ".asc", ".trc", ".obdrec", ".rec"} {
		if stem := strings.TrimSuffix(name, ext); stem != "" {
			name = stem
		}
	}
	return name
}

func findOrAdd(ctx context.Context, tx store.Tx, want fleet.Vehicle) (uuid.UUID, error) {
	words := want.VIN
	if words == "" {
		words = want.Label
	}
	found, err := tx.Vehicles().Find(ctx, words)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return uuid.Nil, err
	}
	for _, v := range found {
		if want.VIN != "" && v.VIN == want.VIN || want.VIN == "" && v.Label == want.Label {
			return v.ID, nil
		}
	}
	err = tx.Vehicles().Put(ctx, &want)
	return want.ID, err
}

// namedVehicle finds the vehicle of --vehicle or --vin, zero when neither was given.
func namedVehicle(ctx context.Context, tenant store.Tenant, f importFlags) (id uuid.UUID, err error) {
	switch {
	case f.vin != "":
		vin := strings.ToUpper(strings.TrimSpace(f.vin))
		if !isVIN(vin) {
			return id, errs.New(errs.Usage, "--vin %s is not a VIN", f.vin).WithHint("a VIN has 17 letters and digits, without I, O and Q")
		}
		err = tenant.Update(ctx, func(tx store.Tx) error {
			id, err = findOrAdd(ctx, tx, fleet.Vehicle{VIN: vin})
			return err
		})
	case f.vehicle != "":
		err = tenant.View(ctx, func(tx store.Tx) error {
			v, err := oneVehicle(ctx, tx, f.vehicle)
			id = v.ID
			return err
		})
	}
	return id, err
}
