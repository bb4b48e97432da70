package engine

import "math"

// runs is the engine speed in 1/min above which an engine turns by itself; starters reach about 250.
const runs = 400

// closedLoop is the coolant temperature in Cel from which fuel trims are learned by practically every engine:
// below it mixture is enriched and trims say nothing.
const closedLoop = 70

// derive adds the quantities that the channels reason with. Each is NaN where what it needs is missing.
//
//	running   1 while the engine turns by itself, else 0
//	since     seconds that it has been running
//	warming   exp(-since/300): fades out as an engine settles
//	idle      1 while it runs and the vehicle has stood for 3 s
//	moving    1 while it runs and the vehicle goes faster than 5 km/h
//	steady    1 while it runs and the throttle has moved by less than 1 % for 3 s: manifold pressure follows
//	idle warm, moving warm   the same with coolant at [closedLoop] or more
//	trim1, 2  short plus long term fuel trim of a bank, %
//	filling   throttle opening per revolution, 1000 * % / (1/min): what an alpha-N engine meters air by
//	air       air flow in g/s, or what is proportional to it: MAF, else MAP*RPM/T, else LOAD*RPM
//	density   MAP over absolute intake temperature, kPa/K
func (t *Trip) derive() {
	n := t.seconds
	for _, name := range []string{"running", "since", "warming", "idle", "moving"} {
		t.series[name] = blank(n)
	}
	var since, stood float64
	for k := range n {
		rpm, v := t.at("RPM", k), t.at("VSS", k)
		if math.IsNaN(rpm) {
			continue
		}
		running := flag(rpm > runs)
		since = (since + 1) * running
		t.series["running"][k], t.series["since"][k], t.series["warming"][k] = running, since, math.Exp(-since/300)
		if math.IsNaN(v) {
			continue
		}
		stood = (stood + 1) * flag(v == 0)
		t.series["idle"][k], t.series["moving"][k] = running*flag(stood > 3), running*flag(v > 5)
	}
	t.steady()
	warm := func(x []float64) float64 { return x[0] * flag(x[1] >= closedLoop) }
	t.combine("idle warm", warm, "idle", "ECT")
	t.combine("moving warm", warm, "moving", "ECT")
	t.combine("trim1", func(x []float64) float64 { return x[0] + x[1] }, "SHRTFT1", "LONGFT1")
	t.combine("trim2", func(x []float64) float64 { return x[0] + x[1] }, "SHRTFT2", "LONGFT2")
	t.combine("filling", func(x []float64) float64 { return 1000 * x[0] / math.Max(x[1], runs) }, "TP", "RPM")
	t.combine("density", func(x []float64) float64 { return x[0] / (x[1] + 273.15) }, "MAP", "IAT")
	switch {
	case t.has("MAF"):
		t.series["air"] = t.series["MAF"]
	case t.has("density"):
		t.combine("air", func(x []float64) float64 { return x[0] * x[1] / 60 }, "density", "RPM")
	default:
		t.combine("air", func(x []float64) float64 { return x[0] * x[1] / 10000 }, "LOAD_PCT", "RPM")
	}
}

// combine makes a series of others, second by second.
func (t *Trip) combine(name string, f func([]float64) float64, from ...string) {
	for _, s := range from {
		if !t.has(s) {
			return
		}
	}
	out, x := blank(t.seconds), make([]float64, len(from))
	for k := range out {
		for i, s := range from {
			x[i] = t.series[s][k]
		}
		out[k] = f(x)
	}
	t.series[name] = out
}

// at is a series' value in second k, NaN where there is none.
func (t *Trip) at(name string, k int) float64 {
	if s := t.series[name]; k < len(s) {
		return s[k]
	}
	return math.NaN()
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// steady marks where the throttle rests and manifold pressure has settled behind it.
func (t *Trip) steady() {
	if !t.has("TP") {
		return
	}
	out := blank(t.seconds)
	for k := 3; k < t.seconds; k++ {
		low, high := math.Inf(1), math.Inf(-1)
		for _, v := range t.series["TP"][k-3 : k+1] {
			low, high = math.Min(low, v), math.Max(high, v) // NaN stays
		}
		if d := high - low; d == d {
			out[k] = t.at("running", k) * flag(d < 1)
		}
	}
	t.series["steady"] = out
}
