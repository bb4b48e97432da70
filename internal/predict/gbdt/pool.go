package gbdt

import (
	"runtime"
	"sync/atomic"
)

// spins is how often a goroutine looks for work before it sleeps, a few tens of microseconds: between two
// jobs of one tree little time passes, and waking a thread takes longer than many jobs do.
const spins = 1 << 15

// pool runs numbered tasks on a fixed set of goroutines.
type pool struct {
	now      atomic.Pointer[job]
	sleeping atomic.Int32
	wake     chan struct{}
	finished chan struct{}
	helpers  int
}

// job is a set of tasks. A helper that comes late finds none left, and nobody waits for it.
type job struct {
	task       func(int)
	n          int64
	next, done atomic.Int64
	end        atomic.Int32 // who came first: the caller to sleep or the last task to end
}

const (
	callerSleeps = 1 + iota
	allDone
)

// newPool starts threads-1 helpers; the caller of each is the last worker.
func newPool(threads int) *pool {
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	p := &pool{helpers: threads - 1, wake: make(chan struct{}, threads), finished: make(chan struct{}, 1)}
	for range p.helpers {
		go p.help()
	}
	return p
}

// each calls task with 0 to n-1, in any order and at the same time, and returns when all are done.
func (p *pool) each(n int, task func(int)) {
	if p.helpers == 0 || n < 2 {
		for i := range n {
			task(i)
		}
		return
	}
	j := &job{task: task, n: int64(n)}
	p.now.Store(j)
	for range min(int(p.sleeping.Load()), n-1) {
		select {
		case p.wake <- struct{}{}:
		default: // enough are being woken
		}
	}
	p.work(j)
	for range spins {
		if j.end.Load() == allDone {
			return
		}
	}
	if j.end.CompareAndSwap(0, callerSleeps) {
		<-p.finished
	}
}

// work takes tasks until none is left.
func (p *pool) work(j *job) {
	for i := j.next.Add(1) - 1; i < j.n; i = j.next.Add(1) - 1 {
		j.task(int(i))
		if j.done.Add(1) == j.n && !j.end.CompareAndSwap(0, allDone) {
			p.finished <- struct{}{}
		}
	}
}

// help works on one job after the other until the pool is closed.
func (p *pool) help() {
	var last *job
	for {
		for range spins {
			if j := p.now.Load(); j != last {
				p.work(j)
				last = j
				break
			}
		}
		if p.now.Load() != last {
			continue
		}
		p.sleeping.Add(1)
		if p.now.Load() == last { // a job that came before this was seen has sent no signal
			if _, open := <-p.wake; !open {
				return
			}
		}
		p.sleeping.Add(-1)
	}
}

// close ends the helpers.
func (p *pool) close() { close(p.wake) }
