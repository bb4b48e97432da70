package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/can/framelog"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// dumpOptions are the flags of `can dump`.
type dumpOptions struct {
	filters []string
	count   int
	lasting time.Duration
}

func (a *app) canDump() *cobra.Command {
	var o dumpOptions
	cmd := &cobra.Command{
		Use:   "dump",
		Short: "Show the frames of a bus in candump's log format; nothing is sent",
		Long: `dump shows every frame with its time, until Ctrl-C or the limit of --count or --for. The output is a log that
candump, canplayer, 'can decode', 'can replay' and --adapter replay:FILE read. With --json each frame is one
object (docs/schema.md).

--filter takes identifiers in hexadecimal as candump does: ID, ID:MASK, or ~ before it for all others.`,
		Example: `  obdctl can dump --adapter can://can0
  obdctl can dump --adapter slcan:///dev/ttyACM0?bitrate=500000 --filter 7E8:7F8 --for 10s > car.log
  obdctl can dump --adapter replay:trace.asc --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.dump(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.filters, "filter", nil, "identifiers to show: `ID[:MASK]`, hexadecimal, ~ before it for all others")
	f.IntVarP(&o.count, "count", "n", 0, "end after so many frames")
	f.DurationVar(&o.lasting, "for", 0, "end after this time, such as 10s")
	return cmd
}

// sieve is one --filter.
type sieve struct {
	mask link.Mask
	not  bool
}

func parseSieve(s string) (sieve, error) {
	var v sieve
	text, not := strings.CutPrefix(s, "~")
	id, mask, masked := strings.Cut(text, ":")
	n, err := strconv.ParseUint(id, 16, 29)
	v.not, v.mask.ID, v.mask.Bits = not, can.ID(n), 0x7FF
	if len(id) > 3 {
		v.mask.ID |= can.Extended
		v.mask.Bits = 0x1FFFFFFF
	}
	if masked && err == nil {
		n, err = strconv.ParseUint(mask, 16, 32)
		v.mask.Bits = can.ID(n) & 0x1FFFFFFF
	}
	if err != nil {
		return v, errs.New(errs.Usage, "--filter %s: ID or ID:MASK in hexadecimal is expected", s).
			WithHint("three digits are an 11-bit identifier, eight a 29-bit one: 7E8, 7E8:7F8, ~18FEF100")
	}
	return v, nil
}

// passes tells whether a frame is shown: it fits one of the sieves, or there is none.
func passes(sieves []sieve, id can.ID) bool {
	for _, s := range sieves {
		if s.mask.Match(id) != s.not {
			return true
		}
	}
	return len(sieves) == 0
}

func (a *app) dump(ctx context.Context, o dumpOptions) error {
	sieves := make([]sieve, len(o.filters))
	for i, text := range o.filters {
		var err error
		if sieves[i], err = parseSieve(text); err != nil {
			return err
		}
	}
	options, closeRecord, err := a.busOptions(link.ReadOnly())
	if err != nil {
		return err
	}
	bus, err := adapters.OpenBus(ctx, a.flags.adapter, options)
	if err != nil {
		return firstError(err, closeRecord())
	}
	limited := ctx
	if o.lasting > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, o.lasting)
		defer cancel()
	}
	err = a.showFrames(limited, bus, sieves, o.count)
	if errors.Is(err, io.EOF) || ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		err = nil // the log or the time is over
	}
	a.tellHealth(bus)
	return firstError(err, bus.Close(), closeRecord())
}

func (a *app) showFrames(ctx context.Context, bus link.Bus, sieves []sieve, count int) error {
	name := busName(bus.Name())
	for shown := 0; count == 0 || shown < count; {
		f, err := bus.Receive(ctx)
		if err != nil {
			return err
		}
		if !passes(sieves, f.ID) {
			continue
		}
		shown++
		if err := a.showFrame(name, f); err != nil {
			return err
		}
	}
	return nil
}

// frameLine is one frame of `can dump --json`.
type frameLine struct {
	Schema   string    `json:"schema"`
	At       time.Time `json:"at,omitzero"`
	Bus      string    `json:"bus"`
	ID       string    `json:"id"`
	Extended bool      `json:"extended"`
	Length   int       `json:"length"`
	Data     string    `json:"data"`
	FD       bool      `json:"fd,omitempty"`
	BRS      bool      `json:"brs,omitempty"`
	Remote   bool      `json:"remote,omitempty"`
}

func (a *app) showFrame(name string, f can.Frame) error {
	if a.flags.json {
		return writeLine(a.out, frameLine{
			Schema: "obdctl.frame/1", At: obd.Stamp(f.At), Bus: name, ID: f.ID.String(), Extended: f.ID.IsExtended(),
			Length: int(f.Len), Data: strings.ToUpper(hex.EncodeToString(f.Payload())), FD: f.FD, BRS: f.BRS, Remote: f.Remote,
		})
	}
	_, err := a.out.Write(framelog.AppendCandump(nil, framelog.Entry{At: sinceEpoch(f.At), Interface: name, Frame: f}))
	return err
}

// sinceEpoch is a frame's time as candump writes it.
func sinceEpoch(at time.Time) time.Duration {
	if at.IsZero() {
		return 0
	}
	return time.Duration(max(at.UnixNano(), 0))
}

// tellHealth says what the controller saw of the line.
func (a *app) tellHealth(bus link.Bus) {
	m, ok := bus.(link.BusMonitor)
	if !ok {
		return
	}
	h := m.Health()
	if h.Errors > 0 {
		a.notice(true, fmt.Sprintf("%d error frames: the bit rate may be wrong, or the wiring", h.Errors))
	}
	if h.Overruns > 0 {
		a.notice(true, "frames came faster than they were taken; some are missing")
	}
}
