package forest

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/tree"
)

const (
	format  = "obdctl/forest"
	version = 1
)

// file is a forest on disk. Leaves lists, by tree, the rows of its leaves in the order of their nodes, one
// leaf behind the other; a leaf's Cover says how many are its own.
type file struct {
	Format   string      `json:"format"`
	Version  int         `json:"version"`
	Classify bool        `json:"classify,omitempty"`
	Features int         `json:"features"`
	Names    []string    `json:"names,omitempty"`
	Trees    []tree.Tree `json:"trees"`
	Y        []float64   `json:"y,omitempty"`
	Leaves   [][]int32   `json:"leaves,omitempty"`
}

// Save writes the forest as JSON. What [Load] makes of it predicts the same bits.
func (m *Model) Save(w io.Writer) error {
	f := file{Format: format, Version: version, Classify: m.classify, Features: m.trees.Features, Names: m.names, Trees: m.trees.Trees, Y: m.y}
	for _, leaves := range m.leaves {
		rows := []int32{}
		for _, leaf := range leaves {
			rows = append(rows, leaf...)
		}
		f.Leaves = append(f.Leaves, rows)
	}
	if err := json.NewEncoder(w).Encode(&f); err != nil {
		return fmt.Errorf("save forest: %w", err)
	}
	return nil
}

// Load reads what [Model.Save] wrote, up to [tree.MaxBytes], and refuses what could not be predicted with.
func Load(r io.Reader) (*Model, error) {
	var f file
	if err := tree.Decode(r, &f); err != nil {
		return nil, refuse("%w", err)
	}
	switch {
	case f.Format != format || f.Version != version:
		return nil, refuse("format %q, version %d, not %q, version %d", f.Format, f.Version, format, version)
	case len(f.Trees) == 0:
		return nil, refuse("no tree")
	case f.Names != nil && len(f.Names) != f.Features:
		return nil, refuse("%d names for %d features", len(f.Names), f.Features)
	case len(f.Y) > math.MaxInt32 || (len(f.Y) > 0) != (len(f.Leaves) > 0):
		return nil, refuse("%d outcomes and rows of %d trees", len(f.Y), len(f.Leaves))
	case len(f.Leaves) > 0 && len(f.Leaves) != len(f.Trees):
		return nil, refuse("rows of %d trees for %d", len(f.Leaves), len(f.Trees))
	}
	m := &Model{classify: f.Classify, names: f.Names, y: f.Y}
	m.trees = tree.Ensemble{Features: f.Features, Scale: 1 / float64(len(f.Trees)), Trees: f.Trees}
	if err := m.trees.Validate(); err != nil {
		return nil, refuse("%w", err)
	}
	for i, rows := range f.Leaves {
		leaves, err := deal(rows, f.Trees[i].Nodes, len(f.Y))
		if err != nil {
			return nil, refuse("tree %d: %w", i, err)
		}
		m.leaves = append(m.leaves, leaves)
	}
	return m, nil
}

// deal gives each leaf its rows.
func deal(rows []int32, nodes []tree.Node, n int) ([][]int32, error) {
	leaves := make([][]int32, len(nodes))
	for _, r := range rows {
		if r < 0 || int(r) >= n {
			return nil, fmt.Errorf("row %d of %d", r, n)
		}
	}
	for i, node := range nodes {
		if node.Feature != tree.Leaf {
			continue
		}
		if node.Cover != math.Trunc(node.Cover) || node.Cover < 1 || node.Cover > float64(len(rows)) {
			return nil, fmt.Errorf("node %d has %g rows of the %d that are left", i, node.Cover, len(rows))
		}
		leaves[i], rows = rows[:int(node.Cover):int(node.Cover)], rows[int(node.Cover):]
	}
	if len(rows) > 0 {
		return nil, fmt.Errorf("%d rows lie in no leaf", len(rows))
	}
	return leaves, nil
}

func refuse(format string, args ...any) error {
	return errs.New(errs.BadInput, "load forest: %w", fmt.Errorf(format, args...)).
		WithHint("the file is damaged or no model of this kind: train or import it again")
}
