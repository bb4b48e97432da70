package lstm

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// trainer is the state of one training.
type trainer struct {
	c       Config
	t       Training
	w       weights
	average []float32 // nil without
	m       packed
	opt     *adam
	shards  []*pass // of one batch
	grad    []float32
	workers int
	step    int
}

// The purposes of chance.
const (
	forWeights uint64 = iota + 1
	forOrder
	forDropout
)

func newTrainer(c Config, t Training) *trainer {
	n := c.count()
	b := &trainer{c: c, t: t, w: view(c, make([]float32, n)), opt: newAdam(n), grad: make([]float32, n), workers: t.Workers}
	if b.workers == 0 {
		b.workers = min(2, runtime.GOMAXPROCS(0))
	}
	b.w.initialise(source(t.Seed, forWeights), c.Hidden)
	if t.Average > 0 {
		b.average = append([]float32(nil), b.w.flat...)
	}
	for range (t.Batch + shard - 1) / shard {
		b.shards = append(b.shards, newPass(c, min(shard, t.Batch), true))
	}
	return b
}

// epoch goes once through the samples in a random order and returns the mean loss.
func (b *trainer) epoch(ctx context.Context, e int, samples []Sample) (float64, error) {
	r := source(b.t.Seed, forOrder, uint64(e))
	order := r.Perm(len(samples))
	if b.t.Draw > 0 {
		order = order[:min(b.t.Draw, len(order))]
	}
	rate := b.t.Rate * (0.01 + 0.99*(1+math.Cos(math.Pi*float64(e)/float64(b.t.Epochs)))/2)
	sum := 0.0
	rows, want := make([][]float32, b.t.Batch), make([][]float32, b.t.Batch)
	for at := 0; at < len(order); at += b.t.Batch {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		part := order[at:min(at+b.t.Batch, len(order))]
		for i, s := range part {
			rows[i], want[i] = samples[s].Rows, samples[s].Want
			if n := len(rows[i]) / b.c.Inputs; n > 1 && r.Float64() < b.t.Shorten {
				rows[i] = rows[i][r.IntN(n)*b.c.Inputs:]
			}
		}
		sum += b.batch(rows[:len(part)], want[:len(part)], rate)
	}
	return sum / float64(len(order)), nil
}

// batch makes one step and returns the sum of the losses before it.
func (b *trainer) batch(rows, want [][]float32, rate float64) float64 {
	b.m.load(b.c, b.w, true)
	b.step++
	n := (len(rows) + shard - 1) / shard
	b.each(n, func(s int) {
		p, from, to := b.shards[s], s*shard, min((s+1)*shard, len(rows))
		p.load(rows[from:to])
		p.forward(b.w, &b.m, source(b.t.Seed, forDropout, uint64(b.step), uint64(s)), b.t.Dropout)
		p.backward(b.w, &b.m, want[from:to])
	})
	loss := b.sum(n, 1/float32(len(rows)))
	clip(b.grad, b.t.Clip)
	b.opt.update(b.w.flat, b.grad, rate, b.t.Decay)
	if b.average != nil {
		// The memory grows with the steps, or the first weights would stay in the average for long.
		keep := float32(min(b.t.Average, float64(b.step)/float64(b.step+9)))
		for i, v := range b.w.flat {
			b.average[i] = keep*b.average[i] + (1-keep)*v
		}
	}
	return loss
}

// sum adds the gradients of n shards in their order, times scale, and returns the sum of their losses.
func (b *trainer) sum(n int, scale float32) float64 {
	loss := 0.0
	for s, p := range b.shards[:n] {
		loss += p.loss
		if s == 0 {
			copy(b.grad, p.grad)
			continue
		}
		for i, v := range p.grad {
			b.grad[i] += v
		}
	}
	for i := range b.grad {
		b.grad[i] *= scale
	}
	return loss
}

// each calls f for 0 to n-1 on the workers.
func (b *trainer) each(n int, f func(int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(b.workers, n) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wait.Wait()
}

// current returns the weights that training would end with now.
func (b *trainer) current() []float32 {
	if b.average != nil {
		return b.average
	}
	return b.w.flat
}

// evaluate returns the mean loss of samples without dropout.
func (b *trainer) evaluate(samples []Sample) float64 {
	w := view(b.c, b.current())
	b.m.load(b.c, w, false)
	n := (len(samples) + shard - 1) / shard
	losses := make([]float64, n)
	per := min(len(b.shards), b.workers)
	var wait sync.WaitGroup
	for first := range per {
		wait.Go(func() {
			p := newPass(b.c, shard, true)
			for s := first; s < n; s += per {
				part := samples[s*shard : min((s+1)*shard, len(samples))]
				rows, want := make([][]float32, len(part)), make([][]float32, len(part))
				for i, x := range part {
					rows[i], want[i] = x.Rows, x.Want
				}
				p.load(rows)
				p.forward(w, &b.m, nil, 0)
				p.losses(want)
				losses[s] = p.loss
			}
		})
	}
	wait.Wait()
	sum := 0.0
	for _, l := range losses {
		sum += l
	}
	return sum / float64(len(samples))
}
