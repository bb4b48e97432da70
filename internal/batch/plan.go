package batch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/internal/errs"
)

// Plan is what is to be done, as its file says.
type Plan struct {
	Name     string   `yaml:"name"`
	Output   string   `yaml:"output"`   // folder of everything that is written; beside the plan when relative
	Parallel int      `yaml:"parallel"` // adapters at work at once; as many as there are when 0
	Defaults Defaults `yaml:"defaults"`
	Jobs     []Job    `yaml:"jobs"`
}

// Defaults hold for the jobs that do not say otherwise.
type Defaults struct {
	Retries *int          `yaml:"retries"` // after the first attempt; 2
	Wait    time.Duration `yaml:"wait"`    // before the first retry, doubled each time; 5s
	Timeout time.Duration `yaml:"timeout"` // of one attempt; 5m
	Steps   []Step        `yaml:"steps"`
}

// Job is one vehicle: where it is read, and the steps.
type Job struct {
	Name       string        `yaml:"name"`
	Adapter    string        `yaml:"adapter"`
	Recordings string        `yaml:"recordings"` // a pattern instead of an adapter: one job for each file
	Vehicle    string        `yaml:"vehicle"`    // words of the vehicle in the database, for a car without a VIN
	Retries    *int          `yaml:"retries"`
	Wait       time.Duration `yaml:"wait"`
	Timeout    time.Duration `yaml:"timeout"`
	Steps      []Step        `yaml:"steps"`
}

// Step is one thing to do: a word, or a word with settings: "report: {kind: health, format: pdf}".
type Step struct {
	Do       string
	Settings map[string]string
}

// Steps that a plan may name, with the settings that each takes.
var known = map[string][]string{
	"scan":    {"quick"},
	"report":  {"kind", "format", "language", "units", "paper"},
	"export":  {"format"},
	"predict": {"order"},
}

// UnmarshalYAML reads a step.
func (s *Step) UnmarshalYAML(n *yaml.Node) error {
	s.Settings = map[string]string{}
	switch {
	case n.Kind == yaml.ScalarNode:
		s.Do = n.Value
	case n.Kind == yaml.MappingNode && len(n.Content) == 2:
		s.Do = n.Content[0].Value
		if err := n.Content[1].Decode(&s.Settings); err != nil {
			return fmt.Errorf("line %d: the settings of %s are written as {name: value}", n.Line, s.Do)
		}
	default:
		return fmt.Errorf("line %d: a step is a word such as scan, or a word with settings", n.Line)
	}
	settings, ok := known[s.Do]
	if !ok {
		return fmt.Errorf("line %d: step %q is not known, want scan, report, export or predict", n.Line, s.Do)
	}
	for name := range s.Settings {
		if !slices.Contains(settings, name) {
			return fmt.Errorf("line %d: %s has no setting %q, only %s", n.Line, s.Do, name, strings.Join(settings, ", "))
		}
	}
	return nil
}

// maxPlan and maxJobs bound a plan.
const (
	maxPlan = 4 << 20
	maxJobs = 10_000
)

// Parse reads a plan. glob finds the files of a pattern and is given for tests; nil means [filepath.Glob].
//
// Mistakes are of kind errs.BadInput and name the line.
func Parse(name string, data []byte, glob func(string) ([]string, error)) (Plan, error) {
	var p Plan
	if len(data) > maxPlan {
		return p, errs.New(errs.BadInput, "plan %s is larger than 4 MiB", name)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&p); err != nil && !errors.Is(err, io.EOF) {
		reason := strings.NewReplacer("yaml: ", "", "unmarshal errors:\n  ", "", "\n  ", "; ", " in type batch.Plan", "", " in type batch.Job", "", " in type batch.Defaults", "").Replace(err.Error())
		return p, bad(name, "%s", reason)
	}
	if glob == nil {
		glob = filepath.Glob
	}
	if p.Name == "" {
		p.Name = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	}
	if p.Output == "" {
		p.Output = p.Name
	}
	return p, p.complete(name, glob)
}

func bad(name, format string, args ...any) error {
	return errs.New(errs.BadInput, "plan %s: %s", name, fmt.Sprintf(format, args...)).WithHint("'obdctl batch run --help' shows a plan")
}

// complete fills in the defaults, finds the recordings and checks the whole.
func (p *Plan) complete(name string, glob func(string) ([]string, error)) error {
	var jobs []Job
	for n, j := range p.Jobs {
		where := fmt.Sprintf("job %d", n+1)
		if j.Name != "" {
			where = fmt.Sprintf("job %q", j.Name)
		}
		p.fill(&j)
		switch {
		case (j.Adapter == "") == (j.Recordings == ""):
			return bad(name, "%s needs an adapter or recordings, and not both", where)
		case *j.Retries < 0 || *j.Retries > 100 || j.Wait < 0 || j.Timeout < 0:
			return bad(name, "%s: retries are 0 to 100, times are not negative", where)
		case j.Adapter != "":
			if j.Name == "" {
				j.Name = fmt.Sprintf("job-%d", n+1)
			}
			jobs = append(jobs, j)
			continue
		}
		files, err := glob(j.Recordings)
		if err != nil {
			return bad(name, "%s: recordings %q: %s", where, j.Recordings, err)
		}
		if len(files) == 0 {
			return bad(name, "%s: no file matches %q", where, j.Recordings)
		}
		for _, f := range files {
			one := j
			one.Adapter, one.Recordings = "replay:"+f, ""
			one.Name = strings.TrimPrefix(j.Name+"/", "/") + strings.TrimSuffix(filepath.Base(f), filepath.Ext(f))
			jobs = append(jobs, one)
		}
	}
	p.Jobs = jobs
	return p.check(name)
}

func (p *Plan) fill(j *Job) {
	two := 2
	for _, from := range []*int{p.Defaults.Retries, &two} {
		if j.Retries == nil {
			j.Retries = from
		}
	}
	pick := func(to *time.Duration, from ...time.Duration) {
		for _, d := range from {
			if *to == 0 {
				*to = d
			}
		}
	}
	pick(&j.Wait, p.Defaults.Wait, 5*time.Second)
	pick(&j.Timeout, p.Defaults.Timeout, 5*time.Minute)
	for _, from := range [][]Step{p.Defaults.Steps, {{Do: "scan", Settings: map[string]string{}}}} {
		if len(j.Steps) == 0 {
			j.Steps = from
		}
	}
}

func (p *Plan) check(name string) error {
	if len(p.Jobs) == 0 || len(p.Jobs) > maxJobs {
		return bad(name, "it has %d jobs, want 1 to %d", len(p.Jobs), maxJobs)
	}
	if p.Parallel < 0 {
		return bad(name, "parallel is not negative")
	}
	seen := map[string]bool{}
	for _, j := range p.Jobs {
		if seen[j.Name] {
			return bad(name, "two jobs are called %q", j.Name)
		}
		seen[j.Name] = true
		if j.Steps[0].Do != "scan" {
			return bad(name, "job %q: its first step must be scan", j.Name)
		}
	}
	return nil
}
