package foreign

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/predict/tree"
)

// What is read of XGBoost's JSON (its doc/model.schema); numbers of the parameters are strings there.
type (
	xgbFile struct {
		Learner struct {
			Names     []string   `json:"feature_names"`
			Booster   xgbBooster `json:"gradient_booster"`
			Objective struct {
				Name string `json:"name"`
			} `json:"objective"`
			Param struct {
				Base     string `json:"base_score"`
				Classes  string `json:"num_class"`
				Features string `json:"num_feature"`
				Targets  string `json:"num_target"`
			} `json:"learner_model_param"`
		} `json:"learner"`
	}
	xgbBooster struct {
		Name   string      `json:"name"`
		Model  *xgbTrees   `json:"model"`
		Tree   *xgbBooster `json:"gbtree"`      // of the booster dart
		Weight []float64   `json:"weight_drop"` // of its trees
	}
	xgbTrees struct {
		Output []int     `json:"tree_info"`
		Trees  []xgbTree `json:"trees"`
	}
	xgbTree struct {
		Left        []int     `json:"left_children"`
		Right       []int     `json:"right_children"`
		Feature     []int32   `json:"split_indices"`
		Condition   []float32 `json:"split_conditions"` // the answer in a leaf
		DefaultLeft []flag    `json:"default_left"`
		Type        []int     `json:"split_type"` // 1 asks for a category
		Cover       []float64 `json:"sum_hessian"`
		Categories  []int     `json:"categories"`
		CatNodes    []int     `json:"categories_nodes"`
		CatSegments []int     `json:"categories_segments"`
		CatSizes    []int     `json:"categories_sizes"`
		Param       struct {
			Leaf string `json:"size_leaf_vector"`
		} `json:"tree_param"`
	}
)

// flag is 0 or 1, or false or true in older files.
type flag bool

// UnmarshalJSON reads a number or a word.
func (f *flag) UnmarshalJSON(text []byte) error {
	switch string(text) {
	case "0", "false":
		*f = false
	case "1", "true":
		*f = true
	default:
		return fmt.Errorf("%.20q is neither 0 nor 1", text)
	}
	return nil
}

// LoadXGBoost reads a model that XGBoost 1.0 or later saved as JSON: boosters gbtree and dart. XGBoost reckons
// with float32, so its outputs differ from ours in the seventh digit.
func LoadXGBoost(r io.Reader) (*Model, error) {
	var f xgbFile
	if err := tree.Decode(r, &f); err != nil {
		return nil, refuse("XGBoost: %w", err)
	}
	l := &f.Learner
	booster := &l.Booster
	if booster.Name == "dart" && booster.Tree != nil {
		booster = booster.Tree
	}
	if booster.Model == nil || l.Booster.Name != "gbtree" && l.Booster.Name != "dart" {
		return nil, refuse("XGBoost: booster %.40q has no trees", l.Booster.Name)
	}
	k, ok := xgbLink(l.Objective.Name)
	if !ok {
		return nil, refuse("XGBoost: objective %.60q is not supported", l.Objective.Name)
	}
	features, err := strconv.Atoi(l.Param.Features)
	classes, err2 := strconv.Atoi(orZero(l.Param.Classes))
	targets, err3 := strconv.Atoi(orZero(l.Param.Targets))
	if err != nil || err2 != nil || err3 != nil || targets > 1 || classes < 0 || classes > tree.MaxTrees {
		return nil, refuse("XGBoost: %.20q features, %.20q classes, %.20q targets", l.Param.Features, l.Param.Classes, l.Param.Targets)
	}
	m := &Model{from: "xgboost", names: l.Names, link: k, groups: make([]tree.Ensemble, max(classes, 1))}
	if err := m.base(l.Param.Base); err != nil {
		return nil, refuse("XGBoost: %w", err)
	}
	for i := range m.groups {
		m.groups[i].Features, m.groups[i].Scale = features, 1
	}
	if err := m.add(booster.Model, l.Booster.Weight, features); err != nil {
		return nil, refuse("XGBoost: %w", err)
	}
	return m.finish()
}

// xgbLink knows the objectives whose outputs a single number or class says.
func xgbLink(objective string) (link, bool) {
	switch objective {
	case "reg:squarederror", "reg:linear", "reg:squaredlogerror", "reg:absoluteerror", "reg:pseudohubererror", "reg:quantileerror":
		return link{}, true
	case "binary:logistic", "reg:logistic":
		return link{sigmoid, 1}, true
	case "count:poisson", "reg:gamma", "reg:tweedie":
		return link{kind: exponential}, true
	case "multi:softprob", "multi:softmax":
		return link{kind: softmax}, true
	}
	return link{}, false
}

// base sets what the sums start from: one number, or since XGBoost 3 a list, stored as an output.
func (m *Model) base(text string) error {
	var list []float64
	for part := range strings.SplitSeq(strings.Trim(text, "[]"), ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || len(list) >= len(m.groups) {
			return fmt.Errorf("base score %.40q", text)
		}
		list = append(list, v)
	}
	for i := range m.groups {
		m.groups[i].Base = m.link.inverse(list[min(i, len(list)-1)])
	}
	return nil
}

func (m *Model) add(model *xgbTrees, weight []float64, features int) error {
	if len(model.Output) != len(model.Trees) || weight != nil && len(weight) != len(model.Trees) {
		return fmt.Errorf("%d trees, %d of them with an output, %d weights", len(model.Trees), len(model.Output), len(weight))
	}
	for i := range model.Trees {
		t, err := model.Trees[i].convert(features)
		if err != nil {
			return fmt.Errorf("tree %d: %w", i, err)
		}
		output := model.Output[i]
		if output < 0 || output >= len(m.groups) {
			return fmt.Errorf("tree %d: output %d of %d", i, output, len(m.groups))
		}
		for n := range t.Nodes {
			if weight != nil && t.Nodes[n].Feature == tree.Leaf {
				t.Nodes[n].Value *= weight[i]
			}
		}
		m.groups[output].Trees = append(m.groups[output].Trees, t)
	}
	return nil
}

func (x *xgbTree) convert(features int) (tree.Tree, error) {
	n := len(x.Left)
	for _, length := range []int{len(x.Right), len(x.Feature), len(x.Condition), len(x.DefaultLeft), len(x.Cover)} {
		if length != n {
			return tree.Tree{}, fmt.Errorf("the columns differ in length")
		}
	}
	if x.Type != nil && len(x.Type) != n {
		return tree.Tree{}, fmt.Errorf("the columns differ in length")
	}
	if leaf := x.Param.Leaf; leaf != "" && leaf != "0" && leaf != "1" {
		return tree.Tree{}, fmt.Errorf("leaves with %.20s answers are not supported", leaf)
	}
	nodes := make([]loose, n)
	for i := range nodes {
		nodes[i] = x.node(i)
	}
	sets, err := x.sets(nodes)
	if err != nil {
		return tree.Tree{}, err
	}
	t, err := lay(nodes, sets)
	if err != nil {
		return t, err
	}
	return t, t.Validate(features)
}

func (x *xgbTree) node(i int) loose {
	if x.Left[i] == -1 {
		return loose{Node: tree.Node{Feature: tree.Leaf, Value: float64(x.Condition[i]), Cover: x.Cover[i]}}
	}
	n := loose{Node: tree.Node{Feature: x.Feature[i], Value: below(x.Condition[i]), Cover: x.Cover[i]}, left: x.Left[i], right: x.Right[i]}
	if x.Feature[i] < 0 { // would read as a leaf
		n.Feature = math.MaxInt32
	}
	if x.DefaultLeft[i] {
		n.Flags = tree.MissingLeft
	}
	return n
}

// sets turns categorical nodes into ours. There, members of the set go right; here, left: the children change places.
func (x *xgbTree) sets(nodes []loose) ([][]uint32, error) {
	var sets [][]uint32
	if len(x.CatNodes) != len(x.CatSegments) || len(x.CatNodes) != len(x.CatSizes) {
		return nil, fmt.Errorf("the columns of categories differ in length")
	}
	for k, at := range x.CatNodes {
		from, size := x.CatSegments[k], x.CatSizes[k]
		if at < 0 || at >= len(nodes) || at >= len(x.Type) || x.Type[at] != 1 || nodes[at].Feature == tree.Leaf ||
			nodes[at].Flags&tree.Categorical != 0 || from < 0 || size < 0 || from > len(x.Categories) || size > len(x.Categories)-from {
			return nil, fmt.Errorf("node %d has no categories", at)
		}
		set, err := bits(x.Categories[from : from+size])
		if err != nil {
			return nil, err
		}
		n := &nodes[at]
		n.left, n.right, n.Value = n.right, n.left, float64(len(sets))
		n.Flags = n.Flags ^ tree.MissingLeft | tree.Categorical
		sets = append(sets, set)
	}
	for i, kind := range x.Type {
		if kind != 0 && nodes[i].Feature != tree.Leaf && nodes[i].Flags&tree.Categorical == 0 {
			return nil, fmt.Errorf("node %d is of kind %d and has no categories", i, kind)
		}
	}
	return sets, nil
}

// maxCategory bounds the bits of a set.
const maxCategory = 1 << 16

func bits(members []int) ([]uint32, error) {
	if len(members) == 0 {
		return nil, nil
	}
	if top := slices.Max(members); top >= maxCategory || slices.Min(members) < 0 {
		return nil, fmt.Errorf("category %d is not 0 to %d", top, maxCategory-1)
	}
	set := make([]uint32, slices.Max(members)/32+1)
	for _, c := range members {
		set[c/32] |= 1 << (c % 32)
	}
	return set, nil
}

// below returns the largest float64 whose float32 is less than c: XGBoost rounds a row's value and asks for
// value < c, we ask for value <= below(c).
func below(c float32) float64 {
	last := math.Nextafter32(c, float32(math.Inf(-1)))
	middle := (float64(last) + float64(c)) / 2 // exact; rounds to the neighbour whose last bit is 0
	if float32(middle) < c {
		return middle
	}
	return math.Nextafter(middle, math.Inf(-1))
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}
