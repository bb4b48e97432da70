package j2534

import (
	"context"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// Options say how a channel is opened.
type Options struct {
	Name    string // the address for messages
	Bitrate int    // bits per second, 0 for 500000
}

const defaultBitrate = 500_000

// Open opens a raw CAN channel of the device behind the library, which belongs to the bus from then on.
//
// Errors are of kind [errs.NoAdapter] or [errs.Unsupported] with a hint, or ctx's.
func Open(ctx context.Context, lib Library, o Options) (*Bus, error) {
	if o.Bitrate == 0 {
		o.Bitrate = defaultBitrate
	}
	b := newBus(lib, o)
	go b.work()
	err := b.do(ctx, func() error { return b.start(uint32(o.Bitrate)) })
	if err != nil {
		_ = b.Close() // the first error is the one to tell
		return nil, err
	}
	return b, nil
}

// start opens device and channel, and lets every frame through.
func (b *Bus) start(baud uint32) error {
	device, s := b.lib.Open()
	if s != OK {
		return b.explain("open the device", s)
	}
	b.device, b.opened = device, true
	flags := uint32(FlagBothID)
	channel, s := b.lib.Connect(device, ProtocolCAN, flags, baud)
	if s == InvalidFlags || s == NotSupported { // drivers that know one length at a time
		channel, s = b.lib.Connect(device, ProtocolCAN, 0, baud)
	}
	if s != OK {
		return b.explain("open a CAN channel", s)
	}
	b.channel, b.joined = channel, true
	// Echoes are left out by their mark as well, where a driver does not take this.
	_ = b.lib.Configure(channel, []Config{{ParameterLoopback, 0}})
	if err := b.pass(nil); err != nil {
		return err
	}
	_ = b.lib.Clear(channel, clearReceived) // what came before the filters were complete
	return nil
}

// explain gives a result its kind and its hint, with the driver's own words.
func (b *Bus) explain(what string, s Status) error {
	text := s.String()
	if own := clean(b.lib.LastError()); own != "" && !strings.EqualFold(own, text) {
		text += " (" + own + ")"
	}
	switch s {
	case NotConnected, InvalidDevice:
		return errs.New(errs.NoAdapter, "%s: %s: %s", b.name, what, text).WithHint("plug the pass-thru device in and give it power; some take theirs from the vehicle only")
	case InUse, ChannelInUse:
		return errs.New(errs.NoAdapter, "%s: %s: %s", b.name, what, text).WithHint("close the other program that uses the device")
	case InvalidBaudrate:
		return errs.New(errs.Unsupported, "%s: %s: %s", b.name, what, text).WithHint("bitrate=500000 and bitrate=250000 work with every device")
	case NotSupported:
		return errs.New(errs.Unsupported, "%s: %s: %s", b.name, what, text).WithHint("this driver has no raw CAN; take a newer driver of its maker")
	}
	return errs.New(errs.NoAdapter, "%s: %s: %s", b.name, what, text).WithHint("the maker's own test program tells whether the device works")
}

// clean makes a driver's text printable and short.
func clean(s string) string {
	s, _, _ = strings.Cut(s, "\x00")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s[:min(len(s), 80)])
}

// The times of calls into a driver.
const (
	readWait  = 5 * time.Millisecond // until the loop looks for something to send
	leastWait = time.Millisecond     // between reads, where a driver does not wait by itself
	writeWait = 500 * time.Millisecond
	closeWait = 3 * time.Second // a driver that hangs must not hang the program
)
