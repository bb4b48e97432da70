package lstm_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/lstm"
)

// line returns noisy sequences whose target is the slope of their first value, and whether it rises.
func line(c lstm.Config, n int) []lstm.Sample {
	r := rand.New(rand.NewPCG(5, 6))
	var all []lstm.Sample
	for range n {
		slope := r.NormFloat64()
		rows := make([]float32, c.Steps*c.Inputs)
		for i := range rows {
			rows[i] = float32(r.NormFloat64() * 0.3)
			if i%c.Inputs == 0 {
				rows[i] += float32(slope * float64(i/c.Inputs) / float64(c.Steps))
			}
		}
		want := []float32{float32(slope), 0}
		if slope > 0 {
			want[1] = 1
		}
		all = append(all, lstm.Sample{Rows: rows, Want: want[:len(c.Outputs)]})
	}
	return all
}

func small() (lstm.Config, lstm.Training) {
	return lstm.Config{Inputs: 2, Steps: 8, Hidden: 8, Layers: 2, Dense: 4, Outputs: outputs()},
		lstm.Training{Seed: 3, Epochs: 30, Batch: 96, Rate: 0.01, Clip: 1, Dropout: 0.1, Shorten: 0.1, Average: 0.9, Patience: 10}
}

func TestTrainLearnsANumberAndAProbability(t *testing.T) {
	c, tr := small()
	all := line(c, 900)
	n, history, err := lstm.Train(context.Background(), c, tr, all[:600], all[600:700])
	if err != nil {
		t.Fatal(err)
	}
	if last := history[len(history)-1]; !(last.Train < history[0].Train/2) {
		t.Errorf("loss went from %v to %v", history[0].Train, last.Train)
	}
	square, right := 0.0, 0
	for _, s := range all[700:] {
		out, err := n.Predict([][]float32{s.Rows})
		if err != nil {
			t.Fatal(err)
		}
		square += (out[0][0] - float64(s.Want[0])) * (out[0][0] - float64(s.Want[0]))
		if (out[0][1] > 0.5) == (s.Want[1] == 1) {
			right++
		}
	}
	// The slope has variance 1; the best straight line through such noise leaves about 0.1.
	if e := square / 200; e > 0.25 {
		t.Errorf("mean squared error %.3f of a variance of 1", e)
	}
	if right < 175 {
		t.Errorf("%d of 200 signs right", right)
	}
}

func TestSameSeedSameNetworkOnAnyNumberOfGoroutines(t *testing.T) {
	c, tr := small()
	tr.Epochs = 3
	all := line(c, 300)
	var first []float32
	for _, workers := range []int{1, 2, 5} {
		tr.Workers = workers
		n, _, err := lstm.Train(context.Background(), c, tr, all[:250], all[250:])
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = lstm.Flat(n)
		} else if !slices.Equal(first, lstm.Flat(n)) {
			t.Errorf("%d goroutines change the weights", workers)
		}
	}
	tr.Seed++
	if n, _, _ := lstm.Train(context.Background(), c, tr, all[:250], all[250:]); slices.Equal(first, lstm.Flat(n)) {
		t.Error("another seed gives the same weights")
	}
}

func TestEarlyStopKeepsTheBestEpoch(t *testing.T) {
	c, tr := small()
	tr.Epochs, tr.Patience, tr.Average, tr.Rate = 200, 3, 0, 0.05
	all := line(c, 60)
	_, history, err := lstm.Train(context.Background(), c, tr, all[:30], all[30:])
	if err != nil {
		t.Fatal(err)
	}
	best := 0
	for i, e := range history {
		if e.Valid < history[best].Valid {
			best = i
		}
	}
	if len(history) == tr.Epochs || best != len(history)-1-tr.Patience {
		t.Errorf("ended after %d epochs, the best was %d", len(history), best+1)
	}
}

func TestStreamSaysWhatABatchSays(t *testing.T) {
	c, tr := small()
	tr.Epochs = 2
	all := line(c, 64)
	n, _, err := lstm.Train(context.Background(), c, tr, all, nil)
	if err != nil {
		t.Fatal(err)
	}
	long := slices.Concat(all[0].Rows, all[1].Rows)
	s := n.Stream()
	for i := c.Inputs; i <= len(long); i += c.Inputs {
		got, err := s.Next(long[i-c.Inputs : i])
		if err != nil {
			t.Fatal(err)
		}
		want, err := n.Predict([][]float32{long[:i]})
		if err != nil || !slices.Equal(got, want[0]) {
			t.Fatalf("row %d: stream %v, batch %v, %v", i/c.Inputs, got, want, err)
		}
	}
	ref := reference{c: c}
	for _, v := range lstm.Flat(n) {
		ref.w = append(ref.w, float64(v))
	}
	got, _ := n.Predict([][]float32{all[2].Rows[:6]})
	if want := ref.outputs(all[2].Rows[:6])[0]; math.Abs(got[0][0]-want) > 1e-4 {
		t.Errorf("a short sequence gives %v, by definition %v", got[0][0], want)
	}
}

func TestBadInputIsNamed(t *testing.T) {
	c, tr := small()
	good := line(c, 4)
	nan := lstm.Sample{Rows: []float32{1, float32(math.NaN())}, Want: []float32{0, 0}}
	for name, run := range map[string]func() error{
		"no samples": func() error { _, _, err := lstm.Train(context.Background(), c, tr, nil, nil); return err },
		"not a number": func() error {
			_, _, err := lstm.Train(context.Background(), c, tr, append(good, nan), nil)
			return err
		},
		"a probability of 2": func() error {
			_, _, err := lstm.Train(context.Background(), c, tr, []lstm.Sample{{Rows: good[0].Rows, Want: []float32{0, 2}}}, nil)
			return err
		},
		"half a row": func() error {
			_, _, err := lstm.Train(context.Background(), c, tr, []lstm.Sample{{Rows: good[0].Rows[:3], Want: good[0].Want}}, nil)
			return err
		},
		"300 layers": func() error {
			c := c
			c.Layers = 300
			return c.Validate()
		},
	} {
		if err := run(); errs.KindOf(err) != errs.BadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := lstm.Train(cancelled, c, tr, good, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled training: %v", err)
	}
}

func TestDrawTakesAPartOfTheSamples(t *testing.T) {
	c, tr := small()
	tr.Epochs = 1
	all := line(c, 300)
	whole, _, err := lstm.Train(context.Background(), c, tr, all, nil)
	if err != nil {
		t.Fatal(err)
	}
	tr.Draw = 96
	part, _, err := lstm.Train(context.Background(), c, tr, all, nil)
	if err != nil || slices.Equal(lstm.Flat(whole), lstm.Flat(part)) {
		t.Errorf("a draw of 96 of 300 trains as all do: %v", err)
	}
}
