package elm327_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

func TestSlowRequestsWaitLongest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.with(table{"04": "7E80144\r\r>"}).answer)
		l := dial(t, port, elm327.Options{})
		ask(t, l, link.Request{Data: data("04"), Slow: true})
		if sent := port.lines(); !slices.Equal(sent, []string{"ATAT0", "ATSTFF", "04"}) {
			t.Errorf("sent %q", sent)
		}
		ask(t, l, link.Request{Data: data("010C")})
		if sent := port.lines(); !slices.Equal(sent, []string{"ATAT1", "ATST10", "010C"}) && !slices.Equal(sent, []string{"ATAT1", "ATST32", "010C"}) {
			t.Errorf("sent %q", sent)
		}
	})
}

func TestWaitFollowsTheSlowestReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(func(line string) []chunk {
			if line == "010C" || line == "01001" {
				out := plainCar.answer(line)
				out[0].after = 70 * time.Millisecond
				return out
			}
			return plainCar.answer(line)
		})
		l := dial(t, port, elm327.Options{})
		ask(t, l, link.Request{Data: data("010C")})
		if sent := port.lines(); !slices.Equal(sent, []string{"ATST20", "010C"}) {
			t.Errorf("sent %q, want a wait of 131 ms for a reply after 70 ms", sent)
		}
	})
}

func TestMissedECUIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wait := "32"
		short := 0
		port := newScripted(func(line string) []chunk {
			switch {
			case strings.HasPrefix(line, "ATST"):
				wait = line[4:]
			case line == "0101" && wait != "32" && short > 0:
				return now("7E8064101000EEB20\r\r>")
			case line == "0101":
				short++
				return now("7E8064101000EEB20\r7E9064101000C0200\r\r>")
			}
			return plainCar.answer(line)
		})
		l := dial(t, port, elm327.Options{})
		for range 2 {
			if got := show(ask(t, l, link.Request{Data: data("0101")})); got != "7E8:4101000EEB20 7E9:4101000C0200" {
				t.Errorf("got %s with a wait of %s", got, wait)
			}
		}
	})
}

// TestPendingWithoutFinal covers an adapter that gives the prompt while the ECU still works.
func TestPendingWithoutFinal(t *testing.T) {
	pending := "7E8037F2278\r\r>"
	for _, row := range []struct {
		name    string
		request string
		answer  func(n int, wait string, fivefold bool) []chunk // to the n-th request
		monitor []chunk
		want    string
		times   int
	}{
		{
			"answered with the longest wait", "22F190", func(_ int, wait string, _ bool) []chunk {
				if wait != "FF" {
					return now(pending)
				}
				return []chunk{{text: "7E8037F2278\r"}, {after: 900 * time.Millisecond, text: "7E80562F1904142\r\r>"}}
			}, nil, "7E8:62F1904142", 2,
		},
		{
			"answered with five times the longest wait", "22F190", func(_ int, _ string, fivefold bool) []chunk {
				if !fivefold {
					return now(pending)
				}
				return []chunk{{text: "7E8037F2278\r"}, {after: 4900 * time.Millisecond, text: "7E80562F1904142\r\r>"}}
			}, nil, "7E8:62F1904142", 3,
		},
		{"never answered", "22F190", func(int, string, bool) []chunk { return now(pending) }, nil, "7E8:7F2278!", 3},
		{"clearing is not repeated", "04", func(int, string, bool) []chunk { return now("7E8037F0478\r\r>") }, nil, "7E8:7F0478!", 1},
		{
			"clearing is heard while monitoring", "04", func(int, string, bool) []chunk { return now("7E8037F0478\r\r>") },
			[]chunk{{after: 2 * time.Second, text: "7E80144\r"}, {after: 9 * time.Second, text: "never"}}, "7E8:44", 1,
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			n, wait, fivefold := 0, "", false
			port := newScripted(nil)
			port.answer = func(line string) []chunk {
				switch {
				case strings.HasPrefix(line, "ATST"):
					wait = line[4:]
				case strings.HasPrefix(line, "ATCTM"):
					fivefold = line == "ATCTM5"
				case line == "ATMA":
					return append(slices.Clone(row.monitor), chunk{after: time.Hour, text: "never"})
				case line == row.request:
					n++
					return row.answer(n, wait, fivefold)
				}
				return plainCar.answer(line)
			}
			l := dial(t, port, elm327.Options{})
			start := time.Now()
			replies, err := l.Exchange(t.Context(), link.Request{Data: data(row.request)})
			if got := show(replies); got != row.want || err != nil {
				t.Errorf("%s: got %s, %v", row.name, got, err)
			}
			if strings.HasSuffix(row.want, "!") && !errors.Is(replies[0].Err, link.ErrPending) {
				t.Errorf("%s: error %v", row.name, replies[0].Err)
			}
			if n != row.times || time.Since(start) > 30*time.Second {
				t.Errorf("%s: sent %d times in %v, want %d", row.name, n, time.Since(start), row.times)
			}
			if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" {
				t.Errorf("%s: next request got %s", row.name, got)
			}
		})
	}
}

// TestSlowServiceIsNotWaitedForLongerThanNeeded asks twice of an ECU that needs 240 ms: the second request
// must neither be repeated nor cost the longest wait.
func TestSlowServiceIsNotWaitedForLongerThanNeeded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wait := 0x32
		port := newScripted(nil)
		port.answer = func(line string) []chunk {
			if strings.HasPrefix(line, "ATST") {
				wait = int(data(line[4:])[0])
			}
			if line != "22F190" {
				return plainCar.answer(line)
			}
			patience := time.Duration(wait) * 4096 * time.Microsecond
			if patience < 240*time.Millisecond {
				return []chunk{{text: "7E8037F2278\r"}, {after: patience, text: "\r>"}}
			}
			return []chunk{
				{text: "7E8037F2278\r"}, {after: 240 * time.Millisecond, text: "7E80562F1904142\r"},
				{after: 240*time.Millisecond + patience, text: "\r>"},
			}
		}
		l := dial(t, port, elm327.Options{})
		for i, limit := range []time.Duration{2 * time.Second, time.Second} {
			start := time.Now()
			if got := show(ask(t, l, link.Request{Data: data("22F190")})); got != "7E8:62F1904142" {
				t.Errorf("got %s", got)
			}
			if took := time.Since(start); took > limit || i > 0 && count(port.lines(), "22F190") != 1 {
				t.Errorf("request %d took %v", i+1, took)
			}
			port.lines()
		}
	})
}

// TestAdapterThatWaitsByItself stays silent for P2* after a response-pending and then goes on.
func TestAdapterThatWaitsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(func(line string) []chunk {
			if line == "22F190" {
				return []chunk{{text: "7E8037F2278\r"}, {after: 4500 * time.Millisecond, text: "7E8037F2278\r"}, {after: 9 * time.Second, text: "7E80562F1904142\r\r>"}}
			}
			return plainCar.answer(line)
		})
		l := dial(t, port, elm327.Options{})
		if got := show(ask(t, l, link.Request{Data: data("22F190")})); got != "7E8:62F1904142" {
			t.Errorf("got %s", got)
		}
		if n := count(port.lines(), "22F190"); n != 1 {
			t.Errorf("sent %d times", n)
		}
	})
}

func TestIdleKLineSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		idle := false
		car := plainCar.with(table{"ATDPN": "A5\r\r>", "0100": "86F1114100BE3EB8112E\r\r>", "010C": "84F111410C1AF8E1\r\r>"})
		port := newScripted(func(line string) []chunk {
			if line == "010C" && idle {
				return []chunk{{text: "BUS INIT: "}, {after: 4 * time.Second, text: "OK\r84F111410C1AF8E1\r\r>"}}
			}
			return car.answer(line)
		})
		var told []elm327.EventKind
		l := dial(t, port, elm327.Options{Notify: func(e elm327.Event) { told = append(told, e.Kind) }})
		ask(t, l, link.Request{Data: data("010C")})
		if slices.Contains(told, elm327.EventBusInit) {
			t.Errorf("told %q on a busy line", told)
		}
		time.Sleep(10 * time.Second)
		idle = true
		if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "11:410C1AF8" {
			t.Errorf("got %s", got)
		}
		if !slices.Contains(told, elm327.EventBusInit) {
			t.Errorf("told %q", told)
		}
		if l.Describe().Protocol != obd.KWPFast {
			t.Errorf("described as %+v", l.Describe())
		}
	})
}
