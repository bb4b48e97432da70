package gbdt

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/fleetms/obdctl/internal/predict/tree"
)

// chunk is how many rows a goroutine takes at a time.
const chunk = 4096

// Fit trains on a set. With a validation set (rows of other units than those trained on) and Patience it
// stops early and keeps the trees up to the best round; valid is an empty Set otherwise.
// Memory is about 60 bytes a row, a byte a value and, for each level of depth, 16 bytes a bin.
func Fit(ctx context.Context, train, valid Set, o Options) (*Model, error) {
	if len(train.X) == 0 {
		return nil, train.validate("training", 0, o.Loss)
	}
	features := len(train.X[0])
	if err := o.validate(features); err != nil {
		return nil, err
	}
	if err := train.validate("training", features, o.Loss); err != nil {
		return nil, err
	}
	if len(valid.X) > 0 {
		if err := valid.validate("validation", features, o.Loss); err != nil {
			return nil, err
		}
	}
	p := newPool(o.Threads)
	defer p.close()
	t := newTrainer(o, train, valid, p)
	for round := range o.Rounds {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("train boosted trees: round %d: %w", round, err)
		}
		t.round()
		if t.worse() {
			break
		}
	}
	return t.model, nil
}

// trainer holds what lasts from round to round.
type trainer struct {
	Options
	train, valid Set
	pool         *pool
	grower       *grower
	draw         *rand.Rand
	model        *Model
	raw, ahead   []float64 // predictions so far for training and validation rows
	best         float64   // lowest validation loss
	kept         int       // trees up to it
	in           []bool    // rows that the current tree was grown on
	derive       func(int)
}

func newTrainer(o Options, train, valid Set, p *pool) *trainer {
	t := &trainer{
		Options: o, train: train, valid: valid, pool: p, draw: rand.New(rand.NewPCG(o.Seed, 't')),
		raw: make([]float64, len(train.X)), ahead: make([]float64, len(valid.X)),
	}
	t.grower = newGrower(o, train, bin(train.X, o.Bins, o.Seed, p), p, t.raw)
	t.model = &Model{loss: o.Loss, names: slices.Clone(o.Names)}
	if o.Loss == Quantile {
		t.model.quantile = o.Quantile
	}
	base := o.base(train)
	t.model.trees = tree.Ensemble{Features: len(train.X[0]), Base: base, Scale: 1}
	for i := range t.raw {
		t.raw[i] = base
	}
	for i := range t.ahead {
		t.ahead[i] = base
	}
	t.best = math.Inf(1)
	if len(valid.X) > 0 {
		t.best = o.value(valid, t.ahead)
	}
	if o.RowShare < 1 {
		t.in = make([]bool, len(train.X))
	}
	t.derive = func(c int) {
		o.derivatives(t.grower.d, train, t.raw, c*chunk, min((c+1)*chunk, len(train.X)))
	}
	return t
}

// round grows one tree.
func (t *trainer) round() {
	t.pool.each(chunks(len(t.raw)), t.derive)
	t.chooseColumns()
	n := t.chooseRows()
	t.model.trees.Trees = append(t.model.trees.Trees, t.grower.grow(n))
	if n < len(t.raw) {
		t.pool.each(chunks(len(t.raw)), func(c int) {
			for i := c * chunk; i < min((c+1)*chunk, len(t.raw)); i++ {
				if !t.in[i] {
					t.grower.walk(int32(i))
				}
			}
		})
	}
	grown := &t.model.trees.Trees[len(t.model.trees.Trees)-1]
	t.pool.each(chunks(len(t.ahead)), func(c int) {
		for i := c * chunk; i < min((c+1)*chunk, len(t.ahead)); i++ {
			t.ahead[i] += grown.Nodes[grown.Leaf(t.valid.X[i])].Value
		}
	})
}

// worse tells whether training has gone on without use for too long, and then takes back what was grown since.
func (t *trainer) worse() bool {
	if t.Patience == 0 || len(t.valid.X) == 0 {
		return false
	}
	grown := len(t.model.trees.Trees)
	if loss := t.value(t.valid, t.ahead); loss < t.best {
		t.best, t.kept = loss, grown
	}
	if grown-t.kept < t.Patience && grown < t.Rounds {
		return false
	}
	t.model.trees.Trees = slices.Clip(t.model.trees.Trees[:t.kept])
	return true
}

// chooseRows puts the rows of the next tree in front, and returns how many there are.
func (t *trainer) chooseRows() int {
	n := len(t.raw)
	if t.RowShare == 1 {
		for i := range t.grower.rows {
			t.grower.rows[i] = int32(i)
		}
		return n
	}
	k := max(1, int(math.Round(t.RowShare*float64(n))))
	clear(t.in)
	for _, r := range sampleRows(n, k, t.draw, t.grower.rows) {
		t.in[r] = true
	}
	return k
}

// chooseColumns draws the features of the next tree, at least one.
func (t *trainer) chooseColumns() {
	columns := t.grower.columns
	if t.ColumnShare == 1 {
		for f := range columns {
			columns[f] = true
		}
		return
	}
	k := max(1, int(math.Round(t.ColumnShare*float64(len(columns)))))
	clear(columns)
	for _, f := range t.draw.Perm(len(columns))[:k] {
		columns[f] = true
	}
}

func chunks(n int) int { return (n + chunk - 1) / chunk }
