package main

import "github.com/fleetms/obdctl/internal/batch"

const planSchema = "obdctl.plan/1"

// planDocument is what `batch check --json` writes: the plan with its defaults filled in and its recordings found.
type planDocument struct {
	Schema   string       `json:"schema"`
	Plan     string       `json:"plan"`
	Output   string       `json:"output"`
	Parallel int          `json:"parallel,omitempty"` // 0: as many as there are adapters
	Jobs     []plannedJob `json:"jobs"`
}

type plannedJob struct {
	Job      string        `json:"job"`
	Adapter  string        `json:"adapter"`
	Vehicle  string        `json:"vehicle,omitempty"`
	Retries  int           `json:"retries"`
	WaitS    float64       `json:"wait_s"`
	TimeoutS float64       `json:"timeout_s"`
	Steps    []plannedStep `json:"steps"`
}

type plannedStep struct {
	Do       string            `json:"do"`
	Settings map[string]string `json:"settings,omitempty"`
}

func planned(p batch.Plan) planDocument {
	doc := planDocument{Schema: planSchema, Plan: p.Name, Output: p.Output, Parallel: p.Parallel, Jobs: []plannedJob{}}
	for _, j := range p.Jobs {
		job := plannedJob{Job: j.Name, Adapter: j.Adapter, Vehicle: j.Vehicle, Retries: *j.Retries, WaitS: j.Wait.Seconds(), TimeoutS: j.Timeout.Seconds()}
		for _, s := range j.Steps {
			job.Steps = append(job.Steps, plannedStep{s.Do, s.Settings})
		}
		doc.Jobs = append(doc.Jobs, job)
	}
	return doc
}
