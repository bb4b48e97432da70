package simulator_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// openBus opens the line of a simulated car for one test.
func openBus(t testing.TB, address string) link.Bus {
	t.Helper()
	b, err := simulator.OpenBus(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// frameOf reads "7DF#0201000000000000"; eight digits are a 29-bit identifier.
func frameOf(t testing.TB, text string) can.Frame {
	t.Helper()
	head, data, _ := strings.Cut(text, "#")
	var id uint32
	if _, err := fmt.Sscanf(head, "%x", &id); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	b, err := hex.DecodeString(data)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if len(head) == 8 {
		return can.New(can.ID(id)|can.Extended, b...)
	}
	return can.New(can.ID(id), b...)
}

// put sends frames.
func put(t testing.TB, b link.Bus, frames ...string) {
	t.Helper()
	for _, f := range frames {
		if err := b.Send(t.Context(), frameOf(t, f)); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
	}
}

// heard returns what comes within the time, as text.
func heard(t testing.TB, b link.Bus, within time.Duration) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	var list []string
	for {
		f, err := b.Receive(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			return list
		}
		if err != nil {
			t.Fatalf("receive after %q: %v", list, err)
		}
		list = append(list, fmt.Sprintf("%s#%X", f.ID, f.Payload()))
	}
}

// step is frames sent, and all that must come.
type step struct {
	send []string
	want []string
}

func frames(text string) []string { return strings.Fields(text) }

// talk goes through steps, waiting long enough for all that a car would say.
func talk(t *testing.T, b link.Bus, steps []step) {
	t.Helper()
	for _, s := range steps {
		put(t, b, s.send...)
		if diff := cmp.Diff(s.want, heard(t, b, 400*time.Millisecond)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", s.send, diff)
		}
	}
}

func TestBusAnswersInFrames(t *testing.T) {
	b := openBus(t, "sim:four-ecu?pace=0&at=engine-off&ecu_latency=5ms")
	talk(t, b, []step{
		{frames("7DF#0103000000000000"), frames("7E8#0643020299059700 7E9#0243000000000000 7EA#0243000000000000 7EB#0443010627000000")},
		{frames("7E0#0209020000000000"), frames("7E8#1014490201335657")},
		{frames("7E0#3000000000000000"), frames("7E8#21443137414A3648 7E8#224D323030343137")},
		{frames("7E0#3000000000000000"), nil}, // nothing waits any more
		{frames("7E1#0103000000000000"), frames("7E9#0243000000000000")},
		{frames("7DF#0201E00000000000 7DF#0109 123#0103 000007DF#0103"), nil},
	})
}

func TestBusFlowControl(t *testing.T) {
	for _, c := range []struct {
		name, flow, want string
	}{
		{"block of one", "7E0#300100", "7E8#21443137414A3648"},
		{"all", "7E0#300000", "7E8#21443137414A3648 7E8#224D323030343137"},
		{"wait", "7E0#310000", ""},
		{"overflow", "7E0#320000", ""},
		{"of another", "7E1#300000", ""},
		{"functional", "7DF#300000", ""},
		{"too short", "7E0#30", ""},
	} {
		b := openBus(t, "sim:four-ecu?pace=0")
		put(t, b, "7E0#0209020000000000")
		heard(t, b, 100*time.Millisecond)
		put(t, b, c.flow)
		got := strings.Join(heard(t, b, 100*time.Millisecond), " ")
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	b := openBus(t, "sim:four-ecu?pace=0")
	put(t, b, "7E0#0209020000000000")
	heard(t, b, 1200*time.Millisecond) // longer than N_Bs
	put(t, b, "7E0#300000")
	if got := heard(t, b, 100*time.Millisecond); got != nil {
		t.Errorf("after N_Bs: %q", got)
	}
}

// TestBusSeparationTime: STmin in milliseconds and in hundreds of microseconds, measured on the stamps.
func TestBusSeparationTime(t *testing.T) {
	for _, c := range []struct {
		flow     string
		from, to time.Duration
	}{
		{"300014", 20 * time.Millisecond, 21 * time.Millisecond}, {"3000F9", 900 * time.Microsecond, time.Millisecond},
		{"300000", 490 * time.Microsecond, 600 * time.Microsecond}, {"300080", 127 * time.Millisecond, 128 * time.Millisecond},
	} {
		b := openBus(t, "sim:four-ecu?pace=0")
		put(t, b, "7E0#0209040000000000")
		heard(t, b, 50*time.Millisecond)
		put(t, b, "7E0#"+c.flow)
		var times []time.Time
		for range 4 {
			f, err := b.Receive(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			times = append(times, f.At)
		}
		for i := 1; i < len(times); i++ {
			if gap := times[i].Sub(times[i-1]); gap < c.from || gap > c.to {
				t.Errorf("%s: frame %d after %s", c.flow, i, gap)
			}
		}
	}
}

// TestBusTiming: at real pace frames take their bits, and a full line is not faster than 500 kbit/s.
func TestBusTiming(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := openBus(t, "sim:four-ecu?ecu_latency=5ms")
		start := time.Now()
		put(t, b, "7E0#020100")
		f, err := b.Receive(t.Context())
		if err != nil || f.ID != 0x7E8 {
			t.Fatalf("%v, %v", f, err)
		}
		took := time.Since(start)
		if want := 5*time.Millisecond + 2*244*time.Microsecond; took < want-time.Millisecond || took > want || !f.At.Equal(time.Now()) {
			t.Errorf("a request took %s (stamp %s), want %s", took, f.At, want)
		}
		start = time.Now()
		for range 3700 {
			put(t, b, "123#0011223344556677")
		}
		if took := time.Since(start); took < 850*time.Millisecond || took > time.Second {
			t.Errorf("3,700 frames took %s", took)
		}
		b.Close()
	})
}

// TestBusInterleaves: two ECUs that were set free at once take turns on the line.
func TestBusInterleaves(t *testing.T) {
	b := openBus(t, "sim:diesel-4ecu-29bit?pace=0&seed=3")
	put(t, b, "18DB33F1#0209040000000000")
	first := heard(t, b, 50*time.Millisecond)
	if len(first) != 4 {
		t.Fatalf("first frames %q", first)
	}
	put(t, b, "18DA10F1#300000", "18DA18F1#300000", "18DA1CF1#300000", "18DA28F1#300000")
	changes, last := 0, ""
	for _, f := range heard(t, b, 50*time.Millisecond) {
		if id, _, _ := strings.Cut(f, "#"); id != last {
			changes, last = changes+1, id
		}
	}
	if changes < 8 {
		t.Errorf("the transfers took turns only %d times", changes)
	}
}

func TestBusFaults(t *testing.T) {
	health := func(b link.Bus) link.BusHealth { return b.(link.BusMonitor).Health() }
	asleep := openBus(t, "sim:?pace=0&at=ignition-off")
	put(t, asleep, "7DF#020100")
	if got := heard(t, asleep, time.Second); got != nil || health(asleep).NoAck != 1 {
		t.Errorf("asleep: %q, %+v", got, health(asleep))
	}
	wrong := openBus(t, "sim:?pace=0&bitrate=250000")
	put(t, wrong, "7DF#020100")
	if got := heard(t, wrong, time.Second); got != nil || health(wrong).Errors == 0 {
		t.Errorf("wrong bit rate: %q, %+v", got, health(wrong))
	}
	if _, err := simulator.OpenBus(t.Context(), "sim:kwp"); errs.KindOf(err) != errs.Unsupported || errs.HintOf(err) == "" {
		t.Errorf("a K-line car: %v", err)
	}
	if _, err := simulator.OpenBus(t.Context(), "sim:horse-cart"); errs.KindOf(err) != errs.Usage {
		t.Errorf("an unknown car: %v", err)
	}
	drop := openBus(t, "sim:?pace=0&drop=after:2")
	put(t, drop, "7DF#020100", "7DF#020100")
	if err := drop.Send(t.Context(), frameOf(t, "7DF#020100")); !link.IsLost(err) {
		t.Errorf("dropped: %v", err)
	}
	noisy := openBus(t, "sim:?pace=0&garbage=0.5&lose=0.5")
	for range 40 {
		put(t, noisy, "7E0#020100")
	}
	if got := heard(t, noisy, time.Second); len(got) < 5 || len(got) > 35 || health(noisy).Errors < 5 {
		t.Errorf("disturbed line: %d frames, %+v", len(got), health(noisy))
	}
	filtered := openBus(t, "sim:four-ecu?pace=0&at=engine-off")
	if err := filtered.(link.BusFilter).Filter(link.Mask{ID: 0x7EB, Bits: 0x7FF}); err != nil {
		t.Fatal(err)
	}
	put(t, filtered, "7DF#0103")
	if got := heard(t, filtered, time.Second); len(got) != 1 {
		t.Errorf("filter: %q", got)
	}
}

// TestBusSlowECU: response pending and busy come as frames of their own; answers come twice.
func TestBusSlowECU(t *testing.T) {
	b := openBus(t, "sim:slow-ecu?pace=0&at=engine-off")
	pending := "7E8#037F037855555555"
	put(t, b, "7DF#0103")
	if got, want := heard(t, b, 5*time.Second), frames(strings.Repeat(pending+" ", 4)+"7E8#0443012646555555"); !cmp.Equal(got, want) {
		t.Errorf("03: %q", got)
	}
	put(t, b, "7DF#0107")
	if got, want := heard(t, b, time.Second), frames("7E8#037F072155555555"); !cmp.Equal(got, want) {
		t.Errorf("07: %q", got)
	}
	put(t, b, "7DF#02010D")
	if got, want := heard(t, b, time.Second), frames("7E8#03410D0055555555 7E8#03410D0055555555"); !cmp.Equal(got, want) {
		t.Errorf("010D: %q", got)
	}
}

// TestBusClose: Close ends a wait, and everything fails the same way afterwards.
func TestBusClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := openBus(t, "sim:")
		done := make(chan error)
		go func() {
			_, err := b.Receive(t.Context())
			done <- err
		}()
		synctest.Wait()
		for range 2 {
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		}
		if err := <-done; !link.IsLost(err) {
			t.Errorf("receive: %v", err)
		}
		if err := b.Send(t.Context(), can.New(0x7DF, 1)); !link.IsLost(err) {
			t.Errorf("send: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := simulator.OpenBus(ctx, "sim:"); !errors.Is(err, context.Canceled) {
			t.Errorf("open: %v", err)
		}
	})
}
