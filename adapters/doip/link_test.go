package doip_test

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/doip"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

func text(replies []link.Reply) string {
	var parts []string
	for _, r := range replies {
		s := fmt.Sprintf("%s:%X", r.ECU, r.Data)
		if r.Err != nil {
			s += "!" + r.Err.Error()
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}

func TestConformance(t *testing.T) {
	car := adaptertest.Car{VIN: "ZZZTEST0000000001", ECUs: 2}
	adaptertest.RunLink(t, car, func(t *testing.T) link.Link {
		return link.Guard(dial(t, twoUnits(), doip.Options{}), link.ReadOnly())
	})
}

func TestPortConformance(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) (link.Port, adaptertest.Peer) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		p, err := doip.Connect(t.Context(), l.Addr().String(), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		far := &far{conn: conn}
		go far.collect()
		return p, far
	})
}

// TestExchange is a table of what control units do and what comes of it, with the time that it takes.
func TestExchange(t *testing.T) {
	ms := time.Millisecond
	for _, row := range []struct {
		name   string
		setup  func(*entity)
		target obd.Address
		data   string
		want   string
		fault  string
		took   time.Duration
	}{
		{name: "one unit", target: obd.Logical(0x1010), data: "\x01\x0C", want: "1010:410C1AF8"},
		{name: "refusal", target: obd.Logical(0x1020), data: "\x01\x0C", want: "1020:7F0111"},
		{name: "all units", data: "\x01\x00", want: "1010:4100983BA013 1020:410080000001", took: 305 * ms},
		{name: "silence", setup: func(e *entity) { e.mute[0x1020] = true }, target: obd.Logical(0x1020), data: "\x01\x00", fault: link.ErrNoReply.Error(), took: 500 * ms},
		{name: "unknown target", target: obd.Logical(0x1234), data: "\x01\x00", fault: "UNKNOWN TARGET ADDRESS"},
		{name: "unreachable", setup: func(e *entity) { e.nack[0x1020] = 6 }, target: obd.Logical(0x1020), data: "\x01\x00", fault: "TARGET UNREACHABLE"},
		{name: "no memory, then room", setup: func(e *entity) {
			tries := 0
			e.on = func(s *session, typ uint16, p []byte) bool {
				if typ != 0x8001 || tries == 2 || p[2] != 0x10 || p[4] != 0x01 {
					return false
				}
				tries++
				s.send(0x8003, p[2], p[3], p[0], p[1], 0x05)
				return true
			}
		}, target: obd.Logical(0x1010), data: "\x01\x0C", want: "1010:410C1AF8", took: 300 * ms},
		{name: "more time", setup: func(e *entity) {
			e.ecus[0x1010]["22F190"] = []step{{hex: "7F2278"}, {after: 4 * time.Second, hex: "7F2278"}, {after: 5 * time.Second, hex: "62F19041"}}
		}, target: obd.Logical(0x1010), data: "\x22\xF1\x90", want: "1010:62F19041", took: 9 * time.Second},
		{name: "more time without an end", setup: func(e *entity) {
			e.ecus[0x1010]["22F190"] = []step{{hex: "7F2278"}}
		}, target: obd.Logical(0x1010), data: "\x22\xF1\x90", want: "1010:7F2278!" + link.ErrPending.Error(), took: 5500 * ms},
		{name: "busy once", setup: func(e *entity) {
			tries := 0
			e.on = func(s *session, typ uint16, p []byte) bool {
				if typ != 0x8001 || tries == 1 || !bytes.Equal(p[4:], []byte{0x22, 0xF1, 0x90}) {
					return false
				}
				tries++
				s.send(0x8002, p[2], p[3], p[0], p[1], 0)
				s.send(0x8001, p[2], p[3], p[0], p[1], 0x7F, 0x22, 0x21)
				return true
			}
			e.ecus[0x1010]["22F190"] = []step{{hex: "62F19042"}}
		}, target: obd.Logical(0x1010), data: "\x22\xF1\x90", want: "1010:62F19042", took: 100 * ms},
		{name: "busy for ever", setup: func(e *entity) {
			e.ecus[0x1010]["22F190"] = []step{{hex: "7F2221"}}
		}, target: obd.Logical(0x1010), data: "\x22\xF1\x90", want: "1010:7F2221", took: 3100 * ms},
		{name: "one of all is late", setup: func(e *entity) {
			e.ecus[0x1020]["0100"] = []step{{hex: "7F0178"}, {after: 2 * time.Second, hex: "410080000001"}}
		}, data: "\x01\x00", want: "1010:4100983BA013 1020:410080000001", took: 2 * time.Second},
		{name: "late answers to others", setup: func(e *entity) {
			e.ecus[0x1010]["22F190"] = []step{{hex: "62F18C99"}, {hex: "410C0000"}, {from: 0x1020, hex: "62F19043"}, {hex: "62F19044"}}
		}, target: obd.Logical(0x1010), data: "\x22\xF1\x90", want: "1010:62F19044"},
		{name: "no acknowledgement", setup: func(e *entity) {
			e.on = func(_ *session, typ uint16, p []byte) bool { return typ == 0x8001 && p[4] == 0x01 }
		}, target: obd.Logical(0x1010), data: "\x01\x0C", fault: "NO ACKNOWLEDGEMENT", took: 2 * time.Second},
		{name: "header refused", setup: func(e *entity) {
			e.on = func(s *session, typ uint16, p []byte) bool {
				if typ != 0x8001 || p[4] != 0x01 {
					return false
				}
				s.send(0x0000, 0x02)
				return true
			}
		}, target: obd.Logical(0x1010), data: "\x01\x0C", fault: "MESSAGE TOO LARGE"},
		{name: "answered twice", setup: func(e *entity) {
			e.ecus[0x1010]["0100"] = []step{{hex: "4100983BA013"}, {hex: "4100983BA013"}}
		}, data: "\x01\x00", want: "1010:4100983BA013 1020:410080000001", took: 305 * ms},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := twoUnits()
				if row.setup != nil {
					row.setup(e)
				}
				l := dial(t, e, doip.Options{})
				start := time.Now()
				replies, err := l.Exchange(t.Context(), link.Request{Target: row.target, Data: []byte(row.data)})
				if took := time.Since(start); took < row.took || took > row.took+ms {
					t.Errorf("took %s, want %s", took, row.took)
				}
				if got := text(replies); got != row.want {
					t.Errorf("replies %q, want %q", got, row.want)
				}
				if (err == nil) != (row.fault == "") || err != nil && !strings.Contains(err.Error(), row.fault) || link.IsLost(err) {
					t.Errorf("Exchange: %v, want %q", err, row.fault)
				}
				_ = l.Close()
			})
		})
	}
}

// TestKnownUnitsEndTheWait asks all units again and again: nobody is waited for but those that are known.
func TestKnownUnitsEndTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := twoUnits()
		l := dial(t, e, doip.Options{})
		want := []time.Duration{305 * time.Millisecond, 5 * time.Millisecond, 120 * time.Millisecond, 0}
		for i, took := range want {
			if i == 2 {
				e.mute[0x1020] = true // an ignition line less
			}
			start := time.Now()
			if _, err := l.Exchange(t.Context(), link.Request{Data: []byte{0x01, 0x00}}); err != nil {
				t.Fatal(err)
			}
			if got := time.Since(start); got != took {
				t.Errorf("exchange %d took %s, want %s", i+1, got, took)
			}
		}
		_ = l.Close()
	})
}

// TestUnitsOfAnotherFamily has a unit that answers J1979 but no TesterPresent: it is not lost when the unit
// that answers both is the faster one.
func TestUnitsOfAnotherFamily(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := twoUnits()
		delete(e.ecus[0x1020], "3E00")
		l := dial(t, e, doip.Options{})
		for _, took := range []time.Duration{305 * time.Millisecond, 5 * time.Millisecond} {
			start := time.Now()
			replies, err := l.Exchange(t.Context(), link.Request{Data: []byte{0x01, 0x00}})
			if got := text(replies); err != nil || got != "1010:4100983BA013 1020:410080000001" || time.Since(start) != took {
				t.Errorf("%q, %v after %s, want %s", got, err, time.Since(start), took)
			}
		}
	})
}

func TestTargetsAreTheGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := twoUnits()
		l := dial(t, e, doip.Options{Targets: []iso13400.Address{0x1020, 0x1010, 0x1999}})
		start := time.Now()
		if replies, err := l.Exchange(t.Context(), link.Request{Data: []byte{0x01, 0x0C}}); err != nil || text(replies) != "1010:410C1AF8" {
			t.Errorf("%q, %v; 1020 refuses, which nobody wants to know", text(replies), err)
		}
		replies, err := l.Exchange(t.Context(), link.Request{Data: []byte{0x01, 0x00}})
		if got := text(replies); err != nil || got != "1010:4100983BA013 1020:410080000001" || time.Since(start) != 5*time.Millisecond {
			t.Errorf("%q, %v after %s", got, err, time.Since(start))
		}
		if n := e.received("8001 0E00E000"); n != 0 {
			t.Errorf("%d functional requests were sent", n)
		}
		_ = l.Close()
	})
}

// TestEntityWithoutGroup has one control unit that answers at the entity's own address, to service 01 only.
func TestEntityWithoutGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := twoUnits()
		e.groups = nil
		l := dial(t, e, doip.Options{})
		replies, err := l.Exchange(t.Context(), link.Request{Data: []byte{0x01, 0x0C}})
		if got := text(replies); err != nil || got != "1010:410C1AF8" {
			t.Errorf("%q, %v", got, err)
		}
		d := l.Describe()
		if d.Protocol != obd.DoIP || d.Adapter.Address != "doip://test" || !strings.Contains(d.Adapter.Claimed, "1010") {
			t.Errorf("%+v", d)
		}
		_ = l.Close()
	})
}

func TestNobodyBehindTheEntity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &entity{address: 0x1010}
		p := connect(e)
		_, err := doip.Dial(t.Context(), p, doip.Options{})
		if errs.KindOf(err) != errs.NoVehicle || errs.HintOf(err) == "" {
			t.Errorf("Dial: %v", err)
		}
		_ = p.Close()
	})
}

func TestAliveCheckIsAnsweredWhileIdleAndBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s atomic.Pointer[session]
		e := twoUnits()
		e.on = func(of *session, _ uint16, _ []byte) bool { s.Store(of); return false }
		e.ecus[0x1010]["22F190"] = []step{{after: 200 * time.Millisecond, hex: "62F19041"}}
		l := dial(t, e, doip.Options{})
		ask := func() {
			t.Helper()
			if _, err := l.Exchange(t.Context(), link.Request{Target: obd.Logical(0x1010), Data: []byte{0x22, 0xF1, 0x90}}); err != nil {
				t.Error(err)
			}
		}
		go func() { time.Sleep(100 * time.Millisecond); s.Load().send(0x0007) }() // during the exchange
		ask()
		time.Sleep(time.Second)
		s.Load().send(0x0007) // nobody exchanges anything
		synctest.Wait()
		if n := e.received("0008 0E00"); n != 2 {
			t.Errorf("%d alive checks answered, want 2", n)
		}
		ask()
		time.Sleep(6 * time.Minute)
		if n := e.received("0008 0E00"); n != 4 && n != 5 {
			t.Errorf("%d alive messages after six idle minutes, want one every two", n)
		}
		ask()
		_ = l.Close()
	})
}

func TestLostWhileIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s atomic.Pointer[session]
		e := twoUnits()
		e.on = func(of *session, _ uint16, _ []byte) bool { s.Store(of); return false }
		l, err := doip.Dial(t.Context(), connect(e), doip.Options{})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		_ = s.Load().conn.Close()
		time.Sleep(time.Second)
		if _, err := l.Exchange(t.Context(), link.Request{Data: []byte{0x01, 0x00}}); err == nil {
			t.Error("Exchange works on a lost connection")
		}
		_ = l.Close()
	})
}

// oneReader notices a Read that begins while another one waits.
type oneReader struct {
	link.Port
	reading, most atomic.Int32
}

func (p *oneReader) Read(b []byte) (int, error) {
	now := p.reading.Add(1)
	defer p.reading.Add(-1)
	p.most.Store(max(p.most.Load(), now))
	return p.Port.Read(b)
}

// TestExchangesAtThePaceOfTheListener begins exchanges in the moment in which the idle link begins to listen
// by itself: it must not listen twice, or nobody ends one of the two.
func TestExchangesAtThePaceOfTheListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &oneReader{Port: connect(twoUnits())}
		l, err := doip.Dial(t.Context(), p, doip.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for range 2000 {
			time.Sleep(100 * time.Millisecond)
			_, err := l.Exchange(t.Context(), link.Request{Target: obd.CAN11(0x7E8), Data: []byte{0x3E, 0x00}})
			if errs.KindOf(err) != errs.Usage {
				t.Fatal(err)
			}
		}
		if most := p.most.Load(); most > 1 {
			t.Errorf("%d goroutines read at once", most)
		}
		_ = l.Close()
	})
}
