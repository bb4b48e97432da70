package batch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// Options of a run.
type Options struct {
	Now    func() time.Time // nil for the system's clock
	Resume bool             // leave out what an earlier run of the plan did
	// Notify is told of each job's beginning, retries and end; may be nil. It is called from several goroutines, one at a time.
	Notify func(JobResult)
	// Sleep waits between attempts; nil for a real clock.
	Sleep func(context.Context, time.Duration) error
}

// Run works through the plan; output is the folder of its files. The result is never nil and holds every job.
// What a job fails of is in its result; the error is for what stops the whole: a folder that cannot be written, or ctx.
func Run(ctx context.Context, p Plan, output string, work Work, o Options) (*Result, error) {
	r := newRunner(p, output, work, o)
	result := &Result{Schema: Schema, Plan: p.Name, Started: r.options.Now().UTC(), Jobs: make([]JobResult, len(p.Jobs))}
	for i, j := range p.Jobs {
		result.Jobs[i] = JobResult{Job: j.Name, Adapter: j.Adapter, Outcome: Stopped, Files: []string{}}
	}
	err := r.openJournal()
	if err == nil {
		r.all(ctx, result.Jobs)
		err = errors.Join(ctx.Err(), r.journalErr, r.journal.Close())
	}
	result.Ended = r.options.Now().UTC()
	result.count()
	return result, err
}

type runner struct {
	plan    Plan
	output  string
	work    Work
	options Options

	mu         sync.Mutex // guards what follows, and Notify
	journal    *os.File
	journalErr error
	before     map[string]JobResult
	folders    map[string]string // the job that has each
}

func newRunner(p Plan, output string, work Work, o Options) *runner {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Notify == nil {
		o.Notify = func(JobResult) {}
	}
	return &runner{plan: p, output: output, work: work, options: o, folders: map[string]string{}}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// all gives each adapter a worker of its own, as many at once as the plan says: one adapter does its jobs in order.
func (r *runner) all(ctx context.Context, results []JobResult) {
	lanes := map[string][]int{}
	var order []string
	for i, j := range r.plan.Jobs {
		lane := laneOf(j.Adapter)
		if lanes[lane] == nil {
			order = append(order, lane)
		}
		lanes[lane] = append(lanes[lane], i)
	}
	n := r.plan.Parallel
	if n == 0 || n > len(order) {
		n = len(order)
	}
	slots := make(chan struct{}, min(n, maxLanes))
	var wg sync.WaitGroup
	for _, lane := range order {
		wg.Go(func() {
			for _, i := range lanes[lane] {
				select {
				case slots <- struct{}{}:
				case <-ctx.Done():
					return
				}
				r.job(ctx, r.plan.Jobs[i], &results[i])
				<-slots
			}
		})
	}
	wg.Wait()
}

// maxLanes bounds what runs at once, whatever the plan says.
const maxLanes = 64

// laneOf is the device behind an address; recordings and simulated cars have no device to share.
func laneOf(adapter string) string {
	device, _, _ := strings.Cut(adapter, "?")
	if strings.HasPrefix(device, "sim:") {
		return adapter
	}
	return device
}

// job makes the attempts of one job.
func (r *runner) job(ctx context.Context, j Job, result *JobResult) {
	if before, ok := r.before[j.Name]; ok && r.options.Resume {
		*result = before
		result.Outcome = Skipped
		r.notify(*result)
		return
	}
	result.Started = r.options.Now().UTC()
	r.notify(*result)
	wait := j.Wait
	for ctx.Err() == nil {
		result.Attempts++
		err := r.attempt(ctx, j, result)
		result.Seconds = r.options.Now().Sub(result.Started).Seconds()
		if err == nil {
			result.Outcome, result.Kind, result.Error, result.Hint = Done, "", "", ""
			break
		}
		result.Kind, result.Error, result.Hint = errs.KindOf(err).String(), err.Error(), errs.HintOf(err)
		if ctx.Err() != nil {
			break
		}
		result.Outcome = Failed
		if result.Attempts > *j.Retries || !isPassing(err) {
			break
		}
		r.notify(*result)
		if r.options.Sleep(ctx, wait) != nil {
			break
		}
		wait = min(2*wait, time.Minute)
	}
	if result.Outcome != Stopped {
		r.note(*result)
	}
	r.notify(*result)
}

// isPassing tells failures that may be over at the next attempt from those that will not.
func isPassing(err error) bool {
	switch errs.KindOf(err) {
	case errs.Usage, errs.BadInput, errs.Denied, errs.Unsupported:
		return false
	}
	return true
}

func (r *runner) attempt(ctx context.Context, j Job, result *JobResult) error {
	limited, cancel := context.WithTimeout(ctx, j.Timeout)
	defer cancel()
	t := &Task{Job: j, runner: r}
	err := r.steps(limited, t)
	result.VIN, result.ScanID, result.MIL, result.Codes, result.Folder = t.VIN, t.ScanID, t.MIL, t.Codes, t.Folder
	result.Files = append([]string{}, t.Files...)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		return errs.New(errs.Adapter, "not done within %s: %w", j.Timeout, err)
	}
	return err
}

func (r *runner) steps(ctx context.Context, t *Task) error {
	for _, s := range t.Job.Steps {
		if err := r.work(ctx, t, s); err != nil {
			return err
		}
	}
	return nil
}

// Place makes the task's folder, named after its vehicle or else its job; a second task of one vehicle gets a folder of its own.
func (t *Task) Place() (string, error) {
	if t.Folder != "" {
		return t.Folder, nil
	}
	name := t.VIN
	if name == "" {
		name = t.Job.Name
	}
	folder := t.runner.claim(safeName(name), t.Job.Name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", errs.New(errs.Denied, "make folder: %w", err).WithHint("choose another output folder")
	}
	t.Folder = folder
	return folder, nil
}

func (r *runner) claim(name, job string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	folder := filepath.Join(r.output, name)
	if owner, taken := r.folders[folder]; taken && owner != job {
		folder = filepath.Join(r.output, name+"-"+safeName(job))
	}
	r.folders[folder] = job
	return folder
}

// safeName keeps what every file system takes as one name.
func safeName(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c > 0x7F:
			return c
		}
		return '-'
	}, s)
	if len(s) > 80 {
		s = strings.ToValidUTF8(s[:80], "")
	}
	if s == "" {
		s = "vehicle"
	}
	return s
}

func (r *runner) notify(j JobResult) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.options.Notify(j)
}
