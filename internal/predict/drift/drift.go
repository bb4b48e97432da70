// Package drift tells when what a model is fed, or how often it errs, is no longer what it was learned on.
//
// Rows within a trip resemble each other, so the usual limits for rows (PSI 0.25, KS tables) alarm by
// themselves. Here whole trips are the units: a distance counts only when hardly any other division of the
// same trips into "before" and "after" gives as large a one.
package drift

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
)

// Trip is what one trip told: values by signal, at a steady pace. Gaps may be NaN.
type Trip struct {
	ID     string
	Values map[string][]float64
}

// Options of a comparison. Zero fields take the value that they document.
type Options struct {
	Rounds int     // divisions drawn; 4999
	Level  float64 // chance of any alarm where nothing changed, over all signals; 0.01
	Seed   uint64
}

// MinTrips is how many trips either side needs: fewer have too few divisions to say how rare one is.
const MinTrips = 8

const (
	bins     = 10
	matters  = 0.1 // PSI below which credit scoring, where it comes from, speaks of no change
	maxTrips = 20_000
	keep     = 2000 // values of a trip that are looked at; more are thinned evenly
)

// Shift is what changed in one signal. Alarm is only set where the data allow it; Missing says why not.
type Shift struct {
	Signal        string
	Before, After int     // trips that hold the signal
	PSI           float64 // population stability index over ten pooled deciles, each trip weighing alike
	PSILimit      float64 // that the share Level of divisions exceeds
	PSIChance     float64 // share of divisions with a PSI as large
	KS            float64 // largest distance between the distributions of trip medians
	KSLimit       float64
	KSChance      float64
	From, To      float64 // median of the trips' medians before and after
	Alarm         bool
	Missing       string
}

// Compare looks at every signal that any trip holds, in the order of their names. With the same seed the
// answer is the same. The cost grows with trips times rounds.
func Compare(before, after []Trip, o Options) []Shift {
	if o.Rounds <= 0 {
		o.Rounds = 4999
	}
	if !(o.Level > 0 && o.Level < 1) {
		o.Level = 0.01
	}
	var out []Shift
	for _, name := range signals(before, after) {
		out = append(out, compare(name, before, after, o))
	}
	alarm(out, o.Level)
	return out
}

func signals(sides ...[]Trip) []string {
	seen := map[string]bool{}
	for _, side := range sides {
		for _, t := range side {
			for name := range t.Values {
				seen[name] = true
			}
		}
	}
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// summary is one trip's share in each bin and its median.
type summary struct {
	shares [bins]float64
	median float64
}

func compare(name string, before, after []Trip, o Options) Shift {
	var values [][]float64
	s := Shift{Signal: name}
	for i, side := range [][]Trip{before, after} {
		for _, t := range side[:min(len(side), maxTrips)] {
			if v := thin(t.Values[name]); len(v) > 0 {
				values = append(values, v)
				if i == 0 {
					s.Before++
				} else {
					s.After++
				}
			}
		}
	}
	if s.Before < MinTrips || s.After < MinTrips {
		s.Missing = fmt.Sprintf("%d trips before and %d after hold %s, %d each are needed", s.Before, s.After, name, MinTrips)
		return s
	}
	all := summarise(values)
	s.From, s.To = middle(all[:s.Before]), middle(all[s.Before:])
	if s.constant(values) {
		return s
	}
	s.permute(all, o)
	return s
}

// constant handles a signal that never changes: there is nothing to compare, and no alarm.
func (s *Shift) constant(values [][]float64) bool {
	for _, v := range values {
		if v[0] != values[0][0] || v[len(v)-1] != v[0] { // thin sorts
			return false
		}
	}
	s.PSIChance, s.KSChance = 1, 1
	return true
}

// permute draws divisions of the trips and counts those that are as far apart as the real one.
func (s *Shift) permute(all []summary, o Options) {
	s.PSI, s.KS = psi(all, s.Before), ks(all, s.Before)
	draw := rand.New(rand.NewPCG(o.Seed, 1))
	shuffled := slices.Clone(all)
	psis, kss := make([]float64, o.Rounds), make([]float64, o.Rounds)
	psiAs, ksAs := 1, 1 // the real division is one of them
	for i := range o.Rounds {
		draw.Shuffle(len(shuffled), func(a, b int) { shuffled[a], shuffled[b] = shuffled[b], shuffled[a] })
		psis[i], kss[i] = psi(shuffled, s.Before), ks(shuffled, s.Before)
		if psis[i] >= s.PSI {
			psiAs++
		}
		if kss[i] >= s.KS {
			ksAs++
		}
	}
	s.PSIChance, s.KSChance = float64(psiAs)/float64(o.Rounds+1), float64(ksAs)/float64(o.Rounds+1)
	slices.Sort(psis)
	slices.Sort(kss)
	at := min(int(math.Ceil((1-o.Level)*float64(o.Rounds))), o.Rounds-1)
	s.PSILimit, s.KSLimit = psis[at], kss[at]
}

// alarm sets which shifts are one, so that the chance of any false one stays below level (S. Holm, 1979). The
// two statistics of a signal are two tests.
func alarm(shifts []Shift, level float64) {
	type test struct {
		chance float64
		of     *Shift
		counts bool // it is large enough to matter
	}
	var tests []test
	for i := range shifts {
		if s := &shifts[i]; s.Missing == "" {
			tests = append(tests, test{s.PSIChance, s, s.PSI >= matters}, test{s.KSChance, s, true})
		}
	}
	sort.SliceStable(tests, func(a, b int) bool { return tests[a].chance < tests[b].chance })
	for i, t := range tests {
		if t.chance > level/float64(len(tests)-i) {
			return
		}
		t.of.Alarm = t.of.Alarm || t.counts
	}
}

// thin returns at most keep of the finite values, evenly, sorted.
func thin(v []float64) []float64 {
	step := max(1, (len(v)+keep-1)/keep)
	out := make([]float64, 0, len(v)/step+1)
	for i := 0; i < len(v); i += step {
		if !math.IsNaN(v[i]) && !math.IsInf(v[i], 0) {
			out = append(out, v[i])
		}
	}
	slices.Sort(out)
	return out
}
