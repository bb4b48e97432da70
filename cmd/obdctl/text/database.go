package text

import (
	"fmt"
	"maps"
	"slices"

	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// Bytes writes a size with a unit of 1024.
func Bytes(n int64) string {
	const units = "KMGTP"
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	size, unit := float64(n)/1024, 0
	for size >= 1024 && unit < len(units)-1 {
		size, unit = size/1024, unit+1
	}
	return fmt.Sprintf("%.1f %ciB", size, units[unit])
}

// Database lays out what a database holds.
func Database(path string, i sqlite.Info, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Database")
	p.Line(2, C("%s", path))
	kind := "plain"
	if i.Encrypted {
		kind = "encrypted (XTS-AES-256)"
	}
	rows := [][]Cell{
		{T(Faint, "file"), C("%s, %s", Bytes(i.Bytes), kind)},
		{T(Faint, "schema"), C("version %d", i.Version)},
	}
	if i.Free > 0 {
		rows = append(rows, []Cell{T(Faint, "free"), C("%s, which 'obdctl db vacuum' gives back", Bytes(i.Free))})
	}
	for _, noun := range []string{"vehicles", "scans", "trips", "notes", "customers", "orders", "files", "imports"} {
		rows = append(rows, []Cell{T(Faint, "%s", noun), C("%s", Thousands(i.Counts[noun]))})
	}
	readings := fmt.Sprintf("%s in %s series", Thousands(i.Readings), Thousands(i.Counts["series"]))
	if i.ReadingBytes > 0 {
		readings += fmt.Sprintf(", %.1f bytes each", i.ReadingBytes)
	}
	p.Table(2, append(rows, []Cell{T(Faint, "readings"), C("%s", readings)}))
	return p
}

// Checks lays out what a check of the database found.
func Checks(path string, found []sqlite.Finding, full bool, o Options) *Page {
	p := NewPage(o.Width)
	depth := "samples of roll-ups and files; --full looks at all"
	if full {
		depth = "everything"
	}
	p.Section("Check", T(Faint, "%s", depth))
	p.Line(2, C("%s", path))
	for _, f := range found {
		mark := T(Good, "✓")
		if !f.OK {
			mark = T(Bad, "✗")
		}
		count := ""
		if f.Looked > 0 {
			count = Thousands(f.Looked) + " looked at"
		}
		p.Line(2, mark, C("%s", f.Check), T(Faint, "%s", count))
		for _, problem := range f.Problems {
			p.Line(4, T(Bad, "%s", problem))
		}
	}
	return p
}

// Backup lays out a backup that was made.
func Backup(path string, bytes int64, sha256 string, sealed bool, o Options) *Page {
	p := NewPage(o.Width)
	kind := "plain SQLite"
	if sealed {
		kind = "encrypted with age"
	}
	p.Line(0, T(Good, "✓"), T(Strong, "%s", path))
	p.Table(2, [][]Cell{
		{T(Faint, "file"), C("%s, %s, checked", Bytes(bytes), kind)},
		{T(Faint, "SHA-256"), C("%s", sha256)},
	})
	return p
}

// Restored lays out what was brought back.
func Restored(from, to, aside string, o Options) *Page {
	p := NewPage(o.Width)
	p.Line(0, T(Good, "✓"), T(Strong, "%s", to), T(Faint, "now holds what %s held", from))
	if aside != "" {
		p.Line(2, C("what was there is kept in"), C("%s", aside))
	}
	return p
}

// Vacuumed lays out what a vacuum did.
func Vacuumed(path string, v sqlite.Vacuumed, o Options) *Page {
	p := NewPage(o.Width)
	p.Line(0, T(Good, "✓"), T(Strong, "%s", path))
	rows := [][]Cell{{T(Faint, "size"), C("%s, was %s", Bytes(v.After), Bytes(v.Before))}}
	for _, what := range slices.Sorted(maps.Keys(v.Removed)) {
		rows = append(rows, []Cell{T(Faint, "%s", what), C("%s swept", Thousands(v.Removed[what]))})
	}
	p.Table(2, rows)
	return p
}

// Recoded says that a database was encrypted or decrypted.
func Recoded(path string, encrypted bool, o Options) *Page {
	p := NewPage(o.Width)
	word := "is a plain file now"
	if encrypted {
		word = "is encrypted now; its key must not be lost, and " + path + ".keyinfo must stay beside it"
	}
	p.Line(0, T(Good, "✓"), T(Strong, "%s", path), C("%s", word))
	return p
}
