package module

import (
	"fmt"
	"strconv"

	"github.com/fleetms/obdctl/internal/obd"
)

// module works out where the unit answers: by its own entry, by the swap of 29-bit normal fixed addressing,
// or by the maker's offset, eight where there is none.
func (p place) module(offset string) (Module, error) {
	m := Module{System: p.System, Name: p.Name}
	var err error
	if m.Request, err = obd.ParseAddress(p.Request); err != nil {
		return m, err
	}
	switch {
	case m.Request == obd.Functional || m.Request.IsNode():
		return m, fmt.Errorf("request %q is no CAN identifier", p.Request)
	case p.Reply != "":
		m.Reply, err = obd.ParseAddress(p.Reply)
	case m.Request.IsCAN29():
		m.Reply = m.Request.Request() // swapping twice gives the same
	case m.Request.IsCAN11():
		m.Reply, err = shifted(m.Request, offset)
	}
	return m, err
}

// shifted adds a maker's offset to an 11-bit identifier.
func shifted(request obd.Address, offset string) (obd.Address, error) {
	n := int64(8)
	if offset != "" {
		var err error
		if n, err = strconv.ParseInt(offset, 16, 16); err != nil {
			return 0, fmt.Errorf("reply offset %q: %w", offset, err)
		}
	}
	id := int64(request.ID()) + n
	if id < 0 || id > 0x7FF {
		return 0, fmt.Errorf("reply to %s would be at %X", request, id)
	}
	return obd.CAN11(uint32(id)), nil
}
