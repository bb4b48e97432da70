package doip_test

import (
	"bytes"
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/doip"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

// TestActivation goes through the codes of the routing activation.
func TestActivation(t *testing.T) {
	for _, row := range []struct {
		code  byte
		terms doip.Terms
		kind  errs.Kind
		next  *doip.Terms
	}{
		{code: 0x10},
		{code: 0x00, kind: errs.Denied, next: &doip.Terms{Source: 0x0E80}},
		{code: 0x00, terms: doip.Terms{Source: 0x0E55}, kind: errs.Denied},
		{code: 0x01, kind: errs.NoAdapter},
		{code: 0x02, kind: errs.Denied},
		{code: 0x03, kind: errs.NoAdapter},
		{code: 0x04, kind: errs.Denied},
		{code: 0x05, kind: errs.Denied},
		{code: 0x06, kind: errs.Denied, next: &doip.Terms{Type: iso13400.ActivateWWHOBD, Typed: true}},
		{code: 0x06, terms: doip.Terms{Type: 0xE0, Typed: true}, kind: errs.Denied},
		{code: 0x07, kind: errs.Denied, next: &doip.Terms{TLS: true}},
		{code: 0x07, terms: doip.Terms{TLS: true}, kind: errs.Denied},
		{code: 0xE1, kind: errs.Denied},
	} {
		synctest.Test(t, func(t *testing.T) {
			e := twoUnits()
			e.activation = func([]byte) byte { return row.code }
			p := connect(e)
			l, err := doip.Dial(t.Context(), p, doip.Options{Terms: row.terms})
			if (err == nil) != (row.code == 0x10) || err != nil && (errs.KindOf(err) != row.kind || errs.HintOf(err) == "") {
				t.Errorf("code %02X: %v, want kind %s", row.code, err, row.kind)
			}
			next, again := row.terms.After(err)
			if again != (row.next != nil) || again && next != *row.next {
				t.Errorf("code %02X: next terms %+v, %v", row.code, next, again)
			}
			if l != nil {
				_ = l.Close()
			}
			_ = p.Close()
		})
	}
}

func TestConfirmationInTheVehicle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := twoUnits()
		e.on = func(s *session, typ uint16, p []byte) bool {
			if typ != 0x0005 {
				return false
			}
			s.send(0x0006, p[0], p[1], 0x10, 0x10, 0x11, 0, 0, 0, 0)
			time.AfterFunc(10*time.Second, func() { s.send(0x0006, p[0], p[1], 0x10, 0x10, 0x10, 0, 0, 0, 0) })
			return true
		}
		told := ""
		l := dial(t, e, doip.Options{Notify: func(s string) { told = s }})
		if !strings.Contains(told, "confirm") {
			t.Errorf("told %q", told)
		}
		_ = l.Close()
	})
}

// TestBadPeers must end: what speaks something else, says nothing, or floods.
func TestBadPeers(t *testing.T) {
	for _, row := range []struct {
		name string
		on   func(*session, uint16, []byte) bool
		lost bool
	}{
		{"another protocol", func(s *session, _ uint16, _ []byte) bool { s.raw([]byte("HTTP/1.1 400 Bad Request\r\n")); return true }, true},
		{"silence", func(*session, uint16, []byte) bool { return true }, false},
		{"hangs up", func(s *session, _ uint16, _ []byte) bool { _ = s.conn.Close(); return true }, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			e := twoUnits()
			e.on = row.on
			p := connect(e)
			start := time.Now()
			_, err := doip.Dial(t.Context(), p, doip.Options{})
			if err == nil || link.IsLost(err) != row.lost || time.Since(start) > 10*time.Second {
				t.Errorf("%s: %v after %s", row.name, err, time.Since(start))
			}
			_ = p.Close()
		})
	}
}

// TestFloodEnds is a peer that never stops sending; the exchange ends in time all the same.
func TestFloodEnds(t *testing.T) {
	e := twoUnits()
	flood := []byte{0x02, 0xFD, 0x80, 0x01, 0, 0, 0, 6, 0x10, 0x30, 0x0E, 0x00, 0x62, 0x11}
	huge := []byte{0x02, 0xFD, 0x80, 0x01, 0x00, 0x10, 0x00, 0x00}
	e.on = func(s *session, typ uint16, p []byte) bool {
		if typ == 0x8001 && p[4] == 0x22 {
			go func() {
				s.raw(append(huge, make([]byte, 1<<20)...))
				for s.tryRaw(bytes.Repeat(flood, 64)) {
				}
			}()
			return true
		}
		return typ == 0x0000
	}
	l := dial(t, e, doip.Options{})
	start := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err := l.Exchange(ctx, link.Request{Target: obd.Logical(0x1010), Data: []byte{0x22, 0xF1, 0x90}})
	if !link.IsLost(err) || !strings.Contains(err.Error(), "FLOOD") || time.Since(start) > 2*time.Second {
		t.Errorf("Exchange: %v after %s", err, time.Since(start))
	}
	_ = l.Close()
}

func TestGuardOfThePort(t *testing.T) {
	for _, row := range []struct {
		hex    string
		denied bool
	}{
		{"02FD0005000000070E0000000000 00", false},
		{"02FD0008000000020E00", false},
		{"02FD8001000000060E001010 3E00", false},
		{"02FD8001000000060E001010 1001", false},
		{"02FD8001000000060E001010 1003", true},
		{"02FD8001000000050E001010 04", true},
		{"02FD8001000000080E001010 2EF19000", true},
		{"02FD8001000000060E001010 3E00 02FD8001000000050E001010 04", true},
		{"02FD8001000000060E001010 3E", true},
		{"02FD8001000000060E001010 3E00 02", true},
		{"02FDF001000000010E", true},
		{"02FD000600000009 0E00 1010 10 00000000", true},
		{"4154490D", true},
	} {
		e := twoUnits()
		near, farEnd := net.Pipe()
		go e.serve(farEnd)
		g := doip.Guard(pipe{near}, link.ReadOnly())
		_, err := g.Write(unhex(t, row.hex))
		if (errs.KindOf(err) == errs.Denied) != row.denied || err != nil && !row.denied {
			t.Errorf("%s: %v, want denied %v", row.hex, err, row.denied)
		}
		_ = g.Close()
	}
}
