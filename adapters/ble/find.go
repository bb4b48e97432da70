package ble

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// maxDevices bounds what a search keeps: a car park has hundreds of beacons.
const maxDevices = 512

// settle is how long a search without a target goes on after the first adapter, for a stronger one.
const settle = 1500 * time.Millisecond

// List looks for devices until ctx ends or the time is over, and returns them, adapters first, the
// strongest signal first. ctx's end is an error of its own, with what was found.
func List(ctx context.Context, stack Stack, wait time.Duration) ([]Device, error) {
	limited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	s := sight{devices: map[string]Device{}}
	if err := stack.Scan(limited, func(d Device) { s.add(d) }); err != nil && ctx.Err() == nil {
		return nil, err
	}
	return s.sorted(), ctx.Err()
}

// find returns the device that the target names.
func find(ctx context.Context, stack Stack, target string, notify func(string)) (Device, error) {
	notify("looking for Bluetooth LE devices")
	limited, cancel := context.WithTimeout(ctx, findLimit)
	defer cancel()
	s := sight{devices: map[string]Device{}}
	var once sync.Once
	var timer *time.Timer
	err := stack.Scan(limited, func(d Device) {
		d = s.add(d)
		switch {
		case target != "" && d.Matches(target):
			cancel()
		case target == "" && d.IsLikely():
			once.Do(func() { timer = time.AfterFunc(settle, cancel) })
		}
	})
	if timer != nil {
		timer.Stop()
	}
	if ctx.Err() != nil {
		return Device{}, ctx.Err()
	}
	if err != nil && limited.Err() == nil {
		return Device{}, err
	}
	for _, d := range s.sorted() {
		if target != "" && d.Matches(target) || target == "" && d.IsLikely() {
			notify("found " + d.label())
			return d, nil
		}
	}
	return Device{}, s.nobody(target)
}

// sight is what is in sight.
type sight struct {
	mu      sync.Mutex
	devices map[string]Device
}

// add merges an advertisement with what is known: the name often comes in another one than the services.
func (s *sight) add(d Device) Device {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, known := s.devices[d.Address]
	if !known && len(s.devices) >= maxDevices {
		return d
	}
	d.Name = cmp.Or(d.Name, old.Name)
	d.RSSI = cmp.Or(d.RSSI, old.RSSI)
	if len(d.Services) == 0 {
		d.Services = old.Services
	}
	s.devices[d.Address] = d
	return d
}

func (s *sight) sorted() []Device {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Device, 0, len(s.devices))
	for _, d := range s.devices {
		out = append(out, d)
	}
	rank := func(d Device) int {
		if d.IsLikely() {
			return 0
		}
		return 1
	}
	strength := func(d Device) int {
		if d.RSSI == 0 {
			return -1000
		}
		return d.RSSI
	}
	slices.SortFunc(out, func(a, b Device) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(strength(b), strength(a)), cmp.Compare(a.Address, b.Address))
	})
	return out
}

// nobody says what is in sight instead.
func (s *sight) nobody(target string) error {
	all := s.sorted()
	seen := make([]string, 0, 6)
	for _, d := range all[:min(len(all), 6)] {
		seen = append(seen, d.label())
	}
	hint := "switch the ignition on, bring the adapter near, and disconnect it from telephones"
	if len(seen) > 0 {
		hint += "; in sight are " + strings.Join(seen, ", ")
	}
	if target == "" {
		return errs.New(errs.NoAdapter, "no Bluetooth LE adapter is in sight").WithHint("%s", hint)
	}
	return errs.New(errs.NoAdapter, "no Bluetooth LE device %q is in sight", target).WithHint("%s", hint)
}
