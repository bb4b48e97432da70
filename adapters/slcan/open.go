// Package slcan speaks the LAWICEL text protocol to a CAN adapter on a serial line: CANable, CANtact, USBtin,
// Lawicel CAN232 and CANUSB.
package slcan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// Options say how the adapter is opened.
type Options struct {
	Bitrate     int  // bits per second
	DataBitrate int  // of the data part of CAN FD frames, 0 for 2,000,000
	FD          bool // CAN FD frames are sent and received
	Listen      bool // only listen, without acknowledging
}

// bitrates are what S0 to S8 mean.
var bitrates = [...]int{10_000, 20_000, 50_000, 100_000, 125_000, 250_000, 500_000, 800_000, 1_000_000}

// replyTime is how long the adapter may take for an answer to a setting; some give none at all.
const replyTime = 300 * time.Millisecond

// The two answers of the adapter.
const (
	endOK   = '\r'
	endBell = '\a'
)

// Open sets the adapter up and opens its channel. Errors: [errs.Unsupported] for a bit rate that the
// adapter does not have, [errs.NoAdapter] when something else is at the other end, a lost [*link.Fault].
func Open(ctx context.Context, p link.Port, o Options) (*Bus, error) {
	rate, err := rateCommand(o.Bitrate)
	if err != nil {
		return nil, err
	}
	commands := []string{"", "", "C", "V", rate}
	if o.FD {
		data := o.DataBitrate
		if data == 0 {
			data = 2_000_000
		}
		commands = append(commands, fmt.Sprintf("Y%d", data/1_000_000))
	}
	open := "O"
	if o.Listen {
		open = "L"
	}
	commands = append(commands, "Z0", open)
	b := newBus(p)
	for _, c := range commands {
		refused, said, err := command(ctx, p, c)
		switch {
		case err != nil:
			return nil, err
		case looksLikeELM(said):
			return nil, errs.New(errs.NoAdapter, "open %s: the adapter answers like an ELM327", p.Name()).
				WithHint("use its address with serial:// instead of slcan://")
		case refused && c == rate:
			return nil, errs.New(errs.Unsupported, "open %s: the adapter refuses %d bit/s", p.Name(), o.Bitrate)
		case refused && c == open:
			return nil, errs.New(errs.Adapter, "open %s: the adapter does not open its channel", p.Name()).
				WithHint("unplug it and plug it in again; a firmware that cannot only listen refuses listen=1")
		}
	}
	b.begin()
	return b, nil
}

func rateCommand(bitrate int) (string, error) {
	for i, r := range bitrates {
		if r == bitrate {
			return fmt.Sprintf("S%d", i), nil
		}
	}
	return "", errs.New(errs.Unsupported, "open: an slcan adapter has no bit rate of %d", bitrate).
		WithHint("it has 10000, 20000, 50000, 100000, 125000, 250000, 500000, 800000 and 1000000")
}

// command sends one setting and reads its answer, if there is one. A bell refuses.
func command(ctx context.Context, p link.Port, text string) (refused bool, said []byte, err error) {
	if err := ctx.Err(); err != nil {
		return false, nil, err
	}
	if _, err := p.Write([]byte(text + "\r")); err != nil {
		return false, nil, err
	}
	if err := p.SetReadDeadline(time.Now().Add(replyTime)); err != nil {
		return false, nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = p.SetReadDeadline(time.Unix(1, 0)) }) // a lost port wakes by itself
	defer stop()
	var buf [256]byte
	for len(said) < 1<<12 {
		n, err := p.Read(buf[:])
		said = append(said, buf[:n]...)
		if bytes.IndexByte(said, endBell) >= 0 {
			return true, said, nil
		}
		if bytes.IndexByte(said, endOK) >= 0 && !looksLikeELM(said) {
			return false, said, nil
		}
		switch {
		case ctx.Err() != nil:
			return false, said, ctx.Err()
		case errors.Is(err, os.ErrDeadlineExceeded):
			return false, said, nil
		case err != nil:
			return false, said, err
		}
	}
	return false, said, nil
}

// looksLikeELM tells an ELM327's prompt or its question mark.
func looksLikeELM(said []byte) bool {
	return bytes.IndexByte(said, '>') >= 0 || bytes.Contains(said, []byte("ELM327"))
}
