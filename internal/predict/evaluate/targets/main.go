// Command targets measures every model on the sets that it was promised for and prints each figure with its interval, split
// and target. It learns from nothing but the sets' training parts, and ships nothing.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/predict/evaluate"
)

func main() {
	data := flag.String("data", "../shared/data", "folder with the data sets")
	only := flag.String("only", "", "only these parts, by commas; -list names them")
	list := flag.Bool("list", false, "name the parts")
	asJSON := flag.Bool("json", false, "one figure a line as JSON instead of text")
	pictures := flag.String("pictures", "", "draw the plots of docs/models.md into this folder instead")
	quiet := flag.Bool("quiet", false, "say nothing of what is under way")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	o := options{data: *data, json: *asJSON, progress: os.Stderr}
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	if *quiet {
		o.progress = io.Discard
	}
	if *list {
		for _, p := range evaluate.Parts() {
			fmt.Fprintln(os.Stdout, p.Name)
		}
		return
	}
	run := func() error { return o.run(ctx, os.Stdout) }
	if *pictures != "" {
		run = func() error { return o.draw(ctx, *pictures) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "targets: error:", err)
		os.Exit(1)
	}
}

type options struct {
	data     string
	only     []string
	json     bool
	progress io.Writer
}

// run measures the parts one after the other. A part whose data are missing costs only itself, and the exit code.
func (o options) run(ctx context.Context, out io.Writer) error {
	if _, err := os.Stat(o.data); err != nil {
		return fmt.Errorf("open data: %w (name the folder: make eval EVAL_DATA=DIR)", err)
	}
	var failed []string
	var promised []evaluate.Figure
	for _, p := range evaluate.Parts() {
		if len(o.only) > 0 && !slices.Contains(o.only, p.Name) {
			continue
		}
		fmt.Fprintf(o.progress, "%s ...\n", p.Name)
		start := time.Now()
		figures, err := p.Run(ctx, o.data, o.progress)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed = append(failed, p.Name)
			fmt.Fprintf(out, "NOT MEASURED  %s: %v\n\n", p.Name, err)
			continue
		}
		for _, f := range figures {
			if f.Promised() {
				promised = append(promised, f)
			}
			if err := o.write(out, f); err != nil {
				return err
			}
		}
		fmt.Fprintf(o.progress, "%s: %s\n", p.Name, time.Since(start).Round(time.Second))
	}
	if !o.json {
		summary(out, promised, failed)
	}
	if len(failed) > 0 {
		return fmt.Errorf("not measured: %s", strings.Join(failed, ", "))
	}
	return nil
}

// summary lists the promised figures again, one a line.
func summary(out io.Writer, promised []evaluate.Figure, failed []string) {
	met := 0
	for _, f := range promised {
		if f.Met {
			met++
		}
		fmt.Fprintf(out, "%-7s %-44.44s %-34.34s %s%s%s\n", verdict(f), f.Data, f.Metric, number(f.Value), interval(f), target(f))
	}
	fmt.Fprintf(out, "\n%d targets met, %d missed, %d parts not measured\n", met, len(promised)-met, len(failed))
}

func (o options) write(out io.Writer, f evaluate.Figure) error {
	if o.json {
		line := struct { // what is no number cannot stand in JSON
			evaluate.Figure
			Value  *float64 `json:"value,omitempty"`
			Low    *float64 `json:"low,omitempty"`
			High   *float64 `json:"high,omitempty"`
			Target *float64 `json:"target,omitempty"`
		}{f, finite(f.Value), finite(f.Low), finite(f.High), finite(f.Target)}
		return json.NewEncoder(out).Encode(line)
	}
	_, err := fmt.Fprintf(out, "%-7s %s, %s\n        %s = %s%s%s\n        split: %s\n%s\n", verdict(f), f.Data, f.Model, f.Metric, number(f.Value), interval(f), target(f), f.Split, note(f))
	return err
}

func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

func verdict(f evaluate.Figure) string {
	switch {
	case !f.Promised():
		return "-"
	case f.Met:
		return "MET"
	}
	return "MISSED"
}

func number(v float64) string {
	if math.Abs(v) >= 100 {
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

func interval(f evaluate.Figure) string {
	if math.IsNaN(f.Low) || math.IsNaN(f.High) {
		return ""
	}
	return fmt.Sprintf("   95 %%: %s to %s", number(f.Low), number(f.High))
}

func target(f evaluate.Figure) string {
	if !f.Promised() {
		return ""
	}
	sign := ">="
	if f.Better == evaluate.Lower {
		sign = "<="
	}
	return fmt.Sprintf("   target %s %s", sign, number(f.Target))
}

func note(f evaluate.Figure) string {
	if f.Note == "" {
		return ""
	}
	return "        note: " + f.Note + "\n"
}
