package isotp_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/link/linktest"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// engineRule answers the first request of a search.
var engineRule = rule{on: "7DF#020100", reply: []string{"5ms", "7E8#0641000000000200"}}

// with opens a link to scripted ECUs in virtual time.
func with(t *testing.T, o isotp.Options, rules []rule, f func(t *testing.T, l *isotp.Link, sent func() []string)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := linktest.NewWire(500_000)
		sent := heard(w)
		ecu(t, w, append([]rule{engineRule}, rules...)...)
		l, err := isotp.Dial(t.Context(), isotp.Guard(w.Node("tester"), link.ReadOnly().With(0x2E, 0x36), 0x6F1, 0x750), o)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		sent()
		f(t, l, sent)
	})
}

func show(replies []link.Reply, err error) string {
	var parts []string
	for _, r := range replies {
		s := fmt.Sprintf("%s %X", r.ECU, r.Data)
		if r.Err != nil {
			s += " !" + r.Err.Error()
		}
		parts = append(parts, s)
	}
	if err != nil {
		parts = append(parts, "error "+err.Error())
	}
	return strings.Join(parts, "; ")
}

func TestExchange(t *testing.T) {
	long := "22F190"
	for _, row := range []struct {
		name  string
		o     isotp.Options
		rules []rule
		req   link.Request
		want  string
		sent  string // frames of ours; "" is not looked at
	}{
		{
			name:  "one frame",
			rules: []rule{{on: "7E0#02010C", reply: []string{"7E8#04410C1AF8000000"}}},
			req:   link.Request{Target: obd.CAN11(0x7E8), Data: unhex("010C")},
			want:  "7E8 410C1AF8", sent: "7E0#02010C0000000000",
		},
		{
			name: "three ECUs interleaved, one of them outside the usual range",
			rules: []rule{{on: "7DF#020902", reply: []string{
				"12ms", "7E8#1014490201314D41", "7DB#1014490201324D41", "7ED#1014490201334D41",
				"4ms", "7E8#2142434445464748", "7DB#2142434445464748", "7ED#2142434445464748",
				"7E8#224A4B4C4D4E5051", "7DB#224A4B4C4D4E5051", "7ED#224A4B4C4D4E5051"}}},
			req:  link.Request{Data: unhex("0902")},
			want: "7E8 490201314D41424344454647484A4B4C4D4E5051; 7DB 490201324D41424344454647484A4B4C4D4E5051; 7ED 490201334D41424344454647484A4B4C4D4E5051",
			sent: "7DF#0209020000000000 7E0#3000000000000000 7D3#3000000000000000 7E5#3000000000000000",
		},
		{
			name:  "29 bits",
			o:     isotp.Options{Protocol: obd.CAN29x500},
			rules: []rule{{on: "18DB33F1#020100", reply: []string{"18DAF110#0641000000000000", "18DAF118#0641000000000000"}}, {on: "18DA10F1#0322F190", reply: []string{"18DAF110#100962F190010203"}}, {on: "18DA10F1#30", reply: []string{"18DAF110#21040506"}}},
			req:   link.Request{Target: obd.CAN29(0x18DAF110), Data: unhex(long)},
			want:  "18DAF110 62F190010203040506", sent: "18DA10F1#0322F19000000000 18DA10F1#3000000000000000",
		},
		{
			name:  "response pending, busy and a stale answer",
			rules: []rule{{on: "7E0#0322F190", once: true, reply: []string{"7E8#037F2221"}}, {on: "7E0#0322F190", reply: []string{"7E8#0462F18799", "7E8#037F2278", "4s", "7E8#037F2278", "4.9s", "7E8#0462F19042"}}},
			req:   link.Request{Target: obd.CAN11(0x7E8), Data: unhex(long)},
			want:  "7E8 62F19042",
		},
		{
			name:  "response pending without an end",
			rules: []rule{{on: "7E0#0322F190", reply: []string{"7E8#037F2278"}}},
			req:   link.Request{Target: obd.CAN11(0x7E8), Data: unhex(long)},
			want:  "7E8 7F2278 !response pending without an end",
		},
		{
			name:  "a missing frame is asked for again",
			rules: []rule{{on: "7E0#0322F190", once: true, reply: []string{"7E8#101462F190010203", "7E8#220B0C0D0E0F1011"}}, {on: "7E0#0322F190", reply: []string{"7E8#0462F19042"}}},
			req:   link.Request{Target: obd.CAN11(0x7E8), Data: unhex(long)},
			want:  "7E8 62F19042",
		},
		{
			name:  "the rest never comes",
			rules: []rule{{on: "7E0#0322F190", reply: []string{"7E8#101462F190010203"}}},
			req:   link.Request{Target: obd.CAN11(0x7E8), Data: unhex(long)},
			want:  "7E8 62F190010203 !reply is incomplete: no further frame within a second",
		},
		{
			name:  "a long request with block size and gap",
			rules: []rule{{on: "7E0#10", reply: []string{"7E8#30027F"}}, {on: "7E0#22", reply: []string{"7E8#310000", "900ms", "7E8#3000F5"}}, {on: "7E0#24", reply: []string{"7E8#036EF190"}}},
			req:   link.Request{Target: obd.CAN11(0x7E8), Data: unhex("2EF190000102030405060708090A0B0C0D0E0F101112131415161718")},
			want:  "7E8 6EF190",
			sent:  "7E0#101C2EF190000102 7E0#2103040506070809 7E0#220A0B0C0D0E0F10 7E0#2311121314151617 7E0#2418000000000000",
		},
		{
			name:  "more in a block than there is to send",
			rules: []rule{{on: "7E0#1008", reply: []string{"7E8#300814AAAAAAAAAA"}}, {on: "7E0#21", reply: []string{"7E8#0162"}}},
			req:   link.Request{Target: obd.CAN11(0x7E8), Data: unhex("2200000000000000")},
			want:  "7E8 62", sent: "7E0#1008220000000000 7E0#2100000000000000",
		},
		{
			name:  "the ECU cannot take it",
			rules: []rule{{on: "7E0#10", reply: []string{"7E8#320000"}}},
			req:   link.Request{Target: obd.CAN11(0x7E8), Data: unhex("2EF1900001020304")},
			want:  "error the ECU cannot take a message of this length",
		},
		{
			name: "no flow control",
			req:  link.Request{Target: obd.CAN11(0x7E8), Data: unhex("2EF1900001020304")},
			want: "error send request: no flow control within a second: no reply from any ECU",
		},
		{
			name:  "mixed addressing",
			rules: []rule{{on: "750#0F0322F190", reply: []string{"758#0E0462F19001", "758#0F100962F1900102", "5ms", "758#0F2103040506"}}},
			req:   link.Request{Target: obd.CAN11(0x758).WithExtension(0x0F), Data: unhex(long)},
			want:  "758:0F 62F190010203040506", sent: "750#0F0322F190000000 750#0F30000000000000",
		},
		{
			name:  "extended addressing with another request address",
			rules: []rule{{on: "6F1#120322F190", reply: []string{"612#F10462F19077"}}},
			req:   link.Request{Target: obd.CAN11(0x612).WithExtension(0xF1), Header: obd.CAN11(0x6F1).WithExtension(0x12), Data: unhex(long)},
			want:  "612:F1 62F19077", sent: "6F1#120322F190000000",
		},
		{
			name:  "CAN FD",
			o:     isotp.Options{FD: true},
			rules: []rule{{on: "7DF##1020100", reply: []string{"7E8##10641000000000000"}}, {on: "7E0##10322F190", reply: []string{"7E8##1000E62F190000102030405060708090A"}}},
			req:   link.Request{Target: obd.CAN11(0x7E8), Data: unhex(long)},
			want:  "7E8 62F190000102030405060708090A", sent: "7E0##10322F19000000000",
		},
		{
			name:  "padding of one's own",
			o:     isotp.Options{Padding: isotp.PadAlways, Pad: 0x55},
			rules: []rule{{on: "7E0#0322F19055555555", reply: []string{"7E8#0462F19001"}}},
			req:   link.Request{Target: obd.CAN11(0x7E8), Data: unhex(long)}, want: "7E8 62F19001",
		},
		{
			name:  "an ECU that wants no padding",
			o:     isotp.Options{TargetPadding: map[obd.Address]bool{obd.CAN11(0x7E1): false}},
			rules: []rule{{on: "7E1#0322F190", reply: []string{"7E9#0462F19001"}}},
			req:   link.Request{Target: obd.CAN11(0x7E9), Data: unhex(long)}, want: "7E9 62F19001", sent: "7E1#0322F190",
		},
		{
			name: "nobody answers",
			req:  link.Request{Target: obd.CAN11(0x7E8), Data: unhex(long)}, want: "error no reply from any ECU",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			with(t, row.o, row.rules, func(t *testing.T, l *isotp.Link, sent func() []string) {
				got := show(l.Exchange(t.Context(), row.req))
				if got != row.want {
					t.Errorf("got  %s\nwant %s", got, row.want)
				}
				if frames := strings.Join(sent(), " "); row.sent != "" && frames != row.sent {
					t.Errorf("sent %s\nwant %s", frames, row.sent)
				}
			})
		})
	}
}

// TestKnownECUsEndTheWait must not wait for more when all that answered the last time have answered.
func TestKnownECUsEndTheWait(t *testing.T) {
	rules := []rule{{on: "7DF#02010C", reply: []string{"5ms", "7E8#04410C1AF8", "7E9#04410C1AF8"}}}
	with(t, isotp.Options{}, rules, func(t *testing.T, l *isotp.Link, _ func() []string) {
		for try, most := range []time.Duration{60 * time.Millisecond, 6 * time.Millisecond} {
			start := time.Now()
			if replies, err := l.Exchange(t.Context(), link.Request{Data: unhex("010C")}); len(replies) != 2 || err != nil {
				t.Fatalf("%v, %v", replies, err)
			}
			if took := time.Since(start); took > most {
				t.Errorf("try %d took %s, want %s", try, took, most)
			}
		}
	})
}

// TestLongRequestToAll goes to each known ECU, at once.
func TestLongRequestToAll(t *testing.T) {
	rules := []rule{
		{on: "7DF#023E00", reply: []string{"7E8#027E00", "7E9#027E00"}},
		{on: "7E0#10", reply: []string{"7E8#300014"}}, {on: "7E1#10", reply: []string{"7E9#300014"}},
		{on: "7E0#21", reply: []string{"7E8#037F2231"}}, {on: "7E1#21", reply: []string{"7E9#037F2231"}},
	}
	with(t, isotp.Options{}, rules, func(t *testing.T, l *isotp.Link, sent func() []string) {
		if _, err := l.Exchange(t.Context(), link.Request{Data: unhex("3E00")}); err != nil {
			t.Fatal(err)
		}
		sent()
		got := show(l.Exchange(t.Context(), link.Request{Data: unhex("22F190F191F192F193F194F195")}))
		if got != "7E8 7F2231; 7E9 7F2231" {
			t.Error(got)
		}
		frames := sent()
		if len(frames) != 4 || !strings.HasPrefix(frames[1], "7E1#10") {
			t.Errorf("sent %v, want the two transfers interleaved", frames)
		}
	})
}

func TestCancelEndsExchangeAtOnce(t *testing.T) {
	with(t, isotp.Options{}, nil, func(t *testing.T, l *isotp.Link, _ func() []string) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		defer cancel()
		start := time.Now()
		_, err := l.Exchange(ctx, link.Request{Data: unhex("010C"), Slow: true})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 31*time.Millisecond {
			t.Errorf("%v after %s", err, time.Since(start))
		}
	})
}

// chatter is traffic of other nodes until the test ends.
func chatter(t *testing.T, w *linktest.Wire) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	node := w.Node("other")
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			_ = node.Send(ctx, can.New(0x1A0, 1, 2, 3))
			time.Sleep(20 * time.Millisecond)
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
}

// TestSilentLineSaysWhatItLooksLike asks on lines that have no OBD.
func TestSilentLineSaysWhatItLooksLike(t *testing.T) {
	for _, row := range []struct {
		name   string
		health link.BusHealth
		off    bool
		noise  bool
		says   string
		hint   string
	}{
		{name: "silence", says: "no reply", hint: "ignition"},
		{name: "errors", health: link.BusHealth{Errors: 12}, says: "disturbed (12 error frames)", hint: "wrong bit rate: try bitrate=250000"},
		{name: "alone", health: link.BusHealth{NoAck: 3}, says: "no reply", hint: "no other node acknowledges"},
		{name: "an inner bus", noise: true, says: "no reply", hint: "the bus is alive"},
		{name: "bus off", off: true, says: "adapter lost"},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := linktest.NewWire(500_000)
				node := w.Node("tester")
				node.Disturb(row.health)
				if row.noise {
					chatter(t, w)
				}
				if row.off {
					w.Off(errs.New(errs.Adapter, "bus-off"))
				}
				_, err := isotp.Dial(t.Context(), node, isotp.Options{})
				if err == nil || !strings.Contains(err.Error(), row.says) || !strings.Contains(errs.HintOf(err), row.hint) {
					t.Errorf("%v (hint %q)", err, errs.HintOf(err))
				}
				if !row.off && errs.KindOf(err) != errs.NoVehicle {
					t.Errorf("kind %s", errs.KindOf(err))
				}
			})
		})
	}
}

// TestFindsTheLine finds cars that answer in other ways.
func TestFindsTheLine(t *testing.T) {
	for _, row := range []struct {
		name  string
		rules []rule
		want  obd.Protocol
		ecus  []obd.Address
	}{
		{"11 bits", []rule{engineRule}, obd.CAN11x500, []obd.Address{obd.CAN11(0x7E8)}},
		{"29 bits", []rule{{on: "18DB33F1#020100", reply: []string{"18DAF100#064100FFFFFFFF"}}}, obd.CAN29x500, []obd.Address{obd.CAN29(0x18DAF100)}},
		{"OBDonUDS", []rule{{on: "7DF#0322F810", reply: []string{"7E8#0462F81001"}}}, obd.CAN11x500, []obd.Address{obd.CAN11(0x7E8)}},
		{"an electric car", []rule{{on: "7DF#023E00", reply: []string{"7EC#027E00"}}}, obd.CAN11x500, []obd.Address{obd.CAN11(0x7EC)}},
		{"only asked alone", []rule{{on: "7E3#023E00", reply: []string{"7EB#027E00"}}}, obd.CAN11x500, nil},
		{"without padding", []rule{{on: "7DF#0201000000000000"}, {on: "7DF#020100", reply: []string{"7E8#064100FFFFFFFF"}}}, obd.CAN11x500, []obd.Address{obd.CAN11(0x7E8)}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := linktest.NewWire(500_000)
				ecu(t, w, row.rules...)
				l, err := isotp.Dial(t.Context(), w.Node("tester"), isotp.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if d := l.Describe(); d.Protocol != row.want || !slices.Equal(l.ECUs(), row.ecus) || d.MaxRequest != 4095 {
					t.Errorf("%+v, %v", d, l.ECUs())
				}
			})
		})
	}
}
