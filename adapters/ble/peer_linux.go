package ble

import (
	"context"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"

	"github.com/fleetms/obdctl/adapters/bluez"
	"github.com/fleetms/obdctl/internal/errs"
)

// blueZPeer is a device connected by BlueZ.
type blueZPeer struct {
	bus  *bluez.Bus
	path dbus.ObjectPath
	stop func()

	once     sync.Once
	gone     chan struct{}
	linked   bool
	resolved chan struct{}
	ready    sync.Once
	closing  sync.Once

	mu        sync.Mutex
	listeners map[dbus.ObjectPath]func([]byte)
}

func newBlueZPeer(bus *bluez.Bus, path dbus.ObjectPath) *blueZPeer {
	p := &blueZPeer{
		bus: bus, path: path, gone: make(chan struct{}), resolved: make(chan struct{}),
		listeners: map[dbus.ObjectPath]func([]byte){},
	}
	p.stop = bus.Watch(p.hear)
	go func() {
		select {
		case <-bus.Done():
			p.end()
		case <-p.gone:
		}
	}()
	return p
}

func (p *blueZPeer) end() { p.once.Do(func() { close(p.gone) }) }

// hear takes signals: the state of the device, and values of its characteristics.
func (p *blueZPeer) hear(c bluez.Change) {
	switch {
	case c.Path == p.path && c.Interface == bluez.DeviceInterface:
		if _, says := c.Now["Connected"]; c.Now == nil || says && !c.Now.Flag("Connected") {
			p.end()
		}
		if c.Now.Flag("ServicesResolved") {
			p.ready.Do(func() { close(p.resolved) })
		}
	case c.Interface == bluez.CharacteristicInterface && strings.HasPrefix(string(c.Path), string(p.path)+"/"):
		value, ok := c.Now["Value"].Value().([]byte)
		if !ok {
			return
		}
		p.mu.Lock()
		f := p.listeners[c.Path]
		p.mu.Unlock()
		if f != nil {
			f(value)
		}
	}
}

func (p *blueZPeer) connect(ctx context.Context) error {
	if err := p.bus.Call(ctx, p.path, "org.bluez.Device1.Connect"); err != nil && !isName(err, "org.bluez.Error.AlreadyConnected") {
		return err
	}
	p.linked = true
	objects, err := p.bus.Objects(ctx)
	if err != nil {
		return err
	}
	if objects[p.path][bluez.DeviceInterface].Flag("ServicesResolved") {
		return nil
	}
	select {
	case <-p.resolved:
		return nil
	case <-p.gone:
		return errs.New(errs.NoAdapter, "the device disconnected at once").WithHint("it may be connected to a telephone, or want to be paired: bluetoothctl pair")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Characteristics lists them in the order of their handles, which is that of their paths.
func (p *blueZPeer) Characteristics(ctx context.Context) ([]Characteristic, error) {
	objects, err := p.bus.Objects(ctx)
	if err != nil {
		return nil, err
	}
	var out []Characteristic
	for _, path := range objects.With(bluez.CharacteristicInterface) {
		if !strings.HasPrefix(string(path), string(p.path)+"/") {
			continue
		}
		props := objects[path][bluez.CharacteristicInterface]
		service := objects[props.Path("Service")][bluez.ServiceInterface]
		c := &blueZCharacteristic{peer: p, path: path, properties: flags(props.Texts("Flags"))}
		if c.uuid, err = ParseUUID(props.Text("UUID")); err != nil {
			continue
		}
		if c.service, err = ParseUUID(service.Text("UUID")); err != nil {
			continue
		}
		c.mtu, _ = props.Number("MTU")
		out = append(out, c)
	}
	return out, nil
}

func flags(names []string) Properties {
	var p Properties
	for _, n := range names {
		switch n {
		case "write-without-response":
			p |= CanWriteCommand
		case "write":
			p |= CanWrite
		case "notify":
			p |= CanNotify
		case "indicate":
			p |= CanIndicate
		}
	}
	return p
}

// Gone is closed when the device or BlueZ is.
func (p *blueZPeer) Gone() <-chan struct{} { return p.gone }

// Close disconnects. A device that is gone already is no error.
func (p *blueZPeer) Close() error {
	p.closing.Do(func() {
		p.stop()
		p.end()
		if p.linked {
			ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
			defer cancel()
			_ = p.bus.Call(ctx, p.path, "org.bluez.Device1.Disconnect")
		}
	})
	return nil
}

// blueZCharacteristic is one characteristic of BlueZ.
type blueZCharacteristic struct {
	peer          *blueZPeer
	path          dbus.ObjectPath
	uuid, service UUID
	properties    Properties
	mtu           int
}

func (c *blueZCharacteristic) UUID() UUID             { return c.uuid }
func (c *blueZCharacteristic) Service() UUID          { return c.service }
func (c *blueZCharacteristic) Properties() Properties { return c.properties }
func (c *blueZCharacteristic) MTU() int               { return c.mtu }

func (c *blueZCharacteristic) Write(ctx context.Context, b []byte, response bool) error {
	kind := "command"
	if response {
		kind = "request"
	}
	options := map[string]any{"type": kind}
	return c.peer.bus.Call(ctx, c.path, "org.bluez.GattCharacteristic1.WriteValue", b, options)
}

func (c *blueZCharacteristic) Notify(ctx context.Context, f func([]byte)) error {
	c.peer.mu.Lock()
	c.peer.listeners[c.path] = f
	c.peer.mu.Unlock()
	return c.peer.bus.Call(ctx, c.path, "org.bluez.GattCharacteristic1.StartNotify")
}
