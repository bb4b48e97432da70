// Package simulator is a virtual vehicle: it answers as a Port behind a virtual ELM327, on TCP and on a pty,
// as a Bus of CAN frames, and as a DoIP entity.
//
// The layers, each with its own files. The vehicle (scenario, motion, ecu, service_*, uds_*, truck_*) knows
// what its control units know and builds answers from the scenario's numbers with its own formulas
// (encode_*, truck_groups), never with our decoders. The wire (wire, wire_can, wire_serial, node, gate,
// truck_transport) gives every answer its frames and its time on the vehicle's line. Three faces stand
// before it: the adapter (adapter, at_*, exchange, monitor, print) behaves as the ELM327 data sheet says, or
// as a clone does (profile), on a port that carries bytes at the speed of a serial line (port, lane); the
// bus is a CAN controller; the entity (doip_*) is a gateway of ISO 13400-2.
//
// Time is modelled: every frame and every character has a moment at which it arrives. With pace 1 the
// moments are real, with pace 0 nobody waits and the car's time is the sum of what would have passed, so
// that the same commands give the same bytes. The times follow one model: an exchange on CAN takes the
// serial time both ways at ten bits per byte, the ECU's latency, 2 ms for the adapter and the two frames
// (1.5 ms of it is adapter_latency, which can be set), and about 3 ms more from flow control to the last
// frame of a reply of three. So at 38,400 baud an ECU of 5 ms answers 79 single PIDs in a second or 198 in
// batches of six. Without a count digit the adapter then waits out its AT ST time, which adaptive timing
// shortens. On the older lines the pauses P2 and P3 and the line itself decide.
package simulator

import (
	"context"

	"github.com/fleetms/obdctl/internal/link"
)

// Open returns a Port with a simulated adapter and car behind it.
//
// The address is "sim:", then the name of a scenario or the path of a scenario file (empty: the petrol
// car with a misfire), then options as in a URL: seed, pace, elapsed, at, adapter, baud, ecu_latency,
// adapter_latency, drop, garbage, slow; those of [OpenBus] and [ServeDoIP] mean nothing here. An address that
// cannot be understood is an errs.Usage error, a scenario file that cannot be read an errs.BadInput one.
// Every Open starts with a fresh car.
func Open(ctx context.Context, address string) (link.Port, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	o, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	c, err := loadCar(o)
	if err != nil {
		return nil, err
	}
	return newPort(address, o, c, newClock(o.pace), false), nil
}
