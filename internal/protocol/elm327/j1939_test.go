package elm327_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// later are the lines of an answer, the prompt behind them after the adapter's wait.
func later(lines ...string) []chunk {
	return []chunk{{after: 20 * time.Millisecond, text: strings.Join(lines, "\r") + "\r"}, {after: 300 * time.Millisecond, text: "\r>"}}
}

// truckScript is an adapter on protocol A: an engine that sends long groups by request to send, a gearbox that
// refuses, and brakes that say nothing of what they do not have.
type truckScript struct {
	header string
	noCTS  bool // the adapter leaves requests to send alone
	busy   int  // answers of the gearbox that it cannot give now
	listen string
}

func (s *truckScript) answer(line string) []chunk {
	switch {
	case strings.HasPrefix(line, "ATSH"):
		s.header = line[4:]
		return now("OK\r\r>")
	case line == "ATMA" && strings.HasSuffix(s.listen, ">"):
		return now(s.listen)
	case line == "ATMA":
		return []chunk{{text: s.listen}, {after: time.Hour, text: ">"}}
	case line == "ATDPN":
		return now("A\r\r>")
	case strings.HasPrefix(line, "AT"), strings.HasPrefix(line, "ST"):
		return plainCar.answer(line)
	}
	switch s.header + " " + line {
	case "EAFFF9 00EE00":
		return later("60EEFF000100000000000000", "6 0EEFF 03 02 00 00 00 00 03 00 00")
	case "EA00F9 00FEEC":
		if s.noCTS {
			return later("70ECF90010120003FFECFE00")
		}
		return later("70ECF90010120003FFECFE00", "70EBF9000131585054523043", "60FECA0B00FF00000000FFFF", "70EBF900024B354558414D50", "70EBF900034C45372AFFFFFF")
	case "EAFFF9 00FEEC":
		return later("70ECFF0020120003FFECFE00", "70EBFF000131585054523043", "70EBFF00024B354558414D50", "70EBFF00034C45372AFFFFFF")
	case "EA03F9 00FEEC":
		if s.busy > 0 {
			s.busy--
			return later("18E8FF0303FFFFFFF9ECFE00")
		}
		return later("18E8FF0301FFFFFFF9ECFE00")
	case "EA00F9 00FED3", "EA00F9 00FECC":
		return later("60E8FF0000FFFFFFF9" + line[4:6] + line[2:4] + line[:2])
	case "EA00F9 00F004":
		return later("30F00400F17D7D0000FFF07D", "30F00203FC0000FAFFFE1203", "30F00400F17D7D1000FFF07D")
	}
	return []chunk{{after: 300 * time.Millisecond, text: "NO DATA\r\r>"}}
}

const heard = "30F00400F17D7D0000FFF07D\r60FEF100F70000C0FFFF1FFF\r"

// onTruck runs f with a dialled network behind the guard that the list makes.
func onTruck(t *testing.T, s *truckScript, allow link.Allow, f func(ctx context.Context, n link.Network, port *scripted)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(s.answer)
		l, err := elm327.Dial(t.Context(), elm327.Guard(port, allow), elm327.Options{Protocol: obd.J1939})
		if err != nil {
			t.Fatal(err)
		}
		n, ok := l.Line().(link.Network)
		if !ok || l.Describe().Protocol != obd.J1939 {
			t.Fatalf("got %T on %s", l.Line(), l.Describe().Protocol)
		}
		f(t.Context(), n, port)
	})
}

func TestATruckIsFoundByListening(t *testing.T) {
	onTruck(t, &truckScript{listen: heard}, link.ReadOnly(), func(ctx context.Context, n link.Network, port *scripted) {
		for _, line := range port.lines() {
			if strings.HasPrefix(line, "0") {
				t.Errorf("sent %q before anything was asked", line)
			}
		}
		nodes, err := n.Nodes(ctx)
		if err != nil || len(nodes) != 2 || nodes[0].Name != 1 || nodes[1].Address != 3 {
			t.Errorf("nodes %v, %v", nodes, err)
		}
		if _, err := n.(link.Link).Exchange(ctx, link.Request{Data: []byte{1, 0}}); errs.KindOf(err) != errs.Unsupported {
			t.Errorf("Exchange: %v", err)
		}
	})
	onTruck(t, &truckScript{}, link.ReadOnly(), func(ctx context.Context, n link.Network, _ *scripted) {
		if nodes, err := n.Nodes(ctx); err != nil || len(nodes) != 2 {
			t.Errorf("a silent network: nodes %v, %v", nodes, err)
		}
	})
}

func TestAnElm327RequestsGroups(t *testing.T) {
	script := &truckScript{listen: heard, busy: 1}
	onTruck(t, script, link.ReadOnly(), func(ctx context.Context, n link.Network, port *scripted) {
		groups, err := link.RequestAll(ctx, n, []link.Query{{PGN: 65260, Destination: 3}, {PGN: 65260, Destination: 0}, {PGN: 61444, Destination: 0}})
		if err != nil || len(groups) != 3 {
			t.Fatalf("got %+v, %v", groups, err)
		}
		if vin := groups[0]; string(vin.Data) != "1XPTR0CK5EXAMPLE7*" || vin.Source != 0 || vin.PGN != 65260 || vin.Err != nil {
			t.Errorf("VIN by request to send: %+v", vin)
		}
		if engine := groups[1]; engine.PGN != 61444 || len(engine.Data) != 8 {
			t.Errorf("a broadcast ends the wait: %+v", engine)
		}
		if r, ok := errors.AsType[*link.Refusal](groups[2].Err); !ok || r.Code != link.AckNegative || groups[2].Source != 3 {
			t.Errorf("refusal behind a busy answer: %+v", groups[2])
		}
		if recent := n.(link.Memory).Recent(); len(recent) < 4 {
			t.Errorf("remembered %+v", recent)
		}
		port.lines()
		for range 4 {
			if _, err := n.Request(ctx, 65260, 11); !errors.Is(err, link.ErrNoReply) {
				t.Errorf("mute brakes: %v", err)
			}
		}
		if asked := strings.Count(strings.Join(port.lines(), "\n"), "00FEEC"); asked != 2 {
			t.Errorf("a mute node was asked %d times", asked)
		}
	})
}

func TestAnAdapterThatTakesNoTransfers(t *testing.T) {
	onTruck(t, &truckScript{listen: heard, noCTS: true}, link.ReadOnly(), func(ctx context.Context, n link.Network, _ *scripted) {
		groups, err := n.Request(ctx, 65260, 0)
		if err != nil || len(groups) != 1 || string(groups[0].Data) != "1XPTR0CK5EXAMPLE7*" {
			t.Errorf("got %+v, %v", groups, err)
		}
	})
}

func TestATruckIsClearedOverAnElm327WhenConfirmed(t *testing.T) {
	onTruck(t, &truckScript{listen: heard}, link.ReadOnly(), func(ctx context.Context, n link.Network, port *scripted) {
		if _, err := n.Request(ctx, 65235, 0); errs.KindOf(err) != errs.Denied {
			t.Errorf("DM11: %v", err)
		}
		if sent := strings.Join(port.lines(), "\n"); strings.Contains(sent, "00FED3") {
			t.Errorf("sent %q", sent)
		}
	})
	onTruck(t, &truckScript{listen: heard}, link.ReadOnly().With(obd.ServiceClear), func(ctx context.Context, n link.Network, port *scripted) {
		for _, pgn := range []uint32{65235, 65228} {
			if groups, err := n.Request(ctx, pgn, 0); err != nil || len(groups) != 1 || groups[0].Err != nil {
				t.Errorf("PGN %d: %+v, %v", pgn, groups, err)
			}
		}
		port.lines()
		if _, err := n.Request(ctx, 65235, 3); !errors.Is(err, link.ErrNoReply) {
			t.Errorf("silence: %v", err)
		}
		if sent := strings.Count(strings.Join(port.lines(), "\n"), "00FED3"); sent != 1 {
			t.Errorf("a request that changes something was sent %d times", sent)
		}
	})
}

func TestAnElm327ListensUntilToldToStop(t *testing.T) {
	script := &truckScript{listen: heard + "7 0ECFF 00 20 0A 00 02 FF CA FE 00\r7 0EBFF 00 01 04 FF 64 00 01 03 6E\r7 0EBFF 00 02 00 04 01 FF FF FF FF\r"}
	onTruck(t, script, link.ReadOnly(), func(ctx context.Context, n link.Network, _ *scripted) {
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		seen := map[uint32]int{}
		if err := n.Listen(short, func(g link.ParameterGroup) bool { seen[g.PGN] = len(g.Data); return true }); err != nil {
			t.Errorf("the end of the time: %v", err)
		}
		if seen[61444] != 8 || seen[65226] != 10 {
			t.Errorf("heard %v", seen)
		}
		if err := n.Listen(ctx, func(link.ParameterGroup) bool { return false }); err != nil {
			t.Errorf("no more wanted: %v", err)
		}
		script.listen = heard + "BUFFER FULL\r\r>"
		count := 0
		if err := n.Listen(ctx, func(link.ParameterGroup) bool { count++; return count < 9 }); err != nil || count != 9 {
			t.Errorf("a full buffer: %d messages, %v", count, err)
		}
		script.listen = "BUFFER FULL\r\r>"
		if err := n.Listen(ctx, func(link.ParameterGroup) bool { return true }); errs.KindOf(err) != errs.Adapter {
			t.Errorf("a full buffer all the time: %v", err)
		}
		script.listen = "CAN ERROR\r\r>"
		if err := n.Listen(ctx, func(link.ParameterGroup) bool { return true }); errs.KindOf(err) != errs.Adapter {
			t.Errorf("a disturbed line: %v", err)
		}
	})
}
