package engine

import (
	"math"
	"slices"
)

// ridgeStrength shrinks standardised coefficients, relative to the number of rows.
const ridgeStrength = 1e-3

// minSeconds is how many seconds a trip must hold on a channel to be judged on it.
const minSeconds = 60

// fitted is a channel with its model.
type fitted struct {
	Channel channel
	Model   quadratic
	Noise   float64 // standard deviation of what the model leaves in healthy trips, per second
	Trips   int     // that it was learned from
}

// fitChannel learns a channel by all trips, and what each trip leaves when it is held out.
func fitChannel(c channel, trips []Trip) (*fitted, [][]stat, bool) {
	c, has := c.available(trips)
	if len(has) < MinTrips {
		return nil, nil, false
	}
	f := &fitted{Channel: c, Trips: len(has)}
	f.Model.span(c, trips, has)
	grams, all := f.grams(trips, has)
	coef, ok := all.solve(ridgeStrength)
	if !ok {
		return nil, nil, false
	}
	f.Model.Coef = coef
	stats := make([][]stat, len(trips))
	var squares, n float64
	for i, at := range has {
		all.plus(grams[i], -1)
		held, ok := all.solve(ridgeStrength)
		all.plus(grams[i], 1)
		if !ok {
			continue
		}
		r := f.residuals(&trips[at], held)
		for _, e := range r {
			squares, n = squares+e.value*e.value, n+1
		}
		stats[at] = f.stats(r)
	}
	f.Noise = math.Sqrt(squares / math.Max(n, 1))
	return f, stats, n > 0
}

// available drops inputs that most trips lack (the first is needed), and tells which trips can be used.
func (c channel) available(trips []Trip) (channel, []int) {
	var with int
	count := make([]int, len(c.Inputs))
	for i := range trips {
		if !trips[i].has(c.Target) {
			continue
		}
		with++
		for k, name := range c.Inputs {
			count[k] += int(flag(trips[i].has(name)))
		}
	}
	var inputs []string
	for k, name := range c.Inputs {
		if k == 0 || count[k]*5 >= with*4 {
			inputs = append(inputs, name)
		}
	}
	c.Inputs = inputs
	if c.Inputs[0] == "filling" && !throttled(trips) {
		return c, nil
	}
	var has []int
	x := make([]float64, len(inputs))
	for i := range trips {
		n := 0
		c.seconds(&trips[i], x, func(int, float64) { n++ })
		if n >= minSeconds {
			has = append(has, i)
		}
	}
	return c, has
}

// throttled tells whether the engine meters its air by a throttle: a petrol engine's is nearly shut at idle, a
// diesel's stands open.
func throttled(trips []Trip) bool {
	var v []float64
	for i := range trips {
		for k := 0; k < trips[i].seconds; k += 5 {
			if x := trips[i].at("TP", k); trips[i].at("idle", k) == 1 && x == x {
				v = append(v, x)
			}
		}
	}
	slices.Sort(v)
	return quantile(v, 0.5) < 40
}

// span learns centre, scale and extent of the inputs.
func (q *quadratic) span(c channel, trips []Trip, has []int) {
	k := len(c.Inputs)
	x, values := make([]float64, k), make([][]float64, k)
	for _, at := range has {
		c.seconds(&trips[at], x, func(int, float64) {
			for i, v := range x {
				values[i] = append(values[i], v)
			}
		})
	}
	for i := range k {
		v := values[i]
		slices.Sort(v)
		mean, sd := moments(v)
		q.Mean, q.Scale = append(q.Mean, mean), append(q.Scale, math.Max(sd, 1e-9*(1+math.Abs(mean))))
		q.Low, q.High = append(q.Low, quantile(v, 0.001)), append(q.High, quantile(v, 0.999))
	}
}

// grams sums up each trip; every trip weighs alike, so that one long journey does not decide alone.
func (f *fitted) grams(trips []Trip, has []int) ([]*gram, *gram) {
	k := len(f.Channel.Inputs)
	x, row := make([]float64, k), make([]float64, terms(k))
	all := newGram(len(row))
	grams := make([]*gram, len(has))
	for i, at := range has {
		n := 0
		f.Channel.seconds(&trips[at], x, func(int, float64) { n++ })
		g := newGram(len(row))
		w := 600 / math.Max(float64(n), 600)
		f.Channel.seconds(&trips[at], x, func(_ int, y float64) {
			f.Model.expand(x, row)
			g.add(row, y, w)
		})
		grams[i] = g
		all.plus(g, 1)
	}
	return grams, all
}

// residuals returns measured less expected for each second whose inputs the model knows.
func (f *fitted) residuals(t *Trip, coef []float64) []sample {
	k := len(f.Channel.Inputs)
	x, row := make([]float64, k), make([]float64, terms(k))
	var out []sample
	f.Channel.seconds(t, x, func(at int, y float64) {
		if f.Model.knows(x) {
			out = append(out, sample{float64(at), y - f.Model.predict(x, coef, row)})
		}
	})
	return out
}

// stats smooths residuals and returns the highest and the lowest that the average went.
func (f *fitted) stats(r []sample) []stat {
	if len(r) < minSeconds {
		return nil
	}
	high, low := ewma(r, f.Channel.Span)
	return []stat{
		{Measure: f.Channel.Name, Side: above, Value: high.value, At: high.at},
		{Measure: f.Channel.Name, Side: below, Value: -low.value, At: low.at},
	}
}

// ewma is the exponentially weighted moving average over samples, from zero; it returns its extremes.
func ewma(r []sample, span float64) (high, low sample) {
	var mean float64
	for _, s := range r {
		mean += (s.value - mean) / span
		if mean > high.value {
			high = sample{s.at, mean}
		}
		if mean < low.value {
			low = sample{s.at, mean}
		}
	}
	return high, low
}
