package main

import (
	"context"
	"io"
	"time"
)

// lastWords is how long standard input is read on after Ctrl-C: what a program in front of us in the pipe
// wrote before it ended is not lost.
const lastWords = 50 * time.Millisecond

// interruptible returns r with an end when ctx ends. A read of a terminal or a pipe cannot be broken off: it
// goes on in the background, and what it brings is dropped.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	over := make(chan struct{})
	context.AfterFunc(ctx, func() { time.AfterFunc(lastWords, func() { close(over) }) })
	return &interruptibleReader{r: r, over: over}
}

type interruptibleReader struct {
	r    io.Reader
	over <-chan struct{}
}

func (i *interruptibleReader) Read(p []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	own := make([]byte, len(p)) // p is the caller's again after an interruption
	done := make(chan result, 1)
	go func() {
		n, err := i.r.Read(own)
		done <- result{n, err}
	}()
	select {
	case got := <-done:
		return copy(p, own[:got.n]), got.err
	case <-i.over:
		return 0, io.EOF
	}
}
