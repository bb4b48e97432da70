package text

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/batch"
)

// Plan lays out what a plan would do.
func Plan(b batch.Plan, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Plan "+b.Name, T(Faint, "%s, into %s", count(len(b.Jobs), "job"), b.Output))
	var rows [][]Cell
	for _, j := range b.Jobs {
		var steps []string
		for _, s := range j.Steps {
			steps = append(steps, s.Do)
		}
		rows = append(rows, []Cell{T(Strong, "%s", j.Name), C("%s", strings.Join(steps, ", ")), T(Faint, "up to %s", count(*j.Retries+1, "attempt")), C("%s", j.Adapter)})
	}
	p.Table(2, rows)
	return p
}

// Batch lays out how a plan ended.
func Batch(r *batch.Result, o Options) *Page {
	p := NewPage(o.Width)
	words := []Cell{T(Good, "%d done", r.Done)}
	for _, c := range []struct {
		n    int
		tone Tone
		word string
	}{{r.Failed, Bad, "failed"}, {r.Skipped, Faint, "done before"}, {r.Stopped, Warn, "not done"}} {
		if c.n > 0 {
			words = append(words, T(c.tone, "%d %s", c.n, c.word))
		}
	}
	p.Section("Plan "+r.Plan, words...)
	var rows [][]Cell
	for _, j := range r.Jobs {
		rows = append(rows, batchRow(j))
	}
	p.Table(2, rows)
	for _, j := range r.Jobs {
		if j.Error != "" {
			p.Line(2, T(Bad, "%s:", j.Job), C("%s", j.Error), T(Faint, "%s", j.Hint))
		}
	}
	return p
}

func batchRow(j batch.JobResult) []Cell {
	outcome := map[batch.Outcome]Cell{
		batch.Done: T(Good, "✓ done"), batch.Failed: T(Bad, "✗ failed"), batch.Skipped: T(Faint, "= before"), batch.Stopped: T(Warn, "● not done"),
	}[j.Outcome]
	codes := T(Faint, "-")
	switch {
	case j.Outcome != batch.Done && j.Outcome != batch.Skipped:
	case j.MIL:
		codes = T(Bad, "LAMP ON, %s", count(j.Codes, "code"))
	case j.Codes > 0:
		codes = T(Warn, "%s", count(j.Codes, "code"))
	default:
		codes = T(Good, "no codes")
	}
	return []Cell{outcome, T(Strong, "%s", j.Job), C("%s", dash(j.VIN)), codes, R("%s", fmt.Sprintf("%.1f s", j.Seconds)), T(Faint, "%s", j.Folder)}
}
