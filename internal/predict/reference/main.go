// Command reference trains the project's models on tables that compare.py wrote, so that both can be held
// against the reference implementations. It is for developers; nothing else needs it.
//
//	go run ./internal/predict/reference boost|forest|isolation -train x.bin -test y.bin ...
//
// A table is rows and columns as little-endian uint32, then float64 row by row; its last column is the target.
// Predictions go to standard output as one JSON document with the seconds that training took.
package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/fleetms/obdctl/internal/predict/forest"
	"github.com/fleetms/obdctl/internal/predict/gbdt"
	"github.com/fleetms/obdctl/internal/predict/isolation"
	"github.com/fleetms/obdctl/internal/predict/metric"
)

type job struct {
	x, test   [][]float64
	y, target []float64
	seed      uint64
	threads   int
	repeat    int
	loss      string
	quantile  float64
	rounds    int
	depth     int
}

type result struct {
	Seconds     []float64 `json:"seconds,omitempty"`
	Predictions []float64 `json:"predictions,omitempty"`
	AUC         []float64 `json:"auc,omitempty"`
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("say boost, forest or isolation")
	}
	var j job
	f := flag.NewFlagSet(args[0], flag.ContinueOnError)
	train := f.String("train", "", "table to learn from")
	test := f.String("test", "", "table to predict")
	f.Uint64Var(&j.seed, "seed", 1, "seed, or number of seeds for isolation")
	f.IntVar(&j.threads, "threads", 2, "goroutines")
	f.IntVar(&j.repeat, "repeat", 1, "times to train")
	f.StringVar(&j.loss, "loss", "squared", "loss, or classify for forest")
	f.Float64Var(&j.quantile, "quantile", 0.5, "of the quantile loss")
	f.IntVar(&j.rounds, "rounds", 100, "trees")
	f.IntVar(&j.depth, "depth", 6, "depth")
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	var err error
	if j.x, j.y, err = read(*train); err != nil {
		return err
	}
	if *test != "" {
		if j.test, j.target, err = read(*test); err != nil {
			return err
		}
	}
	kinds := map[string]func(job) (result, error){"boost": boost, "forest": grow, "isolation": isolate}
	kind, ok := kinds[args[0]]
	if !ok {
		return fmt.Errorf("%q is not boost, forest or isolation", args[0])
	}
	r, err := kind(j)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(r)
}

func boost(j job) (r result, err error) {
	o := gbdt.Default()
	o.Loss, o.Quantile, o.Rounds, o.MaxDepth, o.Seed, o.Threads = gbdt.Loss(j.loss), j.quantile, j.rounds, j.depth, j.seed, j.threads
	var m *gbdt.Model
	for range j.repeat {
		start := time.Now()
		if m, err = gbdt.Fit(context.Background(), gbdt.Set{X: j.x, Y: j.y}, gbdt.Set{}, o); err != nil {
			return r, err
		}
		r.Seconds = append(r.Seconds, time.Since(start).Seconds())
	}
	for _, row := range j.test {
		r.Predictions = append(r.Predictions, m.Predict(row))
	}
	return r, nil
}

func grow(j job) (r result, err error) {
	o := forest.Default()
	o.Trees, o.Classify, o.Seed, o.Threads, o.Rows = j.rounds, j.loss == "classify", j.seed, j.threads, false
	var m *forest.Model
	for range j.repeat {
		start := time.Now()
		if m, err = forest.Fit(context.Background(), j.x, j.y, o); err != nil {
			return r, err
		}
		r.Seconds = append(r.Seconds, time.Since(start).Seconds())
	}
	for _, row := range j.test {
		r.Predictions = append(r.Predictions, m.Predict(row))
	}
	return r, nil
}

// isolate fits without labels and measures against them, once for each seed.
func isolate(j job) (r result, err error) {
	odd, score := make([]bool, len(j.y)), make([]float64, len(j.y))
	for i, v := range j.y {
		odd[i] = v == 1
	}
	for seed := range j.seed {
		o := isolation.Default()
		o.Seed, o.Threads = seed, j.threads
		m, err := isolation.Fit(context.Background(), j.x, o)
		if err != nil {
			return r, err
		}
		for i, row := range j.x {
			score[i] = m.Score(row)
		}
		r.AUC = append(r.AUC, metric.AUC(odd, score))
	}
	return r, nil
}

func read(path string) (x [][]float64, y []float64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	var size [2]uint32
	if err := binary.Read(f, binary.LittleEndian, &size); err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", path, err)
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, nil, err
	}
	rows, columns := int(size[0]), int(size[1])
	if columns < 2 || len(data) != rows*columns*8 {
		return nil, nil, fmt.Errorf("read %s: %d bytes are not %d rows of %d columns", path, len(data), rows, columns)
	}
	all := make([]float64, rows*columns)
	if _, err := binary.Decode(data, binary.LittleEndian, all); err != nil {
		return nil, nil, err
	}
	for i := range rows {
		row := all[i*columns : (i+1)*columns]
		x, y = append(x, row[:columns-1:columns-1]), append(y, row[columns-1])
	}
	return x, y, nil
}
