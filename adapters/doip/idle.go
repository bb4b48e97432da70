package doip

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

const (
	// restless is how long after an exchange the link begins to listen by itself. An entity gives a tester
	// 500 ms to answer an alive check (T_TCP_Alive_Check).
	restless = 100 * time.Millisecond
	// keepAlive is how often an idle connection is used: entities close it after five minutes
	// (T_TCP_General_Inactivity).
	keepAlive = 2 * time.Minute
)

// idle listens while nobody exchanges anything: it answers alive checks and keeps the connection.
type idle struct {
	wire *wire

	mu    sync.Mutex
	timer *time.Timer
	turn  int    // counts pauses: a timer that fired before the last one starts nothing
	stop  func() // ends the listener that runs
	over  bool
	lost  error
}

// begin lets the listener start soon.
func (i *idle) begin() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.over || i.lost != nil {
		return
	}
	turn := i.turn
	i.timer = time.AfterFunc(restless, func() { i.start(turn) })
}

func (i *idle) start(turn int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.turn != turn || i.over {
		return // an exchange began meanwhile, and may have ended too
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	i.stop = func() { cancel(); <-ended }
	go func() {
		defer close(ended)
		defer i.wire.awake(ctx)()
		if err := i.listen(ctx); ctx.Err() == nil {
			i.mu.Lock()
			defer i.mu.Unlock()
			i.lost = err
		}
	}()
}

// listen returns when ctx ends or the connection is lost. What comes now belongs to requests that were
// given up; it is dropped.
func (i *idle) listen(ctx context.Context) error {
	deadline := time.Now().Add(keepAlive)
	for {
		_, err := i.wire.next(ctx, deadline)
		if errors.Is(err, errSilent) {
			err = i.wire.send(iso13400.AliveCheckReply{Source: i.wire.source})
			deadline = time.Now().Add(keepAlive)
		}
		if err != nil {
			return err
		}
	}
}

// pause takes the reading side back; the error is that of a connection that was lost meanwhile.
func (i *idle) pause() error {
	i.mu.Lock()
	i.turn++
	if i.timer != nil {
		i.timer.Stop()
		i.timer = nil
	}
	stop := i.stop
	i.stop = nil
	i.mu.Unlock()
	if stop != nil {
		stop()
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.lost
}

// end stops listening for good.
func (i *idle) end() {
	i.mu.Lock()
	i.over = true
	i.mu.Unlock()
	_ = i.pause() // the link is closed
}
