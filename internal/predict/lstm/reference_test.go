package lstm_test

import (
	"math"

	"github.com/fleetms/obdctl/internal/predict/lstm"
)

// reference is the network as the papers write it: one sequence at a time, one cell after the other, in float64.
type reference struct {
	c lstm.Config
	w []float64
}

func (n reference) loss(rows, want [][]float32) float64 {
	sum := 0.0
	for i, s := range rows {
		for j, y := range n.outputs(s) {
			o, t := n.c.Outputs[j], float64(want[i][j])
			switch {
			case math.IsNaN(t):
			case o.Loss == lstm.Squared:
				sum += float64(o.Weight) * (y - t) * (y - t) / 2
			default:
				p := 1 / (1 + math.Exp(-y))
				sum -= float64(o.Weight) * (t*math.Log(p) + (1-t)*math.Log(1-p))
			}
		}
	}
	return sum
}

func (n reference) outputs(rows []float32) []float64 {
	var seq [][]float64
	for i := 0; i < len(rows); i += n.c.Inputs {
		var row []float64
		for _, v := range rows[i : i+n.c.Inputs] {
			row = append(row, float64(v))
		}
		seq = append(seq, row)
	}
	w := n.w
	take := func(k int) []float64 {
		part := w[:k]
		w = w[k:]
		return part
	}
	for range n.c.Layers {
		in, g := len(seq[0]), 4*n.c.Hidden
		seq = n.layer(seq, take(in*g), take(n.c.Hidden*g), take(g))
	}
	last := seq[len(seq)-1]
	if n.c.Dense > 0 {
		last = affine(last, take(n.c.Hidden*n.c.Dense), take(n.c.Dense))
		for i := range last {
			last[i] = math.Max(last[i], 0)
		}
	}
	k := len(n.c.Outputs)
	return affine(last, take(len(last)*k), take(k))
}

func affine(x, m, b []float64) []float64 {
	y := append([]float64(nil), b...)
	for i, v := range x {
		for j := range y {
			y[j] += v * m[i*len(y)+j]
		}
	}
	return y
}

func (n reference) layer(seq [][]float64, in, rec, bias []float64) [][]float64 {
	hid := n.c.Hidden
	h, c := make([]float64, hid), make([]float64, hid)
	sigmoid := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	var out [][]float64
	for _, x := range seq {
		g := affine(x, in, bias)
		for j, v := range affine(h, rec, make([]float64, 4*hid)) {
			g[j] += v
		}
		next := make([]float64, hid)
		for j := range hid {
			c[j] = sigmoid(g[hid+j])*c[j] + sigmoid(g[j])*math.Tanh(g[3*hid+j])
			next[j] = sigmoid(g[2*hid+j]) * math.Tanh(c[j])
		}
		h = next
		out = append(out, h)
	}
	return out
}
