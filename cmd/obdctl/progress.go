package main

import (
	"fmt"
	"strings"
	"sync"
)

// progress shows on stderr how far a long piece of work is: one line that is written over on a
// terminal, one line a step with --progress plain, nothing otherwise.
type progress struct {
	app  *app
	mode string
	mu   sync.Mutex
	last string
}

func (a *app) newProgress() *progress {
	mode := a.flags.progress
	if mode == "auto" {
		mode = "none"
		if isTerminal(a.err) && a.getenv("TERM") != "dumb" {
			mode = "line"
		}
	}
	if a.flags.quiet {
		mode = "none"
	}
	return &progress{app: a, mode: mode}
}

// step says that step n of total begins.
func (p *progress) step(name string, n, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name = strings.ReplaceAll(name, "_", " ")
	switch p.mode {
	case "line":
		const width = 20
		filled := 0
		if total > 0 {
			filled = min(width, n*width/total)
		}
		fmt.Fprintf(p.app.err, "\r\x1b[K%s%s %s", strings.Repeat("━", filled), strings.Repeat("╌", width-filled), name)
	case "plain":
		if name != p.last {
			fmt.Fprintf(p.app.err, "obdctl: %d/%d %s\n", n, total, name)
		}
	}
	p.last = name
}

// clear removes the line.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mode == "line" && p.last != "" {
		fmt.Fprint(p.app.err, "\r\x1b[K")
		p.last = ""
	}
}
