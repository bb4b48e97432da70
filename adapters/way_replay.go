package adapters

import (
	"context"
	"strconv"

	"github.com/fleetms/obdctl/adapters/replay"
)

// wayReplay loads the recording; how the dialogue was opened then is how it is opened now.
func (op *opener) wayReplay(ctx context.Context) (way, error) {
	q := op.address.Query
	line, _ := strconv.Atoi(q.Get("line")) // numbers were checked by Parse
	dialog, _ := strconv.Atoi(q.Get("dialog"))
	speed, _ := strconv.ParseFloat(q.Get("speed"), 64)
	strict, _ := strconv.ParseBool(q.Get("strict"))
	rec, err := load(ctx, op.address.Target, replay.Select{Line: line, Dialog: dialog})
	if err != nil {
		return way{}, err
	}
	if rec.Truncated {
		op.o.notify(EventMissing, "the recording was cut off in the middle of a line; what came after it is missing")
	}
	if rec.Skipped > 0 {
		op.o.notify(EventMissing, strconv.Itoa(rec.Skipped)+" lines of the log are not understood and left out")
	}
	op.player = replay.NewPlayer(rec, replay.Options{Speed: speed, Strict: strict, Name: op.address.String(), Listen: op.o.listen})
	op.clock = playClock{op.player}
	op.instant = speed == 0
	op.takeSettings(rec.Header.Dial)
	if rec.HasFrames() {
		return way{bus: op.player.OpenBus}, nil
	}
	w := op.recordedWay(rec.Header.Address)
	w.port = op.player.Open
	return w, nil
}

// recordedWay says what was spoken over the recorded bytes: ELM327 text, unless the way at that address
// has a protocol of its own.
func (op *opener) recordedWay(address string) way {
	a, err := Parse(address)
	if err != nil || !speaksDoIP(a) {
		return way{}
	}
	recorded := &opener{o: op.o, address: a, clock: op.clock}
	w, err := recorded.wayDoIP()
	if err != nil {
		return way{}
	}
	return way{talk: w.talk, guard: w.guard}
}

// speaksDoIP tells a vehicle on Ethernet, a simulated one too.
func speaksDoIP(a Address) bool {
	return a.Scheme == DoIP || a.Scheme == Simulator && a.Query.Get("via") == "doip"
}

// load reads a recording and ends when ctx does: a named pipe without a writer cannot be broken off.
func load(ctx context.Context, path string, pick replay.Select) (*replay.Recording, error) {
	type result struct {
		rec *replay.Recording
		err error
	}
	done := make(chan result, 1)
	go func() {
		rec, err := replay.Load(path, pick)
		done <- result{rec, err}
	}()
	select {
	case r := <-done:
		return r.rec, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
