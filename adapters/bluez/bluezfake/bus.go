// Package bluezfake is a D-Bus in memory with a BlueZ on it, for tests of what speaks with BlueZ: no
// daemon, no hardware and no bus of the computer is touched.
package bluezfake

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"maps"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// Interfaces are an object's interfaces with their properties.
type Interfaces map[string]map[string]dbus.Variant

// Bus is the bus. Without Method it answers every call of BlueZ with success.
type Bus struct {
	// Method answers a call to BlueZ: name is such as "Device1.Connect". An error name such as
	// "org.bluez.Error.Failed" refuses it.
	Method func(b *Bus, path, name string, args []any) (errorName string)

	mu      sync.Mutex
	objects map[dbus.ObjectPath]Interfaces
	conns   map[net.Conn]uint32 // with the serial of the last message
	calls   []string
}

// Serve listens at an address of its own until the test ends.
func Serve(t *testing.T, objects map[dbus.ObjectPath]Interfaces) (*Bus, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	b := &Bus{objects: objects, conns: map[net.Conn]uint32{}}
	var serving sync.WaitGroup
	t.Cleanup(func() {
		_ = l.Close()
		b.mu.Lock()
		for c := range b.conns {
			_ = c.Close()
		}
		b.mu.Unlock()
		serving.Wait()
	})
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			b.mu.Lock()
			b.conns[conn] = 0
			b.mu.Unlock()
			serving.Go(func() { b.serve(conn) })
		}
	})
	return b, "unix:path=" + path
}

// Calls returns the calls to BlueZ so far, such as "Device1.Connect".
func (b *Bus) Calls() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.calls, " ")
}

// serve answers one client.
func (b *Bus) serve(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.conns, conn)
	}()
	in := bufio.NewReader(conn)
	if !authenticate(conn, in) {
		return
	}
	for {
		m, err := dbus.DecodeMessage(in)
		if err != nil {
			return
		}
		if m.Type != dbus.TypeMethodCall {
			continue
		}
		reply := b.answer(m)
		reply.Headers[dbus.FieldReplySerial] = dbus.MakeVariant(m.Serial())
		b.send(conn, reply)
	}
}

// authenticate takes whoever comes, in the text that the specification begins a connection with.
func authenticate(conn net.Conn, in *bufio.Reader) bool {
	if zero, err := in.ReadByte(); err != nil || zero != 0 {
		return false
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		answer := "ERROR\r\n"
		switch words := strings.Fields(line); {
		case len(words) == 0:
		case words[0] == "BEGIN":
			return true
		case words[0] == "AUTH" && len(words) == 1:
			answer = "REJECTED EXTERNAL\r\n"
		case words[0] == "AUTH" && len(words) == 2:
			answer = "DATA\r\n" // who are you?
		case words[0] == "AUTH", words[0] == "DATA":
			answer = "OK 0123456789abcdef0123456789abcdef\r\n"
		}
		if _, err := conn.Write([]byte(answer)); err != nil {
			return false
		}
	}
}

// answer answers a call.
func (b *Bus) answer(m *dbus.Message) *dbus.Message {
	header := func(f dbus.HeaderField) string {
		switch v := m.Headers[f].Value().(type) {
		case string:
			return v
		case dbus.ObjectPath:
			return string(v)
		}
		return ""
	}
	reply := &dbus.Message{Type: dbus.TypeMethodReply, Headers: map[dbus.HeaderField]dbus.Variant{}}
	member := header(dbus.FieldMember)
	switch at := header(dbus.FieldInterface); {
	case member == "Hello":
		fill(reply, ":1.1")
	case member == "GetManagedObjects":
		b.mu.Lock()
		objects := map[dbus.ObjectPath]Interfaces{}
		maps.Copy(objects, b.objects)
		fill(reply, objects)
		b.mu.Unlock()
	case strings.HasPrefix(at, "org.bluez."):
		name := strings.TrimPrefix(at, "org.bluez.") + "." + member
		b.mu.Lock()
		b.calls = append(b.calls, name)
		b.mu.Unlock()
		if b.Method == nil {
			break
		}
		if refused := b.Method(b, header(dbus.FieldPath), name, m.Body); refused != "" {
			reply.Type = dbus.TypeError
			reply.Headers[dbus.FieldErrorName] = dbus.MakeVariant(refused)
		}
	}
	return reply
}

func fill(m *dbus.Message, body ...any) {
	m.Body = body
	m.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(body...))
}

// send writes a message with the next serial, which the library gives only to its own connections.
func (b *Bus) send(conn net.Conn, m *dbus.Message) {
	var out bytes.Buffer
	if err := m.EncodeTo(&out, binary.LittleEndian); err != nil {
		return // a test's own mistake, which its client then waits for
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.conns[conn]++
	raw := out.Bytes()
	binary.LittleEndian.PutUint32(raw[8:], b.conns[conn])
	_, _ = conn.Write(raw)
}

// signal sends a signal of BlueZ to everyone.
func (b *Bus) signal(path dbus.ObjectPath, at, member string, body ...any) {
	b.mu.Lock()
	conns := make([]net.Conn, 0, len(b.conns))
	for c := range b.conns {
		conns = append(conns, c)
	}
	b.mu.Unlock()
	for _, c := range conns {
		m := &dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath: dbus.MakeVariant(path), dbus.FieldInterface: dbus.MakeVariant(at),
			dbus.FieldMember: dbus.MakeVariant(member), dbus.FieldSender: dbus.MakeVariant(":1.0"),
		}}
		fill(m, body...)
		b.send(c, m)
	}
}

// Add makes an object appear, or one that is there get more interfaces.
func (b *Bus) Add(path dbus.ObjectPath, interfaces Interfaces) {
	b.mu.Lock()
	whole := Interfaces{}
	maps.Copy(whole, b.objects[path])
	maps.Copy(whole, interfaces)
	b.objects[path] = whole
	b.mu.Unlock()
	b.signal("/", "org.freedesktop.DBus.ObjectManager", "InterfacesAdded", path, interfaces)
}

// Set changes a property and tells everyone.
func (b *Bus) Set(path dbus.ObjectPath, at, property string, value any) {
	v := dbus.MakeVariant(value)
	b.mu.Lock()
	p := map[string]dbus.Variant{}
	maps.Copy(p, b.objects[path][at])
	p[property] = v
	whole := Interfaces{}
	maps.Copy(whole, b.objects[path])
	whole[at] = p
	b.objects[path] = whole
	b.mu.Unlock()
	b.signal(path, "org.freedesktop.DBus.Properties", "PropertiesChanged", at, map[string]dbus.Variant{property: v}, []string{})
}
