package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// plotDocument is what `plot` draws, and writes in JSON.
type plotDocument struct {
	Schema    string       `json:"schema"`
	VehicleID uuid.UUID    `json:"vehicle_id"`
	Vehicle   string       `json:"vehicle"` // what people call it
	From      time.Time    `json:"from"`
	Until     time.Time    `json:"until"` // exclusive
	Series    []plotSeries `json:"series"`
}

// plotSeries is one line: its readings in stretches of time of the same length.
type plotSeries struct {
	Signal  string         `json:"signal"`
	ECU     obd.Address    `json:"ecu,omitzero"`
	Name    string         `json:"name,omitempty"`
	Unit    string         `json:"unit,omitempty"`
	Buckets []fleet.Bucket `json:"buckets"` // those that hold readings
}

// plotter takes what is drawn out of the store.
type plotter struct {
	app     *app
	ctx     context.Context
	tx      store.Tx
	flags   plotFlags
	buckets int
}

func (p *plotter) read(words []string) (plotDocument, error) {
	doc := plotDocument{Schema: "obdctl.plot/1"}
	g := gatherer{ctx: p.ctx, tx: p.tx}
	v, err := g.vehicle(&reportFlags{vehicle: p.flags.vehicle})
	if err != nil {
		return doc, err
	}
	doc.VehicleID, doc.Vehicle = v.ID, v.Title()
	if doc.From, doc.Until, err = p.stretch(v); err != nil {
		return doc, err
	}
	chosen, err := p.choose(v, words)
	if err != nil {
		return doc, err
	}
	doc.within(chosen)
	for _, s := range chosen {
		span := store.Span{VehicleID: v.ID, Signals: []string{s.Signal}, ECU: &s.ECU, From: doc.From, Until: doc.Until}
		buckets, err := p.tx.Readings().Plot(p.ctx, span, p.buckets)
		if err != nil {
			return doc, err
		}
		filled := slices.DeleteFunc(buckets, func(b fleet.Bucket) bool { return b.Count == 0 })
		doc.Series = append(doc.Series, plotSeries{s.Signal, s.ECU, s.Name, s.Unit, filled})
	}
	if !slices.ContainsFunc(doc.Series, func(s plotSeries) bool { return len(s.Buckets) > 0 }) {
		return doc, errs.New(errs.BadInput, "no reading of %s in that stretch of time", strings.Join(words, ", ")).
			WithHint("there are some from %s to %s", clock(chosen[0].First), clock(chosen[0].Last))
	}
	return doc, nil
}

func clock(t time.Time) string { return t.In(localZone()).Format("2006-01-02 15:04") }

// within fills the ends of the stretch that nobody set: the first and the last reading.
func (d *plotDocument) within(chosen []fleet.Series) {
	first := slices.MinFunc(chosen, func(a, b fleet.Series) int { return a.First.Compare(b.First) }).First
	last := slices.MaxFunc(chosen, func(a, b fleet.Series) int { return a.Last.Compare(b.Last) }).Last
	if d.From.IsZero() || d.From.Before(first) && d.Until.IsZero() {
		d.From = first
	}
	if d.Until.IsZero() {
		d.Until = last.Add(time.Microsecond)
	}
	if !d.Until.After(d.From) {
		d.Until = d.From.Add(time.Second)
	}
}

// stretch is that of --trip, or of --since and --until; zero ends are open.
func (p *plotter) stretch(v fleet.Vehicle) (from, until time.Time, err error) {
	if p.flags.trip == "" {
		return p.app.stretch(p.flags.since, p.flags.until)
	}
	t, err := oneTrip(p.ctx, p.tx, p.flags.trip, v.ID)
	return t.Start, t.End.Add(time.Microsecond), err
}

// choose finds one series for each word: SIGNAL or SIGNAL@ECU.
func (p *plotter) choose(v fleet.Vehicle, words []string) ([]fleet.Series, error) {
	all, err := p.tx.Readings().Series(p.ctx, v.ID)
	if err != nil {
		return nil, err
	}
	var chosen []fleet.Series
	for _, word := range words {
		signal, ecu, _ := strings.Cut(word, "@")
		pick := picker{words: []string{signal}}
		of := pick.from(all)
		if err := pick.missing(); err != nil {
			return nil, err
		}
		if ecu != "" {
			of = slices.DeleteFunc(of, func(s fleet.Series) bool { return !strings.EqualFold(s.ECU.String(), ecu) })
			if len(of) == 0 {
				return nil, errs.New(errs.Usage, "control unit %s tells no %s", ecu, signal)
			}
		}
		chosen = append(chosen, slices.MaxFunc(of, func(a, b fleet.Series) int { return cmp.Compare(a.Count, b.Count) }))
	}
	return chosen, nil
}
