package lstm

import (
	"math/rand/v2"

	"github.com/fleetms/obdctl/internal/predict/gemm"
)

// shard is how many sequences are worked off together. It is fixed, so that sums are formed in one order however many
// goroutines share the work.
const shard = 32

// packed are the matrices of a network as products read them: as they are, and transposed for the way back.
type packed struct {
	in, rec, inT, recT [2]gemm.Panels
	dense, denseT      gemm.Panels
}

func (p *packed) load(c Config, w weights, back bool) {
	g := 4 * c.Hidden
	for l, lw := range w.layer {
		in := len(lw.in) / g
		p.in[l].Pack(lw.in, in, g, g, 1)
		p.rec[l].Pack(lw.rec, c.Hidden, g, g, 1)
		if back {
			p.recT[l].Pack(lw.rec, g, c.Hidden, 1, g)
			if l > 0 {
				p.inT[l].Pack(lw.in, g, in, 1, g)
			}
		}
	}
	if c.Dense > 0 {
		p.dense.Pack(w.dense.mat, c.Hidden, c.Dense, c.Dense, 1)
		if back {
			p.denseT.Pack(w.dense.mat, c.Dense, c.Hidden, 1, c.Dense)
		}
	}
}

// pass holds everything between the input and the outputs of one shard, time by time: element (t, r, j) of a
// T x R x J block is at (t*R+r)*J+j. Blocks with a zeroth time before the first row have T+1 times.
type pass struct {
	c    Config
	rows int   // R
	pad  []int // R: times before a sequence begins
	x    []float32
	cell []cells   // a layer
	mask []float32 // R x hidden, dropout before the head; nil without

	dense, out       []float32 // R x dense, R x outputs
	dOut, dDense, dH []float32 // gradients
	grad             []float32
	gradW            weights
	loss             float64
	gates            gemm.Panels // the gradients of a layer's gates, packed
}

// cells are the blocks of one layer.
type cells struct {
	gates      []float32 // T x R x 4H: activated gates, on the way back their gradients
	c, h       []float32 // (T+1) x R x H
	tanhC      []float32 // T x R x H
	drop, mask []float32 // T x R x H: h after dropout, and the mask; only below another layer in training
	dDrop      []float32 // T x R x H: gradient of what the layer above read
	dh, dc     []float32 // R x H
}

func newPass(c Config, rows int, train bool) *pass {
	p := &pass{c: c, x: make([]float32, c.Steps*rows*c.Inputs), pad: make([]int, rows), cell: make([]cells, c.Layers)}
	block := c.Steps * rows * c.Hidden
	for l := range p.cell {
		k := &p.cell[l]
		k.gates, k.tanhC = make([]float32, 4*block), make([]float32, block)
		k.c, k.h = make([]float32, block+rows*c.Hidden), make([]float32, block+rows*c.Hidden)
		if train {
			k.dh, k.dc = make([]float32, rows*c.Hidden), make([]float32, rows*c.Hidden)
			if l+1 < c.Layers {
				k.drop, k.mask, k.dDrop = make([]float32, block), make([]float32, block), make([]float32, block)
			}
		}
	}
	p.dense, p.out = make([]float32, rows*c.Dense), make([]float32, rows*len(c.Outputs))
	if train {
		p.mask = make([]float32, rows*c.Hidden)
		p.dOut, p.dDense, p.dH = make([]float32, len(p.out)), make([]float32, len(p.dense)), make([]float32, rows*c.Hidden)
		p.grad = make([]float32, c.count())
		p.gradW = view(c, p.grad)
	}
	return p
}

// load copies sequences, at most as many as the pass has rows, into the time-major input.
func (p *pass) load(seq [][]float32) {
	p.rows = len(seq)
	in := p.c.Inputs
	for r, s := range seq {
		p.pad[r] = p.c.Steps - len(s)/in
		for t := range p.c.Steps {
			to := p.x[(t*p.rows+r)*in : (t*p.rows+r+1)*in]
			if t < p.pad[r] {
				clear(to)
			} else {
				copy(to, s[(t-p.pad[r])*in:])
			}
		}
	}
}

// dropout fills m with 0 at a rate and with what keeps the mean elsewhere.
func dropout(r *rand.Rand, m []float32, rate float64) {
	keep := float32(1 / (1 - rate))
	limit := uint32(rate * (1 << 32))
	for i := 0; i < len(m); i += 2 {
		u := r.Uint64()
		m[i] = 0
		if uint32(u) >= limit {
			m[i] = keep
		}
		if i+1 < len(m) {
			m[i+1] = 0
			if uint32(u>>32) >= limit {
				m[i+1] = keep
			}
		}
	}
}
