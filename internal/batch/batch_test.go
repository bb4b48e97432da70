package batch_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/batch"
	"github.com/fleetms/obdctl/internal/errs"
)

func parse(t *testing.T, text string) batch.Plan {
	t.Helper()
	p, err := batch.Parse("morning.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// atOnce does not wait between attempts.
func atOnce(context.Context, time.Duration) error { return nil }

func TestAPlanIsReadWithItsDefaults(t *testing.T) {
	p, err := batch.Parse("morning.yaml", []byte(`
defaults: {retries: 1, steps: [scan, {report: {kind: health, format: pdf}}]}
jobs:
  - {name: bay-1, adapter: "serial://COM3", timeout: 30s}
  - {recordings: "old/*.obdrec", steps: [scan]}
`), func(string) ([]string, error) { return []string{"old/a.obdrec", "old/b.obdrec"}, nil })
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Jobs) != 3 || p.Output != "morning" || *p.Jobs[0].Retries != 1 || p.Jobs[0].Timeout != 30*time.Second || p.Jobs[0].Steps[1].Settings["format"] != "pdf" {
		t.Errorf("%+v", p)
	}
	if p.Jobs[2].Adapter != "replay:old/b.obdrec" || p.Jobs[2].Name != "b" || len(p.Jobs[2].Steps) != 1 {
		t.Errorf("%+v", p.Jobs[2])
	}
}

func TestMistakesOfAPlanAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "it has 0 jobs",
		"jobs:\n  - {name: a}\n": `job "a" needs an adapter or recordings`,
		"jobs:\n  - {adapter: auto, recordings: x}\n":                   "and not both",
		"jobs:\n  - {adapter: auto}\nparalel: 2\n":                      "line 3: field paralel not found",
		"jobs:\n  - adapter: auto\n    steps: [scan, clear]\n":          `line 3: step "clear" is not known`,
		"jobs:\n  - adapter: auto\n    steps: [report]\n":               "its first step must be scan",
		"jobs:\n  - adapter: auto\n    steps: [{scan: {x: y}}]":         `scan has no setting "x"`,
		"jobs:\n  - {name: a, adapter: x}\n  - {name: a, adapter: y}\n": `two jobs are called "a"`,
		"jobs:\n  - {recordings: nowhere/*.none}\n":                     "no file matches",
		"jobs: [": "line 1",
		"jobs:\n  - {adapter: auto, retries: -1}\n": "retries are 0 to 100",
	} {
		_, err := batch.Parse("morning.yaml", []byte(text), nil)
		if err == nil || errs.KindOf(err) != errs.BadInput || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestAFailureCostsOnlyItsJob(t *testing.T) {
	p := parse(t, "jobs:\n  - {name: good, adapter: a}\n  - {name: flaky, adapter: b}\n  - {name: dead, adapter: c, retries: 3}\n  - {name: wrong, adapter: d, retries: 3}\n")
	var mu sync.Mutex
	tries := map[string]int{}
	work := func(_ context.Context, task *batch.Task, _ batch.Step) error {
		mu.Lock()
		defer mu.Unlock()
		tries[task.Job.Name]++
		switch {
		case task.Job.Name == "flaky" && tries["flaky"] < 3, task.Job.Name == "dead":
			return errs.New(errs.NoVehicle, "nobody answers").WithHint("ignition on")
		case task.Job.Name == "wrong":
			return errs.New(errs.Usage, "no such report")
		}
		task.VIN = "VIN-" + task.Job.Name
		_, err := task.Place()
		return err
	}
	out := t.TempDir()
	r, err := batch.Run(t.Context(), p, out, work, batch.Options{Sleep: atOnce})
	if err != nil {
		t.Fatal(err)
	}
	if r.Done != 2 || r.Failed != 2 || r.Jobs[1].Attempts != 3 || r.Jobs[2].Attempts != 4 || r.Jobs[2].Kind != "no_vehicle" || r.Jobs[3].Attempts != 1 {
		t.Errorf("%+v", r)
	}
	if _, err := os.Stat(filepath.Join(out, "VIN-good")); err != nil {
		t.Error(err)
	}
}

func TestOneAdapterDoesOneJobAtATime(t *testing.T) {
	p := parse(t, "jobs:\n  - {name: a, adapter: 'serial://COM3?baud=9600'}\n  - {name: b, adapter: 'serial://COM3'}\n  - {name: c, adapter: 'serial://COM4'}\n")
	var mu sync.Mutex
	busy := map[string]bool{}
	work := func(_ context.Context, task *batch.Task, _ batch.Step) error {
		device, _, _ := strings.Cut(task.Job.Adapter, "?")
		mu.Lock()
		if busy[device] {
			t.Errorf("%s is used twice at once", device)
		}
		busy[device] = true
		mu.Unlock()
		time.Sleep(time.Millisecond)
		mu.Lock()
		busy[device] = false
		mu.Unlock()
		return nil
	}
	if r, err := batch.Run(t.Context(), p, t.TempDir(), work, batch.Options{}); err != nil || r.Done != 3 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestAnInterruptedPlanGoesOnWhereItStopped(t *testing.T) {
	p := parse(t, "parallel: 1\njobs:\n  - {name: a, adapter: x}\n  - {name: b, adapter: x}\n  - {name: c, adapter: x}\n")
	out := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	var did []string
	cut := true
	work := func(ctx context.Context, task *batch.Task, _ batch.Step) error {
		if task.Job.Name == "b" && cut {
			cut = false
			cancel()
			return ctx.Err()
		}
		did = append(did, task.Job.Name)
		return nil
	}
	r, err := batch.Run(ctx, p, out, work, batch.Options{})
	if errs.KindOf(err) != errs.Cancelled || r.Done != 1 || r.Stopped != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	// A crash in the middle of a line must not hide what was done.
	f, err := os.OpenFile(filepath.Join(out, "batch.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"job":"c","outcome":"do`); err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	r, err = batch.Run(t.Context(), p, out, work, batch.Options{Resume: true})
	if err != nil || r.Done != 2 || r.Skipped != 1 || strings.Join(did, "") != "abc" {
		t.Errorf("%+v, %v, %v", r, err, did)
	}
	if r, err = batch.Run(t.Context(), p, out, work, batch.Options{Resume: true}); err != nil || r.Skipped != 3 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestAnAttemptHasItsTime(t *testing.T) {
	p := parse(t, "jobs:\n  - {name: a, adapter: x, timeout: 1ms, retries: 1}\n")
	work := func(ctx context.Context, _ *batch.Task, _ batch.Step) error {
		<-ctx.Done()
		return ctx.Err()
	}
	r, err := batch.Run(t.Context(), p, t.TempDir(), work, batch.Options{Sleep: atOnce})
	if err != nil || r.Failed != 1 || r.Jobs[0].Attempts != 2 || !strings.Contains(r.Jobs[0].Error, "not done within 1ms") {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestNamesOfFoldersAreHarmless(t *testing.T) {
	p := parse(t, "jobs:\n  - {name: '../../etc/x', adapter: x}\n  - {name: b, adapter: y}\n  - {name: c, adapter: z}\n")
	out := t.TempDir()
	work := func(_ context.Context, task *batch.Task, _ batch.Step) error {
		if task.Job.Name != "../../etc/x" {
			task.VIN = "SAME"
		}
		folder, err := task.Place()
		if rel, rerr := filepath.Rel(out, folder); rerr != nil || strings.Contains(rel, "..") {
			t.Errorf("folder %s", folder)
		}
		return err
	}
	r, err := batch.Run(t.Context(), p, out, work, batch.Options{})
	if err != nil || r.Done != 3 || r.Jobs[1].Folder == r.Jobs[2].Folder {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestARetryWritesIntoTheSameFolder(t *testing.T) {
	p := parse(t, "jobs:\n  - {name: a, adapter: x, retries: 1}\n")
	out := t.TempDir()
	work := func(_ context.Context, task *batch.Task, _ batch.Step) error {
		task.VIN = "VIN"
		if _, err := task.Place(); err != nil {
			return err
		}
		return errs.New(errs.Adapter, "lost")
	}
	r, err := batch.Run(t.Context(), p, out, work, batch.Options{Sleep: atOnce})
	if err != nil || r.Jobs[0].Attempts != 2 || r.Jobs[0].Folder != filepath.Join(out, "VIN") {
		t.Errorf("%+v, %v", r, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("jobs:\n  - {name: a, adapter: x, steps: [scan, {report: {kind: health}}]}\n")
	f.Add("defaults: {retries: 3, wait: 2s}\njobs: [{recordings: 'x*'}]")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := batch.Parse("p.yaml", []byte(text), func(string) ([]string, error) { return []string{"a/b.obdrec"}, nil })
		if err == nil && len(p.Jobs) == 0 {
			t.Error("a plan without jobs was accepted")
		}
	})
}
