package adapters_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/adapters/card"
	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// serve runs a simulated adapter on a loopback port and returns its address.
func serve(t *testing.T, scenario string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			car, err := simulator.Open(ctx, scenario)
			if err != nil {
				t.Error(err)
				return
			}
			go couple(conn, car)
		}
	}()
	t.Cleanup(func() { cancel(); _ = l.Close(); <-done })
	return l.Addr().String()
}

// couple carries bytes both ways until one side ends.
func couple(a, b io.ReadWriteCloser) {
	var once sync.Once
	closeBoth := func() { once.Do(func() { _, _ = a.Close(), b.Close() }) }
	go func() { _, _ = io.Copy(a, b); closeBoth() }()
	_, _ = io.Copy(b, a)
	closeBoth()
}

// diagnose asks a few things and returns all that a document would be made from.
func diagnose(t *testing.T, l link.Link) []string {
	t.Helper()
	clock := adapters.ClockOf(l)
	log := []string{clock.NewID().String(), clock.Now().Format(time.RFC3339Nano), clock.Source(), fmt.Sprintf("%+v", l.Describe())}
	for _, data := range [][]byte{{1, 0}, {1, 1}, {1, 0x0C}, {1, 0x0C}, {1, 0x0C, 0x0D, 0x05}, {3}, {7}, {0x0A}, {2, 2, 0}, {9, 2}, {9, 4}, {6, 0}, {1, 0xE3}, {0x22, 0xF1, 0x90}} {
		replies, err := l.Exchange(t.Context(), link.Request{Data: data})
		log = append(log, fmt.Sprintf("% X: %v", data, err))
		for _, r := range replies {
			log = append(log, fmt.Sprintf("  %s % X %d %v %s", r.ECU, r.Data, r.Frames, r.Err, r.At.Format(time.RFC3339Nano)))
		}
	}
	volts, err := l.(link.Voltmeter).SupplyVoltage(t.Context())
	return append(log, fmt.Sprint(volts, err), clock.NewID().String(), clock.Now().Format(time.RFC3339Nano))
}

// TestReplayGivesTheSameResult records over real TCP and compares everything, times and identifiers too.
func TestReplayGivesTheSameResult(t *testing.T) {
	for _, scenario := range []string{"petrol-misfire", "diesel-4ecu-29bit", "kwp"} {
		t.Run(scenario, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "car.rec")
			live := record(t, "tcp://"+serve(t, "sim:"+scenario+"?pace=0"), path)
			for _, query := range []string{"", "?strict=1", "?speed=100"} {
				l, err := adapters.Open(t.Context(), "replay:"+path+query, options())
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(live, diagnose(t, l)); diff != "" {
					t.Errorf("replay%s (-live +replay):\n%s", query, diff)
				}
				_ = l.Close()
			}
		})
	}
}

func record(t *testing.T, address, path string) []string {
	t.Helper()
	rec, err := replay.Create(path, "obdctl test")
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Record = rec
	l, err := adapters.Open(t.Context(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	log := diagnose(t, l)
	if err := errors.Join(l.Close(), rec.Close()); err != nil {
		t.Fatal(err)
	}
	return log
}

// TestGuardStandsUnderneath writes past the link, to the port.
func TestGuardStandsUnderneath(t *testing.T) {
	p, err := adapters.OpenPort(t.Context(), "sim:?pace=0", options())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := p.Write([]byte("04\r")); errs.KindOf(err) != errs.Denied {
		t.Errorf("Write: %v, want it denied", err)
	}
	l, err := adapters.Open(t.Context(), "sim:?pace=0", adapters.Options{})
	if errs.KindOf(err) != errs.Denied {
		t.Errorf("Open without any permission: %v, %v, want it denied", l, err)
	}
}

// TestComesBack cuts the connection in the middle of a request.
func TestComesBack(t *testing.T) {
	var kinds []string
	o := options()
	o.Notify = func(e adapters.Event) { kinds = append(kinds, e.Kind) }
	l, err := adapters.Open(t.Context(), "tcp://"+serve(t, "sim:?pace=0&drop=after:30"), o)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for range 60 {
		replies, err := l.Exchange(t.Context(), link.Request{Data: []byte{0x01, 0x0C}})
		if err != nil || len(replies) == 0 {
			t.Fatalf("Exchange: %v, %v", replies, err)
		}
	}
	if text := strings.Join(kinds, " "); !strings.Contains(text, "lost retry") || !strings.Contains(text, "back") {
		t.Errorf("events: %s", text)
	}
}

func TestCardMakesTheNextConnectKnown(t *testing.T) {
	box := card.Box{Folder: t.TempDir()}
	o := options()
	o.Cards = box
	address := "tcp://" + serve(t, "sim:?pace=0")
	connect := func() {
		t.Helper()
		l, err := adapters.Open(t.Context(), address, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	connect()
	key := card.Key(address, "")
	c, err := box.Load(key)
	if err != nil || len(c.Capabilities) == 0 || c.Address != address {
		t.Fatalf("card %+v, %v", c, err)
	}
	for _, stale := range []string{`{"claimed":"ELM327 v9.9","kind":"stn","commands":{"ATS0":false,"ATH1":false},"count_digit":true,"digit_probed":true}`, `"nonsense"`, `{}`} {
		c.Capabilities = []byte(stale)
		if err := box.Save(c); err != nil {
			t.Fatal(err)
		}
		connect()
	}
	files, _ := filepath.Glob(filepath.Join(box.Folder, "*.json"))
	if len(files) != 1 {
		t.Fatalf("cards: %v", files)
	}
	if err := os.WriteFile(files[0], []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	var notices []string
	o.Notify = func(e adapters.Event) {
		if e.Kind == adapters.EventCard {
			notices = append(notices, e.Text)
		}
	}
	connect()
	if len(notices) != 1 {
		t.Errorf("notices of a damaged card: %q", notices)
	}
	if c, err := box.Load(key); err != nil || len(c.Capabilities) == 0 {
		t.Errorf("card after the damage: %+v, %v", c, err)
	}
}

// TestAnotherAdapterAtTheSameAddress must not inherit what the one before it refused.
func TestAnotherAdapterAtTheSameAddress(t *testing.T) {
	o := options()
	o.Cards = card.Box{Folder: t.TempDir()}
	address := "tcp://" + serve(t, "sim:?pace=0")
	learned := func() (caps elm327.Capabilities) {
		t.Helper()
		l, err := adapters.Open(t.Context(), address, o)
		if err != nil {
			t.Fatal(err)
		}
		c, loadErr := o.Cards.Load(card.Key(address, ""))
		if err := errors.Join(l.Close(), loadErr, json.Unmarshal(c.Capabilities, &caps)); err != nil {
			t.Fatal(err)
		}
		return caps
	}
	first := learned()
	before := first
	before.Commands = map[string]bool{"ATH1": false, "ATSH": false}
	before.CountDigit = !first.CountDigit
	data, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	key := card.Key(address, "")
	if err := o.Cards.Save(card.Card{Key: key, Address: address, Capabilities: data}); err != nil {
		t.Fatal(err)
	}
	if now := learned(); !now.Commands["ATH1"] || now.CountDigit != first.CountDigit {
		t.Errorf("headers %v, count digit %v; want true and %v", now.Commands["ATH1"], now.CountDigit, first.CountDigit)
	}
}

func TestBadRecordingIsBadInput(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.rec")
	if err := os.WriteFile(path, []byte("obdctl-recording/1\nstarted: 2026-03-01T08:30:00Z\n\n0.0 open\n0.1 jump\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := adapters.Open(t.Context(), "replay:"+path, options())
	if errs.KindOf(err) != errs.BadInput || !strings.Contains(err.Error(), "car.rec:5: ") {
		t.Errorf("Open: %v", err)
	}
}

// TestStrictReplayIsNoLostAdapter must not try to come back.
func TestStrictReplayIsNoLostAdapter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.rec")
	record(t, "sim:?pace=0", path)
	l, err := adapters.Open(t.Context(), "replay:"+path+"?strict=1", options())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = l.Exchange(t.Context(), link.Request{Data: []byte{0x09, 0x0A}})
	if errs.KindOf(err) != errs.BadInput || !strings.Contains(err.Error(), "line ") {
		t.Errorf("Exchange: %v (kind %s)", err, errs.KindOf(err))
	}
}

// TestUnknownSimulatedCar is told by its name, whichever way leads to it.
func TestUnknownSimulatedCar(t *testing.T) {
	for _, via := range []string{"port", "bus", "doip"} {
		_, err := adapters.Open(t.Context(), "sim:nope?via="+via, options())
		if errs.KindOf(err) != errs.Usage || !strings.Contains(err.Error(), "nope") {
			t.Errorf("via=%s: %v (%s)", via, err, errs.KindOf(err))
		}
	}
	if _, err := adapters.Open(t.Context(), "sim:kwp?via=doip", options()); errs.KindOf(err) != errs.Unsupported {
		t.Errorf("a car of the K-line by DoIP: %v", err)
	}
}
