package catalog

import (
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// How well a command fits a reply, best last.
const (
	misfit  = iota
	generic // written for every ECU
	asked   // written for the request's address
	both    // written for the answering address too
)

// Match returns the commands that explain a reply of reply to a request sent to header (either may be
// zero when unknown), the ones written for these addresses first, then the one added last. More than one
// may be the answer: files split a long reply, or describe it by model year.
func (c *Catalog) Match(header, reply obd.Address, s obd.Service, id uint16) []*Command {
	var fit [both + 1][]*Command
	for _, cmd := range c.byRequest[request{sharing(s), id}] {
		f := cmd.fit(header, reply)
		fit[f] = append(fit[f], cmd)
	}
	return slices.Concat(fit[both], fit[asked], fit[generic])
}

// fit tells how well the command's addresses go with those of a reply. A command with a reply address of
// its own is never used for another's reply. One without is used for the reply of the ECU that its header
// asks, and for any where the header is known to be its own: not every ECU answers at the regular address.
func (c *Command) fit(header, reply obd.Address) int {
	wants, asks := c.Reply != obd.Functional, !broadcast(c.Header)
	switch {
	case wants && reply != obd.Functional && !same(c.Reply, reply):
		return misfit
	case asks && !broadcast(header) && !same(c.Header, header):
		return misfit
	case wants && reply != obd.Functional:
		return both
	case !asks:
		return generic
	case !broadcast(header):
		return asked
	case reply == obd.Functional:
		return generic
	case same(c.Header, reply.Request()):
		return asked
	}
	return misfit
}

// same tells that two addresses mean one ECU; an address extension that only one of them has does not
// tell them apart, since it stands in the data of the frames and is not known to everyone.
func same(a, b obd.Address) bool {
	_, extA := a.Extension()
	_, extB := b.Extension()
	if extA && extB {
		return a == b
	}
	return a.ID() == b.ID() && a.IsCAN11() == b.IsCAN11() && a.IsCAN29() == b.IsCAN29()
}

// broadcast tells the functional request identifiers of ISO 15765-4 (7DF and 18DB33F1).
func broadcast(a obd.Address) bool {
	return a == obd.Functional || a == obd.CAN11(0x7DF) || a == obd.CAN29(0x18DB33F1)
}
