package simulator

import (
	"fmt"
	"strconv"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

var truckCommands = []atCommand{
	{name: "JE", since: 13, run: ok(func(s *settings) { s.saeOrder = false })},
	{name: "JS", since: 13, run: ok(func(s *settings) { s.saeOrder = true })},
	{name: "JHF0", since: 14, run: ok(func(s *settings) { s.plainHeads = true })},
	{name: "JHF1", since: 14, run: ok(func(s *settings) { s.plainHeads = false })},
	{name: "JTM1", since: 14, run: ok(func(s *settings) { s.patient = false })},
	{name: "JTM5", since: 14, run: ok(func(s *settings) { s.patient = true })},
	{name: "DM1", since: 13, run: func(a *adapter, _ string) error { return a.monitorGroup(pgnDM1, 0) }},
	{name: "MP", since: 13, digits: []int{4, 5, 6, 7}, run: func(a *adapter, arg string) error {
		count := 0
		if len(arg)%2 == 1 {
			n, _ := strconv.ParseUint(arg[len(arg)-1:], 16, 8)
			arg, count = arg[:len(arg)-1], int(n)
		}
		return a.monitorGroup(hexNumber(arg), count)
	}},
}

// requester is the address of the adapter on a truck, unless AT SH says another.
const requester = 0xF9

// requestAll is the header of requests to all nodes.
const requestAll = 0x18EAFF00 | requester

// hearing is what the adapter listens for on SAE J1939.
type hearing struct {
	pgn   uint32
	any   bool  // listens to all
	self  uint8 // its own address
	open  map[route]*thread
	whole int // complete messages so far
}

// route is a transfer's source and destination.
type route struct{ from, to uint8 }

// thread is a transfer whose packets are heard.
type thread struct {
	pgn     uint32
	packets int
	left    int
	size    int
	own     bool // is sent to the adapter, which clears and acknowledges it
}

// truckRequest puts the bytes of a request on the line: the three of a group are turned around unless AT JS
// says that they are in the standard's order already.
func (a *adapter) truckRequest(data []byte) time.Duration {
	header := a.set.canHeader(obd.J1939)
	a.hears = &hearing{self: uint8(header), open: map[route]*thread{}}
	if len(data) == 3 && !a.set.saeOrder {
		data = []byte{data[2], data[1], data[0]}
	}
	if header>>16&0xFF == pgnRequest>>8 && len(data) >= 3 {
		a.hears.pgn = uint32(data[0]) | uint32(data[1])<<8 | uint32(data[2])<<16
	}
	return a.wire.raw(a.t, header, data)
}

// takes tells whether a frame is one that the adapter shows, and follows transfers.
func (h *hearing) takes(f frame) bool {
	pgn, to, from := groupOf(f.id)
	if to != everyone && to != h.self && !h.any {
		return false
	}
	switch {
	case pgn == pgnConnection && len(f.data) == 8:
		return h.connection(f, to, from)
	case pgn == pgnTransfer:
		return h.packet(route{from, to})
	case pgn == pgnAck && len(f.data) == 8 && to == everyone:
		return h.any || fromPGN(f.data[5:]) == h.pgn
	}
	if h.any || pgn == h.pgn || h.pgn == 0 && to == h.self {
		h.whole++
		return true
	}
	return false
}

// packet is one packet of a transfer that is shown.
func (h *hearing) packet(r route) bool {
	t := h.open[r]
	if t == nil {
		return h.any
	}
	if t.left--; t.left <= 0 {
		h.whole++
		if !t.own {
			delete(h.open, r)
		}
	}
	return true
}

func (h *hearing) connection(f frame, to, from uint8) bool {
	pgn := fromPGN(f.data[5:])
	if !h.any && pgn != h.pgn {
		return false
	}
	switch f.data[0] {
	case tpBroadcast, tpRequest:
		h.open[route{from, to}] = &thread{
			pgn: pgn, size: int(f.data[1]) | int(f.data[2])<<8, packets: int(f.data[3]), left: int(f.data[3]), own: f.data[0] == tpRequest && to == h.self,
		}
	case tpAbort:
		delete(h.open, route{from, to})
	}
	return true
}

func fromPGN(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }

// groupOf takes an identifier apart.
func groupOf(id uint32) (pgn uint32, to, from uint8) {
	pgn, to, from = id>>8&0x3FFFF, everyone, uint8(id)
	if pgn>>8&0xFF < 0xF0 {
		to, pgn = uint8(pgn), pgn&^0xFF
	}
	return pgn, to, from
}

// clear answers a request to send with clear to send, and the last packet with the end of message.
func (a *adapter) clear(f frame) time.Duration {
	_, to, from := groupOf(f.id)
	t := a.hears.open[route{from, to}]
	if t == nil || !t.own || !a.set.flowControl {
		return 0
	}
	at := max(a.t, a.free)
	id := uint32(lowestPriority)<<26 | pgnConnection<<8 | uint32(from)<<8 | uint32(a.hears.self)
	switch t.left {
	case t.packets:
		return a.wire.raw(at, id, []byte{tpClear, byte(t.packets), 1, 0xFF, 0xFF, byte(t.pgn), byte(t.pgn >> 8), byte(t.pgn >> 16)})
	case 0:
		delete(a.hears.open, route{from, to})
		return a.wire.raw(at, id, control(tpDone, t.size, t.packets, 0xFF, t.pgn))
	}
	return 0
}

// truckHead prints the identifier: priority, group with destination, source; or as four bytes.
func (a *adapter) truckHead(id uint32) string {
	if a.set.plainHeads {
		return a.hexText([]byte{byte(id >> 24), byte(id >> 16), byte(id >> 8), byte(id)})
	}
	format := "%X%05X%02X"
	if a.set.spaces {
		format = "%X %05X %02X "
	}
	return fmt.Sprintf(format, id>>26&7, id>>8&0x3FFFF, id&0xFF)
}

// truckText prints a frame of SAE J1939 as the headers and formatting settings say.
func (a *adapter) truckText(f frame) string {
	pgn, _, _ := groupOf(f.id)
	switch {
	case a.set.headers && !a.prof.noH1:
		head := a.truckHead(f.id)
		if a.set.dlc {
			head += fmt.Sprintf("%X", len(f.data))
			if a.set.spaces {
				head += " "
			}
		}
		return head + a.hexText(f.data)
	case !a.set.autoFormat || len(f.data) < 2:
		return a.hexText(f.data)
	case pgn == pgnConnection:
		return fmt.Sprintf("%03X", int(f.data[1])|int(f.data[2])<<8)
	case pgn == pgnTransfer && a.set.spaces:
		return fmt.Sprintf("%02X: %s", f.data[0], a.hexText(f.data[1:]))
	case pgn == pgnTransfer:
		return fmt.Sprintf("%02X:%s", f.data[0], a.hexText(f.data[1:]))
	}
	return a.hexText(f.data)
}
