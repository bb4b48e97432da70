package simulator

import (
	"fmt"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// eol ends a line: carriage return, with line feed when AT L1 is set.
func (a *adapter) eol() string {
	if a.set.linefeed {
		return "\r\n"
	}
	return "\r"
}

// line prints one line.
func (a *adapter) line(text string) { a.print(text + a.eol()) }

// prompt ends a reply. Nothing follows it until the next command.
func (a *adapter) prompt() {
	a.print(a.eol() + ">")
	if a.clock.instant() {
		a.t = max(a.t, a.free)
	}
}

// print sends text: it leaves at the speed of the serial line, and what the link spoils is spoiled.
func (a *adapter) print(text string) {
	if a.held != nil && !a.held.open {
		a.held.text += text
		return
	}
	b := []byte(text)
	a.free = max(a.free, a.t) + time.Duration(len(b))*byteTime(a.baud)
	b = a.spoil(b)
	at := a.free + a.opt.slow
	_, _ = a.out.put(b, func(int) time.Duration { return at }) // what nobody reads is lost
}

// spoil is what quirks, noise and a wrong speed do to the characters.
func (a *adapter) spoil(b []byte) []byte {
	if a.prof.nul && len(b) > 3 {
		b = join([]byte{0}, b[:2], []byte{0}, b[2:])
	}
	if !a.inTune() {
		for i := range b {
			b[i] = byte(0x80 | a.rnd.IntN(128))
		}
	}
	if a.opt.garbage == 0 {
		return b
	}
	noisy := make([]byte, 0, len(b)+8)
	for _, c := range b {
		noisy = append(noisy, c)
		if a.rnd.Float64() < a.opt.garbage {
			noisy = append(noisy, byte(0x80|a.rnd.IntN(128)))
		}
	}
	return noisy
}

// backlog is how many characters wait to be sent.
func (a *adapter) backlog() int {
	if a.free <= a.t {
		return 0
	}
	return int((a.free - a.t) / byteTime(a.baud))
}

// hexText prints bytes as the spaces setting says; every byte is followed by its blank.
func (a *adapter) hexText(b []byte) string {
	format := "%02X"
	if a.set.spaces {
		format = "%02X "
	}
	var s strings.Builder
	for _, v := range b {
		fmt.Fprintf(&s, format, v)
	}
	return s.String()
}

// canText prints a frame with its identifier as headers do.
func (a *adapter) canText(f frame) string {
	data := f.data
	if len(data) > 0 && a.set.autoFormat && !a.prof.padded && data[0]&0xF0 == pciSingle {
		data = data[:min(len(data), 1+int(data[0]))]
	}
	var head string
	switch {
	case a.proto.active.Is29Bit():
		head = a.hexText([]byte{byte(f.id >> 24), byte(f.id >> 16), byte(f.id >> 8), byte(f.id)})
	case a.set.spaces:
		head = fmt.Sprintf("%03X ", f.id)
	default:
		head = fmt.Sprintf("%03X", f.id)
	}
	if a.set.dlc {
		head += fmt.Sprintf("%X", len(f.data))
		if a.set.spaces {
			head += " "
		}
	}
	return head + a.hexText(data)
}

// canBody prints a frame without its identifier: the bare data of a single frame, the length of a long
// message on a line of its own, then numbered lines.
func (a *adapter) canBody(f frame) []string {
	if len(f.data) < 2 {
		return []string{a.hexText(f.data)}
	}
	n := int(f.data[0] & 0x0F)
	switch f.data[0] & 0xF0 {
	case pciSingle:
		end := min(len(f.data), 1+n)
		if a.prof.padded {
			end = len(f.data)
		}
		return []string{a.hexText(f.data[1:end])}
	case pciFirst:
		return []string{fmt.Sprintf("%03X", n<<8|int(f.data[1])), a.numbered(0, f.data[2:])}
	case pciConsecutive:
		return []string{a.numbered(n, f.data[1:])}
	}
	return []string{a.hexText(f.data)}
}

func (a *adapter) numbered(n int, data []byte) string {
	if a.set.spaces {
		return fmt.Sprintf("%X: %s", n, a.hexText(data))
	}
	return fmt.Sprintf("%X:%s", n, a.hexText(data))
}

// show prints a received frame.
func (a *adapter) show(f frame) {
	headers := a.set.headers && !a.prof.noH1
	switch {
	case a.proto.active == obd.J1939:
		a.line(a.truckText(f))
	case !a.proto.active.IsCAN() && headers:
		a.line(a.hexText(f.data))
	case !a.proto.active.IsCAN():
		a.line(a.hexText(f.data[3 : len(f.data)-1]))
	case headers:
		a.line(a.canText(f))
	case !a.set.autoFormat:
		a.line(a.hexText(f.data))
	default:
		for _, text := range a.canBody(f) {
			a.line(text)
		}
	}
}
