package simulator

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// scheme starts every address of the simulator.
const scheme = "sim:"

// options are what an address asks for.
type options struct {
	name           string // scenario, or path of a scenario file
	seed           uint64
	pace           float64 // 1 = real time, 0 = no waiting, 0.5 = twice as fast
	elapsed        time.Duration
	at             string // state of the car at the start, "" = as the scenario says
	adapter        string // profile, "" = as the scenario says
	baud           int
	ecuLatency     time.Duration // of every ECU, without spread; < 0 = as the scenario says
	adapterLatency time.Duration
	dropAfter      int           // requests until the link drops, 0 = never
	dropEvery      time.Duration // time until the link drops, 0 = never
	garbage        float64       // chance that a byte to the client is followed by junk; that a frame is disturbed
	lose           float64       // chance that a frame is lost on its way to the client
	bitrate        int           // of the client's CAN controller, 0 = that of the line
	tls            string        // of a DoIP entity: on, required or ""
	announce       string        // where a DoIP entity announces itself
	confirm        bool          // a DoIP entity activates a tester only when it asks once more
	slow           time.Duration // delay of the radio link, each way
}

// setters read one option each.
var setters = map[string]func(o *options, v string) error{
	"seed":            func(o *options, v string) (err error) { o.seed, err = strconv.ParseUint(v, 10, 64); return err },
	"pace":            func(o *options, v string) (err error) { o.pace, err = number(v, 0, 1000); return err },
	"elapsed":         func(o *options, v string) (err error) { o.elapsed, err = span(v); return err },
	"ecu_latency":     func(o *options, v string) (err error) { o.ecuLatency, err = span(v); return err },
	"adapter_latency": func(o *options, v string) (err error) { o.adapterLatency, err = span(v); return err },
	"garbage":         func(o *options, v string) (err error) { o.garbage, err = number(v, 0, 1); return err },
	"lose":            func(o *options, v string) (err error) { o.lose, err = number(v, 0, 1); return err },
	"baud":            setBaud,
	"bitrate":         setBitrate,
	"drop":            setDrop,
	"slow":            setSlow,
	"at":              setStart,
	"tls":             setTLS,
	"announce":        setAnnounce,
	"confirm":         func(o *options, v string) (err error) { o.confirm, err = strconv.ParseBool(v); return err },
	"adapter":         setAdapter,
}

func parseAddress(address string) (options, error) {
	o := options{
		name: defaultScenario, seed: 1, pace: 1, elapsed: 100 * time.Millisecond,
		baud: 38400, ecuLatency: -1, adapterLatency: 1500 * time.Microsecond,
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(address, scheme), "//")
	name, query, _ := strings.Cut(rest, "?")
	if name != "" {
		o.name = name
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return o, errs.New(errs.Usage, "simulator address %q: %w", address, err)
	}
	for key, list := range values {
		set, ok := setters[key]
		if !ok {
			return o, errs.New(errs.Usage, "simulator option %q is not known", key).
				WithHint("options: %s", strings.Join(sortedKeys(setters), ", "))
		}
		for _, v := range list {
			if err := set(&o, v); err != nil {
				return o, errs.New(errs.Usage, "simulator option %s=%q: %w", key, v, err)
			}
		}
	}
	return o, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func number(v string, from, to float64) (float64, error) {
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || !(f >= from && f <= to) {
		return 0, fmt.Errorf("want a number from %g to %g", from, to)
	}
	return f, nil
}

func span(v string) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if err != nil || d < 0 || d > time.Hour {
		return 0, fmt.Errorf("want a time such as 15ms, up to 1h")
	}
	return d, nil
}

func setBaud(o *options, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 300 || n > 10_000_000 {
		return fmt.Errorf("want bits per second from 300 to 10000000")
	}
	o.baud = n
	return nil
}

func setTLS(o *options, v string) error {
	if v != "on" && v != "required" && v != "off" {
		return fmt.Errorf("want on, off or required")
	}
	o.tls = v
	return nil
}

func setAnnounce(o *options, v string) error {
	if _, _, err := net.SplitHostPort(v); err != nil {
		return fmt.Errorf("want HOST:PORT")
	}
	o.announce = v
	return nil
}

func setBitrate(o *options, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 10_000 || n > 1_000_000 {
		return fmt.Errorf("want bits per second from 10000 to 1000000")
	}
	o.bitrate = n
	return nil
}

func setDrop(o *options, v string) (err error) {
	kind, arg, _ := strings.Cut(v, ":")
	switch kind {
	case "after":
		o.dropAfter, err = strconv.Atoi(arg)
	case "every":
		o.dropEvery, err = span(arg)
	default:
		err = fmt.Errorf("unknown kind")
	}
	if err != nil || o.dropAfter < 0 || o.dropAfter == 0 && o.dropEvery == 0 {
		return fmt.Errorf("want after:N requests or every:TIME")
	}
	return nil
}

func setSlow(o *options, v string) (err error) {
	if v == "" {
		o.slow = 150 * time.Millisecond
		return nil
	}
	o.slow, err = span(v)
	return err
}

func setStart(o *options, v string) error {
	if _, ok := starts[v]; !ok {
		return fmt.Errorf("want one of %s", strings.Join(sortedKeys(starts), ", "))
	}
	o.at = v
	return nil
}

func setAdapter(o *options, v string) error {
	if _, ok := profiles[v]; !ok {
		return fmt.Errorf("want one of %s", strings.Join(sortedKeys(profiles), ", "))
	}
	o.adapter = v
	return nil
}
