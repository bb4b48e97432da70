package foreign

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/predict/tree"
)

// LoadLightGBM reads a model that LightGBM 2 to 4 saved as text. Linear trees are refused.
func LoadLightGBM(r io.Reader) (*Model, error) {
	limited := &io.LimitedReader{R: r, N: tree.MaxBytes + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(nil, tree.MaxBytes)
	m := &Model{from: "lightgbm"}
	l := lgbReader{model: m}
	head, ended := map[string]string{}, false
	block := head
	for !ended && lines.Scan() {
		line := strings.TrimRight(lines.Text(), "\r")
		key, value, _ := strings.Cut(line, "=")
		switch {
		case line == "end of trees" || key == "Tree":
			if err := l.take(block); err != nil {
				return nil, refuse("LightGBM: %w", err)
			}
			block, ended = map[string]string{}, key != "Tree"
		case line != "":
			if len(block) >= maxKeys {
				return nil, refuse("LightGBM: more than %d entries in one block", maxKeys)
			}
			block[key] = value
		}
	}
	if err := lines.Err(); err != nil {
		return nil, refuse("LightGBM: %w", err)
	}
	if limited.N <= 0 {
		return nil, refuse("LightGBM: longer than %d bytes", tree.MaxBytes)
	}
	if !ended {
		return nil, refuse("LightGBM: the file ends before its trees do")
	}
	return l.finish(head)
}

const maxKeys = 64 // of a block; LightGBM writes about twenty

// lgbReader takes one block after the other: the head, then trees, dealt to the outputs in turn.
type lgbReader struct {
	model *Model
	open  bool // the head was read
	trees int
}

func (l *lgbReader) take(block map[string]string) error {
	if !l.open {
		l.open = true
		return l.head(block)
	}
	features := l.model.groups[0].Features
	t, err := lgbTree(block, features)
	if err != nil {
		return fmt.Errorf("tree %d: %w", l.trees, err)
	}
	group := &l.model.groups[l.trees%len(l.model.groups)]
	group.Trees = append(group.Trees, t)
	l.trees++
	return nil
}

func (l *lgbReader) head(block map[string]string) error {
	outputs, err := strconv.Atoi(block["num_tree_per_iteration"])
	last, err2 := strconv.Atoi(block["max_feature_idx"])
	if err != nil || err2 != nil || outputs < 1 || outputs > tree.MaxTrees || last < 0 || last >= tree.MaxFeatures {
		return fmt.Errorf("%.20q outputs, last feature %.20q", block["num_tree_per_iteration"], block["max_feature_idx"])
	}
	k, ok := lgbLink(block["objective"])
	if !ok || (k.kind == softmax) != (outputs > 1) && block["objective"] != "" && !strings.HasPrefix(block["objective"], "multiclassova") {
		return fmt.Errorf("objective %.60q with %d outputs is not supported", block["objective"], outputs)
	}
	l.model.link, l.model.groups = k, make([]tree.Ensemble, outputs)
	l.model.names = strings.Fields(block["feature_names"])
	for i := range l.model.groups {
		l.model.groups[i].Features, l.model.groups[i].Scale = last+1, 1
	}
	return nil
}

// finish averages the trees of a random forest.
func (l *lgbReader) finish(head map[string]string) (*Model, error) {
	if _, forest := head["average_output"]; forest {
		for i := range l.model.groups {
			if n := len(l.model.groups[i].Trees); n > 0 {
				l.model.groups[i].Scale = 1 / float64(n)
			}
		}
	}
	if l.trees%len(l.model.groups) != 0 {
		return nil, refuse("LightGBM: %d trees for %d outputs", l.trees, len(l.model.groups))
	}
	return l.model.finish()
}

// lgbLink reads an objective such as "binary sigmoid:1".
func lgbLink(objective string) (link, bool) {
	words := strings.Fields(objective)
	if len(words) == 0 { // an objective of the trainer's own: the sum is the output
		return link{}, true
	}
	slope, root := 1.0, false
	for _, w := range words[1:] {
		if text, ok := strings.CutPrefix(w, "sigmoid:"); ok {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil || !(v > 0 && v < 1e6) {
				return link{}, false
			}
			slope = v
		}
		root = root || w == "sqrt"
	}
	switch words[0] {
	case "regression", "regression_l1", "huber", "fair", "quantile", "mape", "lambdarank", "rank_xendcg":
		if root {
			return link{kind: square}, true
		}
		return link{}, true
	case "binary", "multiclassova", "cross_entropy":
		return link{sigmoid, slope}, true
	case "poisson", "gamma", "tweedie":
		return link{kind: exponential}, true
	case "multiclass":
		return link{kind: softmax}, true
	}
	return link{}, false
}
