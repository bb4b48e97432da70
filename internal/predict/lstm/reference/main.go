// Command reference trains a network on sequences that compare.py wrote, so that it can be held against PyTorch. It is
// for developers; nothing else needs it.
//
//	go run ./internal/predict/lstm/reference -samples train.bin -test test.bin -save net.bin -epochs 5 ...
//
// A file of samples is their number, steps and inputs as little-endian uint32, then float32: for each sample its rows
// and the target. Predictions go to standard output as JSON, with the seconds of training.
package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/fleetms/obdctl/internal/predict/lstm"
)

type result struct {
	Seconds     float64   `json:"seconds"`
	Predictions []float64 `json:"predictions"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}

func run() error {
	var c lstm.Config
	t := lstm.Training{Clip: 1}
	samples := flag.String("samples", "", "file to learn from")
	test := flag.String("test", "", "file to predict")
	save := flag.String("save", "", "file for the network")
	flag.IntVar(&c.Hidden, "hidden", 64, "cells a layer")
	flag.IntVar(&c.Layers, "layers", 1, "layers")
	flag.IntVar(&c.Dense, "dense", 0, "units of the dense layer")
	flag.IntVar(&t.Epochs, "epochs", 1, "epochs")
	flag.IntVar(&t.Batch, "batch", 256, "sequences a step")
	flag.Float64Var(&t.Rate, "rate", 1e-3, "of the first step")
	flag.Float64Var(&t.Dropout, "dropout", 0.2, "share of values dropped")
	flag.IntVar(&t.Workers, "workers", 2, "goroutines")
	flag.Uint64Var(&t.Seed, "seed", 1, "of all chance")
	flag.Parse()
	learn, err := read(*samples, &c)
	if err != nil {
		return err
	}
	c.Outputs = []lstm.Output{{Name: "y", Loss: lstm.Squared, Weight: 1}}
	began := time.Now()
	n, _, err := lstm.Train(context.Background(), c, t, learn, nil)
	if err != nil {
		return err
	}
	out := result{Seconds: time.Since(began).Seconds()}
	if err := write(*save, n); err != nil {
		return err
	}
	asked, err := read(*test, &c)
	if err != nil {
		return err
	}
	var rows [][]float32
	for _, s := range asked {
		rows = append(rows, s.Rows)
	}
	said, err := n.Predict(rows)
	if err != nil {
		return err
	}
	for _, v := range said {
		out.Predictions = append(out.Predictions, v[0])
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

func read(path string, c *lstm.Config) ([]lstm.Sample, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	var size [3]uint32
	if err := binary.Read(in, binary.LittleEndian, &size); err != nil {
		return nil, err
	}
	c.Steps, c.Inputs = int(size[1]), int(size[2])
	all := make([]lstm.Sample, size[0])
	for i := range all {
		row := make([]float32, c.Steps*c.Inputs+1)
		if err := binary.Read(in, binary.LittleEndian, row); err != nil {
			return nil, err
		}
		last := len(row) - 1
		all[i] = lstm.Sample{Rows: row[:last], Want: row[last:]}
	}
	return all, nil
}

func write(path string, n *lstm.Network) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := n.Save(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
