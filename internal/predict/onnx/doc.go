// Package onnx runs neural networks that other tools have exported as ONNX, on the CPU and without cgo, with
// onnx-gomlx and the Go backend of GoMLX.
//
// It is built with the tag "onnx" alone: the modules behind it make the binary 10 MB larger, and few need them.
// Without the tag [Load] refuses with a hint. Operators are those that onnx-gomlx converts; trees come through
// their own formats, see package foreign.
package onnx
