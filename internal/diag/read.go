package diag

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/obd"
)

// Read reads PIDs of service 01 from every ECU that has them and decodes them, ordered by ECU and PID.
// On CAN up to six go into one request, fewer where an ECU was seen to stand fewer.
func (t *Tester) Read(ctx context.Context, pids ...byte) ([]obd.Reading, []obd.Unread, error) {
	if d := t.spoken(); d != nil {
		return d.read(ctx, pids)
	}
	return t.read(ctx, pids)
}

func (t *Tester) read(ctx context.Context, pids []byte) ([]obd.Reading, []obd.Unread, error) {
	var known []byte
	var missed []obd.Unread
	for _, pid := range pids {
		if t.catalog.Command(obd.ServiceCurrentData, uint16(pid)) == nil && !isBitmap(pid) {
			missed = append(missed, obd.Unread{
				Step: obd.StepReadings, Request: fmt.Sprintf("01%02X", pid), Reason: obd.NotSupported,
				Detail: "not in the catalogue of this program",
			})
			continue
		}
		known = append(known, pid)
	}
	items, lost, err := t.current(ctx, obd.StepReadings, known)
	missed = append(missed, lost...)
	var readings []obd.Reading
	var values []catalog.Value
	for _, i := range items {
		c := t.catalog.Command(obd.ServiceCurrentData, uint16(i.pid))
		var derr error
		if values, derr = c.Decode(values[:0], i.data); derr != nil {
			missed = append(missed, unread(obd.StepReadings, i.ecu, []byte{1, i.pid}, malformed(derr)))
		}
		readings = appendReadings(readings, values, i.at, i.ecu)
	}
	byECU(missed, func(u obd.Unread) obd.Address { return u.ECU })
	return readings, missed, err
}

// ReadAll reads every PID that any ECU claims, and on SAE J1939 every signal that is sent.
func (t *Tester) ReadAll(ctx context.Context) ([]obd.Reading, []obd.Unread, error) {
	support, missed, err := t.Supported(ctx, obd.ServiceCurrentData)
	if err != nil {
		return nil, missed, err
	}
	readings, lost, err := t.Read(ctx, support.IDs()...)
	return readings, append(missed, lost...), err
}

// Ask sends one command of the catalogue, such as a maker's DID with its own header, and decodes every answer.
func (t *Tester) Ask(ctx context.Context, c *catalog.Command) ([]obd.Reading, []obd.Unread, error) {
	q := question{step: obd.StepReadings, target: c.Reply, header: c.Header, data: requestOf(c)}
	replies, missed, err := t.ask(ctx, q)
	var readings []obd.Reading
	var values []catalog.Value
	for _, r := range replies {
		data, derr := behindID(q.data, r.Data)
		if derr == nil {
			values, derr = c.Decode(values[:0], data)
			readings = appendReadings(readings, values, r.At, r.ECU)
		}
		if derr != nil {
			missed = append(missed, unread(q.step, r.ECU, q.data, malformed(derr)))
		}
	}
	return readings, missed, err
}

func appendReadings(to []obd.Reading, values []catalog.Value, at time.Time, ecu obd.Address) []obd.Reading {
	for _, v := range values {
		to = append(to, reading(v, at, ecu))
	}
	return to
}

// reading names a value; a floating point number that is none (IEEE 754 NaN, infinity) is no value.
func reading(v catalog.Value, at time.Time, ecu obd.Address) obd.Reading {
	r := v.Reading(obd.Stamp(at), ecu)
	if math.IsNaN(r.Value) || math.IsInf(r.Value, 0) {
		r.Value, r.Absent = 0, true
	}
	return r
}

// requestOf builds the message of a command: its service and the bytes of its id.
func requestOf(c *catalog.Command) []byte {
	request := []byte{byte(c.Service)}
	switch c.IDBytes {
	case 1:
		request = append(request, byte(c.ID))
	case 2:
		request = append(request, byte(c.ID>>8), byte(c.ID))
	}
	if c.Service == obd.ServiceFreezeFrame {
		request = append(request, 0)
	}
	return request
}

// behindID returns a reply's data behind the service and the echo of the request's id.
func behindID(request, reply []byte) ([]byte, error) {
	if len(reply) < len(request) || string(reply[1:len(request)]) != string(request[1:]) {
		return nil, fmt.Errorf("reply %X does not echo request %X", reply, request)
	}
	return reply[len(request):], nil
}
