package j1939

import (
	"context"
	"sync"
	"time"
)

// restless is how long nobody must wait for anything before the link receives by itself. A claim is answered
// in 250 ms (SAE J1939-81, 4.4.3).
const restless = 250 * time.Millisecond

// idle receives while nobody else does: broadcasts are remembered, the own address is defended.
type idle struct {
	link  *Link
	after time.Duration

	mu      sync.Mutex
	busy    int // calls that wait
	over    bool
	timer   *time.Timer
	stop    context.CancelFunc
	running sync.WaitGroup
}

// pause ends the receiving of the link by itself.
func (i *idle) pause() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.busy++
	i.halt()
}

// halt needs the lock.
func (i *idle) halt() {
	if i.timer != nil {
		i.timer.Stop()
		i.timer = nil
	}
	if i.stop != nil {
		i.stop()
		i.stop = nil
	}
}

// begin lets it start soon, when no other call waits.
func (i *idle) begin() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.busy--
	if i.busy > 0 || i.over || i.after < 0 {
		return
	}
	after := i.after
	if after == 0 {
		after = restless
	}
	i.timer = time.AfterFunc(after, i.start)
}

func (i *idle) start() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.busy > 0 || i.over || i.stop != nil {
		return
	}
	ctx, stop := context.WithCancel(i.link.ctx)
	i.stop = stop
	i.running.Go(func() { i.receive(ctx) })
}

func (i *idle) receive(ctx context.Context) {
	l := i.link
	select {
	case l.receiving <- struct{}{}:
	case <-ctx.Done():
		return
	}
	defer func() { <-l.receiving }()
	for ctx.Err() == nil {
		if !l.receive(ctx, l.now().Add(time.Hour)) && l.ended(ctx) != nil {
			return
		}
	}
}

// end stops it for good.
func (i *idle) end() {
	i.mu.Lock()
	i.over = true
	i.halt()
	i.mu.Unlock()
	i.running.Wait()
}
