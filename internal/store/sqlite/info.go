package sqlite

import (
	"context"
	"database/sql"
)

// Info is what a database holds.
type Info struct {
	Bytes     int64            `json:"bytes"` // of the file with its log
	Encrypted bool             `json:"encrypted"`
	Version   int              `json:"version"`  // of its schema
	Newest    int              `json:"newest"`   // schema that this program writes
	Free      int64            `json:"free"`     // bytes that 'db vacuum' would give back, beside what it sweeps
	Counts    map[string]int64 `json:"counts"`   // by noun, without what was deleted
	Readings  int64            `json:"readings"` // in all
	// ReadingBytes is what one reading takes, with its key and its share of the roll-ups; 0 without readings, or where it
	// was not measured.
	ReadingBytes float64 `json:"reading_bytes,omitempty"`
}

// counted are the tables that [Info.Counts] counts, by noun.
var counted = []struct{ noun, from string }{
	{"vehicles", "vehicles WHERE deleted IS NULL"}, {"scans", "scans WHERE deleted IS NULL"}, {"trips", "trips"},
	{"notes", "notes WHERE deleted IS NULL"}, {"customers", "customers WHERE deleted IS NULL"}, {"orders", "orders WHERE deleted IS NULL"}, {"predictions", "predictions WHERE deleted IS NULL"},
	{"models", "models WHERE deleted IS NULL"}, {"outcomes", "outcomes WHERE deleted IS NULL"},
	{"files", "files WHERE deleted IS NULL"}, {"imports", "imports"}, {"series", "series"},
}

// quickReadings is how many readings are measured without being asked for: in a second.
const quickReadings = 5_000_000

// Look tells what a database holds. Measuring a reading walks every page of the readings, which takes a while in a large
// file, and is then done only when it is asked for; the driver of encrypted files cannot.
func Look(ctx context.Context, path string, e Engine, measure bool) (i Info, err error) {
	_, i.Encrypted = e.(Encrypted)
	i.Bytes, i.Newest = sizeOnDisk(path), Version()
	err = lookAt(ctx, path, e, func(db *sql.DB) (err error) {
		if i.Version, err = versionOf(ctx, db); err != nil {
			return err
		}
		if err := checkVersion(ctx, db); err != nil {
			return err
		}
		if err := i.count(ctx, db); err != nil || i.Readings == 0 || !measure && i.Readings > quickReadings {
			return err
		}
		return i.measure(ctx, db)
	})
	return i, err
}

func (i *Info) count(ctx context.Context, db *sql.DB) (err error) {
	if i.Free, err = count(ctx, db, `SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size`); err != nil {
		return err
	}
	i.Counts = map[string]int64{}
	for _, c := range counted {
		if i.Counts[c.noun], err = count(ctx, db, `SELECT count(*) FROM `+c.from); err != nil {
			return err
		}
	}
	// The roll-ups know the number of readings; counting a hundred million rows would take a minute.
	i.Readings, err = count(ctx, db, `SELECT coalesce(sum(n), 0) FROM rollups WHERE step = 3600`)
	return err
}

func (i *Info) measure(ctx context.Context, db *sql.DB) error {
	known, err := count(ctx, db, `SELECT count(*) FROM pragma_module_list WHERE name = 'dbstat'`)
	if err != nil || known == 0 {
		return err
	}
	bytes, err := count(ctx, db, `SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name IN ('readings', 'reading_texts', 'rollups')`)
	i.ReadingBytes = float64(bytes) / float64(i.Readings)
	return err
}
