package text

import (
	"fmt"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

func trips(p *Page, all []fleet.Trip, o Options) {
	if len(all) == 0 {
		return
	}
	p.Section("Trips")
	p.Table(2, tripRows(all, o))
}

// Trips lays out a list of trips.
func Trips(all []fleet.Trip, next string, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Trips", T(Faint, "%s", count(len(all), "trip")))
	p.Table(2, tripRows(all, o))
	if len(all) == 0 {
		p.Line(2, T(Faint, "none found in the readings that were kept"))
	}
	nextPage(p, next)
	return p
}

func tripRows(all []fleet.Trip, o Options) [][]Cell {
	var rows [][]Cell
	for _, t := range all {
		fuel := ""
		if t.FuelL != nil {
			fuel = fmt.Sprintf("%.2f L", *t.FuelL)
			if o.Imperial {
				fuel = fmt.Sprintf("%.2f gal", *t.FuelL/3.785411784)
			}
		}
		hard := T(Faint, "calm")
		if n := t.HardBrakes + t.HardStarts; n > 0 {
			hard = T(Warn, "%d hard", n)
		}
		rows = append(rows, []Cell{
			T(Faint, "%s", short(t.ID)), C("%s", minute(t.Start, o.Zone)), R("%s", t.End.Sub(t.Start).Round(time.Minute)), R("%s", distance(t.DistanceKm, o)), R("%s", fuel), hard,
		})
	}
	return rows
}

func shopParts(p *Page, v VehicleParts, o Options) {
	if len(v.Orders) > 0 {
		p.Section("Work orders")
		p.Table(2, orderRows(v.Orders, o))
	}
	if len(v.Notes) > 0 {
		p.Section("Notes")
		p.Table(2, noteRows(v.Notes, o))
	}
	if len(v.Files) > 0 {
		p.Section("Files")
		p.Table(2, fileRows(v.Files, o))
	}
}

// Orders lays out work orders.
func Orders(all []fleet.WorkOrder, next string, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Work orders", T(Faint, "%d", len(all)))
	p.Table(2, orderRows(all, o))
	nextPage(p, next)
	return p
}

func orderRows(all []fleet.WorkOrder, o Options) [][]Cell {
	var rows [][]Cell
	for _, w := range all {
		state := T(Warn, "%s", w.State)
		if w.State == fleet.OrderDone || w.State == fleet.OrderCancelled {
			state = T(Faint, "%s", w.State)
		}
		rows = append(rows, []Cell{T(Faint, "%s", short(w.ID)), C("%s", minute(w.Opened, o.Zone)), T(Strong, "%s", dash(w.Number)), state, C("%s", w.Title)})
	}
	return rows
}

// Notes lays out notes.
func Notes(all []fleet.Note, next string, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Notes", T(Faint, "%d", len(all)))
	p.Table(2, noteRows(all, o))
	nextPage(p, next)
	return p
}

func noteRows(all []fleet.Note, o Options) [][]Cell {
	var rows [][]Cell
	for _, n := range all {
		rows = append(rows, []Cell{T(Faint, "%s", short(n.ID)), C("%s", minute(n.Created, o.Zone)), C("%s", strings.Join(strings.Fields(n.Text), " "))})
	}
	return rows
}

// Files lays out files.
func Files(all []fleet.File, next string, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Files", T(Faint, "%d", len(all)))
	p.Table(2, fileRows(all, o))
	nextPage(p, next)
	return p
}

func fileRows(all []fleet.File, o Options) [][]Cell {
	var rows [][]Cell
	for _, f := range all {
		rows = append(rows, []Cell{T(Faint, "%s", short(f.ID)), C("%s", minute(f.Created, o.Zone)), C("%s", f.Kind), R("%s", Size(f.Size)), C("%s", f.Name)})
	}
	return rows
}

// Size writes bytes for people.
func Size(n int64) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d B", n)
	case n < 10_000_000:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	case n < 10_000_000_000:
		return fmt.Sprintf("%.0f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// Customers lays out customers.
func Customers(all []fleet.Customer, next string, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Customers", T(Faint, "%d", len(all)))
	var rows [][]Cell
	for _, c := range all {
		rows = append(rows, []Cell{T(Faint, "%s", short(c.ID)), T(Strong, "%s", c.Name), C("%s", dash(c.Phone)), C("%s", dash(c.Email)), C("%s", c.Address)})
	}
	p.Table(2, rows)
	nextPage(p, next)
	return p
}

func series(p *Page, all []fleet.Series, o Options) {
	if len(all) == 0 {
		return
	}
	if !o.All {
		var n int64
		from, to := all[0].First, all[0].Last
		for _, s := range all {
			n += s.Count
			if s.First.Before(from) {
				from = s.First
			}
			if s.Last.After(to) {
				to = s.Last
			}
		}
		p.Section("Readings")
		p.Line(2, C("%d of %s, from %s to %s;", n, count(len(all), "signal"), minute(from, o.Zone), minute(to, o.Zone)), T(Faint, "--all lists the signals"))
		return
	}
	p.Section("Readings", T(Faint, "%s", count(len(all), "signal")))
	var rows [][]Cell
	for _, s := range all {
		rows = append(rows, []Cell{T(Strong, "%s", s.Signal), C("%s", s.ECU), R("%d", s.Count), C("%s", minute(s.First, o.Zone)), C("%s", minute(s.Last, o.Zone)), T(Faint, "%s", s.Name)})
	}
	p.Table(2, rows)
}

// Hits lays out what a search found.
func Hits(all []store.Hit, next string, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Found", T(Faint, "%s", count(len(all), "result")))
	var rows [][]Cell
	for _, h := range all {
		words := h.Title
		if s := strings.NewReplacer("\x01", "", "\x02", "").Replace(h.Snippet); s != "" && s != h.Title {
			words += ": " + s
		}
		rows = append(rows, []Cell{T(Faint, "%s", h.Kind), T(Faint, "%s", short(h.ID)), C("%s", minute(h.At, o.Zone)), C("%s", words)})
	}
	p.Table(2, rows)
	if len(all) == 0 {
		p.Line(2, T(Faint, "nothing"))
	}
	nextPage(p, next)
	return p
}
