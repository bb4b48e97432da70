package engine

// channel is one signal that others cause, and where in a trip that holds.
type channel struct {
	Name   string   // for people: "charging voltage"
	Target string   // the series that is explained
	Inputs []string // series that cause it
	When   string   // "running", "idle", "moving" or "steady"
	After  float64  // seconds that the engine must have been running
	Span   float64  // seconds over which residuals are averaged: a fault lasts, a gear change does not
	Unit   string
	// Floor is the smallest lasting deviation that counts, in Unit: less is no fault on any car.
	Floor float64
}

// The channels that rules about parts speak of.
const (
	chargeName  = "charging voltage"
	mapName     = "manifold pressure"
	mapIdleName = "manifold pressure at idle"
	trimIdle1   = "fuel trim at idle, bank 1"
	trimMove1   = "fuel trim on the move, bank 1"
	trimIdle2   = "fuel trim at idle, bank 2"
	trimMove2   = "fuel trim on the move, bank 2"
)

func trimNames() []string { return []string{trimIdle1, trimMove1, trimIdle2, trimMove2} }

// channels lists what is modelled. No channel has coolant among its inputs: a wrong coolant sensor must not
// make other parts look wrong. Manifold pressure is explained by throttle and revolutions (alpha-N), never
// by calculated load, which engines without an air meter compute from that same pressure.
func channels() []channel {
	return []channel{
		{chargeName, "VPWR", []string{"RPM", "IAT", "warming"}, "running", 30, 60, "V", 0.35},
		{trimIdle1, "trim1", []string{"RPM", "IAT", "warming"}, "idle warm", 90, 120, "%", 4},
		{trimMove1, "trim1", []string{"RPM", "air", "IAT", "warming"}, "moving warm", 90, 120, "%", 4},
		{trimIdle2, "trim2", []string{"RPM", "IAT", "warming"}, "idle warm", 90, 120, "%", 4},
		{trimMove2, "trim2", []string{"RPM", "air", "IAT", "warming"}, "moving warm", 90, 120, "%", 4},
		{mapIdleName, "MAP", []string{"filling", "RPM", "TP", "IAT", "warming"}, "idle", 30, 60, "kPa", 2},
		{mapName, "MAP", []string{"filling", "RPM", "TP", "IAT", "warming", "BARO"}, "steady", 30, 180, "kPa", 2},
		{"manifold pressure for the air flow", "density", []string{"MAF", "RPM"}, "moving", 30, 120, "kPa/K", 0.02},
		{"air flow", "MAF", []string{"density", "RPM"}, "moving", 30, 120, "g/s", 3},
		{"calculated load", "LOAD_PCT", []string{"filling", "RPM", "TP", "warming"}, "steady", 30, 120, "%", 5},
		{"ignition timing", "SPARKADV", []string{"RPM", "filling", "TP"}, "steady", 60, 120, "deg", 4},
		{"throttle for the pedal", "TP", []string{"APP_D", "RPM"}, "moving", 30, 60, "%", 4},
		{"idle speed", "RPM", []string{"warming", "IAT"}, "idle", 60, 60, "/min", 120},
		{"mixture", "EQ_RAT", []string{"RPM", "air", "warming"}, "running", 90, 60, "1", 0.05},
		{"intake air temperature", "IAT", []string{"AAT", "VSS", "air", "warming"}, "running", 60, 120, "K", 12},
		{"catalyst temperature", "CATEMP11", []string{"air", "RPM", "VSS", "warming"}, "running", 300, 120, "K", 80},
	}
}

// seconds yields where in a trip the channel holds and everything that it needs is known: the inputs are
// written into x, the target is passed on.
func (c channel) seconds(t *Trip, x []float64, yield func(k int, y float64)) {
	for _, name := range append([]string{c.Target}, c.Inputs...) {
		if !t.has(name) {
			return
		}
	}
next:
	for k := range t.seconds {
		if t.at(c.When, k) != 1 || t.at("since", k) < c.After {
			continue
		}
		for i, name := range c.Inputs {
			if x[i] = t.at(name, k); x[i] != x[i] {
				continue next
			}
		}
		if y := t.at(c.Target, k); y == y {
			yield(k, y)
		}
	}
}

// missing lists the signals without which a trip cannot be judged on this channel.
func (c channel) missing(t *Trip) []string {
	var none []string
	for _, name := range append([]string{c.Target, c.When}, c.Inputs...) {
		if !t.has(name) {
			none = append(none, sources(name)...)
		}
	}
	return none
}

// sources names the signals that a derived series is made of.
func sources(name string) []string {
	switch name {
	case "trim1":
		return []string{"SHRTFT1", "LONGFT1"}
	case "trim2":
		return []string{"SHRTFT2", "LONGFT2"}
	case "filling":
		return []string{"TP", "RPM"}
	case "density":
		return []string{"MAP", "IAT"}
	case "air":
		return []string{"MAF or MAP or LOAD_PCT"}
	case "running", "warming":
		return []string{"RPM"}
	case "idle", "moving":
		return []string{"RPM", "VSS"}
	case "steady":
		return []string{"RPM", "TP"}
	}
	return []string{name}
}
