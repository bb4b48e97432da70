// Package typeface holds the letters that charts and reports are set in: Roboto, in two weights.
//
// The files are subsets (Latin, Greek, Cyrillic, signs) of Roboto 2.138, Copyright 2015 Google Inc., under the
// Apache License 2.0; see LICENSE.txt beside them.
package typeface

import (
	_ "embed" // the two files below
)

var (
	//go:embed Roboto-Regular.ttf
	regular []byte
	//go:embed Roboto-Medium.ttf
	medium []byte
)

// Regular returns the TrueType file of running text. It must not be changed.
func Regular() []byte { return regular }

// Medium returns the TrueType file of what stands out. It must not be changed.
func Medium() []byte { return medium }

// Name is what the family is called.
const Name = "Roboto"
