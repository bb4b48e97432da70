package elm327

import (
	"context"
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Report is an adapter's report card: what it claims, what it does, and how fast.
type Report struct {
	Port         string       `json:"port"`
	Baud         int          `json:"baud,omitempty"` // bits per second; absent without a serial line
	Capabilities Capabilities `json:"capabilities"`
	// Behaves is the highest ELM327 version all of whose tried commands are honoured, such as "1.3".
	Behaves string `json:"behaves_like,omitempty"`
	// Honest is false when a command is refused that the claimed version has.
	Honest   bool     `json:"honest"`
	Honoured []string `json:"honoured"`
	Refused  []string `json:"refused"`
	doubted  bool     // a command was refused, which ends the estimate

	Command Latency  `json:"command_latency"` // an answer of the adapter itself
	Voltage *float64 `json:"voltage,omitempty"`
	Vehicle *Vehicle `json:"vehicle,omitempty"` // absent when no vehicle answered
}

// Vehicle is the part of a report that needs a vehicle.
type Vehicle struct {
	Protocol   obd.Protocol  `json:"protocol"`
	ECUs       []obd.Address `json:"ecus"`
	Request    Latency       `json:"request_latency"`         // one request, the adapter's wait for more replies included
	WithDigit  *Latency      `json:"digit_latency,omitempty"` // the same with a count digit
	BatchLimit int           `json:"batch_limit"`             // PIDs in one request, 1 where batches do not work
	MaxRequest int           `json:"max_request"`             // bytes
}

// Latency is the spread of round trips, in milliseconds.
type Latency struct {
	Median  float64 `json:"median_ms"`
	Fastest float64 `json:"fastest_ms"`
	Slowest float64 `json:"slowest_ms"`
	Samples int     `json:"samples"`
}

const probeSamples = 15

// Probe examines an adapter and returns its report card. The vehicle is asked for supported PIDs only;
// without one the report has no Vehicle. Errors are those of [Dial] without the missing vehicle.
func Probe(ctx context.Context, port link.Port, o Options) (Report, error) {
	o.Known = nil // what was believed so far is what is to be examined
	l := newLink(port, o)
	if err := l.connect(ctx); err != nil {
		return Report{}, err
	}
	r := Report{Port: port.Name(), Baud: l.baud, Honest: true}
	if err := l.examine(ctx, &r); err != nil {
		return r, l.explain(ctx, err)
	}
	switch err := l.search(ctx); {
	case err == nil:
		if r.Vehicle, err = l.examineVehicle(ctx); err != nil {
			return r, l.explain(ctx, err)
		}
	case errs.KindOf(err) != errs.NoVehicle:
		return r, err
	}
	r.Honest = r.Honest && !l.caps.refuses("ATH1") // every version has it
	r.fill(l.caps.clone())
	return r, nil
}

// trial is a harmless command with the version of the ELM327 in which it first appeared.
type trial struct {
	version string
	command string
	family  string // as the dialogue names it; "" is the command itself
	asks    bool   // answered with words instead of OK
}

// trials lists what tells the versions apart (ELM327 AT commands by version, Elm Electronics), in order.
var trials = [...]trial{
	{version: "1.0", command: "ATDPN", asks: true}, {version: "1.0", command: "ATAL"}, {version: "1.0", command: "ATNL"},
	{version: "1.1", command: "ATPPS", asks: true}, {version: "1.1", command: "ATFCSM0", family: "ATFCSM"},
	{version: "1.2", command: "ATAT1"}, {version: "1.2", command: "ATAR"},
	{version: "1.3", command: "ATD0"}, {version: "1.3", command: "ATCRA7E8", family: "ATCRA"},
	{version: "1.4", command: "ATCEA", family: "ATCEA"}, {version: "1.4", command: "ATIGN", asks: true}, {version: "1.4", command: "ATRD", asks: true},
	{version: "1.4b", command: "ATCRA", family: "ATCRA off"}, {version: "1.4b", command: "ATCSM0"},
	{version: "2.0", command: "ATAMC", asks: true}, {version: "2.1", command: "ATCTM1", family: "ATCTM"},
}

// examine tries the commands and measures the adapter's own round trip.
func (l *Link) examine(ctx context.Context, r *Report) error {
	for _, t := range trials {
		family := t.family
		if family == "" {
			family = t.command
		}
		var honoured bool
		var err error
		if t.asks {
			_, err = l.ask(ctx, family, t.command)
			honoured = l.caps.honours(family)
		} else {
			honoured, err = l.try(ctx, family, t.command)
		}
		if err != nil {
			return err
		}
		r.grade(t, honoured, l.caps.Claimed)
	}
	if v, err := l.SupplyVoltage(ctx); err == nil {
		r.Voltage = &v
	} else if ctx.Err() != nil || link.IsLost(err) {
		return err
	}
	var err error
	r.Command, err = l.measure(ctx, func() error { _, err := l.at(ctx, "ATI"); return err })
	if err != nil {
		return err
	}
	if _, err := l.try(ctx, "ATD", "ATD"); err != nil {
		return err
	}
	return l.terse(ctx)
}

// grade takes note of one trial; the first refusal ends the estimate.
func (r *Report) grade(t trial, honoured bool, claimed string) {
	switch {
	case !honoured:
		r.doubted = true
		r.Honest = r.Honest && !claims(claimed, t.version)
	case !r.doubted:
		r.Behaves = t.version
	}
}

// claims tells whether an adapter claims at least a version: "ELM327 v1.5" claims "1.4b".
func claims(claimed, version string) bool {
	for i := range len(claimed) - 2 {
		if (claimed[i] == 'v' || claimed[i] == 'V') && claimed[i+1] >= '0' && claimed[i+1] <= '9' {
			return claimed[i+1:] >= version
		}
	}
	return false
}

// fill lists what was tried in all.
func (r *Report) fill(c Capabilities) {
	r.Capabilities = c
	r.Honoured, r.Refused = []string{}, []string{}
	for _, family := range slices.Sorted(maps.Keys(c.Commands)) {
		if c.Commands[family] {
			r.Honoured = append(r.Honoured, family)
		} else {
			r.Refused = append(r.Refused, family)
		}
	}
}

// examineVehicle measures requests for supported PIDs.
func (l *Link) examineVehicle(ctx context.Context) (*Vehicle, error) {
	if err := l.probeDigit(ctx); err != nil {
		return nil, err
	}
	v := &Vehicle{Protocol: l.protocol, ECUs: l.ECUs(), MaxRequest: l.maxRequest()}
	if l.truck != nil { // has no services to be asked
		v.BatchLimit = 1
		return v, nil
	}
	request := link.Request{Data: firstRequest}
	frames := 0
	var err error
	v.Request, err = l.measure(ctx, func() error {
		replies, err := l.Exchange(ctx, request)
		frames = 0
		for _, r := range replies {
			frames += r.Frames
		}
		return err
	})
	if err != nil {
		return v, err
	}
	if request.Frames = frames; l.countDigit(request) != "" {
		with, err := l.measure(ctx, func() error { _, err := l.Exchange(ctx, request); return err })
		if err != nil {
			return v, err
		}
		v.WithDigit = &with
	}
	v.BatchLimit, err = l.batchLimit(ctx)
	return v, err
}

// batchLimit asks for several PID maps in one request, fewer until all come that the vehicle has.
func (l *Link) batchLimit(ctx context.Context) (int, error) {
	if !l.protocol.IsCAN() {
		return 1, nil
	}
	maps := []byte{0x00, 0x20, 0x40, 0x60, 0x80, 0xA0}
	for n := len(maps); n > 1; n-- {
		replies, err := l.Exchange(ctx, link.Request{Data: append([]byte{0x01}, maps[:n]...)})
		if link.IsLost(err) || ctx.Err() != nil {
			return 1, err
		}
		for _, r := range replies {
			if r.Err == nil && wholeBatch(r.Data, n) {
				return n, nil
			}
		}
	}
	return 1, nil
}

// wholeBatch tells whether a reply with PID maps has every one that the map before it announces, up to n.
func wholeBatch(data []byte, n int) bool {
	if len(data) < 6 || data[0] != 0x41 {
		return false
	}
	found := map[byte]uint32{}
	for item := range slices.Chunk(data[1:], 5) {
		if len(item) == 5 {
			found[item[0]] = binary.BigEndian.Uint32(item[1:])
		}
	}
	for i := range n {
		bits, there := found[byte(i*0x20)]
		if !there {
			return false
		}
		if bits&1 == 0 {
			return true
		}
	}
	return true
}

// measure times a call a few times.
func (l *Link) measure(ctx context.Context, call func() error) (Latency, error) {
	var took []time.Duration
	for range probeSamples {
		start := l.o.Now()
		if err := call(); err != nil && (link.IsLost(err) || ctx.Err() != nil || len(took) == 0) {
			return Latency{}, err
		}
		took = append(took, l.o.Now().Sub(start))
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Round(10*time.Microsecond)) / 1e6 }
	return Latency{Median: ms(took[len(took)/2]), Fastest: ms(took[0]), Slowest: ms(took[len(took)-1]), Samples: len(took)}, nil
}
