package main

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/adapters/card"
	"github.com/fleetms/obdctl/adapters/serial"
	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
	"github.com/fleetms/obdctl/tui/screen/connect"
)

// How often the computer's ports are looked at, and the air and the network. The latter takes a moment and is heard
// by others, so it is done seldom, and never while an adapter is in use.
const (
	portsEvery = 1500 * time.Millisecond
	airEvery   = 15 * time.Second
)

// mediums are the ways as people call them.
var mediums = map[adapters.Scheme]string{
	adapters.Serial: "USB", adapters.TCP: "Wi-Fi", adapters.BLE: "Bluetooth LE", adapters.RFCOMM: "Bluetooth",
	adapters.CAN: "CAN", adapters.SLCAN: "CAN", adapters.J2534: "pass-thru", adapters.DoIP: "Ethernet",
	adapters.Simulator: "demo", adapters.Replay: "replay", adapters.Auto: "auto",
}

// Look emits what was used before, then what comes into sight and goes, until ctx ends.
func (b *bay) Look(ctx context.Context, emit func(connect.Sight)) error {
	emit(connect.Sight{Address: "auto", Medium: mediums[adapters.Auto], Likely: true})
	cards, err := cardBox().List()
	if err != nil {
		return err
	}
	for _, c := range cards {
		s := connect.Sight{Address: c.Address, Last: c.Seen, Likely: true}
		if a, err := adapters.Parse(c.Address); err == nil {
			s.Medium, s.Gone = mediums[a.Scheme], a.Scheme == adapters.Serial
		}
		emit(s)
	}
	var both sync.WaitGroup
	both.Go(func() { lookAtPorts(ctx, emit) })
	both.Go(func() { b.lookAround(ctx, emit) })
	both.Wait()
	return ctx.Err()
}

// lookAtPorts tells serial ports that are plugged in and out.
func lookAtPorts(ctx context.Context, emit func(connect.Sight)) {
	there := map[string]connect.Sight{}
	for {
		ports, err := adapters.List()
		if err != nil {
			emit(connect.Sight{Medium: "USB", Blind: err})
		}
		seen := map[string]bool{}
		for _, p := range ports {
			s := sightOf(p)
			seen[s.Address] = true
			if there[s.Address] != s {
				there[s.Address] = s
				emit(s)
			}
		}
		for address, s := range there {
			if !seen[address] {
				delete(there, address)
				s.Gone = true
				emit(s)
			}
		}
		if pause(ctx, portsEvery) != nil {
			return
		}
	}
}

func sightOf(p serial.Info) connect.Sight {
	x := port{Chip: p.Chip.Name, Product: p.Product}
	medium := mediums[adapters.Serial]
	if p.Medium == serial.Bluetooth {
		medium = mediums[adapters.RFCOMM]
	}
	return connect.Sight{Address: "serial://" + p.Device, Medium: medium, Name: p.Device, About: x.about(), Likely: p.Likely()}
}

// lookAround looks at the air, the network and the pass-thru drivers.
func (b *bay) lookAround(ctx context.Context, emit func(connect.Sight)) {
	for {
		if !b.now().Up() {
			sights, blind, err := adapters.Look(ctx, adapters.LookWait)
			if err != nil {
				return
			}
			for _, s := range sights {
				x := port{Vendor: s.Vendor, VIN: s.VIN, EID: s.EID, Signal: s.Signal, Bits: s.Bits}
				emit(connect.Sight{Address: s.Address, Medium: mediums[s.Scheme], Name: s.Name, About: x.about(), Likely: s.Likely})
			}
			for _, k := range blind {
				emit(connect.Sight{Medium: mediums[k.Scheme], Blind: k.Err})
			}
		}
		if pause(ctx, airEvery) != nil {
			return
		}
	}
}

// Check says what is wrong with an address.
func (b *bay) Check(address string) error {
	_, err := adapters.Parse(address)
	return err
}

// Demos are the simulated cars; one with a fault to look at comes first.
func (b *bay) Demos() []connect.Demo {
	const first = "petrol-misfire"
	var out []connect.Demo
	for _, s := range simulator.Scenarios() {
		d := connect.Demo{Address: "sim:" + s.Name, Title: s.Title}
		if s.Name == first {
			out = append([]connect.Demo{d}, out...)
			continue
		}
		out = append(out, d)
	}
	return out
}

// Card is the report card that is kept of an adapter.
func (b *bay) Card(_ context.Context, address string) (*connect.Card, error) {
	cards, err := cardBox().List()
	if err != nil {
		return nil, err
	}
	for _, c := range cards {
		if c.Address == address && len(c.Report) > 0 {
			return cardOf(c)
		}
	}
	return nil, nil
}

func cardOf(c card.Card) (*connect.Card, error) {
	var r elm327.Report
	if err := json.Unmarshal(c.Report, &r); err != nil {
		return nil, err
	}
	made := c.Seen
	if c.Probed != nil {
		made = *c.Probed
	}
	return cardFrom(r, made), nil
}

func cardFrom(r elm327.Report, made time.Time) *connect.Card {
	out := &connect.Card{
		Claims: r.Capabilities.Claimed, Honest: r.Honest, Baud: r.Baud, Made: made,
		Answer: millis(r.Command.Median), Honours: r.Honoured, Refuses: r.Refused,
	}
	if r.Behaves != "" {
		out.Behaves = "ELM327 v" + r.Behaves
	}
	if r.Voltage != nil {
		out.Volts = *r.Voltage
	}
	if r.Vehicle != nil {
		out.Request, out.Batch = millis(r.Vehicle.Request.Median), r.Vehicle.BatchLimit
	}
	return out
}

func millis(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// Examine makes a report card, keeps it, and connects again to what was connected.
func (b *bay) Examine(ctx context.Context, address string, emit func(connect.Said)) (*connect.Card, error) {
	var out *connect.Card
	err := b.do(ctx, func(ctx context.Context) error {
		again := b.session != nil && strings.EqualFold(b.now().Address, address)
		b.leave()
		options, err := b.wayIn()
		if err != nil {
			return err
		}
		b.said = emit
		defer func() { b.said = nil }()
		r, err := adapters.Probe(ctx, address, options)
		if err != nil {
			return b.failed(err)
		}
		out = cardFrom(r, time.Now())
		if err := b.app.keepCard(ctx, address, r); err != nil {
			emit(connect.Said{At: time.Now(), Text: "the report card was not kept: " + err.Error(), Warning: true})
		}
		if !again {
			return nil
		}
		return b.connect(ctx, address, emit)
	})
	return out, err
}
