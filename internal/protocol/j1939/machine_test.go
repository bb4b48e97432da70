package j1939_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func frame(id uint32, data string) can.Frame {
	b, err := hex.DecodeString(data)
	if err != nil {
		panic(err)
	}
	f := can.Frame{ID: can.ID(id) | can.Extended, Len: uint8(len(b))}
	copy(f.Data[:], b)
	return f
}

// step is one frame in a dialogue: received, or wanted to be sent; or time that passes.
type step struct {
	rx, tx uint32
	data   string
	wait   time.Duration
}

func TestTransfers(t *testing.T) {
	const bam = "20140003FFB0FE00"
	long, _ := hex.DecodeString("0102030405060708090A0B0C0D0E0F1011121314")
	send := func(to uint8) *link.ParameterGroup {
		return &link.ParameterGroup{PGN: 0xFEB0, Destination: to, Priority: 6, Data: long}
	}
	for _, c := range []struct {
		name   string
		set    j1939.Settings
		send   *link.ParameterGroup
		steps  []step
		data   string // of the message that comes out, "" for none
		reason uint8  // of an abort
		broken error
	}{
		{"broadcast", j1939.Settings{}, nil, []step{{rx: 0x1CECFF01, data: bam}, {rx: 0x1CEBFF01, data: "0101020304050607"},
			{rx: 0x1CEBFF01, data: "0208090A0B0C0D0E"}, {rx: 0x1CEBFF01, data: "030F1011121314FF"}}, hex.EncodeToString(long), 0, nil},
		{"broadcast that stops", j1939.Settings{}, nil, []step{{rx: 0x1CECFF01, data: bam}, {rx: 0x1CEBFF01, data: "0101020304050607"},
			{wait: j1939.T1}}, "01020304050607", 0, link.ErrIncomplete},
		{"to this node", j1939.Settings{Address: 2, Assigned: true, Packets: 2}, nil, []step{
			{rx: 0x1CEC0201, data: "10140003FFB0FE00"}, {tx: 0x1CEC0102, data: "110201FFFFB0FE00"},
			{rx: 0x1CEB0201, data: "0101020304050607"}, {rx: 0x1CEB0201, data: "0208090A0B0C0D0E"}, {tx: 0x1CEC0102, data: "110103FFFFB0FE00"},
			{rx: 0x1CEB0201, data: "030F1011121314FF"}, {tx: 0x1CEC0102, data: "13140003FFB0FE00"}}, hex.EncodeToString(long), 0, nil},
		{"a lost packet is asked for again", j1939.Settings{Address: 2, Assigned: true}, nil, []step{
			{rx: 0x1CEC0201, data: "10140003FFB0FE00"}, {tx: 0x1CEC0102, data: "110301FFFFB0FE00"},
			{rx: 0x1CEB0201, data: "0101020304050607"}, {rx: 0x1CEB0201, data: "030F1011121314FF"}, {tx: 0x1CEC0102, data: "110202FFFFB0FE00"},
			{rx: 0x1CEB0201, data: "0208090A0B0C0D0E"}, {tx: 0x1CEC0102, data: "13140003FFB0FE00"}}, hex.EncodeToString(long), 0, nil},
		{"the sender falls silent", j1939.Settings{Address: 2, Assigned: true}, nil, []step{
			{rx: 0x1CEC0201, data: "10140003FFB0FE00"}, {tx: 0x1CEC0102, data: "110301FFFFB0FE00"}, {wait: j1939.T2}, {tx: 0x1CEC0102, data: "FF03FFFFFFB0FE00"}}, "", 3, nil},
		{"the sender gives up", j1939.Settings{Address: 2, Assigned: true}, nil, []step{
			{rx: 0x1CEC0201, data: "10140003FFB0FE00"}, {tx: 0x1CEC0102, data: "110301FFFFB0FE00"}, {rx: 0x1CEC0201, data: "FFFAFFFFFFB0FE00"}}, "", 250, nil},
		{"longer than 1785 bytes", j1939.Settings{Address: 2, Assigned: true}, nil, []step{
			{rx: 0x1CEC0201, data: "10FFFFFFFFB0FE00"}, {tx: 0x1CEC0102, data: "FF09FFFFFFB0FE00"}}, "", 0, nil},
		{"sends a broadcast", j1939.Settings{Address: 0x90, Assigned: true}, send(255), []step{{tx: 0x18ECFF90, data: bam}, {wait: j1939.BAMGap}, {tx: 0x1CEBFF90, data: "0101020304050607"},
			{wait: j1939.BAMGap}, {tx: 0x1CEBFF90, data: "0208090A0B0C0D0E"}, {wait: j1939.BAMGap}, {tx: 0x1CEBFF90, data: "030F1011121314FF"}}, "", 0, nil},
		{"sends to one node, held and repeated", j1939.Settings{Address: 0x90, Assigned: true, Packets: 1}, send(0x9B), []step{{tx: 0x18EC9B90, data: "1014000301B0FE00"},
			{rx: 0x1CEC909B, data: "1100FFFFFFB0FE00"}, {wait: time.Second}, {rx: 0x1CEC909B, data: "110201FFFFB0FE00"}, {tx: 0x1CEB9B90, data: "0101020304050607"}, {tx: 0x1CEB9B90, data: "0208090A0B0C0D0E"},
			{rx: 0x1CEC909B, data: "110202FFFFB0FE00"}, {tx: 0x1CEB9B90, data: "0208090A0B0C0D0E"}, {tx: 0x1CEB9B90, data: "030F1011121314FF"}, {rx: 0x1CEC909B, data: "13140003FFB0FE00"}}, "", 0, nil},
		{"nobody clears the way", j1939.Settings{Address: 0x90, Assigned: true, Packets: 1}, send(0x9B), []step{{tx: 0x18EC9B90, data: "1014000301B0FE00"},
			{wait: j1939.T3}, {tx: 0x1CEC9B90, data: "FF03FFFFFFB0FE00"}}, "", 0, nil},
		{"extended transport", j1939.Settings{Address: 2, Assigned: true}, nil, []step{
			{rx: 0x1CC80201, data: "140A00000000D700"}, {tx: 0x1CC80102, data: "150201000000D700"}, {rx: 0x1CC80201, data: "160200000000D700"},
			{rx: 0x1CC70201, data: "0101020304050607"}, {rx: 0x1CC70201, data: "0208090AFFFFFFFF"}, {tx: 0x1CC80102, data: "170A00000000D700"}}, "0102030405060708090a", 0, nil},
		{"passive", j1939.Settings{Address: 2, Assigned: true, Passive: true}, nil, []step{{rx: 0x1CEC0201, data: "10140003FFB0FE00"},
			{rx: 0x1CEB0201, data: "0101020304050607"}, {rx: 0x1CEB0201, data: "0208090A0B0C0D0E"}, {rx: 0x1CEB0201, data: "030F1011121314FF"}}, hex.EncodeToString(long), 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := j1939.NewMachine(c.set)
			now := noon
			if c.send != nil {
				if err := m.Send(now, *c.send, nil); err != nil {
					t.Fatal(err)
				}
			}
			var out []can.Frame
			for i, s := range c.steps {
				out = append(out, m.Frames()...)
				switch {
				case s.wait > 0:
					now = now.Add(s.wait)
					m.Advance(now)
				case s.rx != 0:
					f := frame(s.rx, s.data)
					m.Handle(now, &f)
				case len(out) == 0:
					t.Fatalf("step %d: nothing was sent", i)
				default:
					if want := frame(s.tx, s.data); out[0] != want {
						t.Fatalf("step %d: sent %s#%X, want %08X#%s", i, out[0].ID, out[0].Payload(), s.tx, s.data)
					}
					out = out[1:]
				}
			}
			if out = append(out, m.Frames()...); len(out) > 0 {
				t.Errorf("sent more: %v", out)
			}
			check(t, m.Messages(), c.data, c.reason, c.broken)
		})
	}
}

func check(t *testing.T, got []link.ParameterGroup, data string, reason uint8, broken error) {
	t.Helper()
	if data == "" && reason == 0 {
		if len(got) != 0 {
			t.Errorf("got %+v, want no message", got)
		}
		return
	}
	want, _ := hex.DecodeString(data)
	if len(got) != 1 || !bytes.Equal(got[0].Data, want) {
		t.Fatalf("got %+v, want %s", got, data)
	}
	if a, ok := errors.AsType[*j1939.Abort](got[0].Err); reason != 0 && (!ok || a.Reason != reason) || broken != nil && !errors.Is(got[0].Err, broken) {
		t.Errorf("error %v", got[0].Err)
	}
}

func TestAddressClaim(t *testing.T) {
	low, high := j1939.Name{Identity: 1}, j1939.Name{Identity: 9}
	claimOf := func(n j1939.Name, from uint8) can.Frame {
		m := j1939.NewMachine(j1939.Settings{Address: from, Name: n})
		m.Claim(noon)
		return m.Frames()[0]
	}
	winner := j1939.NewMachine(j1939.Settings{Name: low})
	winner.Claim(noon)
	if a, ok := winner.Claimed(); a != j1939.Tool || !ok || len(winner.Frames()) != 1 {
		t.Errorf("claimed %d, %v", a, ok)
	}
	theirs := claimOf(high, j1939.Tool)
	if winner.Handle(noon, &theirs); len(winner.Frames()) != 1 {
		t.Error("the lower NAME claims again")
	}
	loser := j1939.NewMachine(j1939.Settings{Name: high})
	loser.Claim(noon)
	loser.Frames()
	theirs = claimOf(low, j1939.Tool)
	loser.Handle(noon, &theirs)
	loser.Advance(noon.Add(time.Second))
	if f := loser.Frames(); len(f) != 1 || uint8(f[0].ID) != j1939.Null || !loser.Lost() {
		t.Errorf("want 'cannot claim', got %v", f)
	}
	nimble := j1939.NewMachine(j1939.Settings{Name: j1939.Name{Identity: 9, Arbitrary: true}})
	nimble.Claim(noon)
	nimble.Frames()
	nimble.Handle(noon, &theirs)
	if a, ok := nimble.Claimed(); a != j1939.ToolNext || !ok {
		t.Errorf("moved to %d, %v", a, ok)
	}
	ask := j1939.RequestFrame(0, j1939.Global, j1939.PGNAddressClaim)
	if nimble.Frames(); true {
		nimble.Handle(noon, &ask)
	}
	if f := nimble.Frames(); len(f) != 1 {
		t.Errorf("a request for the claim: got %v", f)
	}
	commanded := frame(0x18FED800, "0102030405060708")
	if nimble.Handle(noon, &commanded); len(nimble.Frames()) != 0 {
		t.Error("a commanded address is not obeyed")
	}
}

func TestNamesAndIdentifiers(t *testing.T) {
	n := j1939.Name{Identity: 0x12345, Manufacturer: 0x55, ECUInstance: 3, FunctionInstance: 7, Function: 129, VehicleSystem: 9, SystemInstance: 4, IndustryGroup: 1, Arbitrary: true}
	if back := j1939.ParseName(n.Number()); back != n {
		t.Errorf("got %+v", back)
	}
	for _, c := range []struct {
		raw uint32
		id  j1939.ID
	}{
		{0x18FEF100, j1939.ID{Priority: 6, PGN: 65265, Source: 0, Destination: 255}},
		{0x18EA00F9, j1939.ID{Priority: 6, PGN: 59904, Source: 0xF9, Destination: 0}},
		{0x0CF00400, j1939.ID{Priority: 3, PGN: 61444, Source: 0, Destination: 255}},
		{0x19F80123, j1939.ID{Priority: 6, PGN: 0x1F801, Source: 0x23, Destination: 255}},
	} {
		id, ok := j1939.ParseID(can.ID(c.raw) | can.Extended)
		if !ok || id != c.id || id.CAN().Raw() != c.raw {
			t.Errorf("%08X: got %+v, %v", c.raw, id, ok)
		}
	}
	if _, ok := j1939.ParseID(0x7E8); ok {
		t.Error("11 bits are not J1939")
	}
}

func TestAFloodIsBounded(t *testing.T) {
	m := j1939.NewMachine(j1939.Settings{Address: 2, Assigned: true})
	for from := range uint32(60) {
		for to := range uint32(60) {
			f := frame(0x1CEC0000|to<<8|from, "10F906FFFFB0FE00")
			m.Handle(noon, &f)
		}
	}
	n := 0
	for m.Advance(noon.Add(time.Minute)); ; n++ {
		if _, ok := m.Deadline(); !ok {
			break
		}
		m.Advance(noon.Add(time.Hour))
		if n > 3 {
			t.Fatal("transfers do not end")
		}
	}
}
