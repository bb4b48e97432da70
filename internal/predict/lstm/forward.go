package lstm

import (
	"math/rand/v2"

	"github.com/fleetms/obdctl/internal/predict/gemm"
)

// forward computes the outputs of the loaded sequences. With a source of chance, values between layers and before
// the head are dropped at the rate.
func (p *pass) forward(w weights, m *packed, chance *rand.Rand, rate float64) {
	n, hid := p.rows, p.c.Hidden
	below, width := p.x, p.c.Inputs
	for l := range p.cell {
		k := &p.cell[l]
		p.layer(k, w.layer[l], m, l, gemm.Left{Data: below, Rows: p.c.Steps * n, Row: width, Col: 1})
		below, width = k.h[n*hid:], hid
		if chance != nil && k.drop != nil {
			used := k.mask[:p.c.Steps*n*hid]
			dropout(chance, used, rate)
			for i, d := range used {
				k.drop[i] = d * below[i]
			}
			below = k.drop
		}
	}
	last := below[(p.c.Steps-1)*n*hid:][:n*hid]
	if chance != nil {
		dropout(chance, p.mask[:n*hid], rate)
		for i, d := range p.mask[:n*hid] {
			p.dH[i] = d * last[i] // holds the head's input until its gradient takes the place
		}
		last = p.dH[:n*hid]
	}
	p.head(w, m, last)
}

// layer runs the cells of one layer through all times.
func (p *pass) layer(k *cells, w layerWeights, m *packed, l int, below gemm.Left) {
	n, hid := p.rows, p.c.Hidden
	m.in[l].Mul(k.gates, 4*hid, below, false)
	clear(k.h[:n*hid])
	clear(k.c[:n*hid])
	for t := range p.c.Steps {
		gates := k.gates[t*n*4*hid:][:n*4*hid]
		h := gemm.Left{Data: k.h[t*n*hid:], Rows: n, Row: hid, Col: 1}
		m.rec[l].Mul(gates, 4*hid, h, true)
		for r := range n {
			at, next := (t*n+r)*hid, ((t+1)*n+r)*hid
			if t < p.pad[r] {
				clear(k.h[next : next+hid])
				clear(k.c[next : next+hid])
				continue
			}
			cell(gates[r*4*hid:(r+1)*4*hid], w.bias, k.c[at:at+hid], k.c[next:next+hid], k.tanhC[at:at+hid], k.h[next:next+hid])
		}
	}
}

// cell is one time of one sequence: c' = f c + i g, h' = o tanh(c').
func cell(gates, bias, c, cNext, tanhC, hNext []float32) {
	for j, b := range bias {
		gates[j] += b
	}
	n := len(c)
	sigmoids(gates[:3*n])
	tanhs(gates[3*n:])
	i, f, o, g := gates[:n], gates[n:2*n], gates[2*n:3*n], gates[3*n:4*n]
	cNext, tanhC, hNext = cNext[:n], tanhC[:n], hNext[:n]
	for j, v := range c {
		next := f[j]*v + i[j]*g[j]
		cNext[j], tanhC[j] = next, next
	}
	tanhs(tanhC)
	for j, v := range tanhC {
		hNext[j] = o[j] * v
	}
}

// head computes the outputs, before any sigmoid, from the last state (R x hidden).
func (p *pass) head(w weights, m *packed, last []float32) {
	n := p.rows
	if d := p.c.Dense; d > 0 {
		m.dense.Mul(p.dense, d, gemm.Left{Data: last, Rows: n, Row: p.c.Hidden, Col: 1}, false)
		for r := range n {
			row := p.dense[r*d : (r+1)*d]
			for j, b := range w.dense.bias {
				row[j] = max(row[j]+b, 0)
			}
		}
		last = p.dense
	}
	from, to := w.out.from, w.out.to
	for r := range n {
		out := p.out[r*to : (r+1)*to]
		copy(out, w.out.bias)
		for i, v := range last[r*from : (r+1)*from] {
			for j, a := range w.out.mat[i*to : (i+1)*to] {
				out[j] += v * a
			}
		}
	}
}
