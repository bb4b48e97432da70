package elm327_test

import (
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

// sequence answers a line with one text after the other; the last one stays.
func sequence(base table, line string, answers ...string) func(string) []chunk {
	i := 0
	return func(got string) []chunk {
		if got != line {
			return base.answer(got)
		}
		a := answers[min(i, len(answers)-1)]
		i++
		return now(a)
	}
}

// TestExchangePitfalls asks 010C (or another request) of adapters that answer oddly.
func TestExchangePitfalls(t *testing.T) {
	good := "7E804410C1AF8\r\r>"
	for _, row := range []struct {
		name    string
		request string
		answers []string
		want    string // "" with an error
		fault   string // of the error; "none" is ErrNoReply
		times   int    // the line was sent
	}{
		{"plain", "010C", []string{good}, "7E8:410C1AF8", "", 1},
		{"blanks kept", "010C", []string{"7E8 04 41 0C 1A F8 \r\r>"}, "7E8:410C1AF8", "", 1},
		{"padding", "010C", []string{"7E804410C1AF8AAAAAA\r\r>"}, "7E8:410C1AF8", "", 1},
		{"echo", "010C", []string{"010C\r7E804410C1AF8\r\r>"}, "7E8:410C1AF8", "", 1},
		{"two prompts", "010C", []string{"7E804410C1AF8\r\r>\r>"}, "7E8:410C1AF8", "", 1},
		{"no data", "010D", []string{"NO DATA\r\r>"}, "", "none", 1},
		{"stopped, second prompt", "010C", []string{"STOPPED\r\r>\r>", good}, "7E8:410C1AF8", "", 2},
		{"data then stopped", "010C", []string{"7E804410C1AF8\rSTOPPED\r\r>\r>", good}, "7E8:410C1AF8", "", 2},
		{"can error once", "010C", []string{"CAN ERROR\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"can error stays", "010C", []string{"CAN ERROR\r\r>"}, "", "CAN ERROR", 2},
		{"can error in lower case, glued to the echo", "010C", []string{"010Ccanerror\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"data error in a line", "010C", []string{"7E804410C1AF8 <DATA ERROR\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"rx error in a line", "010C", []string{"7E804410C1A <RX ERROR\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"bus busy", "010C", []string{"BUS BUSY\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"bus error", "010C", []string{"BUS ERROR\r\r>"}, "", "BUS ERROR", 2},
		{"fb error", "010C", []string{"FB ERROR\r\r>"}, "", "FB ERROR", 2},
		{"fc rx timeout", "010C", []string{"FC RX TIMEOUT\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"act alert", "010C", []string{"ACT ALERT\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"lp alert", "010C", []string{"LP ALERT\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"internal error", "010C", []string{"ERR94\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"restart in the middle", "010C", []string{"\r\rELM327 v1.4b\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"brown-out", "010C", []string{"LV RESET\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"ignition off", "010C", []string{"UNABLE TO CONNECT\r\r>"}, "", "UNABLE TO CONNECT", 2},
		{"not understood", "010C", []string{"?\r\r>"}, "", "?", 2},
		{"answered twice", "010C", []string{"7E804410C1AF8\r7E804410C1AF8\r\r>"}, "7E8:410C1AF8", "", 1},
		{"stale replies between", "010C", []string{"7E803410D00\r7E80341117F\r7E804410C1AF8\r\r>"}, "7E8:410C1AF8", "", 1},
		{"only a stale reply", "010C", []string{"7E803410D00\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"headers gone for once", "010C", []string{"410C1AF8\r\r>", good}, "7E8:410C1AF8", "", 2},
		{"headers gone for ever", "010C", []string{"410C1AF8\r\r>"}, ":410C1AF8", "", 2},
		{"two ECUs", "010C", []string{"7E904410C1AF9\r7E804410C1AF8\r\r>"}, "7E9:410C1AF9 7E8:410C1AF8", "", 1},
		{"negative", "010C", []string{"7E8037F0112\r\r>"}, "7E8:7F0112", "", 1},
		{"pending, then the answer", "010C", []string{"7E8037F0178\r7E8037F0178\r7E804410C1AF8\r\r>"}, "7E8:410C1AF8", "", 1},
		{"busy twice", "010C", []string{"7E8037F0121\r\r>", "7E8037F0121\r\r>", good}, "7E8:410C1AF8", "", 3},
		{"busy for ever", "010C", []string{"7E8037F0121\r\r>"}, "7E8:7F0121", "", 6},
		{"clearing is not repeated", "04", []string{"CAN ERROR\r\r>", "7E80144\r\r>"}, "", "CAN ERROR", 1},
		{"clearing is not repeated when stopped", "04", []string{"STOPPED\r\r>", "7E80144\r\r>"}, "", "STOPPED", 1},
		{"clearing after a restart before it", "04", []string{"LV RESET\r\r>", "7E80144\r\r>"}, "", "LV RESET", 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			port := newScripted(sequence(plainCar, row.request, row.answers...))
			l := dial(t, port, elm327.Options{})
			replies, err := l.Exchange(t.Context(), link.Request{Data: data(row.request)})
			if got := show(replies); got != row.want {
				t.Errorf("%s: got %s, want %s (%v)", row.name, got, row.want, err)
			}
			if times := count(port.lines(), row.request); times != row.times {
				t.Errorf("%s: sent %d times, want %d", row.name, times, row.times)
			}
			switch fault, ok := errors.AsType[*link.Fault](err); {
			case row.fault == "" && err != nil, row.fault == "none" && !errors.Is(err, link.ErrNoReply),
				row.fault != "" && row.fault != "none" && (!ok || fault.Text != row.fault || fault.Lost):
				t.Errorf("%s: error %v, want %q", row.name, err, row.fault)
			}
			if err != nil && !errors.Is(err, link.ErrNoReply) && errs.KindOf(err) == errs.Internal && row.fault != "STOPPED" {
				t.Errorf("%s: error %v has no kind", row.name, err)
			}
			if replies, err := l.Exchange(t.Context(), link.Request{Data: data("03")}); !strings.HasSuffix(show(replies), ":43010301") {
				t.Errorf("%s: next request: %s %v", row.name, show(replies), err)
			}
		})
	}
}

func count(lines []string, line string) int {
	n := 0
	for _, l := range lines {
		if l == line {
			n++
		}
	}
	return n
}

func TestLateAnswerIsNotTheNextReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := true
		port := newScripted(func(line string) []chunk {
			if line == "010C" && first {
				first = false
				return []chunk{{after: 2600 * time.Millisecond, text: "7E804410C1AF8\r\r>"}}
			}
			return plainCar.answer(line)
		})
		l := dial(t, port, elm327.Options{})
		if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" {
			t.Errorf("got %s", got)
		}
		if got := show(ask(t, l, link.Request{Data: data("03")})); got != "7E8:43010301" {
			t.Errorf("got %s", got)
		}
		if sent := port.lines(); slices.Contains(sent, "") {
			t.Errorf("resynchronised with a bare carriage return: %q", sent)
		}
	})
}

func TestSplitAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(func(line string) []chunk {
			if line != "010C" {
				return plainCar.answer(line)
			}
			var parts []chunk
			for i, c := range "7E804410C1AF8\r\r>" {
				parts = append(parts, chunk{after: time.Duration(i) * time.Second, text: string(c)})
			}
			return parts
		})
		l := dial(t, port, elm327.Options{})
		if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" {
			t.Errorf("got %s", got)
		}
	})
}

func TestAdapterPulled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.answer)
		l := dial(t, port, elm327.Options{})
		port.end(errPulled)
		port.answer = func(string) []chunk { return nil }
		_, err := l.Exchange(t.Context(), link.Request{Data: data("010C")})
		if !link.IsLost(err) || !errors.Is(err, errPulled) || errs.KindOf(err) != errs.Adapter || errs.HintOf(err) == "" {
			t.Errorf("got %v", err)
		}
	})
}

func TestAdapterFallsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.answer)
		l := dial(t, port, elm327.Options{})
		port.answer = func(string) []chunk { return nil }
		start := time.Now()
		_, err := l.Exchange(t.Context(), link.Request{Data: data("010C")})
		if !link.IsLost(err) || time.Since(start) > 15*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
}

func TestBufferFullAsksOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var filter string
		car := plainCar.with(table{"0100": "7E8064100BE3EB811\r7E906410080000001\r\r>", "01001": "7E8064100BE3EB811\r\r>"})
		port := newScripted(func(line string) []chunk {
			switch {
			case strings.HasPrefix(line, "ATSH"):
				filter = line[4:]
			case line == "0902" && filter == "7E0":
				return now("7E81014490201314434\r7E82147503030523535\r7E82242313233343536\r\r>")
			case line == "0902" && filter == "7E1":
				return now("7E91014490201314434\r7E92147503030523535\r7E92242313233343537\r\r>")
			case line == "0902":
				return now("7E81014490201314434\r7E91014490201314434\rBUFFER FULL\r\r>")
			}
			return car.answer(line)
		})
		l := dial(t, port, elm327.Options{})
		if got := show(ask(t, l, link.Request{Data: data("0902")})); got != "7E8:4902013144344750303052353542313233343536 7E9:4902013144344750303052353542313233343537" {
			t.Errorf("got %s", got)
		}
		if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" || filter != "7DF" {
			t.Errorf("got %s with header %s", got, filter)
		}
	})
}

func TestIncompleteIsAskedAgainAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		header := ""
		port := newScripted(func(line string) []chunk {
			switch {
			case strings.HasPrefix(line, "ATSH"):
				header = line[4:]
			case line == "0902" && header == "7E0":
				return now("7E81014490201314434\r7E82147503030523535\r7E82242313233343536\r\r>")
			case line == "0902":
				return now("7E81014490201314434\r7E82242313233343536\r\r>")
			}
			return plainCar.answer(line)
		})
		l := dial(t, port, elm327.Options{})
		if got := show(ask(t, l, link.Request{Data: data("0902")})); got != "7E8:4902013144344750303052353542313233343536" {
			t.Errorf("got %s", got)
		}
		header = "broken"
		port.answer = plainCar.with(table{"0902": "7E81014490201314434\r7E82242313233343536\r\r>"}).answer
		replies := ask(t, l, link.Request{Data: data("0902")})
		if len(replies) != 1 || !errors.Is(replies[0].Err, link.ErrIncomplete) {
			t.Errorf("got %+v", replies)
		}
	})
}

func TestOlderLineKeepsSeparateMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.with(table{
			"ATDPN": "3\r\r>", "0100": "BUS INIT: ...OK\r486B104100BE3EB811FA\r\r>",
			"0902": "486B1049020100000031A7\r486B1049020244344750D7\r\r>",
		}).answer)
		l := dial(t, port, elm327.Options{Protocol: obd.ISO9141})
		if _, err := l.Exchange(t.Context(), link.Request{Data: data("0902"), Frames: 5}); err != nil {
			t.Error(err)
		}
		if sent := port.lines(); slices.Contains(sent, "09025") {
			t.Errorf("count digit on a K-line: %q", sent)
		}
	})
}

func TestAttachSearchesOnFirstUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.answer)
		l, err := elm327.Attach(t.Context(), port, elm327.Options{})
		if err != nil || slices.Contains(port.lines(), "0100") {
			t.Fatalf("attached with %v", err)
		}
		if s, err := l.Command(t.Context(), "ATRV"); s != "12.6V" || err != nil {
			t.Errorf("got %q, %v", s, err)
		}
		if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" || l.Describe().Protocol != obd.CAN11x500 {
			t.Errorf("got %s on %s", got, l.Describe().Protocol)
		}
	})
}

func TestCountDigitIsDroppedOnARepeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(sequence(plainCar, "010C2", "CAN ERROR\r\r>"))
		l := dial(t, port, elm327.Options{})
		if got := show(ask(t, l, link.Request{Data: data("010C"), Frames: 2})); got != "7E8:410C1AF8" {
			t.Errorf("got %s", got)
		}
	})
}

func TestCountDigitThatIsIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		both := "7E8064100BE3EB811\r7E906410080000001\r\r>"
		l := dial(t, newScripted(plainCar.with(table{"0100": both, "01001": both}).answer), elm327.Options{})
		if l.Describe().CountDigit {
			t.Error("counts as honoured though it ended nothing")
		}
	})
}

func TestLostSettingsAreSetAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		headers := true
		port := newScripted(func(line string) []chunk {
			switch {
			case line == "ATH1":
				headers = true
			case line == "010C" && !headers:
				return now("410C1AF8\r\r>")
			}
			return plainCar.answer(line)
		})
		l := dial(t, port, elm327.Options{})
		headers = false // a restart that nobody saw
		if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" {
			t.Errorf("got %s", got)
		}
	})
}

func TestStoppedCommandIsRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(sequence(plainCar.with(table{"22F190": "7E80562F1904142\r\r>"}), "ATSH7E0", "STOPPED\r\r>", "OK\r\r>"))
		l := dial(t, port, elm327.Options{})
		if got := show(ask(t, l, link.Request{Target: obd.CAN11(0x7E8), Data: data("22F190")})); got != "7E8:62F1904142" {
			t.Errorf("got %s", got)
		}
		if n := count(port.lines(), "ATSH7E0"); n != 2 {
			t.Errorf("header sent %d times", n)
		}
	})
}
