package decode

import (
	"errors"
	"fmt"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// errUnknown marks replies that no signal set describes.
var errUnknown = errors.New("not in the catalogue")

// signals decodes a reply of services 01, 02, 21, 22 and any other that the catalogue has commands for.
func (d *Decoder) signals(r *Result, request catalog.Request, reply link.Reply) error {
	service := obd.Service(reply.Data[0] &^ 0x40)
	switch service {
	case obd.ServiceCurrentData, obd.ServiceFreezeFrame:
		if d.bitmap(r, reply) {
			return nil
		}
		return d.pids(r, service, request, reply)
	case obd.ServiceReadByID:
		return d.identifiers(r, service, 2, request, reply)
	}
	return d.identifiers(r, service, d.idBytes(service), request, reply)
}

// pids walks a reply that may hold several PIDs. With no request the first PID is believed, and what
// follows only as far as whole known PIDs fit.
func (d *Decoder) pids(r *Result, service obd.Service, request catalog.Request, reply link.Reply) error {
	var asked []byte
	switch {
	case len(request.Data) > 1 && service == obd.ServiceCurrentData:
		asked = request.Data[1:]
	case len(reply.Data) > 1:
		asked = []byte{reply.Data[1]}
	}
	items, err := j1979.SplitBatch(reply.Data, asked, func(pid byte) int { return d.Catalog.Length(service, pid) })
	for _, item := range items {
		if err := d.value(r, request, reply.ECU, service, uint16(item.PID), item.Data); err != nil {
			return err
		}
		if item.PID == 0x01 || item.PID == 0x41 {
			if s, err := j1979.ParseMonitorStatus(reply.ECU, append([]byte{0x41, item.PID}, item.Data...)); err == nil {
				r.Monitors = append(r.Monitors, s)
			}
		}
	}
	return err
}

// identifiers walks a reply of one or several data identifiers (ISO 14229-1 service 22, ISO 14230-3
// service 21). The lengths come from the catalogue; the last, or only, identifier takes the rest.
func (d *Decoder) identifiers(r *Result, service obd.Service, width int, request catalog.Request, reply link.Reply) error {
	rest := reply.Data[1:]
	asked := max(1, (len(request.Data)-1)/max(width, 1))
	for n := 0; len(rest) >= width && n < asked; n++ {
		var id uint16
		for _, b := range rest[:width] {
			id = id<<8 | uint16(b)
		}
		rest = rest[width:]
		data := rest
		if n < asked-1 {
			length := d.length(request, reply.ECU, service, id)
			if length == 0 || length > len(rest) {
				return fmt.Errorf("service %02X: identifier %0*X is of unknown length: %w", uint8(service), 2*width, id, errUnknown)
			}
			data = rest[:length]
		}
		if err := d.value(r, request, reply.ECU, service, id, data); err != nil {
			return err
		}
		rest = rest[len(data):]
		if width == 0 {
			break
		}
	}
	return nil
}

func (d *Decoder) length(request catalog.Request, ecu obd.Address, service obd.Service, id uint16) int {
	for _, c := range d.Catalog.Match(request.Header, ecu, service, id) {
		if c.Length > 0 {
			return c.Length
		}
	}
	if service == uds.ReadByIdentifier {
		return d.DIDBytes[id]
	}
	return 0
}

// idBytes is the width of the identifiers that the catalogue has for a service; one when it has none.
func (d *Decoder) idBytes(service obd.Service) int {
	for c := range d.Catalog.All() {
		if c.Service == service {
			return c.IDBytes
		}
	}
	return 1
}

// value decodes one identifier by every command of the best fit: files split long replies.
func (d *Decoder) value(r *Result, request catalog.Request, ecu obd.Address, service obd.Service, id uint16, data []byte) error {
	commands := d.Catalog.Match(request.Header, ecu, service, id)
	if len(commands) == 0 {
		return fmt.Errorf("service %02X, id %02X: %w", uint8(service), id, errUnknown)
	}
	var first error
	seen := map[string]bool{}
	for _, c := range commands {
		values, err := c.Decode(nil, data)
		fresh := values[:0]
		for _, v := range values {
			if !seen[v.Signal.ID] {
				seen[v.Signal.ID] = true
				fresh = append(fresh, v)
			}
		}
		r.Signals = readings(r.Signals, fresh, ecu)
		if err != nil && first == nil {
			first = err
		}
	}
	return first
}
