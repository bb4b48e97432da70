package gemm_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/gemm"
)

// The tile in Go must not rot on machines that never run it.
func TestBothTilesAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const n = 50
	a, b := random(r, 4*n), random(r, n*16)
	for _, add := range []bool{false, true} {
		c, d := make([]float32, 4*20), make([]float32, 4*20)
		for i := range c {
			c[i], d[i] = 1, 1
		}
		gemm.Tile(n, a, n, 1, b, c, 20, add)
		gemm.Portable(n, a, n, 1, b, d, 20, add)
		for i := range c {
			if math.Abs(float64(c[i]-d[i])) > 1e-4 {
				t.Fatalf("add=%v: element %d is %v and %v", add, i, c[i], d[i])
			}
		}
	}
}

func BenchmarkTile(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	const n = 64
	x, y, c := random(r, 4*n), random(r, n*16), make([]float32, 64)
	for name, f := range map[string]func(int, []float32, int, int, []float32, []float32, int, bool){"this machine": gemm.Tile, "portable": gemm.Portable} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f(n, x, n, 1, y, c, 16, true)
			}
			b.ReportMetric(2*4*16*n*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
