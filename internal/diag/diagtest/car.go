// Package diagtest is a scripted car: a link.Link that answers from a table of bytes.
package diagtest

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Car answers requests from a script.
//
// A key is a request in hexadecimal; one to a single ECU may have an entry of its own, "7E8<0902",
// otherwise the ECU gives its part of the functional answer. A value has one answer per line,
// "7E8 4100BE3EB811", in the order of arrival; "- 4100BE3EB811" is one without an address.
// "7E8 !incomplete" and "7E8 !pending" are replies that could not be read; "!lost" and "!CAN ERROR" are
// faults. What has no entry gets no reply.
//
// On CAN several PIDs of service 01 and identifiers of service 22 are answered from the entries of the
// single ones, as ECUs do.
type Car struct {
	Protocol obd.Protocol
	Script   map[string]string
	// Batch is how many PIDs of one request an ECU answers (the rest is left out); 0 or no entry means 6,
	// less than 0 that it ignores requests with several.
	Batch map[string]int
	// Volts is what the adapter measures, 0 when it cannot.
	Volts float64
	// On, if set, is told of every request before it is answered.
	On func(request string)
	// Clock stamps replies; nil means the zero time.
	Clock func() time.Time
	// Latency is waited before a reply; Asked lists the requests.
	Latency time.Duration
	Asked   []string
	Hints   []int // Frames of each request
}

var _ link.Link = (*Car)(nil)

// Exchange answers from the script.
func (c *Car) Exchange(ctx context.Context, req link.Request) ([]link.Reply, error) {
	key := strings.ToUpper(hex.EncodeToString(req.Data))
	asked := key
	if req.Target != obd.Functional {
		asked = req.Target.String() + "<" + key
	}
	c.Asked = append(c.Asked, asked)
	c.Hints = append(c.Hints, req.Frames)
	if c.On != nil {
		c.On(asked)
	}
	if err := c.wait(ctx); err != nil {
		return nil, err
	}
	lines, ok := c.Script[asked]
	if !ok {
		lines, ok = c.Script[key]
	}
	switch service := req.Service(); {
	case ok || !c.Protocol.IsCAN():
	case service == obd.ServiceCurrentData && len(req.Data) > 2:
		lines = c.batch(req.Data, 1)
	case service == obd.ServiceReadByID && len(req.Data) > 3:
		lines = c.batch(req.Data, 2)
	}
	return c.replies(lines, req.Target)
}

func (c *Car) wait(ctx context.Context) error {
	if c.Latency == 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(c.Latency):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// batch joins what each ECU answers to the single PIDs.
func (c *Car) batch(request []byte, width int) string {
	service, positive := fmt.Sprintf("%02X", request[0]), fmt.Sprintf("%02X", request[0]+0x40)
	joined := map[string]string{}
	count := map[string]int{}
	for id := range slices.Chunk(request[1:], width) {
		for line := range strings.Lines(c.Script[fmt.Sprintf("%s%X", service, id)]) {
			ecu, data, _ := strings.Cut(strings.TrimSpace(line), " ")
			limit := c.Batch[ecu]
			if limit == 0 {
				limit = 6
			}
			data = strings.ReplaceAll(data, " ", "")
			if rest, ok := strings.CutPrefix(data, positive); ok && count[ecu] < limit {
				joined[ecu] += rest
				count[ecu]++
			}
		}
	}
	var b strings.Builder
	for _, ecu := range slices.Sorted(maps.Keys(joined)) {
		fmt.Fprintf(&b, "%s %s%s\n", ecu, positive, joined[ecu])
	}
	return b.String()
}

func (c *Car) replies(lines string, target obd.Address) ([]link.Reply, error) {
	var out []link.Reply
	for line := range strings.Lines(lines) {
		line = strings.TrimSpace(line)
		if fault, ok := strings.CutPrefix(line, "!"); ok {
			return out, fail(fault)
		}
		if line == "" {
			continue
		}
		r, err := c.reply(line)
		if err != nil {
			return nil, err
		}
		if target == obd.Functional || r.ECU == target {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil, link.ErrNoReply
	}
	return out, nil
}

func (c *Car) reply(line string) (link.Reply, error) {
	from, text, _ := strings.Cut(line, " ")
	ecu, err := obd.ParseAddress(strings.TrimPrefix(from, "-"))
	if err != nil {
		return link.Reply{}, fmt.Errorf("script: %w", err)
	}
	r := link.Reply{ECU: ecu}
	if c.Clock != nil {
		r.At = c.Clock()
	}
	switch text {
	case "!incomplete":
		r.Err = link.ErrIncomplete
		return r, nil
	case "!pending":
		r.Err = link.ErrPending
		return r, nil
	}
	r.Data, err = hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		return r, fmt.Errorf("script %q: %w", line, err)
	}
	r.Frames = 1
	if c.Protocol.IsCAN() && len(r.Data) > 7 {
		r.Frames = 1 + (len(r.Data)-6+6)/7
	}
	return r, nil
}

func fail(text string) error {
	if text == "lost" {
		return &link.Fault{Lost: true, Err: errors.New("unplugged")}
	}
	return &link.Fault{Text: text}
}

// Describe names a scripted adapter.
func (c *Car) Describe() link.Description {
	return link.Description{
		Adapter: obd.Adapter{Address: "script:", Claimed: "ELM327 v1.4", Kind: "elm327"}, Protocol: c.Protocol,
		MaxRequest: 7, CountDigit: true,
	}
}

// Close does nothing.
func (c *Car) Close() error { return nil }

// SupplyVoltage returns Volts.
func (c *Car) SupplyVoltage(context.Context) (float64, error) {
	if c.Volts == 0 {
		return 0, errors.New("no voltmeter")
	}
	return c.Volts, nil
}
