package sqlstore

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
)

// entry is one thing that can be found.
type entry struct {
	kind                string
	id, vehicle         uuid.UUID
	at                  time.Time
	title, body         string
	state, verdict, mil string
}

// index puts an entry in place of the one that was there.
func (t *tx) index(ctx context.Context, e entry) error {
	var row int64
	err := t.row(ctx, "search entry", `INSERT INTO search_rows (tenant_id, kind, id, vehicle_id, at, title, state, verdict, mil) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, kind, id) DO UPDATE SET vehicle_id = excluded.vehicle_id, at = excluded.at, title = excluded.title,
		state = excluded.state, verdict = excluded.verdict, mil = excluded.mil RETURNING row`,
		[]any{t.tenant[:], e.kind, e.id[:], key(e.vehicle), stamp(e.at), e.title, e.state, e.verdict, e.mil}, &row)
	if err != nil {
		return err
	}
	return t.exec(ctx, `INSERT OR REPLACE INTO search_words (rowid, title, body) VALUES (?, ?, ?)`, row, e.title, e.body)
}

// forget takes an entry out.
func (t *tx) forget(ctx context.Context, kind string, id uuid.UUID) error {
	for _, query := range []string{
		`DELETE FROM search_words WHERE rowid = (SELECT row FROM search_rows WHERE tenant_id = ? AND kind = ? AND id = ?)`,
		`DELETE FROM search_rows WHERE tenant_id = ? AND kind = ? AND id = ?`,
	} {
		if err := t.exec(ctx, query, t.tenant[:], kind, id[:]); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) indexVehicle(ctx context.Context, v fleet.Vehicle) error {
	return t.index(ctx, entry{
		kind: "vehicle", id: v.ID, vehicle: v.ID, at: v.Updated, title: v.Title(),
		body: strings.Join([]string{v.VIN, v.Label, v.Plate, v.Maker, v.Model, v.Engine}, " "),
	})
}

// indexScan makes a scan found by its codes and what they mean.
func (t *tx) indexScan(ctx context.Context, s *obd.Scan, i fleet.ScanInfo) error {
	e := entry{kind: "scan", id: i.ID, vehicle: i.VehicleID, at: i.Started, verdict: string(i.Verdict), mil: "off"}
	if i.MIL {
		e.mil = "on"
	}
	seen := map[string]bool{}
	var codes []string
	body := []string{s.Vehicle.VIN, s.Vehicle.Maker}
	for _, c := range s.Codes {
		if !seen[c.Code] {
			seen[c.Code] = true
			codes = append(codes, c.Code)
			body = append(body, c.Code, c.Description)
		}
	}
	for _, f := range s.Assessment.Findings {
		body = append(body, f.Text)
	}
	for _, u := range s.ECUs {
		body = append(body, u.Name)
		for _, c := range u.Calibrations {
			body = append(body, c.ID, c.CVN)
		}
	}
	e.title, e.body = "Scan", strings.Join(body, " ")
	if len(codes) > 0 {
		e.title = "Scan with " + strings.Join(codes, ", ")
	}
	return t.index(ctx, e)
}
