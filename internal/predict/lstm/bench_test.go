package lstm_test

import (
	"context"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/lstm"
)

// One epoch of 16 steps of 256 sequences of 30 rows of 14 values with 64 cells, on two goroutines: what the timing
// beside PyTorch runs.
func BenchmarkTrain(b *testing.B) {
	for _, layers := range []int{1, 2} {
		c := lstm.Config{Inputs: 14, Steps: 30, Hidden: 64, Layers: layers, Outputs: outputs()[:1]}
		const batches = 16
		samples := line(c, 256*batches)
		b.Run([]string{"", "one layer", "two layers"}[layers], func(b *testing.B) {
			for b.Loop() {
				_, _, err := lstm.Train(context.Background(), c, lstm.Training{Epochs: 1, Batch: 256, Rate: 1e-3, Dropout: 0.2, Clip: 1, Workers: 2}, samples, nil)
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N*batches), "ms/batch")
		})
	}
}

// What one vehicle costs after each row, of the 5 ms that it may.
func BenchmarkStream(b *testing.B) {
	c := lstm.Config{Inputs: 14, Steps: 30, Hidden: 64, Layers: 2, Outputs: outputs()[:1]}
	samples := line(c, 64)
	n, _, err := lstm.Train(context.Background(), c, lstm.Training{Epochs: 1, Batch: 64, Rate: 1e-3}, samples, nil)
	if err != nil {
		b.Fatal(err)
	}
	s := n.Stream()
	for b.Loop() {
		if _, err := s.Next(samples[0].Rows[:14]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N)/5, "of-limit")
}
