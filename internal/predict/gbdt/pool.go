package gbdt

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// pool runs numbered tasks on a fixed set of goroutines that wait between jobs.
type pool struct {
	helpers int
	start   chan struct{}
	done    sync.WaitGroup
	task    func(int)
	next    atomic.Int64
	tasks   int64
}

// newPool starts threads-1 helpers; the caller of each is the last worker.
func newPool(threads int) *pool {
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	p := &pool{helpers: threads - 1, start: make(chan struct{})}
	for range p.helpers {
		go func() {
			for range p.start {
				p.work()
				p.done.Done()
			}
		}()
	}
	return p
}

// each calls task with 0 to n-1, in any order and at the same time, and returns when all are done.
func (p *pool) each(n int, task func(int)) {
	helpers := min(p.helpers, n-1)
	if helpers < 1 {
		for i := range n {
			task(i)
		}
		return
	}
	p.task, p.tasks = task, int64(n)
	p.next.Store(0)
	p.done.Add(helpers)
	for range helpers {
		p.start <- struct{}{}
	}
	p.work()
	p.done.Wait()
}

func (p *pool) work() {
	for i := p.next.Add(1) - 1; i < p.tasks; i = p.next.Add(1) - 1 {
		p.task(int(i))
	}
}

// close ends the helpers.
func (p *pool) close() { close(p.start) }
