package isotp_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

var (
	engine = obd.CAN29(0x18DAF110)
	gears  = obd.CAN29(0x18DAF118)
	noon   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func push(t *testing.T, r *isotp.Reassembler, from obd.Address, data string) isotp.Result {
	t.Helper()
	res, err := r.Push(from, wire(t, data), noon)
	if err != nil {
		t.Fatalf("push %s: %v", data, err)
	}
	return res
}

func TestReassemblerInterleaved(t *testing.T) {
	r := isotp.Reassembler{STmin: 5}
	for _, from := range []obd.Address{engine, gears} {
		res := push(t, &r, from, "10 09 62 F1 87 01 02 03")
		if !res.Reply || res.Flow != (isotp.FlowControl{STmin: 5}) || res.Done {
			t.Fatalf("first frame: %+v", res)
		}
	}
	if res := push(t, &r, gears, "21 14 15 16 AA AA AA AA"); !res.Done || res.Message.From != gears || !bytes.Equal(res.Message.Data, wire(t, "62F187010203141516")) {
		t.Errorf("gears: %+v", res)
	}
	if res := push(t, &r, engine, "21 04 05 06 AA AA AA AA"); !res.Done || res.Message.Frames != 2 || !bytes.Equal(res.Message.Data, wire(t, "62F187010203040506")) {
		t.Errorf("engine: %+v", res)
	}
	if _, open := r.Deadline(); open {
		t.Error("a transfer is left")
	}
}

func TestReassemblerBlocks(t *testing.T) {
	frames, _ := isotp.Segment(message(6+7*5), isotp.OBD())
	r := isotp.Reassembler{BlockSize: 2}
	flows := 0
	for i, f := range frames {
		res, err := r.Push(engine, f, noon)
		if err != nil {
			t.Fatal(err)
		}
		if res.Reply {
			flows++
		}
		if res.Done != (i == len(frames)-1) {
			t.Errorf("frame %d: done %v", i, res.Done)
		}
	}
	if flows != 3 {
		t.Errorf("%d flow controls, want 3", flows)
	}
}

func TestReassemblerFaults(t *testing.T) {
	t.Run("missing frame", func(t *testing.T) {
		var r isotp.Reassembler
		push(t, &r, engine, "10 14 49 02 01 41 42 43")
		res := push(t, &r, engine, "22 44 45 46 47 48 49 4A")
		if !res.Done || !errors.Is(res.Message.Err, link.ErrIncomplete) || len(res.Message.Data) != 6 {
			t.Errorf("%+v", res)
		}
		if res := push(t, &r, engine, "23 44 45 46 47 48 49 4A"); res.Done || res.Reply {
			t.Errorf("the rest of a lost message: %+v", res)
		}
	})
	t.Run("repeated frame", func(t *testing.T) {
		var r isotp.Reassembler
		push(t, &r, engine, "10 14 49 02 01 41 42 43")
		push(t, &r, engine, "21 44 45 46 47 48 49 4A")
		push(t, &r, engine, "21 44 45 46 47 48 49 4A")
		if res := push(t, &r, engine, "22 4B 4C 4D 4E 4F 50 51"); !res.Done || res.Message.Err != nil {
			t.Errorf("%+v", res)
		}
	})
	t.Run("new message replaces the old", func(t *testing.T) {
		var r isotp.Reassembler
		push(t, &r, engine, "10 14 49 02 01 41 42 43")
		if res := push(t, &r, engine, "03 7F 09 78"); !res.Done || len(res.Message.Data) != 3 {
			t.Errorf("%+v", res)
		}
		if res := push(t, &r, engine, "21 44 45 46 47 48 49 4A"); res.Done {
			t.Errorf("%+v", res)
		}
	})
	t.Run("too long", func(t *testing.T) {
		r := isotp.Reassembler{Limit: 100}
		res := push(t, &r, engine, "10 65 49 02 01 41 42 43")
		if !res.Done || !res.Reply || res.Flow.Status != isotp.Overflow || !errors.Is(res.Message.Err, isotp.ErrOverflow) {
			t.Errorf("%+v", res)
		}
	})
	t.Run("silence", func(t *testing.T) {
		var r isotp.Reassembler
		push(t, &r, engine, "10 14 49 02 01 41 42 43")
		if at, ok := r.Deadline(); !ok || at != noon.Add(time.Second) {
			t.Errorf("deadline %v, %v", at, ok)
		}
		if late := r.Expire(noon.Add(999 * time.Millisecond)); late != nil {
			t.Errorf("expired early: %s", describe(late))
		}
		late := r.Expire(noon.Add(time.Second))
		if len(late) != 1 || !errors.Is(late[0].Err, link.ErrIncomplete) || !errors.Is(late[0].Err, isotp.ErrTimeout) {
			t.Errorf("got %s", describe(late))
		}
	})
	t.Run("many senders", func(t *testing.T) {
		var r isotp.Reassembler
		refused := 0
		for id := range uint32(2000) {
			res := push(t, &r, obd.CAN29(id), "10 14 49 02 01 41 42 43")
			if res.Flow.Status == isotp.Overflow {
				refused++
			}
		}
		if refused == 0 {
			t.Error("transfers are opened without end")
		}
	})
}

func TestReassemblerKeepsNothingOfTheCaller(t *testing.T) {
	var r isotp.Reassembler
	frame := wire(t, "10 08 62 F1 87 01 02 03")
	if _, err := r.Push(engine, frame, noon); err != nil {
		t.Fatal(err)
	}
	clear(frame)
	if res := push(t, &r, engine, "21 04 05"); !bytes.Equal(res.Message.Data, wire(t, "62F1870102030405")) {
		t.Errorf("% X", res.Message.Data)
	}
}
