package lstm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/lstm"
)

func outputs() []lstm.Output {
	return []lstm.Output{{Name: "life", Loss: lstm.Squared, Weight: 1.5}, {Name: "soon", Loss: lstm.Logistic, Weight: 0.7}}
}

// problem draws weights and sequences of different lengths, one with an unknown target.
func problem(c lstm.Config, rows int) (flat []float32, seq, want [][]float32) {
	r := rand.New(rand.NewPCG(7, uint64(c.Hidden*c.Layers+c.Dense)))
	for range lstm.Count(c) {
		flat = append(flat, float32(0.4*r.NormFloat64()))
	}
	for i := range rows {
		var s []float32
		for range (1 + (i*3)%c.Steps) * c.Inputs {
			s = append(s, float32(r.NormFloat64()))
		}
		seq = append(seq, s)
		want = append(want, []float32{float32(r.NormFloat64()), float32(r.IntN(2))})
	}
	want[0][0] = float32(math.NaN())
	return flat, seq, want
}

func TestGradientEqualsFiniteDifferences(t *testing.T) {
	for _, layers := range []int{1, 2} {
		for _, dense := range []int{0, 6} {
			c := lstm.Config{Inputs: 3, Steps: 7, Hidden: 5, Layers: layers, Dense: dense, Outputs: outputs()}
			t.Run(fmt.Sprintf("%d layers, dense %d", layers, dense), func(t *testing.T) {
				flat, seq, want := problem(c, 9)
				loss, grad := lstm.Gradient(c, flat, seq, want)
				ref := reference{c: c}
				for _, v := range flat {
					ref.w = append(ref.w, float64(v))
				}
				if exact := ref.loss(seq, want); math.Abs(loss-exact) > 1e-4*exact {
					t.Fatalf("loss %v, by definition %v", loss, exact)
				}
				const h = 1e-5
				for i, w := range ref.w {
					ref.w[i] = w + h
					up := ref.loss(seq, want)
					ref.w[i] = w - h
					down := ref.loss(seq, want)
					ref.w[i] = w
					slope := (up - down) / (2 * h)
					if math.Abs(float64(grad[i])-slope) > 2e-4*(1+math.Abs(slope)) {
						t.Fatalf("weight %d of %d: gradient %v, finite difference %v", i, len(flat), grad[i], slope)
					}
				}
			})
		}
	}
}

func TestActivations(t *testing.T) {
	for x := -30.0; x <= 30; x += 0.001 {
		v := []float32{float32(x)}
		exact := math.Tanh(float64(v[0]))
		if lstm.Tanhs(v); math.Abs(float64(v[0])-exact) > 5e-7 {
			t.Fatalf("tanh(%v) = %v, want %v", x, v[0], exact)
		}
		v[0] = float32(x)
		exact = 1 / (1 + math.Exp(-float64(v[0])))
		if lstm.Sigmoids(v); math.Abs(float64(v[0])-exact) > 5e-7 {
			t.Fatalf("sigmoid(%v) = %v, want %v", x, v[0], exact)
		}
	}
}
