package text

import (
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Replies reads the lines of an answer as diagnostic messages and returns those that answer request, in
// the order of their first lines; with an empty request, all. [All] also returns the others.
//
// On CAN there is one reply per ECU and message; on the older lines one per line, except that an ECU's
// codes (services 03, 07, 0A) are joined and its InfoTypes (service 09) put in the order of their order
// byte, which is removed. An ECU's identical replies are returned once; its response-pending (NRC 78)
// gives way to what follows it, and carries link.ErrPending when nothing does. Err is also set, in
// replies with missing frames (link.ErrIncomplete) or lines that the adapter flagged ([*link.Fault]).
//
// With headers off, Reply.ECU is the zero address. An unknown protocol is found by [Guess].
func Replies(a Answer, f Format, request []byte) []link.Reply {
	mine, _ := Split(All(a, f), request)
	return settle(mine)
}

// All reads every message of an answer, to whatever request.
func All(a Answer, f Format) []link.Reply {
	if f.Protocol == obd.ProtocolUnknown {
		f = guessFor(a, f)
	}
	switch {
	case f.Protocol.IsCAN() && (f.Headers || f.Raw):
		return readCAN(a.Lines, f)
	case f.Protocol.IsCAN() || f.Protocol == obd.ProtocolUnknown:
		return readNumbered(a.Lines)
	}
	return readOlder(a.Lines, f)
}

// guessFor finds the protocol. What only CAN has and no line shows, the caller must have known.
func guessFor(a Answer, f Format) Format {
	if f.Raw || f.Extended {
		f.Protocol = obd.CAN11x500
		return f
	}
	return Guess(a)
}

// flagged is the error of a line that the adapter marked.
func flagged(mark Condition, below error) error {
	return &link.Fault{Text: string(mark), Err: below}
}
