package elm327_test

import (
	"context"
	"errors"
	"fmt"
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

// dial opens the dialogue and forgets the lines that it took.
func dial(t *testing.T, port *scripted, o elm327.Options) *elm327.Link {
	t.Helper()
	l, err := elm327.Dial(t.Context(), port, o)
	if err != nil {
		t.Fatalf("dial: %v (sent %q)", err, port.lines())
	}
	port.lines()
	return l
}

func ask(t *testing.T, l *elm327.Link, req link.Request) []link.Reply {
	t.Helper()
	replies, err := l.Exchange(t.Context(), req)
	if err != nil {
		t.Fatalf("exchange %X: %v", req.Data, err)
	}
	return replies
}

// show writes replies as "7E8:410C1AF8 7E9:...".
func show(replies []link.Reply) string {
	var s []string
	for _, r := range replies {
		text := fmt.Sprintf("%s:%X", r.ECU, r.Data)
		if r.Err != nil {
			text += "!"
		}
		s = append(s, text)
	}
	return strings.Join(s, " ")
}

func data(hex string) []byte {
	var b []byte
	fmt.Sscanf(hex, "%X", &b)
	return b
}

func TestDialAndExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.answer)
		l, err := elm327.Dial(t.Context(), port, elm327.Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"ATZ", "AT@1", "STI", "STI", "ATE0", "ATL0", "ATS0", "ATH1", "ATM0", "ATCAF1", "ATSP0", "0100", "ATDPN", "01001"}
		if sent := port.lines(); !slices.Equal(slices.Compact(sent), slices.Compact(want)) {
			t.Errorf("sent %q, want %q", sent, want)
		}
		if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" {
			t.Errorf("got %s", got)
		}
		d := l.Describe()
		if d.Protocol != obd.CAN11x500 || d.Adapter.Kind != "elm327" || d.Adapter.Claimed != "ELM327 v1.4b" || !d.CountDigit || d.MaxRequest != 7 {
			t.Errorf("described as %+v", d)
		}
		if v, err := l.SupplyVoltage(t.Context()); v != 12.6 || err != nil {
			t.Errorf("supply is %v V, %v", v, err)
		}
	})
}

func TestNobodyAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, row := range []struct {
			name   string
			answer func(string) []chunk
			kind   errs.Kind
			hint   string
		}{
			{"no vehicle", plainCar.with(table{"0100": "SEARCHING...\rUNABLE TO CONNECT\r\r>"}).answer, errs.NoVehicle, "12.6 V"},
			{"adapter not in the socket", plainCar.with(table{"0100": "UNABLE TO CONNECT\r\r>", "ATRV": "0.3V\r\r>"}).answer, errs.NoVehicle, "socket"},
			{"K-line without ignition", plainCar.with(table{"0100": "BUS INIT: ERROR\r\r>"}).answer, errs.NoVehicle, "ignition"},
			{"silence", func(string) []chunk { return nil }, errs.NoAdapter, "plugged"},
			{"wrong speed", func(string) []chunk { return now("\xfe\xe0\x86\x00\xf8\xff\x80\x98") }, errs.NoAdapter, "speed"},
			{"another device", func(string) []chunk { return now("$GPGGA,120000,4807.038,N\r\n") }, errs.NoAdapter, "another device"},
			{"endless", func(string) []chunk { return now(strings.Repeat("7E8064100BE3EB811\r", 8000)) }, errs.NoAdapter, "another device"},
		} {
			_, err := elm327.Dial(t.Context(), newScripted(row.answer), elm327.Options{})
			if errs.KindOf(err) != row.kind || !strings.Contains(errs.HintOf(err)+err.Error(), row.hint) {
				t.Errorf("%s: got %v (%s): %s", row.name, err, errs.KindOf(err), errs.HintOf(err))
			}
		}
	})
}

func TestCancelEndsEveryWait(t *testing.T) {
	for _, silent := range []string{"ATZ", "ATE0", "0100", "ATDPN", "010C"} {
		synctest.Test(t, func(t *testing.T) {
			port := newScripted(func(line string) []chunk {
				if line == silent {
					return nil
				}
				return plainCar.answer(line)
			})
			ctx, cancel := context.WithCancel(t.Context())
			var cancelled time.Time
			time.AfterFunc(700*time.Millisecond, func() { cancelled = time.Now(); cancel() })
			l, err := elm327.Dial(ctx, port, elm327.Options{})
			if err == nil {
				_, err = l.Exchange(ctx, link.Request{Data: data("010C")})
			}
			if !errors.Is(err, context.Canceled) || time.Since(cancelled) > 100*time.Millisecond {
				t.Errorf("%s: got %v, %v after the cancellation", silent, err, time.Since(cancelled))
			}
		})
	}
}

func TestGoesOnAfterCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(func(line string) []chunk {
			if line == "0902" {
				return []chunk{{text: "7E81014490201314434\r"}, {after: time.Second, text: "7E82147503030523535\r"}, {after: 2 * time.Second, text: "7E82242313233343536\r\r>"}}
			}
			return plainCar.answer(line)
		})
		l := dial(t, port, elm327.Options{})
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		if _, err := l.Exchange(ctx, link.Request{Data: data("0902")}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" {
			t.Errorf("got %s", got)
		}
	})
}

func TestGoesOnAfterARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := newScripted(plainCar.answer)
		l, err := elm327.Dial(t.Context(), elm327.Guard(port, link.ReadOnly()), elm327.Options{})
		if err != nil {
			t.Fatal(err)
		}
		port.lines()
		if _, err := l.Exchange(t.Context(), link.Request{Data: data("04")}); errs.KindOf(err) != errs.Denied {
			t.Errorf("got %v", err)
		}
		if _, err := l.Command(t.Context(), "ATPP0CON"); errs.KindOf(err) != errs.Denied {
			t.Errorf("got %v", err)
		}
		if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" {
			t.Errorf("got %s", got)
		}
		if sent := port.lines(); slices.Contains(sent, "04") || slices.Contains(sent, "ATPP0CON") {
			t.Errorf("sent %q", sent)
		}
	})
}

func TestAddressOfAnotherLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := dial(t, newScripted(plainCar.answer), elm327.Options{})
		if _, err := l.Exchange(t.Context(), link.Request{Target: obd.NodeAddress(0x10), Data: data("010C")}); errs.KindOf(err) != errs.Usage {
			t.Errorf("a one-byte address on CAN: got %v", err)
		}
	})
}
