package elm327

import (
	"context"
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/link"
)

// longRequest is the longest request sent in segments by an adapter that does so (STCSEGT 1).
const longRequest = 256

// fast returns the line for a request and the settings that it needs. An STN adapter takes address, data
// and count in one command (STPX), which spares two AT SH around a single request to one ECU.
func (l *Link) fast(req link.Request, want settings) (string, settings) {
	data := hexText(req.Data)
	count := l.countDigit(req)
	alone := want.filter == "" && want.flow == "" && want.extension == ""
	if want.header == "" || want.header == l.is.header || !alone || !l.canSTPX() {
		return data + count, want
	}
	line := "STPXH:" + want.header + ",D:" + data
	if count != "" {
		line += fmt.Sprintf(",R:%d", req.Frames)
	}
	want.header = l.is.header
	return line, want
}

// canSTPX tells that STPX may be tried: on an STN or vLinker, on CAN, and not refused so far.
func (l *Link) canSTPX() bool {
	return l.caps.Firmware != "" && l.protocol.IsCAN() && !l.caps.refuses("STPX")
}

// probeDigit finds out, on the first request, whether a digit behind it ends the wait: a clone that reads
// it as data asks for something else or sends nothing.
func (l *Link) probeDigit(ctx context.Context) error {
	if l.truck != nil {
		return nil
	}
	if l.caps.Firmware != "" && l.protocol.IsCAN() && !l.caps.refuses("STCSEGT") {
		if _, err := l.try(ctx, "STCSEGT", "STCSEGT1"); err != nil {
			return err
		}
	}
	if l.caps.DigitProbed || !l.protocol.IsCAN() || !l.headers {
		return nil
	}
	l.caps.DigitProbed, l.caps.CountDigit = true, true
	replies, outcome, err := l.once(ctx, link.Request{Data: firstRequest, Frames: 1})
	l.caps.CountDigit = err == nil && outcome == done && len(replies) == 1 && strings.HasPrefix(hexText(replies[0].Data), "4100") && len(replies[0].Data) == 6
	if link.IsLost(err) || ctx.Err() != nil {
		return l.explain(ctx, err)
	}
	return nil
}
