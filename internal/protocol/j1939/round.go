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
	open    map[uint8]*asked
	found   []link.ParameterGroup
	inbox   inbox
}

// asked is the request that a destination is busy with.
type asked struct {
	query  link.Query
	tries  int
	due    time.Time
	again  time.Time // a busy node is asked again then
	before uint64    // packets of transfers that were under way
}

func newRound(l *Link, queries []link.Query) *round {
	own, _ := l.Address()
	r := &round{link: l, own: own, waiting: map[uint8][]link.Query{}, open: map[uint8]*asked{}}
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
	if g.PGN == PGNAcknowledge {
		return true
	}
	for _, a := range r.open {
		if a.query.PGN == g.PGN {
			return true
		}
	}
	return false
}

// start sends the next request to every destination that is free, and again to one that was busy.
func (r *round) start(now time.Time) {
	for _, to := range r.order {
		a := r.open[to]
		if a == nil && len(r.waiting[to]) > 0 {
			a = &asked{query: r.waiting[to][0]}
			r.waiting[to] = r.waiting[to][1:]
			r.open[to] = a
			r.ask(now, a)
		} else if a != nil && !a.again.IsZero() && !now.Before(a.again) {
			r.ask(now, a)
		}
	}
}

func (r *round) ask(now time.Time, a *asked) {
	a.tries++
	a.again = time.Time{}
	a.due = now.Add(r.patience(a.query.Destination))
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
	for to, a := range r.open {
		switch {
		case r.progressing(to):
			a.due = now.Add(quiet)
		case a.again.IsZero() && !now.Before(a.due):
			if to != Global {
				r.link.silent[to]++
			}
			delete(r.open, to)
		}
	}
}

// progressing tells that a transfer to us is under way from the destination, or from anyone after a global request.
func (r *round) progressing(to uint8) bool {
	a := r.open[to]
	for key, in := range r.link.machine.incoming {
		if in.pgn == a.query.PGN && (key.to == r.own || key.to == Global) && (to == Global || key.from == to) {
			return true
		}
	}
	return false
}

// touched tells, under the lock, that a wait should be looked at again: a transfer began or ended.
func (r *round) touched() bool {
	for to, a := range r.open {
		if a.before == 0 && r.progressing(to) {
			a.before = 1
			return true
		}
	}
	return false
}

func (r *round) answered(now time.Time, g link.ParameterGroup) {
	if a := r.open[g.Source]; a != nil && a.query.PGN == g.PGN {
		r.found = append(r.found, g)
		r.link.silent[g.Source] = 0
		delete(r.open, g.Source)
		return
	}
	if a := r.open[Global]; a != nil && a.query.PGN == g.PGN {
		a.due = now.Add(quiet)
		for i, old := range r.found {
			if old.Source == g.Source && old.PGN == g.PGN {
				r.found[i] = g
				return
			}
		}
		r.found = append(r.found, g)
	}
}

// acknowledged takes PGN 59392. The requester's address is in it; nodes of before 2006 leave it out.
func (r *round) acknowledged(now time.Time, g link.ParameterGroup) {
	k, err := ParseAcknowledgement(g.Data)
	if err != nil || k.Address != r.own && k.Address != Global {
		return
	}
	to := g.Source
	a := r.open[to]
	if a == nil || a.query.PGN != k.PGN {
		to = Global
		if a = r.open[Global]; a == nil || a.query.PGN != k.PGN {
			return
		}
	}
	r.link.silent[g.Source] = 0
	if k.Control == link.AckCannotRespond && to != Global && a.tries < attempts {
		a.again = now.Add(Tr)
		return
	}
	out := link.ParameterGroup{PGN: k.PGN, Source: g.Source, Destination: r.own, Priority: g.Priority, At: g.At}
	if k.Control != link.AckPositive {
		out.Err = &link.Refusal{PGN: k.PGN, Source: g.Source, Code: k.Control}
	}
	r.found = append(r.found, out)
	if to != Global {
		delete(r.open, to)
	}
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
