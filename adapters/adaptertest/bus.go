package adaptertest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
)

// BusPeer is the other node of a bus under test.
type BusPeer interface {
	// Send makes the frame arrive at the bus.
	Send(f can.Frame) error
	// Received returns the frames that the bus has sent so far.
	Received() []can.Frame
	// Hangup takes the controller away.
	Hangup() error
}

// Bus checks the contract of [link.Bus]. Each case opens a bus of its own with the other node in hand.
func Bus(t *testing.T, open func(t *testing.T) (link.Bus, BusPeer)) {
	cases := []struct {
		name string
		run  func(*testing.T, link.Bus, BusPeer)
	}{
		{"FramesComeInOrder", framesComeInOrder},
		{"SendDelivers", sendDelivers},
		{"EndedContextTakesWhatIsThere", endedContextTakesWhatIsThere},
		{"DeadlineEndsReceive", deadlineEndsReceive},
		{"CancelWakesReceive", cancelWakesReceive},
		{"FloodIsBounded", floodIsBounded},
		{"CloseWakesReceive", closeWakesReceive},
		{"BusCloseTwice", busCloseTwice},
		{"HangupIsALoss", hangupIsALoss},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b, peer := open(t)
			t.Cleanup(func() { _ = b.Close() }) // most cases close it themselves
			if b.Name() == "" {
				t.Error("Name is empty")
			}
			within(t, func() { c.run(t, b, peer) })
		})
	}
}

// samples are frames of every classical kind.
func samples() []can.Frame {
	return []can.Frame{
		can.New(0x7DF, 2, 1, 0, 0, 0, 0, 0, 0),
		can.New(0x7E8, 0x06, 0x41, 0x00, 0xBE, 0x3F, 0xA8, 0x13),
		can.New(can.Extended|0x18DAF110, 3, 0x7F, 0x22, 0x78),
		can.New(can.Extended|0x0CF00400, 0xF0, 0xFF),
		can.New(0),
	}
}

func receive(t *testing.T, b link.Bus) (can.Frame, bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	f, err := b.Receive(ctx)
	if err != nil {
		t.Errorf("Receive: %v", err)
	}
	return f, err == nil
}

func framesComeInOrder(t *testing.T, b link.Bus, peer BusPeer) {
	for _, want := range samples() {
		if err := peer.Send(want); err != nil {
			t.Fatalf("peer: %v", err)
		}
	}
	for _, want := range samples() {
		f, ok := receive(t, b)
		if !ok {
			return
		}
		if !f.Same(want) {
			t.Errorf("Receive %s % X, want %s % X", f.ID, f.Payload(), want.ID, want.Payload())
		}
		if f.At.IsZero() {
			t.Error("the frame has no time")
		}
	}
}

func sendDelivers(t *testing.T, b link.Bus, peer BusPeer) {
	for _, f := range samples() {
		if err := b.Send(t.Context(), f); err != nil {
			t.Fatalf("Send: %v", err)
		}
	}
	want := samples()
	for end := time.Now().Add(Patience); len(peer.Received()) < len(want) && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	got := peer.Received()
	if len(got) != len(want) {
		t.Fatalf("the other node received %d frames, want %d", len(got), len(want))
	}
	for i := range want {
		if !got[i].Same(want[i]) {
			t.Errorf("frame %d is %s % X, want %s % X", i, got[i].ID, got[i].Payload(), want[i].ID, want[i].Payload())
		}
	}
}

// endedContextTakesWhatIsThere is how a dialogue clears what came between two requests.
func endedContextTakesWhatIsThere(t *testing.T, b link.Bus, peer BusPeer) {
	all := samples()
	for _, f := range all {
		if err := peer.Send(f); err != nil {
			t.Fatalf("peer: %v", err)
		}
	}
	receive(t, b) // the first is there, and the others with it or soon
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	taken := 1
	for end := time.Now().Add(Patience); taken < len(all) && time.Now().Before(end); {
		_, err := b.Receive(ctx)
		switch {
		case err == nil:
			taken++
		case !errors.Is(err, context.Canceled):
			t.Fatalf("Receive: %v", err)
		}
	}
	if taken != len(all) {
		t.Errorf("took %d of %d frames", taken, len(all))
	}
	if _, err := b.Receive(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Receive with nothing there: %v, want it cancelled", err)
	}
}

func deadlineEndsReceive(t *testing.T, b link.Bus, peer BusPeer) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := b.Receive(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Receive: %v, want the deadline", err)
	}
	if err := peer.Send(samples()[0]); err != nil {
		t.Fatalf("peer: %v", err)
	}
	receive(t, b) // and it still works
}

func cancelWakesReceive(t *testing.T, b link.Bus, _ BusPeer) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	start := time.Now()
	if _, err := b.Receive(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Receive: %v, want it cancelled", err)
	}
	if took := time.Since(start); took > Patience/2 {
		t.Errorf("Receive was woken after %s", took)
	}
	if err := b.Send(ctx, samples()[0]); !errors.Is(err, context.Canceled) {
		t.Errorf("Send: %v, want it cancelled", err)
	}
}

// floodIsBounded sends more than anyone keeps, and the bus still works.
func floodIsBounded(t *testing.T, b link.Bus, peer BusPeer) {
	last := can.New(0x123, 0xEE)
	for range 3 * 4096 {
		if err := peer.Send(samples()[1]); err != nil {
			break // the far end may be told that nobody takes them
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	kept := 0
	for ; kept < 20_000; kept++ {
		if _, err := b.Receive(ended); err != nil {
			break
		}
	}
	for end := time.Now().Add(Patience); time.Now().Before(end); {
		if peer.Send(last) == nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	for range 20_000 {
		if f, ok := receive(t, b); !ok || f.Same(last) {
			return
		}
	}
	t.Error("the last frame never came")
}

func closeWakesReceive(t *testing.T, b link.Bus, _ BusPeer) {
	done := make(chan error, 1)
	go func() {
		_, err := b.Receive(context.Background())
		done <- err
	}()
	time.Sleep(10 * time.Millisecond) // lets Receive begin; the outcome is the same if it has not
	if err := b.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := <-done; !link.IsLost(err) {
		t.Errorf("Receive: %v, want a lost link", err)
	}
}

func busCloseTwice(t *testing.T, b link.Bus, _ BusPeer) {
	for range 2 {
		if err := b.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if err := b.Send(t.Context(), samples()[0]); !link.IsLost(err) {
		t.Errorf("Send after Close: %v, want a lost link", err)
	}
	if _, err := b.Receive(t.Context()); !link.IsLost(err) {
		t.Errorf("Receive after Close: %v, want a lost link", err)
	}
}

func hangupIsALoss(t *testing.T, b link.Bus, peer BusPeer) {
	if err := peer.Hangup(); err != nil {
		t.Fatalf("Hangup: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), Patience)
	defer cancel()
	for range 2 {
		if _, err := b.Receive(ctx); !link.IsLost(err) {
			t.Errorf("Receive: %v, want a lost link", err)
		}
	}
}
