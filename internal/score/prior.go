package score

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/fleetms/obdctl/internal/errs"
)

// Prior is how often a habit is seen in a fleet: rates per 100 km scatter over drivers as a gamma distribution.
type Prior struct {
	Mean    float64 `json:"mean"`     // per 100 km
	Weight  float64 `json:"weight"`   // in 100 km: who drove that far counts half by the fleet, half by themselves
	Drivers int     `json:"drivers"`  // that it was learned from; 0 for the usual rates
	Clumped float64 `json:"clumping"` // variance of a count over its mean, at least 1: events come in clumps
}

// Fleet holds a prior for each line.
type Fleet map[string]Prior

// Usual is the fleet of which nothing is known: usual rates, which weigh as 200 km.
func Usual() Fleet {
	f := Fleet{}
	for _, r := range rules() {
		f[r.id] = Prior{Mean: r.usual, Weight: 2, Clumped: 1}
	}
	return f
}

const (
	minDrivers = 4  // whose rates tell how rates scatter
	leastKm    = 50 // that a driver must have driven to tell
)

// Learn makes the priors of a fleet by moments from what each of its drivers drove; lines with too few drivers
// keep their usual rates.
func Learn(drivers [][]Drive) Fleet {
	f := Usual()
	for _, r := range rules() {
		var all []Count
		clump, n := 0.0, 0.0
		for _, drives := range drivers {
			sum := total(drives, r.id)
			if sum.Km < leastKm {
				continue
			}
			all = append(all, sum)
			if c, ok := clumping(drives, r.id, sum); ok {
				clump, n = clump+c, n+1
			}
		}
		if len(all) < minDrivers || r.id == Ignoring {
			continue
		}
		p := moments(all)
		p.Clumped = 1
		if n > 0 {
			p.Clumped = min(max(clump/n, 1), 20)
		}
		f[r.id] = p
	}
	return f
}

// moments fits mean and weight of a gamma prior to counts. What the rates scatter beyond chance is the
// fleet's own scatter; a fleet that scatters by chance alone weighs as 1,000 km.
func moments(all []Count) Prior {
	var n, km float64
	for _, c := range all {
		n, km = n+c.N, km+c.Km/100
	}
	mean := n / km
	var spread, chance float64
	for _, c := range all {
		d := c.N/(c.Km/100) - mean
		spread += d * d / float64(len(all)-1)
		chance += mean / (c.Km / 100) / float64(len(all))
	}
	weight := 10.0
	if own := spread - chance; own > 0 && mean > 0 {
		weight = min(max(mean/own, 0.5), 10)
	}
	return Prior{Mean: mean, Weight: weight, Drivers: len(all)}
}

// clumping is how much more the counts of single trips scatter than chance would have them.
func clumping(drives []Drive, id string, sum Count) (float64, bool) {
	rate := sum.N / sum.Km
	var chi, n float64
	for _, d := range drives {
		if c, ok := d.Counts[id]; ok && c.Km > 1 {
			expected := rate * c.Km
			if expected > 0 {
				chi, n = chi+(c.N-expected)*(c.N-expected)/expected, n+1
			}
		}
	}
	if n < 5 {
		return 0, false
	}
	return chi / (n - 1), true
}

func total(drives []Drive, id string) Count {
	var sum Count
	for _, d := range drives {
		if c, ok := d.Counts[id]; ok {
			sum.N, sum.Km = sum.N+c.N, sum.Km+c.Km
		}
	}
	return sum
}

// fair is the rate per 100 km drawn towards the fleet's, with its standard deviation: the gamma distribution's
// after seeing the count.
func (p Prior) fair(c Count) (rate, spread float64) {
	hundreds := c.Km / 100
	rate = (p.Mean*p.Weight + c.N) / (p.Weight + hundreds)
	// At least half an event stands for what was not seen: none in 10 km is not never.
	return rate, math.Sqrt(p.Clumped * max(rate*(p.Weight+hundreds), 0.5) / ((p.Weight + hundreds) * (p.Weight + hundreds)))
}

const fleetVersion = 1

// maxFleet bounds a saved fleet in bytes: seven lines need less than two kilobytes.
const maxFleet = 64 << 10

type savedFleet struct {
	Version int   `json:"version"`
	Lines   Fleet `json:"lines"`
}

// Save writes the priors as JSON.
func (f Fleet) Save(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(savedFleet{fleetVersion, f}); err != nil {
		return fmt.Errorf("save fleet: %w", err)
	}
	return nil
}

// LoadFleet reads what Save wrote. Lines that are not in it keep their usual rates.
func LoadFleet(r io.Reader) (Fleet, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFleet+1))
	if err != nil {
		return nil, fmt.Errorf("load fleet: %w", err)
	}
	var s savedFleet
	if len(data) > maxFleet || json.Unmarshal(data, &s) != nil || s.Version != fleetVersion {
		return nil, errs.New(errs.BadInput, "load fleet: it holds no driving rates of version %d", fleetVersion).
			WithHint("learn them again from the fleet's trips")
	}
	f := Usual()
	for id := range f {
		p, ok := s.Lines[id]
		if !ok {
			continue
		}
		if !(p.Mean >= 0 && p.Mean < 1e4 && p.Weight > 0 && p.Weight < 1e4 && p.Clumped >= 1 && p.Clumped < 1e3 && p.Drivers >= 0) {
			return nil, errs.New(errs.BadInput, "load fleet: the rates of %s are impossible", id).WithHint("learn them again from the fleet's trips")
		}
		f[id] = p
	}
	return f, nil
}
