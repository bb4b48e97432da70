package batch

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/fleetms/obdctl/internal/errs"
)

// journalName is where a run remembers what was done, one line of JSON a job.
const journalName = "batch.jsonl"

// openJournal makes the output folder and reads what an earlier run did. Without --resume a new journal begins.
func (r *runner) openJournal() error {
	if err := os.MkdirAll(r.output, 0o755); err != nil {
		return errs.New(errs.Denied, "make output folder: %w", err).WithHint("choose another one in the plan or by --out")
	}
	path := filepath.Join(r.output, journalName)
	flags := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if r.options.Resume {
		r.before = readJournal(path)
		for name, j := range r.before {
			if j.Folder != "" {
				r.folders[j.Folder] = name // kept from others with the same vehicle
			}
		}
	} else {
		flags |= os.O_TRUNC
	}
	f, err := os.OpenFile(path, flags, 0o644)
	if err != nil {
		return errs.New(errs.Denied, "open journal: %w", err)
	}
	r.journal = f
	if r.options.Resume {
		_, err = f.WriteString("\n") // the last line may be half of one
	}
	return err
}

// readJournal returns the jobs that were done. A line that was cut off by a crash is a job that was not.
func readJournal(path string) map[string]JobResult {
	done := map[string]JobResult{}
	f, err := os.Open(path)
	if err != nil {
		return done
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var j JobResult
		if json.Unmarshal(lines.Bytes(), &j) == nil && j.Outcome == Done {
			if j.Files == nil {
				j.Files = []string{}
			}
			done[j.Job] = j
		}
	}
	return done
}

// note writes a job's end down; it is on the disk when this returns.
func (r *runner) note(j JobResult) {
	r.mu.Lock()
	defer r.mu.Unlock()
	line, err := json.Marshal(j)
	if err == nil {
		_, err = r.journal.Write(append(line, '\n'))
	}
	if err == nil {
		err = r.journal.Sync()
	}
	if err != nil && r.journalErr == nil {
		r.journalErr = errs.New(errs.Denied, "write journal: %w", err).WithHint("is the disk full? what was not noted is done again by --resume")
	}
}
