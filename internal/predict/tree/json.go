package tree

import (
	"encoding/json"
	"fmt"
	"io"
)

// MaxBytes is how much of a model file is read; a longer one is refused.
const MaxBytes = 64 << 20

// columns is a tree in a file: one list for each field, which is a third of the size of a list of nodes.
type columns struct {
	Feature []int32    `json:"feature"`
	Left    []int32    `json:"left"`
	Right   []int32    `json:"right"`
	Flags   []int      `json:"flags"`
	Value   []float64  `json:"value"`
	Cover   []float64  `json:"cover"`
	Sets    [][]uint32 `json:"sets,omitempty"`
}

// MarshalJSON writes the tree by columns.
func (t *Tree) MarshalJSON() ([]byte, error) {
	c := columns{Sets: t.Sets}
	for _, n := range t.Nodes {
		c.Feature, c.Left, c.Right = append(c.Feature, n.Feature), append(c.Left, n.Left), append(c.Right, n.Right)
		c.Flags = append(c.Flags, int(n.Flags))
		c.Value, c.Cover = append(c.Value, n.Value), append(c.Cover, n.Cover)
	}
	return json.Marshal(c)
}

// UnmarshalJSON reads columns. What they say is checked by Validate.
func (t *Tree) UnmarshalJSON(data []byte) error {
	var c columns
	if err := json.Unmarshal(data, &c); err != nil {
		return err
	}
	n := len(c.Feature)
	if len(c.Left) != n || len(c.Right) != n || len(c.Flags) != n || len(c.Value) != n || len(c.Cover) != n {
		return fmt.Errorf("tree: the columns differ in length")
	}
	t.Nodes, t.Sets = make([]Node, n), c.Sets
	for i := range t.Nodes {
		if c.Flags[i] < 0 || c.Flags[i] >= unknown {
			return fmt.Errorf("tree: flags %#x are unknown", c.Flags[i])
		}
		t.Nodes[i] = Node{c.Feature[i], c.Left[i], c.Right[i], uint8(c.Flags[i]), c.Value[i], c.Cover[i]}
	}
	return nil
}

// Decode reads one JSON document of at most MaxBytes into v and refuses anything behind it.
func Decode(r io.Reader, v any) error { return decode(r, MaxBytes, v) }

func decode(r io.Reader, most int64, v any) error {
	limited := &io.LimitedReader{R: r, N: most + 1}
	d := json.NewDecoder(limited)
	err := d.Decode(v)
	if err == nil {
		if _, end := d.Token(); end != io.EOF {
			err = fmt.Errorf("something follows the model")
		}
	}
	if limited.N <= 0 {
		return fmt.Errorf("longer than %d bytes", most)
	}
	return err
}
