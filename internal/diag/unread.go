package diag

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// unread describes a request that err kept from being answered.
func unread(step obd.Step, ecu obd.Address, request []byte, err error) obd.Unread {
	u := obd.Unread{Step: step, ECU: ecu, Request: fmt.Sprintf("%X", request)}
	u.Reason, u.NRC = reasonOf(err)
	if err != nil {
		u.Detail = err.Error()
	}
	return u
}

// reasonOf sorts an error of a link or a parser into the reasons of an unread item.
func reasonOf(err error) (obd.Reason, *uint8) {
	if n, ok := errors.AsType[link.NegativeReply](err); ok {
		code := n.Code
		return n.Reason(), &code
	}
	fault, isFault := errors.AsType[*link.Fault](err)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return obd.Interrupted, nil
	case link.IsLost(err):
		return obd.LinkLost, nil
	case errors.Is(err, link.ErrNoReply):
		return obd.NoReply, nil
	case errors.Is(err, link.ErrPending):
		return obd.StillPending, nil
	case errors.Is(err, link.ErrIncomplete):
		return obd.Incomplete, nil
	case errors.Is(err, errMalformed), errors.Is(err, j1979.ErrMalformed):
		return obd.Malformed, nil
	case isFault:
		return faultReason(fault.Text), nil
	}
	switch errs.KindOf(err) {
	case errs.Denied:
		return obd.Refused, nil
	case errs.Unsupported:
		return obd.NotSupported, nil
	case errs.Adapter:
		return obd.Malformed, nil
	}
	return obd.Incomplete, nil
}

// faultReason sorts the adapter's own words: damaged lines, a reply that was cut, or silence.
func faultReason(text string) obd.Reason {
	switch {
	case strings.Contains(text, "DATA ERROR"), strings.Contains(text, "RX ERROR") && !strings.Contains(text, "FC"):
		return obd.Malformed
	case strings.Contains(text, "BUFFER FULL"), strings.Contains(text, "STOPPED"), strings.Contains(text, "FC RX"):
		return obd.Incomplete
	}
	return obd.NoReply
}

// errMalformed marks a reply that breaks the standard.
var errMalformed = errors.New("reply breaks the standard")

// malformed wraps a parser's error.
func malformed(err error) error { return fmt.Errorf("%w: %w", errMalformed, err) }

// silence is why an ECU that was there said nothing.
func silence(err error) error {
	if err == nil {
		return link.ErrNoReply
	}
	return err
}
