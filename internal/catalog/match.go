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
// zero when unknown), the ones written for these addresses first. More than one may be the answer: files
// split a long reply, or describe it by model year.
func (c *Catalog) Match(header, reply obd.Address, s obd.Service, id uint16) []*Command {
	var fit [both + 1][]*Command
	for _, cmd := range c.byRequest[request{sharing(s), id}] {
		f := cmd.fit(header, reply)
		fit[f] = append(fit[f], cmd)
	}
	return slices.Concat(fit[both], fit[asked], fit[generic])
}

// fit tells how well the command's addresses go with those of a reply. A command with a reply address
// of its own is never used for another's reply; one with only a header is, when the header is broadcast.
func (c *Command) fit(header, reply obd.Address) int {
	if c.Reply != obd.Functional && reply != obd.Functional && c.Reply != reply {
		return misfit
	}
	if c.Header == obd.Functional {
		if c.Reply != obd.Functional && reply == c.Reply {
			return both
		}
		return generic
	}
	if header != obd.Functional && header != c.Header && !broadcast(header) {
		return misfit
	}
	if c.Reply != obd.Functional && reply == c.Reply {
		return both
	}
	if header == c.Header || (header == obd.Functional && reply.Request() == c.Header) {
		return asked
	}
	if reply != obd.Functional && reply.Request() != c.Header && !broadcast(c.Header) {
		return misfit
	}
	return generic
}

// broadcast tells the functional request identifiers of ISO 15765-4 (7DF and 18DB33F1).
func broadcast(a obd.Address) bool {
	return a == obd.Functional || a == obd.CAN11(0x7DF) || a == obd.CAN29(0x18DB33F1)
}
