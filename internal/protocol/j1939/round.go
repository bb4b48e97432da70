package j1939

import (
	"time"

	"github.com/fleetms/obdctl/internal/link"
)

// round is one call of RequestAll.
type round struct {
	link    *Link
	own     uint8
	waiting map[uint8][]link.Query // by destination, in order
	order   []uint8
	open    map[recentKey]*asked // by group and destination
	found   []link.ParameterGroup
	inbox   inbox
}

// together is how many requests a node gets at once that refuses nothing: silence has no order to keep.
const together = 8

// asked is a request under way.
type asked struct {
	query link.Query
	tries int
	due   time.Time
	again time.Time // a busy node is asked again then
}

func (a *asked) key() recentKey { return recentKey{a.query.PGN, a.query.Destination} }

func newRound(l *Link, queries []link.Query) *round {
	own, _ := l.Address()
	r := &round{link: l, own: own, waiting: map[uint8][]link.Query{}, open: map[recentKey]*asked{}}
	for _, q := range queries {
		if _, ok := r.waiting[q.Destination]; !ok {
			r.order = append(r.order, q.Destination)
		}
		r.waiting[q.Destination] = append(r.waiting[q.Destination], q)
	}
	r.inbox.wanted = r.wants
	return r
}

// wants tells what may answer: groups that were asked for and acknowledgements.
func (r *round) wants(g *link.ParameterGroup) bool {
	if g.Source == r.own || g.Destination != Global && g.Destination != r.own {
		return false
	}
	return g.PGN == PGNAcknowledge || r.openFor(g.Source, g.PGN) != nil
}

// openFor returns the request that a group of a source answers, nil for none.
func (r *round) openFor(source uint8, pgn uint32) *asked {
	if a := r.open[recentKey{pgn, source}]; a != nil {
		return a
	}
	return r.open[recentKey{pgn, Global}]
}

// start sends the next request to every destination that is free, and again to one that was busy.
func (r *round) start(now time.Time) {
	busy := map[uint8]int{}
	for _, a := range r.open {
		busy[a.query.Destination]++
		if !a.again.IsZero() && !now.Before(a.again) {
			r.ask(now, a)
		}
	}
	for _, to := range r.order {
		for most := r.most(to); len(r.waiting[to]) > 0 && busy[to] < most; busy[to]++ {
			if next := r.waiting[to][0]; r.open[recentKey{next.PGN, to}] != nil {
				break // the answers to two commands could not be told apart
			}
			a := &asked{query: r.waiting[to][0]}
			r.waiting[to] = r.waiting[to][1:]
			r.open[a.key()] = a
			r.ask(now, a)
		}
	}
}

// most is how many requests a destination gets at once.
func (r *round) most(to uint8) int {
	if to != Global && r.link.silent[to] > 0 {
		return together
	}
	return 1
}

func (r *round) ask(now time.Time, a *asked) {
	a.tries++
	a.again = time.Time{}
	a.due = now.Add(r.patience(a.query.Destination))
	if a.query.Results != 0 {
		r.link.machine.send(ResultsFrame(r.own, a.query.Destination, a.query.Results))
		return
	}
	r.link.machine.send(RequestFrame(r.own, a.query.Destination, a.query.PGN))
}

// patience is T3; a node that never refuses what it does not have gets less, and so do all together, of
// whom only those answer that have the group.
func (r *round) patience(to uint8) time.Duration {
	if to == Global || r.link.silent[to] > 0 {
		return quiet
	}
	return T3
}

// collect takes what came. The lock is held.
func (r *round) collect(now time.Time) {
	for _, g := range r.inbox.take() {
		if g.PGN == PGNAcknowledge {
			r.acknowledged(now, g)
			continue
		}
		r.answered(now, g)
	}
	for key, a := range r.open {
		q := a.query
		switch {
		case r.progressing(q):
			a.due = now.Add(quiet)
		case a.again.IsZero() && !now.Before(a.due):
			if q.Destination != Global {
				r.link.silent[q.Destination]++
			}
			delete(r.open, key)
		}
	}
}

// progressing tells that a transfer to us is under way from the destination, or from anyone after a global request.
func (r *round) progressing(q link.Query) bool {
	for key, in := range r.link.machine.incoming {
		if in.pgn == q.PGN && (key.to == r.own || key.to == Global) && (q.Destination == Global || key.from == q.Destination) {
			return true
		}
	}
	return false
}

func (r *round) answered(now time.Time, g link.ParameterGroup) {
	a := r.openFor(g.Source, g.PGN)
	if a == nil {
		return
	}
	if a.query.Destination != Global {
		r.found = append(r.found, g)
		delete(r.open, a.key())
		return
	}
	a.due = now.Add(quiet)
	for i, old := range r.found {
		if old.Source == g.Source && old.PGN == g.PGN {
			r.found[i] = g
			return
		}
	}
	r.found = append(r.found, g)
}

// acknowledged takes PGN 59392. The requester's address is in it; nodes of before 2006 leave it out.
func (r *round) acknowledged(now time.Time, g link.ParameterGroup) {
	k, err := ParseAcknowledgement(g.Data)
	if err != nil || k.Address != r.own && k.Address != Global {
		return
	}
	a := r.openFor(g.Source, k.PGN)
	if k.PGN == PGNDM7 {
		a = r.commanded(g.Source)
	}
	if a == nil {
		return
	}
	alone := a.query.Destination != Global
	r.link.silent[g.Source] = 0
	if k.Control == link.AckCannotRespond && alone && a.tries < attempts {
		a.again = now.Add(Tr)
		return
	}
	out := link.ParameterGroup{PGN: k.PGN, Source: g.Source, Destination: r.own, Priority: g.Priority, At: g.At}
	if k.Control != link.AckPositive {
		out.Err = &link.Refusal{PGN: k.PGN, Source: g.Source, Code: k.Control}
	}
	r.found = append(r.found, out)
	if alone {
		delete(r.open, a.key())
	}
}

// commanded returns the command that a node has under way: it refuses DM7, not the group that would answer.
func (r *round) commanded(source uint8) *asked {
	for _, a := range r.open {
		if a.query.Results != 0 && a.query.Destination == source {
			return a
		}
	}
	return nil
}

// next returns when the round must look again; false when nothing is open.
func (r *round) next() (time.Time, bool) {
	var first time.Time
	for _, a := range r.open {
		at := a.due
		if !a.again.IsZero() {
			at = a.again
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first, len(r.open) > 0
}
