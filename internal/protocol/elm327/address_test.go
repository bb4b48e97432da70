package elm327_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// TestAddressing asks one ECU and holds what was sent against the lines that the data sheet asks for; the
// next functional request must find the adapter as it was.
func TestAddressing(t *testing.T) {
	car29 := table{"ATDPN": "A7\r\r>", "0100": "18DAF110064100BE3EB811\r\r>", "01001": "18DAF110064100BE3EB811\r\r>", "010C": "18DAF11004410C1AF8\r\r>"}
	kwp := table{"ATDPN": "A5\r\r>", "0100": "86F1114100BE3EB8112E\r\r>", "010C": "84F111410C1AF8E1\r\r>"}
	for _, row := range []struct {
		name    string
		car     table
		request link.Request
		reply   table
		want    string
		sent    []string
		after   []string
	}{
		{
			name: "regular 11 bit", request: link.Request{Target: obd.CAN11(0x7E9), Data: data("22F190")},
			reply: table{"22F190": "7E90562F1904142\r\r>"}, want: "7E9:62F1904142",
			sent: []string{"ATSH7E1", "22F190"}, after: []string{"ATSH7DF", "010C"},
		},
		{
			name: "29 bit", car: car29, request: link.Request{Target: obd.CAN29(0x18DAF11E), Data: data("22F190")},
			reply: table{"22F190": "18DAF11E0562F1904142\r\r>"}, want: "18DAF11E:62F1904142",
			sent: []string{"ATCP18", "ATSHDA1EF1", "22F190"}, after: []string{"ATCP18", "ATSHDB33F1", "010C"},
		},
		{
			name: "irregular reply address", request: link.Request{Target: obd.CAN11(0x618), Header: obd.CAN11(0x610), Data: data("22F190")},
			reply: table{"22F190": "6180562F1904142\r\r>"}, want: "618:62F1904142",
			sent:  []string{"ATSH610", "ATCRA618", "ATFCSH610", "ATFCSD300000", "ATFCSM1", "22F190"},
			after: []string{"ATSH7DF", "ATCRA", "ATFCSM0", "010C"},
		},
		{
			name: "irregular, no CRA", request: link.Request{Target: obd.CAN11(0x618), Header: obd.CAN11(0x610), Data: data("22F190")},
			reply: table{"22F190": "6180562F1904142\r7E80562F1904143\r\r>", "ATCRA618": "?\r\r>", "ATCRA": "?\r\r>", "ATAR": "?\r\r>", "ATFCSH610": "?\r\r>"}, want: "618:62F1904142",
			sent:  []string{"ATSH610", "ATCRA618", "ATCRA618", "ATCF618", "ATCM7FF", "ATFCSH610", "ATFCSH610", "22F190"},
			after: []string{"ATSH7DF", "ATCRA", "ATCRA", "ATAR", "ATAR", "ATSP6", "ATFCSM0", "010C"},
		},
		{
			name: "address extension", request: link.Request{Target: obd.CAN11(0x758).WithExtension(0x40), Header: obd.CAN11(0x750).WithExtension(0x40), Data: data("22F190")},
			reply: table{"22F190": "758400562F1904142\r\r>"}, want: "758:40:62F1904142",
			sent:  []string{"ATSH750", "ATCEA40", "ATCRA758", "ATFCSH750", "ATFCSD300000", "ATFCSM1", "22F190"},
			after: []string{"ATSH7DF", "ATCEA", "ATCRA", "ATFCSM0", "010C"},
		},
		{
			name: "KWP", car: kwp, request: link.Request{Target: obd.NodeAddress(0x11), Data: data("010D")},
			reply: table{"010D": "83F111410D00D3\r\r>"}, want: "11:410D00",
			sent: []string{"ATSH8211F1", "010D"}, after: []string{"ATSHC233F1", "010C"},
		},
		{
			name: "STN in one command", car: table{"STI": "STN2120 v5.6.5\r\r>"}, request: link.Request{Target: obd.CAN11(0x7E9), Data: data("22F190"), Frames: 1},
			reply: table{"STPXH:7E1,D:22F190,R:1": "7E90562F1904142\r\r>"}, want: "7E9:62F1904142",
			sent: []string{"STPXH:7E1,D:22F190,R:1"}, after: []string{"010C"},
		},
		{
			name: "STPX refused", car: table{"STI": "STN1110 v3.0.0\r\r>"}, request: link.Request{Target: obd.CAN11(0x7E9), Data: data("22F190")},
			reply: table{"22F190": "7E90562F1904142\r\r>"}, want: "7E9:62F1904142",
			sent: []string{"STPXH:7E1,D:22F190", "ATSH7E1", "22F190"}, after: []string{"ATSH7DF", "010C"},
		},
		{
			name: "header refused, OBD service", request: link.Request{Target: obd.CAN11(0x7E8), Data: data("010D")},
			reply: table{"ATSH7E0": "?\r\r>", "010D": "7E803410D10\r7E903410D11\r\r>"}, want: "7E8:410D10",
			sent: []string{"ATSH7E0", "ATSH7E0", "010D"}, after: []string{"010C"},
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			port := newScripted(plainCar.with(row.car).with(row.reply).answer)
			l := dial(t, port, elm327.Options{})
			ask(t, l, link.Request{Data: data("010C")}) // so that the timing is set
			port.lines()
			if got := show(ask(t, l, row.request)); got != row.want {
				t.Errorf("%s: got %s, want %s", row.name, got, row.want)
			}
			if sent := port.lines(); !slices.Equal(sent, row.sent) {
				t.Errorf("%s: sent %q, want %q", row.name, sent, row.sent)
			}
			ask(t, l, link.Request{Data: data("010C")})
			if sent := port.lines(); !slices.Equal(sent, row.after) {
				t.Errorf("%s: then sent %q, want %q", row.name, sent, row.after)
			}
		})
	}
}

func TestAddressingThatCannotWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := dial(t, newScripted(plainCar.with(table{"ATSH610": "?\r\r>", "ATSH7E0": "?\r\r>"}).answer), elm327.Options{})
		for _, req := range []link.Request{
			{Target: obd.CAN11(0x618), Header: obd.CAN11(0x610), Data: data("22F190")},
			{Data: data("22F190F18CF187F1")},
			{Data: nil},
		} {
			if _, err := l.Exchange(t.Context(), req); err == nil || errs.KindOf(err) == errs.Internal {
				t.Errorf("%+v: got %v", req, err)
			}
		}
	})
}

func TestLongRequestOnSTN(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := dial(t, newScripted(plainCar.with(table{
			"STI": "STN2120 v5.6.5\r\r>", "STCSEGT1": "OK\r\r>", "22F190F18CF187F1": "7E80562F1904142\r\r>",
		}).answer), elm327.Options{})
		if got := show(ask(t, l, link.Request{Data: data("22F190F18CF187F1")})); got != "7E8:62F1904142" {
			t.Errorf("got %s", got)
		}
		if l.Describe().MaxRequest <= 7 {
			t.Errorf("described as %+v", l.Describe())
		}
	})
}

func TestConsoleMakesDirty(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.with(table{"ATDP": "ATDP\r\nAUTO, ISO 15765-4 (CAN 11/500)\r\n\r\n>"}).answer)
		l := dial(t, port, elm327.Options{})
		if s, err := l.Command(t.Context(), "AT DP"); s != "AUTO, ISO 15765-4 (CAN 11/500)" || err != nil {
			t.Errorf("got %q, %v", s, err)
		}
		port.lines()
		ask(t, l, link.Request{Data: data("010C")})
		sent := strings.Join(port.lines(), " ")
		if !strings.HasPrefix(sent, "ATD ATE0 ") || !strings.Contains(sent, "ATH1") || !strings.Contains(sent, "ATSP6") || !strings.HasSuffix(sent, "010C") {
			t.Errorf("sent %s", sent)
		}
		for _, line := range []string{"", "  ", "0100\r04"} {
			if _, err := l.Command(t.Context(), line); errs.KindOf(err) != errs.Usage {
				t.Errorf("%q: got %v", line, err)
			}
		}
	})
}

// TestInterruptedSetting must not believe the settings of an adapter that took a header whose OK nobody
// waited for: the next request to all ECUs would go to one.
func TestInterruptedSetting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		header := ""
		port := newScripted(func(line string) []chunk {
			switch {
			case line == "ATSH7E0":
				header = "7E0"
				return []chunk{{after: time.Second, text: "OK\r\r>"}}
			case line == "ATD", line == "ATSH7DF":
				header = ""
			case line == "010C" && header != "":
				return now("NO DATA\r\r>")
			}
			return plainCar.answer(line)
		})
		l := dial(t, port, elm327.Options{})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := l.Exchange(ctx, link.Request{Target: obd.CAN11(0x7E8), Data: data("22F190")}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" {
			t.Errorf("got %s with header %q, sent %q", got, header, port.lines())
		}
	})
}

// TestMonitorFlood keeps what a monitoring command brought before it was too much.
func TestMonitorFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.with(table{"ATMA": strings.Repeat("7E8064100BE3EB811\r", 5000)}).answer)
		l := dial(t, port, elm327.Options{})
		said, err := l.Command(t.Context(), "ATMA")
		if err != nil || !strings.HasPrefix(said, "7E8064100BE3EB811\n") {
			t.Errorf("got %d characters, %v", len(said), err)
		}
		if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" {
			t.Errorf("got %s", got)
		}
	})
}

func TestSettingsAreSetAnewAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		header := "7DF"
		restart := false
		car := plainCar.with(table{"22F190": "7E80562F1904142\r\r>"})
		port := newScripted(func(line string) []chunk {
			switch {
			case strings.HasPrefix(line, "ATSH"):
				header = line[4:]
			case line == "ATD":
				header = "7DF"
			case line == "22F190" && restart:
				restart, header = false, "7DF"
				return now("LV RESET\r\r>")
			case line == "22F190" && header != "7E0":
				return now("NO DATA\r\r>")
			}
			return car.answer(line)
		})
		l := dial(t, port, elm327.Options{})
		restart = true
		if got := show(ask(t, l, link.Request{Target: obd.CAN11(0x7E8), Data: data("22F190")})); got != "7E8:62F1904142" {
			t.Errorf("got %s", got)
		}
	})
}
