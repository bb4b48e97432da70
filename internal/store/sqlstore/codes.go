package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// History follows from the scans each time, so that it is right whatever was imported late, merged or deleted.
func (t codes) History(ctx context.Context, vehicle uuid.UUID, prefix string, p store.Page) (store.List[fleet.CodeHistory], error) {
	where, args := `c.tenant_id = ? AND c.code LIKE ? ESCAPE '\'`, []any{t.tenant[:], escapeLike(strings.ToUpper(prefix)) + "%"}
	if vehicle != uuid.Nil {
		id, err := t.resolve(ctx, vehicle)
		if err != nil {
			return store.List[fleet.CodeHistory]{}, err
		}
		where, args = where+` AND c.vehicle_id = ?`, append(args, id[:])
	}
	offset, err := offsetOf(p)
	if err != nil {
		return store.List[fleet.CodeHistory]{}, err
	}
	items, err := collect(ctx, t.tx, `SELECT h.*, (
			SELECT min(s.started) FROM scans s WHERE s.tenant_id = ? AND s.vehicle_id = h.vehicle_id AND s.deleted IS NULL AND s.started > h.last_seen
			AND CASE h.kind WHEN 'pending' THEN s.read_pending WHEN 'permanent' THEN s.read_permanent ELSE s.read_stored END
			AND EXISTS (SELECT 1 FROM scan_units u WHERE u.tenant_id = s.tenant_id AND u.scan_id = s.id AND u.ecu = h.ecu))
		FROM (SELECT c.vehicle_id, c.code, c.ecu, c.kind, min(c.started), max(c.started) AS last_seen, count(*) FROM scan_codes c
			WHERE `+where+` GROUP BY c.vehicle_id, c.code, c.ecu, c.kind) h
		ORDER BY h.last_seen DESC, h.code, h.ecu, h.kind, h.vehicle_id LIMIT ? OFFSET ?`,
		append(append([]any{t.tenant[:]}, args...), p.Size()+1, offset.at), scanHistory)
	l := list(items, p.Size(), func(fleet.CodeHistory) cursor { return cursor{at: offset.at + int64(p.Size())} })
	return l, err
}

// offsetOf reads the cursor of a list that is worked out as a whole: a vehicle has tens of codes, a fleet thousands.
func offsetOf(p store.Page) (cursor, error) {
	c, err := after(p, cursor{})
	if err == nil && c.at < 0 {
		err = errs.New(errs.Usage, "the cursor of the page cannot be read")
	}
	return c, err
}

func scanHistory(r scanner) (h fleet.CodeHistory, err error) {
	var ecu int64
	err = r.Scan(blob{&h.VehicleID}, &h.Code, &ecu, &h.Kind, instant{&h.FirstSeen}, instant{&h.LastSeen}, &h.Scans, maybeInstant{&h.Gone})
	h.ECU = address(ecu)
	return h, err
}

func (t tests) Trend(ctx context.Context, vehicle uuid.UUID, yield func(fleet.TestPoint) bool) error {
	id, err := t.resolve(ctx, vehicle)
	if err != nil {
		return err
	}
	return t.each(ctx, `SELECT scan_id, started, document FROM scan_tests WHERE tenant_id = ? AND vehicle_id = ? ORDER BY ecu, mid, tid, part, started, scan_id, nth`,
		[]any{t.tenant[:], id[:]}, func(r *sql.Rows) (bool, error) {
			var p fleet.TestPoint
			var document string
			if err := r.Scan(blob{&p.ScanID}, instant{&p.At}, &document); err != nil {
				return false, err
			}
			if err := json.Unmarshal([]byte(document), &p.Test); err != nil {
				return false, err
			}
			return yield(p), nil
		})
}
