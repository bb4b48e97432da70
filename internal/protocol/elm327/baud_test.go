package elm327_test

import (
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// serialPort is a scripted adapter behind a serial line: at another speed than its own it reads and sends garbage.
type serialPort struct {
	*scripted
	ours, its int
}

func (s *serialPort) Speed() int { return s.ours }

func (s *serialPort) SetSpeed(baud int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ours = baud
	return nil
}

// newSerial returns an adapter at 38,400 baud that follows AT BRD or STBR when it is true to its word.
func newSerial(car table, command string, honest bool) *serialPort {
	s := &serialPort{scripted: newScripted(nil), ours: 38400, its: 38400}
	raising := false
	s.answer = func(line string) []chunk {
		switch {
		case raising && line == "" && s.ours == s.its:
			raising = false
			return now("OK\r\r>")
		case s.ours != s.its:
			return now("\xf0\x80\xfe")
		case line == command:
			raising = true
			if honest {
				s.its = 500000
			}
			time.AfterFunc(1200*time.Millisecond, func() { // AT BRT is over
				s.mu.Lock()
				defer s.mu.Unlock()
				if raising {
					raising, s.its = false, 38400
					s.push(now("\r\r>"))
				}
			})
			banner := "ELM327 v1.4b\r"
			if !honest {
				banner = "\x80\xf8\x80"
			}
			return []chunk{{text: "OK\r"}, {after: 80 * time.Millisecond, text: banner}}
		}
		return car.answer(line)
	}
	return s
}

func TestRaiseSpeed(t *testing.T) {
	stn := plainCar.with(table{"STI": "STN2120 v5.6.5\r\r>", "STBRT1000": "OK\r\r>"})
	for _, row := range []struct {
		name string
		port *serialPort
		want int
	}{
		{"AT BRD", newSerial(plainCar, "ATBRD08", true), 500000},
		{"STBR", newSerial(stn, "STBR500000", true), 500000},
		{"banner unreadable", newSerial(plainCar, "ATBRD08", false), 38400},
		{"refused", newSerial(plainCar.with(table{"ATBRD08": "?\r\r>"}), "", true), 38400},
	} {
		synctest.Test(t, func(t *testing.T) {
			row.port.wake = make(chan struct{}, 1) // belongs to this bubble
			var told []string
			l, err := elm327.Dial(t.Context(), row.port, elm327.Options{Baud: 500000, Notify: func(e elm327.Event) {
				if e.Kind == elm327.EventSpeed {
					told = append(told, e.Text)
				}
			}})
			if err != nil {
				t.Errorf("%s: %v, sent %q", row.name, err, row.port.lines())
				return
			}
			if l.Describe().Baud != row.want || row.port.ours != row.want || len(told) != 1 {
				t.Errorf("%s: %d baud, port at %d, told %q", row.name, l.Describe().Baud, row.port.ours, told)
			}
			if got := show(ask(t, l, link.Request{Data: data("010C")})); got != "7E8:410C1AF8" {
				t.Errorf("%s: got %s", row.name, got)
			}
			row.port.lines()
			if err := l.Close(); err != nil {
				t.Error(err)
			}
			if reset := slices.Contains(row.port.lines(), "ATZ"); reset != (row.want == 500000) {
				t.Errorf("%s: reset on close: %v", row.name, reset)
			}
		})
	}
}

// stuckPort takes no bytes once it is stuck, until it is closed.
type stuckPort struct {
	*serialPort
	stuck chan struct{} // nil while it works
}

func (s *stuckPort) Write(b []byte) (int, error) {
	if s.stuck != nil {
		<-s.stuck
		return 0, io.ErrClosedPipe
	}
	return s.serialPort.Write(b)
}

func (s *stuckPort) Close() error {
	close(s.stuck)
	return s.serialPort.Close()
}

func TestCloseDoesNotWaitForAStuckPort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := &stuckPort{serialPort: newSerial(plainCar, "ATBRD08", true)}
		l, err := elm327.Dial(t.Context(), port, elm327.Options{Baud: 500000})
		if err != nil || l.Describe().Baud != 500000 {
			t.Fatalf("dial: %v", err)
		}
		port.stuck = make(chan struct{})
		start := time.Now()
		if err := l.Close(); err != nil || time.Since(start) > 100*time.Millisecond {
			t.Errorf("closed with %v after %v", err, time.Since(start))
		}
	})
}

func TestProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refuses := table{}
		for c := range strings.FieldsSeq("ATCEA ATIGN ATRD ATCRA ATCSM0 ATAMC ATCTM1") {
			refuses[c] = "?\r\r>"
		}
		car := plainCar.with(refuses).with(table{
			"ATZ": "ELM327 v2.1\r\r>", "ATI": "ELM327 v2.1\r\r>", "ATPPS": "00:FF F  01:FF F\r02:FF F  03:32 F\r\r>",
			"01002040": "7E8100B4100BE3EB813\r7E82120800180014044\r7E822CC000000000000\r\r>",
		})
		port := newScripted(func(line string) []chunk {
			out := car.answer(line)
			out[0].after = 9 * time.Millisecond
			if line == "0100" {
				out = append(out, chunk{after: 60 * time.Millisecond, text: ""})
			}
			return out
		})
		r, err := elm327.Probe(t.Context(), port, elm327.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Behaves != "1.3" || r.Honest || r.Capabilities.Kind != "clone" || r.Command.Median != 9 || r.Command.Samples == 0 {
			t.Errorf("report %+v", r)
		}
		if !slices.Contains(r.Honoured, "ATCRA") || !slices.Contains(r.Refused, "ATCTM") || *r.Voltage != 12.6 {
			t.Errorf("honoured %q, refused %q", r.Honoured, r.Refused)
		}
		if v := r.Vehicle; v == nil || v.WithDigit == nil || len(v.ECUs) != 1 || v.BatchLimit != 1 {
			t.Errorf("vehicle %+v", v)
		}
		for _, line := range port.lines() {
			if !strings.HasPrefix(line, "AT") && !strings.HasPrefix(line, "ST") && !strings.HasPrefix(line, "0100") {
				t.Errorf("the vehicle was asked %q", line)
			}
		}
		port.answer = car.with(table{"0100": "UNABLE TO CONNECT\r\r>", "3E00": "NO DATA\r\r>"}).answer
		if r, err := elm327.Probe(t.Context(), port, elm327.Options{}); err != nil || r.Vehicle != nil {
			t.Errorf("without a vehicle: %+v, %v", r.Vehicle, err)
		}
	})
}
