package doip

import (
	"context"
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

// Times of ISO 13400-2 (table "timing and communication parameters").
const (
	controlLimit = 2 * time.Second  // A_DoIP_Ctrl: for the answer to a request that is not diagnostic
	confirmLimit = 30 * time.Second // for a person who confirms in the vehicle
)

// Terms are what a tester offers at the routing activation.
type Terms struct {
	Source iso13400.Address // 0 tries 0E00, then 0E80
	Type   iso13400.ActivationType
	// Typed tells that Type was asked for; otherwise another one is tried when it is not supported.
	Typed bool
	// TLS tells that the connection is encrypted.
	TLS bool
}

// The source addresses that are tried: of equipment for legislated diagnosis, and for enhanced one.
const (
	legislated iso13400.Address = 0x0E00
	enhanced   iso13400.Address = 0x0E80
)

func (t Terms) source() iso13400.Address {
	if t.Source == 0 {
		return legislated
	}
	return t.Source
}

// After returns the terms to come back with after a refusal, on a new connection: the entity has closed
// the one on which it refused.
func (t Terms) After(err error) (Terms, bool) {
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok {
		return t, false
	}
	switch refusal.Code {
	case iso13400.DeniedUnknownSource:
		if t.Source == 0 {
			t.Source = enhanced
			return t, true
		}
	case iso13400.DeniedType:
		if !t.Typed && t.Type == iso13400.ActivateDefault {
			t.Type, t.Typed = iso13400.ActivateWWHOBD, true
			return t, true
		}
	case iso13400.DeniedNeedsTLS:
		if !t.TLS {
			t.TLS = true
			return t, true
		}
	}
	return t, false
}

// Refusal says that the entity did not activate routing.
type Refusal struct{ Code iso13400.ActivationCode }

func (r *Refusal) Error() string { return "routing activation refused: " + r.Code.String() }

// explain gives the refusal its kind and its hint.
func (r *Refusal) explain() error {
	switch r.Code {
	case iso13400.DeniedNoSocket, iso13400.DeniedSourceInUse:
		return errs.New(errs.NoAdapter, "%w", r).WithHint("another tester is connected: close it, or give another address with source=0E01")
	case iso13400.DeniedUnknownSource, iso13400.DeniedSourceDiffers:
		return errs.New(errs.Denied, "%w", r).WithHint("source=0E80 gives another address of the tester; makers use 0E00 to 0FFF")
	case iso13400.DeniedNeedsTLS:
		return errs.New(errs.Denied, "%w", r).WithHint("connect with tls=1, and ca=FILE for the manufacturer's root certificate")
	}
	return errs.New(errs.Denied, "%w", r).WithHint("the vehicle opens its diagnosis only to testers that it knows")
}

// activate makes the entity route our messages; it returns the entity's logical address.
func (w *wire) activate(ctx context.Context, t Terms, tell func(string)) (iso13400.Address, error) {
	w.source = t.source()
	if err := w.send(iso13400.Activation{Source: w.source, For: t.Type}); err != nil {
		return 0, err
	}
	deadline := time.Now().Add(controlLimit)
	for {
		p, err := w.next(ctx, deadline)
		if errors.Is(err, errSilent) {
			return 0, errs.New(errs.NoVehicle, "activate routing: %s does not answer", w.port.Name()).
				WithHint("switch the ignition on; the vehicle may be asleep")
		}
		if err != nil {
			return 0, err
		}
		switch p := p.(type) {
		case iso13400.HeaderNack:
			return 0, &link.Fault{Text: word(p.Code), Err: errs.New(errs.Adapter, "activate routing: %s", p.Code)}
		case iso13400.ActivationReply:
			switch p.Code {
			case iso13400.Activated:
				return p.Entity, nil
			case iso13400.AwaitsConfirmation:
				tell("confirm the tester in the vehicle")
				deadline = time.Now().Add(confirmLimit)
			default:
				return 0, (&Refusal{p.Code}).explain()
			}
		}
	}
}
