package simulator

import (
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// Times of the older lines: P3 between a reply and the next request, the pause between messages, and how
// long an ECU stays awake without being asked (ISO 9141-2 and ISO 14230-2 P3max).
const (
	restBeforeRequest = 55 * time.Millisecond
	betweenMessages   = 5 * time.Millisecond
	awakeFor          = 5 * time.Second
)

// requestOlder sends header, data and checksum on ISO 9141-2, ISO 14230-4 or J1850.
func (w *wire) requestOlder(t time.Duration, header [3]byte, data []byte) time.Duration {
	if w.car.line.IsKLine() {
		t = max(t, w.free+restBeforeRequest)
	}
	end := w.transmit(t, frame{data: make([]byte, len(data)+4)})
	if w.car.asleep() {
		return end
	}
	for _, n := range w.nodes {
		address := byte(n.ecu.address)
		physical := header[1] == address
		if !physical && !functionalOlder(w.car.line, header) {
			continue
		}
		at := end + w.latency(n.ecu)
		for _, m := range w.car.ask(n.ecu, data, physical, end) {
			at += m.after
			line := olderFrame(w.car.line, header, address, m.data)
			f := frame{at: at, id: n.ecu.address, data: line, from: n}
			w.queue = append(w.queue, f)
			at += w.took(f) + betweenMessages
		}
	}
	return end
}

func functionalOlder(line obd.Protocol, header [3]byte) bool {
	if line == obd.KWPFast || line == obd.KWPSlow {
		return header[1] == 0x33
	}
	return header[1] == 0x6A
}

// olderFrame puts header and checksum around a message of an ECU: ISO 9141-2 and J1850 answer functional
// requests to address 6B, ISO 14230 to the tester with the length in the format byte.
func olderFrame(line obd.Protocol, asked [3]byte, ecu byte, data []byte) []byte {
	switch line {
	case obd.KWPFast, obd.KWPSlow:
		f := append([]byte{0x80 | byte(len(data))&0x3F, asked[2], ecu}, data...)
		if len(data) > 0x3F {
			f = append([]byte{0x80, asked[2], ecu, byte(len(data))}, data...)
		}
		return append(f, sum(f))
	case obd.J1850PWM:
		f := append(addressed(0x41, 0xC4, asked, ecu), data...)
		return append(f, crc(f))
	case obd.J1850VPW:
		f := append(addressed(0x48, 0x6C, asked, ecu), data...)
		return append(f, crc(f))
	}
	f := append([]byte{0x48, 0x6B, ecu}, data...)
	return append(f, sum(f))
}

// addressed is the J1850 header of a reply: functional, or physical when the request was.
func addressed(functional, physical byte, asked [3]byte, ecu byte) []byte {
	if asked[1] == ecu {
		return []byte{physical, asked[2], ecu}
	}
	return []byte{functional, 0x6B, ecu}
}

// sum is the checksum of ISO 9141-2 and ISO 14230: all bytes added up.
func sum(b []byte) (s byte) {
	for _, v := range b {
		s += v
	}
	return s
}

// crc is that of SAE J1850: polynomial 1D, start FF, inverted.
func crc(b []byte) byte {
	c := byte(0xFF)
	for _, v := range b {
		c ^= v
		for range 8 {
			if c&0x80 != 0 {
				c = c<<1 ^ 0x1D
			} else {
				c <<= 1
			}
		}
	}
	return ^c
}
