//go:build onnx

package onnx

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// Fields of onnx.proto3 that ordered reads.
const (
	modelGraph       = 7
	graphNode        = 1
	nodeInput        = 1
	nodeOutput       = 2
	nodeAttribute    = 5
	attributeGraph   = 6
	attributeGraphs  = 11
	graphInitializer = 5
	graphInput       = 11
	tensorName       = 8
	valueName        = 1
)

// ordered checks what the library takes for granted before it recurses: there is a graph, no node reads what
// a later one writes (ONNX IR, "Graphs": nodes are sorted topologically), and no node has a graph of its own.
func ordered(model []byte) error {
	var graph []byte
	if err := fields(model, func(n protowire.Number, value []byte) error {
		if n == modelGraph {
			graph = value
		}
		return nil
	}); err != nil {
		return err
	}
	if graph == nil {
		return fmt.Errorf("there is no graph in it")
	}
	known := map[string]bool{"": true} // an input that is left out
	var nodes [][]byte
	if err := fields(graph, func(n protowire.Number, value []byte) error {
		switch n {
		case graphNode:
			nodes = append(nodes, value)
		case graphInitializer:
			return named(value, tensorName, known)
		case graphInput:
			return named(value, valueName, known)
		}
		return nil
	}); err != nil {
		return err
	}
	for i, node := range nodes {
		if err := check(node, known); err != nil {
			return fmt.Errorf("node %d: %w", i, err)
		}
	}
	return nil
}

// check reads one node and adds what it writes.
func check(node []byte, known map[string]bool) error {
	var outputs []string
	if err := fields(node, func(n protowire.Number, value []byte) error {
		switch n {
		case nodeInput:
			if !known[string(value)] {
				return fmt.Errorf("input %.60q is written by no node before", value)
			}
		case nodeOutput:
			outputs = append(outputs, string(value))
		case nodeAttribute:
			return fields(value, func(n protowire.Number, _ []byte) error {
				if n == attributeGraph || n == attributeGraphs {
					return fmt.Errorf("graphs within nodes are not supported")
				}
				return nil
			})
		}
		return nil
	}); err != nil {
		return err
	}
	for _, o := range outputs {
		known[o] = true
	}
	return nil
}

// named adds the name field of a message.
func named(message []byte, field protowire.Number, known map[string]bool) error {
	return fields(message, func(n protowire.Number, value []byte) error {
		if n == field {
			known[string(value)] = true
		}
		return nil
	})
}

// fields calls visit for each field of a message that has a length.
func fields(message []byte, visit func(protowire.Number, []byte) error) error {
	for len(message) > 0 {
		n, kind, size := protowire.ConsumeTag(message)
		if size < 0 {
			return fmt.Errorf("no protocol buffer: %w", protowire.ParseError(size))
		}
		message = message[size:]
		if kind == protowire.BytesType {
			value, size := protowire.ConsumeBytes(message)
			if size < 0 {
				return fmt.Errorf("no protocol buffer: %w", protowire.ParseError(size))
			}
			if err := visit(n, value); err != nil {
				return err
			}
			message = message[size:]
			continue
		}
		if size = protowire.ConsumeFieldValue(n, kind, message); size < 0 {
			return fmt.Errorf("no protocol buffer: %w", protowire.ParseError(size))
		}
		message = message[size:]
	}
	return nil
}
