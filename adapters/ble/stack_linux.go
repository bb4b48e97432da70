package ble

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"

	"github.com/fleetms/obdctl/adapters/bluez"
	"github.com/fleetms/obdctl/internal/errs"
)

// System returns the stack of this computer: BlueZ on the system's bus. Errors are of kind
// [errs.Unsupported] or [errs.NoAdapter] with a hint.
func System() (Stack, error) { return BlueZ("") }

// BlueZ returns the stack of BlueZ on the bus at an address, "" for the system's.
func BlueZ(address string) (Stack, error) {
	bus, err := bluez.Open(address)
	if err != nil {
		return nil, err
	}
	return &blueZ{bus}, nil
}

type blueZ struct{ bus *bluez.Bus }

func (b *blueZ) Close() error { return b.bus.Close() }

// Scan makes BlueZ search and tells what it sees. Devices that BlueZ only remembers are not in sight.
func (b *blueZ) Scan(ctx context.Context, found func(Device)) error {
	objects, err := b.bus.Objects(ctx)
	if err != nil {
		return ended(ctx, err)
	}
	adapter, err := objects.Adapter()
	if err != nil {
		return err
	}
	s := &scanning{adapter: adapter, known: map[dbus.ObjectPath]bluez.Properties{}, more: make(chan struct{}, 1)}
	for _, d := range objects.Devices(adapter) {
		p := objects[d.Path][bluez.DeviceInterface]
		s.known[d.Path] = p
		if d.Linked || d.RSSI != 0 {
			found(deviceOf(d))
		}
	}
	defer b.bus.Watch(s.hear)()
	filter := map[string]any{"Transport": "le"}
	if err := b.bus.Call(ctx, adapter, "org.bluez.Adapter1.SetDiscoveryFilter", filter); err != nil {
		return ended(ctx, err)
	}
	err = b.bus.Call(ctx, adapter, "org.bluez.Adapter1.StartDiscovery")
	if err != nil && !isName(err, "org.bluez.Error.InProgress") {
		return ended(ctx, err)
	}
	// Discovery ends with the connection too; nothing is lost when this fails.
	defer func() { _ = b.bus.Call(context.WithoutCancel(ctx), adapter, "org.bluez.Adapter1.StopDiscovery") }()
	for {
		for _, d := range s.take() {
			found(d)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-b.bus.Done():
			return errs.New(errs.NoAdapter, "the connection to BlueZ was lost")
		case <-s.more:
		}
	}
}

// ended makes the end of ctx the end of a search.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func isName(err error, name string) bool {
	var reply dbus.Error
	return errors.As(err, &reply) && reply.Name == name
}

func deviceOf(d bluez.Device) Device {
	out := Device{Address: d.Address, Name: d.Name, RSSI: d.RSSI}
	if strings.EqualFold(strings.ReplaceAll(d.Name, "-", ":"), d.Address) {
		out.Name = "" // BlueZ writes the address where a device has no name
	}
	for _, s := range d.UUIDs {
		if u, err := ParseUUID(s); err == nil {
			out.Services = append(out.Services, u)
		}
	}
	return out
}

// scanning collects what signals say of devices.
type scanning struct {
	adapter dbus.ObjectPath
	more    chan struct{}

	mu      sync.Mutex
	known   map[dbus.ObjectPath]bluez.Properties
	changed map[dbus.ObjectPath]bool
}

// hear merges what changed.
func (s *scanning) hear(c bluez.Change) {
	if c.Interface != bluez.DeviceInterface || c.Now == nil || !strings.HasPrefix(string(c.Path), string(s.adapter)+"/") {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.known[c.Path]
	if !ok {
		if len(s.known) >= 4*maxDevices {
			return
		}
		p = bluez.Properties{}
		s.known[c.Path] = p
	}
	maps.Copy(p, c.Now)
	if s.changed == nil {
		s.changed = map[dbus.ObjectPath]bool{}
	}
	s.changed[c.Path] = true
	select {
	case s.more <- struct{}{}:
	default: // it will be seen with what is told already
	}
}

// take returns the devices of which something changed.
func (s *scanning) take() []Device {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Device
	for path := range s.changed {
		if d := bluez.DeviceOf(path, s.known[path]); d.Address != "" {
			out = append(out, deviceOf(d))
		}
	}
	s.changed = nil
	return out
}

// Connect connects and waits until the services are known.
func (b *blueZ) Connect(ctx context.Context, address string) (Peer, error) {
	objects, err := b.bus.Objects(ctx)
	if err != nil {
		return nil, err
	}
	adapter, err := objects.Adapter()
	if err != nil {
		return nil, err
	}
	for _, d := range objects.Devices(adapter) {
		if strings.EqualFold(d.Address, address) {
			p := newBlueZPeer(b.bus, d.Path)
			if err := p.connect(ctx); err != nil {
				return nil, errors.Join(err, p.Close())
			}
			return p, nil
		}
	}
	return nil, errs.New(errs.NoAdapter, "BlueZ does not know the device %s", address).WithHint("bring the adapter near; it must have been in sight once")
}
