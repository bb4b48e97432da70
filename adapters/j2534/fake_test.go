package j2534_test

import (
	"encoding/binary"
	"errors"
	"sync"
	"time"

	"github.com/fleetms/obdctl/adapters/j2534"
	"github.com/fleetms/obdctl/internal/can"
)

// driver is a pass-thru driver in memory, written from the standard: it blocks what no filter passes, puts
// identifiers in front of the data, and echoes what it sent where it is told to.
type driver struct {
	opens, connects, writes, battery j2534.Status
	oneLength                        bool // it refuses identifiers of both lengths
	echo                             bool // it echoes although it was told not to
	busy                             int  // calls under way; more than one is a mistake of ours

	mu       sync.Mutex
	arrived  *sync.Cond
	line     []j2534.Message
	sent     []can.Frame
	filters  map[uint32][2]j2534.Message
	next     uint32
	broken   j2534.Status
	baud     uint32
	calls    []string
	mistakes []string
}

func newDriver() *driver {
	d := &driver{filters: map[uint32][2]j2534.Message{}}
	d.arrived = sync.NewCond(&d.mu)
	return d
}

// enter notes a call and that nobody else makes one.
func (d *driver) enter(name string) func() {
	d.mu.Lock()
	if d.busy++; d.busy > 1 {
		d.mistakes = append(d.mistakes, name+" while another call is under way")
	}
	d.calls = append(d.calls, name)
	d.mu.Unlock()
	return func() { d.mu.Lock(); d.busy--; d.mu.Unlock() }
}

func (d *driver) Open() (uint32, j2534.Status)   { defer d.enter("open")(); return 7, d.opens }
func (d *driver) Close(uint32) j2534.Status      { defer d.enter("close")(); return j2534.OK }
func (d *driver) Disconnect(uint32) j2534.Status { defer d.enter("disconnect")(); return j2534.OK }
func (d *driver) Unload() error                  { defer d.enter("unload")(); return nil }
func (d *driver) LastError() string              { return "Driver says no\x00\x01garbage" }

func (d *driver) Connect(device, protocol, flags, baud uint32) (uint32, j2534.Status) {
	defer d.enter("connect")()
	if device != 7 || protocol != 5 || d.oneLength && flags&0x800 != 0 {
		return 0, j2534.InvalidFlags
	}
	d.baud = baud
	return 9, d.connects
}

func (d *driver) Read(channel uint32, into []j2534.Message, wait time.Duration) (int, j2534.Status) {
	defer d.enter("read")()
	d.mu.Lock()
	defer d.mu.Unlock()
	end := time.Now().Add(wait)
	alarm := time.AfterFunc(wait, d.wake)
	defer alarm.Stop()
	for len(d.line) == 0 && d.broken == 0 && time.Now().Before(end) {
		d.arrived.Wait()
	}
	if d.broken != 0 {
		return 0, d.broken
	}
	n := copy(into, d.line)
	d.line = d.line[n:]
	switch {
	case n == 0:
		return 0, j2534.BufferEmpty
	case n < len(into):
		return n, j2534.Timeout
	}
	return n, j2534.OK
}

func (d *driver) wake() { d.mu.Lock(); defer d.mu.Unlock(); d.arrived.Broadcast() }

func (d *driver) Write(_ uint32, messages []j2534.Message, _ time.Duration) (int, j2534.Status) {
	defer d.enter("write")()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.writes != 0 {
		return 0, d.writes
	}
	for _, m := range messages {
		id := can.ID(binary.BigEndian.Uint32(m.Data[:4]))
		if m.TxFlags&0x100 != 0 {
			id |= can.Extended
		}
		d.sent = append(d.sent, can.New(id, m.Data[4:m.DataSize]...))
		if d.echo {
			m.RxStatus = 1 | m.TxFlags&0x100
			d.line = append(d.line, m)
		}
	}
	return len(messages), j2534.OK
}

func (d *driver) StartFilter(_, kind uint32, mask, pattern *j2534.Message) (uint32, j2534.Status) {
	defer d.enter("filter")()
	if kind != 1 || mask.DataSize != 4 || pattern.DataSize != 4 || mask.TxFlags != pattern.TxFlags {
		return 0, j2534.Failed
	}
	if d.oneLength && mask.TxFlags&0x100 != 0 {
		return 0, j2534.InvalidFlags
	}
	if len(d.filters) >= 10 {
		return 0, j2534.ExceededLimit
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next++
	d.filters[d.next] = [2]j2534.Message{*mask, *pattern}
	return d.next, j2534.OK
}

func (d *driver) StopFilter(_, filter uint32) j2534.Status {
	defer d.enter("unfilter")()
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.filters, filter)
	return j2534.OK
}

func (d *driver) Configure(_ uint32, c []j2534.Config) j2534.Status {
	defer d.enter("configure")()
	if len(c) != 1 || c[0] != (j2534.Config{Parameter: 3}) {
		return j2534.Failed
	}
	return j2534.OK
}

func (d *driver) Clear(uint32, uint32) j2534.Status { defer d.enter("clear")(); return j2534.OK }

func (d *driver) Battery(uint32) (uint32, j2534.Status) {
	defer d.enter("battery")()
	return 12345, d.battery
}

func (d *driver) Version(uint32) (j2534.Version, j2534.Status) {
	defer d.enter("version")()
	return j2534.Version{Firmware: "1.0\x00\xCC", Library: "2.0", API: "04.04\x00\x00"}, j2534.OK
}

// The far end of the line.

func (d *driver) Send(f can.Frame) error {
	m := j2534.Message{ProtocolID: 5, DataSize: uint32(4 + f.Len)}
	if f.ID.IsExtended() {
		m.RxStatus = 0x100
	}
	binary.BigEndian.PutUint32(m.Data[:], f.ID.Raw())
	copy(m.Data[4:], f.Payload())
	d.mu.Lock()
	defer d.mu.Unlock()
	d.arrived.Broadcast()
	if !d.passes(&m) {
		return nil
	}
	if len(d.line) == 512 {
		return errors.New("the device's buffer is full")
	}
	d.line = append(d.line, m)
	return nil
}

func (d *driver) passes(m *j2534.Message) bool {
	for _, f := range d.filters {
		same := f[0].TxFlags&0x100 == m.RxStatus&0x100
		for i := range 4 {
			same = same && m.Data[i]&f[0].Data[i] == f[1].Data[i]
		}
		if same {
			return true
		}
	}
	return false
}

func (d *driver) Received() []can.Frame {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]can.Frame(nil), d.sent...)
}

func (d *driver) Hangup() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.broken = j2534.NotConnected
	d.arrived.Broadcast()
	return nil
}
