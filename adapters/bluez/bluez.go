// Package bluez speaks with BlueZ, the Bluetooth service of Linux, over D-Bus.
package bluez

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/godbus/dbus/v5"

	"github.com/fleetms/obdctl/internal/errs"
)

// service is BlueZ's name on the bus.
const service = "org.bluez"

// The interfaces of BlueZ's objects.
const (
	AdapterInterface        = "org.bluez.Adapter1"
	DeviceInterface         = "org.bluez.Device1"
	ServiceInterface        = "org.bluez.GattService1"
	CharacteristicInterface = "org.bluez.GattCharacteristic1"
)

// Properties are those of one interface. What another program wrote there is read with care.
type Properties map[string]dbus.Variant

// Text returns a property of text, "" when it is absent or of another type.
func (p Properties) Text(name string) string { return value[string](p, name) }

// Flag returns a property that is true or false.
func (p Properties) Flag(name string) bool { return value[bool](p, name) }

// Texts returns a property that is a list of texts.
func (p Properties) Texts(name string) []string { return value[[]string](p, name) }

// Number returns a property of 16 bits, with or without a sign.
func (p Properties) Number(name string) (int, bool) {
	switch n := p[name].Value().(type) {
	case int16:
		return int(n), true
	case uint16:
		return int(n), true
	}
	return 0, false
}

// Path returns a property that is the path of another object.
func (p Properties) Path(name string) dbus.ObjectPath { return value[dbus.ObjectPath](p, name) }

func value[T any](p Properties, name string) T {
	v, _ := p[name].Value().(T)
	return v
}

// Objects are BlueZ's objects with their interfaces.
type Objects map[dbus.ObjectPath]map[string]Properties

// With returns the paths of the objects that have an interface, sorted.
func (o Objects) With(name string) []dbus.ObjectPath {
	var out []dbus.ObjectPath
	for path, interfaces := range o {
		if _, ok := interfaces[name]; ok {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

// Change is a signal: properties that changed, an object that appeared or one that went.
type Change struct {
	Path      dbus.ObjectPath
	Interface string
	Now       Properties // nil when the interface went
}

// Bus is a connection of its own to the bus.
type Bus struct {
	conn *dbus.Conn

	mu       sync.Mutex
	watchers map[int]func(Change)
	next     int
}

// Open connects to the bus at the address, "" for the system's. Errors are of kind [errs.Unsupported]
// where this computer has no such bus, with a hint.
func Open(address string) (*Bus, error) {
	b := &Bus{watchers: map[int]func(Change){}}
	connect := dbus.ConnectSystemBus
	if address != "" {
		connect = func(o ...dbus.ConnOption) (*dbus.Conn, error) { return dbus.Connect(address, o...) }
	}
	conn, err := connect(dbus.WithSignalHandler(b))
	if err != nil {
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
			return nil, errs.New(errs.Unsupported, "this computer has no system bus: %w", err).WithHint(serviceHint)
		}
		return nil, errs.New(errs.NoAdapter, "connect to the system bus: %w", err).WithHint(serviceHint)
	}
	b.conn = conn
	if err := conn.AddMatchSignal(dbus.WithMatchSender(service)); err != nil {
		return nil, errors.Join(explain("watch BlueZ", err), conn.Close())
	}
	return b, nil
}

const serviceHint = "Bluetooth on Linux needs BlueZ: install the package bluez and start bluetooth.service"

// Done is closed when the connection is gone.
func (b *Bus) Done() <-chan struct{} { return b.conn.Context().Done() }

// Close ends the connection.
func (b *Bus) Close() error { return b.conn.Close() }

// Objects asks for all objects.
func (b *Bus) Objects(ctx context.Context) (Objects, error) {
	var raw map[dbus.ObjectPath]map[string]map[string]dbus.Variant
	call := b.conn.Object(service, "/").CallWithContext(ctx, "org.freedesktop.DBus.ObjectManager.GetManagedObjects", 0)
	if err := call.Store(&raw); err != nil {
		return nil, explain("ask BlueZ", err)
	}
	out := Objects{}
	for path, interfaces := range raw {
		out[path] = map[string]Properties{}
		for name, p := range interfaces {
			out[path][name] = p
		}
	}
	return out, nil
}

// Call calls a method, such as "org.bluez.Device1.Connect", of an object.
func (b *Bus) Call(ctx context.Context, path dbus.ObjectPath, method string, args ...any) error {
	err := b.conn.Object(service, path).CallWithContext(ctx, method, 0, args...).Err
	if err == nil {
		return nil
	}
	at := strings.LastIndexByte(method, '.')
	return explain(method[at+1:]+" by BlueZ", err)
}

// Watch calls f for every change until stop is called. f runs where signals are received: it must return
// at once and call nothing of the bus.
func (b *Bus) Watch(f func(Change)) (stop func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.next
	b.next++
	b.watchers[n] = f
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.watchers, n)
	}
}

// DeliverSignal implements [dbus.SignalHandler]: changes are told in their order, without a queue that
// could grow.
func (b *Bus) DeliverSignal(_, _ string, s *dbus.Signal) {
	for _, c := range Changes(s) {
		b.mu.Lock()
		watchers := make([]func(Change), 0, len(b.watchers))
		for _, f := range b.watchers {
			watchers = append(watchers, f)
		}
		b.mu.Unlock()
		for _, f := range watchers {
			f(c)
		}
	}
}

// Changes reads a signal; none for a signal that says nothing of interest.
func Changes(s *dbus.Signal) []Change {
	var out []Change
	switch {
	case s.Name == "org.freedesktop.DBus.Properties.PropertiesChanged" && len(s.Body) >= 2:
		name, ok := s.Body[0].(string)
		changed, good := s.Body[1].(map[string]dbus.Variant)
		if ok && good {
			out = append(out, Change{s.Path, name, changed})
		}
	case s.Name == "org.freedesktop.DBus.ObjectManager.InterfacesAdded" && len(s.Body) >= 2:
		path, _ := s.Body[0].(dbus.ObjectPath)
		interfaces, _ := s.Body[1].(map[string]map[string]dbus.Variant)
		for name, p := range interfaces {
			out = append(out, Change{path, name, p})
		}
	case s.Name == "org.freedesktop.DBus.ObjectManager.InterfacesRemoved" && len(s.Body) >= 2:
		path, _ := s.Body[0].(dbus.ObjectPath)
		names, _ := s.Body[1].([]string)
		for _, name := range names {
			out = append(out, Change{Path: path, Interface: name})
		}
	}
	return out
}

// explain gives an error of D-Bus its kind and its hint.
func explain(what string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var reply dbus.Error
	if !errors.As(err, &reply) {
		return errs.New(errs.NoAdapter, "%s: %w", what, err)
	}
	switch name := reply.Name; name {
	case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner":
		return errs.New(errs.Unsupported, "%s: BlueZ is not running", what).WithHint(serviceHint)
	case "org.freedesktop.DBus.Error.AccessDenied", "org.bluez.Error.NotPermitted", "org.bluez.Error.NotAuthorized":
		return errs.New(errs.NoAdapter, "%s: %w", what, err).WithHint("this user may not use Bluetooth: join the group bluetooth, or pair the adapter first")
	case "org.bluez.Error.NotReady":
		return errs.New(errs.NoAdapter, "%s: Bluetooth is switched off", what).WithHint("switch it on: bluetoothctl power on")
	}
	return errs.New(errs.NoAdapter, "%s: %w", what, err)
}
