package simulator

import (
	"encoding/hex"
	"io"
	"strconv"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// runRequest sends hexadecimal digits to the vehicle. An odd digit at the end says after how many frames
// to stop waiting.
func (a *adapter) runRequest(digits string) error {
	count := 0
	if len(digits)%2 == 1 {
		last := digits[len(digits)-1:]
		n, _ := strconv.ParseUint(last, 16, 8)
		digits, count = digits[:len(digits)-1], int(n)
		if a.prof.noDigit {
			digits, count = digits+"0"+last, 0
		}
	}
	data, err := hex.DecodeString(digits)
	if err != nil || len(data) == 0 || !a.fits(len(data)) {
		a.line("?")
		return nil
	}
	if lost, err := a.strike(); lost || err != nil {
		return err
	}
	ready, err := a.connect()
	if err != nil || !ready {
		return err
	}
	return a.exchange(data, count)
}

// fits tells whether the adapter takes a request of so many bytes.
func (a *adapter) fits(n int) bool {
	longest := a.prof.longest / 2
	if longest == 8 && a.set.autoFormat {
		longest = 7
	}
	return n <= longest
}

// strike counts requests and lets happen what happens after some of them: the link drops, or the supply
// sags and the request is lost.
func (a *adapter) strike() (lost bool, err error) {
	a.requests++
	if a.clock.instant() {
		a.t += a.opt.elapsed
	}
	if n := a.opt.dropAfter; n > 0 && a.requests > n {
		return true, io.EOF
	}
	if n := a.prof.resets; n > 0 && a.requests%n == 0 {
		a.reset()
		a.line("")
		a.line("LV RESET")
		return true, nil
	}
	return false, nil
}

// exchange sends one message and prints what comes back.
func (a *adapter) exchange(data []byte, count int) error {
	a.wire.miss(a.t)
	sent := a.send(data)
	a.proto.awake = sent
	if !a.set.responses {
		return a.waitUntil(sent)
	}
	return a.collect(sent, count)
}

// send puts the request on the line and returns when its last bit has gone.
func (a *adapter) send(data []byte) time.Duration {
	p := a.proto.active
	switch {
	case !a.fitsLine():
		return a.wire.transmit(a.t, frame{data: data})
	case p == obd.J1939:
		return a.truckRequest(data)
	case !p.IsCAN():
		return a.wire.requestOlder(a.t, a.set.olderHeader(p), data)
	case !a.set.autoFormat:
		return a.wire.raw(a.t, a.set.canHeader(p), data)
	}
	return a.wire.request(a.t, a.set.canHeader(p), data)
}

// fitsLine tells that the protocol in use is that of the car.
func (a *adapter) fitsLine() bool {
	p, line := a.proto.active, a.car.line
	return p == line || p.Is29Bit() && line.Is29Bit() && sameRate(p, line)
}

// collect prints frames until the time after the last one is up or the count is reached.
func (a *adapter) collect(sent time.Duration, count int) error {
	limit := sent + a.patience()
	got := 0
	for {
		f, ok := a.wire.next(limit)
		if !ok {
			break
		}
		if err := a.waitUntil(f.at); err != nil {
			return err
		}
		if !a.takes(f) {
			continue
		}
		if got == 0 {
			a.learn(f.at - sent)
		}
		got++
		a.bits = f.data
		if a.prof.freezes > 0 && got >= a.prof.freezes {
			return a.hang()
		}
		if a.backlog() > a.prof.buffer {
			a.line("BUFFER FULL")
			return nil
		}
		a.show(f)
		limit = max(f.at, a.control(f)) + a.patience()
		if got == count {
			return nil
		}
	}
	if err := a.waitUntil(limit); err != nil {
		return err
	}
	if got == 0 {
		a.learned = min(a.set.wait, 2*a.learned)
		a.line("NO DATA")
	}
	return nil
}

// takes is the receive filter.
func (a *adapter) takes(f frame) bool {
	switch p := a.proto.active; {
	case p == obd.J1939 && a.hears != nil:
		wanted := a.hears.takes(f)
		if a.set.filtered {
			return a.set.accepts(p, f.id)
		}
		return wanted
	case p.IsCAN():
		return a.set.accepts(p, f.id)
	}
	return true
}

// control answers a first frame with flow control once its line has been printed, as single-threaded
// firmware does; so the time of a long reply is the sum that the model has. It returns when that was.
func (a *adapter) control(f frame) time.Duration {
	switch {
	case a.proto.active == obd.J1939 && a.hears != nil:
		return a.clear(f)
	case !a.proto.active.IsCAN() || !a.set.flowControl || len(f.data) == 0 || f.data[0]&0xF0 != pciFirst:
		return 0
	}
	flow := []byte{pciFlow, 0, 0}
	id := f.id - 8
	if a.proto.active.Is29Bit() {
		id = f.id&0xFFFF0000 | f.id&0xFF<<8 | f.id>>8&0xFF
	}
	if a.set.flowMode >= 1 && len(a.set.flowData) > 0 {
		flow = append(append([]byte{}, a.set.flowData...), 0, 0)
	}
	if a.set.flowMode == 1 && a.set.flowHeader != 0 {
		id = a.set.flowHeader
	}
	return a.wire.raw(max(a.t, a.free), id, flow)
}

// learn follows the response time of the vehicle, up at once and down slowly.
func (a *adapter) learn(took time.Duration) {
	if took > a.learned {
		a.learned = took
		return
	}
	a.learned -= (a.learned - took) / 4
}

// patience is how long the adapter waits for another frame: AT ST, which adaptive timing shortens to what
// the vehicle was seen to need, and a margin (larger with AT AT1 than with AT2).
func (a *adapter) patience() time.Duration {
	if a.proto.active == obd.J1939 {
		return a.truckPatience()
	}
	switch a.set.adaptive {
	case 1:
		return min(a.set.wait, a.learned*3/2+28*time.Millisecond)
	case 2:
		return min(a.set.wait, a.learned*5/4+12*time.Millisecond)
	}
	return a.set.wait
}

// truckPatience is AT ST as it is, times AT JTM; packets of a broadcast may be 200 ms apart.
func (a *adapter) truckPatience() time.Duration {
	wait := a.set.wait
	if a.set.patient {
		wait *= 5
	}
	if a.hears == nil {
		return wait
	}
	for _, t := range a.hears.open {
		if t.left > 0 {
			return max(wait, 250*time.Millisecond)
		}
	}
	return wait
}
