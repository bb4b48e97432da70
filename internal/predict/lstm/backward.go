package lstm

import (
	"math"

	"github.com/fleetms/obdctl/internal/predict/gemm"
)

// backward sets the gradient of the sum of the losses against want (one slice a row, NaN where a target is unknown).
// It follows a forward pass with chance.
func (p *pass) backward(w weights, m *packed, want [][]float32) {
	clear(p.grad)
	p.losses(want)
	p.headBack(w, m)
	n, hid, steps := p.rows, p.c.Hidden, p.c.Steps
	for l := p.c.Layers - 1; l >= 0; l-- {
		k := &p.cell[l]
		p.layerBack(k, m, l, l == p.c.Layers-1)
		below, width := p.x, p.c.Inputs
		if l > 0 {
			below, width = p.cell[l-1].drop, hid
		}
		g := p.gradW.layer[l]
		p.gates.Pack(k.gates, steps*n, 4*hid, 4*hid, 1)
		p.gates.Mul(g.in, 4*hid, gemm.Left{Data: below, Rows: width, Row: 1, Col: width}, false)
		p.gates.Mul(g.rec, 4*hid, gemm.Left{Data: k.h, Rows: hid, Row: 1, Col: hid}, false)
		for i := range steps * n {
			for j, v := range k.gates[i*4*hid : (i+1)*4*hid] {
				g.bias[j] += v
			}
		}
		if l > 0 {
			b := &p.cell[l-1]
			m.inT[l].Mul(b.dDrop, hid, gemm.Left{Data: k.gates, Rows: steps * n, Row: 4 * hid, Col: 1}, false)
			for i, d := range b.mask[:steps*n*hid] {
				b.dDrop[i] *= d
			}
		}
	}
}

// losses sets the loss and its gradient at the outputs.
func (p *pass) losses(want [][]float32) {
	p.loss = 0
	k := len(p.c.Outputs)
	for r, targets := range want {
		for j, o := range p.c.Outputs {
			at, target := r*k+j, targets[j]
			p.dOut[at] = 0
			if target != target {
				continue
			}
			loss, slope := o.Loss.of(p.out[at], target)
			p.loss += loss * float64(o.Weight)
			p.dOut[at] = slope * o.Weight
		}
	}
}

// of returns the loss of an output and its slope.
func (l Loss) of(out, want float32) (loss float64, slope float32) {
	if l == Squared {
		d := out - want
		return float64(d) * float64(d) / 2, d
	}
	y, t := float64(out), float64(want)
	// log(1+exp(-|y|)) + max(y, 0) - t y never overflows.
	return math.Log1p(math.Exp(-math.Abs(y))) + max(y, 0) - t*y, float32(1/(1+math.Exp(-y)) - t)
}

// headBack takes the gradient from the outputs to the last state of the top layer.
func (p *pass) headBack(w weights, m *packed) {
	n, hid := p.rows, p.c.Hidden
	last := p.dH[:n*hid]
	if p.c.Dense == 0 {
		p.affineBack(w.out, p.gradW.out, last, p.dOut, last)
	} else {
		d := p.c.Dense
		p.affineBack(w.out, p.gradW.out, p.dense, p.dOut, p.dDense)
		for i, v := range p.dense[:n*d] {
			if v <= 0 {
				p.dDense[i] = 0
			}
		}
		g := p.gradW.dense
		p.gates.Pack(p.dDense, n, d, d, 1)
		p.gates.Mul(g.mat, d, gemm.Left{Data: last, Rows: hid, Row: 1, Col: hid}, false)
		for i, v := range p.dDense[:n*d] {
			g.bias[i%d] += v
		}
		m.denseT.Mul(last, hid, gemm.Left{Data: p.dDense, Rows: n, Row: d, Col: 1}, false)
	}
	for i, v := range p.mask[:n*hid] {
		last[i] *= v
	}
}

// affineBack adds the gradient of an affine map with few outputs; dFrom may be from itself.
func (p *pass) affineBack(w, g affine, from, dTo, dFrom []float32) {
	for r := range p.rows {
		slope := dTo[r*w.to : (r+1)*w.to]
		for j, s := range slope {
			g.bias[j] += s
		}
		for i := range w.from {
			v, sum := from[r*w.from+i], float32(0)
			for j, s := range slope {
				g.mat[i*w.to+j] += s * v
				sum += s * w.mat[i*w.to+j]
			}
			dFrom[r*w.from+i] = sum
		}
	}
}

// layerBack walks the times of a layer backwards and leaves the gradients of its gates where the gates were.
func (p *pass) layerBack(k *cells, m *packed, l int, top bool) {
	n, hid := p.rows, p.c.Hidden
	dh, dc := k.dh[:n*hid], k.dc[:n*hid]
	clear(dh)
	clear(dc)
	for t := p.c.Steps - 1; t >= 0; t-- {
		if !top {
			for i, v := range k.dDrop[t*n*hid:][:n*hid] {
				dh[i] += v
			}
		} else if t == p.c.Steps-1 {
			copy(dh, p.dH)
		}
		gates := k.gates[t*n*4*hid:][:n*4*hid]
		for r := range n {
			own := gates[r*4*hid : (r+1)*4*hid]
			if t < p.pad[r] {
				clear(own)
				continue
			}
			at := (t*n + r) * hid
			cellBack(own, k.c[at:at+hid], k.tanhC[at:at+hid], dh[r*hid:(r+1)*hid], dc[r*hid:(r+1)*hid])
		}
		m.recT[l].Mul(dh, hid, gemm.Left{Data: gates, Rows: n, Row: 4 * hid, Col: 1}, false)
	}
}

// cellBack replaces the gates by their gradients, before activation, and dc by that of the state before.
func cellBack(gates, c, tanhC, dh, dc []float32) {
	n := len(c)
	i, f, o, g := gates[:n], gates[n:2*n], gates[2*n:3*n], gates[3*n:4*n]
	tanhC, dh, dc = tanhC[:n], dh[:n], dc[:n]
	for j, before := range c {
		iv, fv, ov, gv, tc := i[j], f[j], o[j], g[j], tanhC[j]
		d := dc[j] + dh[j]*ov*(1-tc*tc)
		o[j] = dh[j] * tc * ov * (1 - ov)
		i[j] = d * gv * iv * (1 - iv)
		f[j] = d * before * fv * (1 - fv)
		g[j] = d * iv * (1 - gv*gv)
		dc[j] = d * fv
	}
}
