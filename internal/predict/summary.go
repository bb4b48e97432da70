package predict

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"iter"
	"math"

	"github.com/fleetms/obdctl/internal/obd"
)

// summed are the signals that a drive is summed up by, with what a working sensor can say in our unit.
func summed() []struct {
	id, unit  string
	low, high float64
} {
	return []struct {
		id, unit  string
		low, high float64
	}{
		{"RPM", "/min", 0, 12000}, {"VSS", "km/h", 0, 350}, {"ECT", "Cel", -39, 214}, {"IAT", "Cel", -39, 214}, {"LOAD_PCT", "%", 0, 100},
		{"MAP", "kPa", 1, 400}, {"SHRTFT1", "%", -99, 99}, {"LONGFT1", "%", -99, 99}, {"VPWR", "V", 5, 32}, {"SPN100", "kPa", 0, 1000},
	}
}

func summedSignals() []string {
	var ids []string
	for _, s := range summed() {
		ids = append(ids, s.id)
	}
	return ids
}

// rowNames are the names of a [summary]'s row.
func rowNames() []string {
	var names []string
	for _, s := range summed() {
		names = append(names, s.id+" mean", s.id+" spread", s.id+" highest")
	}
	return names
}

// summary is what one drive said, in few numbers, with the engine running.
type summary struct {
	Drive    Drive
	Row      []float64 // mean, standard deviation and highest of each signal; NaN where it was not heard
	Readings int
	Hash     string
}

// moments of one signal (B. P. Welford, Technometrics 4, 1962).
type moments struct {
	n                float64
	mean, m2, higher float64
}

func (m *moments) add(v float64) {
	m.n++
	d := v - m.mean
	m.mean += d / m.n
	m.m2 += d * (v - m.mean)
	if m.n == 1 || v > m.higher {
		m.higher = v
	}
}

// sum reads a drive once. Readings in another unit, impossible ones, and those with the engine off are left out.
func sum(d Drive, readings iter.Seq[obd.Reading]) summary {
	place := map[string]int{}
	for i, s := range summed() {
		place[s.id] = i
	}
	all := make([]moments, len(place))
	content := sha256.New()
	out := summary{Drive: d}
	running := false
	for r := range readings {
		i, ok := place[r.Signal]
		if !ok || r.Absent {
			continue
		}
		s := summed()[i]
		if r.Unit != "" && r.Unit != s.unit || !(r.Value >= s.low && r.Value <= s.high) {
			continue
		}
		if r.Signal == "RPM" {
			running = r.Value >= 400
		}
		note(content, r)
		if out.Readings++; running {
			all[i].add(r.Value)
		}
	}
	for _, m := range all {
		if m.n < 10 {
			out.Row = append(out.Row, math.NaN(), math.NaN(), math.NaN())
			continue
		}
		out.Row = append(out.Row, m.mean, math.Sqrt(m.m2/m.n), m.higher)
	}
	out.Hash = hex.EncodeToString(content.Sum(nil))
	return out
}

// note adds a reading to a hash of the data.
func note(h hash.Hash, r obd.Reading) {
	h.Write([]byte(r.Signal))
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(r.At.UnixMicro())))
	h.Write(binary.BigEndian.AppendUint64(nil, math.Float64bits(r.Value)))
}
