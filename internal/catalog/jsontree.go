package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// maxDepth bounds how deep a JSON file may nest; signal sets need six.
const maxDepth = 64

// jsonTree reads JSON into the nodes that the other loaders read, each with its line.
type jsonTree struct {
	data  []byte
	dec   *json.Decoder
	line  int // of the byte at seen
	seen  int
	depth int
}

func parseJSON(data []byte) (*yaml.Node, error) {
	t := &jsonTree{data: data, dec: json.NewDecoder(bytes.NewReader(data)), line: 1}
	t.dec.UseNumber()
	n, err := t.value()
	if err != nil {
		return nil, err
	}
	if _, err := t.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, at(t.here(t.dec.InputOffset()), "something follows the end of the signal set")
	}
	return n, nil
}

// here returns the line of a byte; offsets only grow, so the whole file is counted once.
func (t *jsonTree) here(offset int64) int {
	end := min(int(offset), len(t.data))
	if end > t.seen {
		t.line += bytes.Count(t.data[t.seen:end], []byte("\n"))
		t.seen = end
	}
	return t.line
}

func (t *jsonTree) value() (*yaml.Node, error) {
	token, err := t.token()
	if err != nil {
		return nil, err
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Line: t.here(t.dec.InputOffset())}
	switch v := token.(type) {
	case json.Delim:
		return t.container(n, v)
	case string:
		n.Value = v
	case json.Number:
		n.Value = v.String()
	case bool:
		n.Value = strconv.FormatBool(v)
	case nil:
		n.Tag = "!!null"
	}
	return n, nil
}

func (t *jsonTree) container(n *yaml.Node, open json.Delim) (*yaml.Node, error) {
	if t.depth++; t.depth > maxDepth {
		return nil, at(n.Line, "nested deeper than %d", maxDepth)
	}
	defer func() { t.depth-- }()
	n.Kind = yaml.SequenceNode
	if open == '{' {
		n.Kind = yaml.MappingNode
	}
	for t.dec.More() {
		child, err := t.value()
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, child)
		if open != '{' {
			continue
		}
		if child, err = t.value(); err != nil {
			return nil, err
		}
		n.Content = append(n.Content, child)
	}
	_, err := t.token()
	return n, err
}

func (t *jsonTree) token() (json.Token, error) {
	token, err := t.dec.Token()
	if err == nil {
		return token, nil
	}
	offset := t.dec.InputOffset()
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = syntax.Offset
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, at(t.here(int64(len(t.data))), "the file ends too early")
	}
	return nil, at(t.here(offset), "%v", err)
}
