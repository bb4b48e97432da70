package simulator

import (
	"fmt"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// Latencies of an ECU that the scenario leaves open: CAN answers within milliseconds, the older lines
// within their P2 time (FIELD values of ISO 9141-2, ISO 14230-4 and SAE J1850).
const (
	canLatency    = 10 * time.Millisecond
	kLatency      = 30 * time.Millisecond
	j1850Latency  = 25 * time.Millisecond
	maxLatency    = 10 * time.Second
	maxPendings   = 50
	maxCodes      = 127
	maxFrames     = 16
	maxInfoItems  = 16
	maxTestsOfECU = 64
)

// check finds what the encoders could not answer and fills in defaults.
func (spec *ecuSpec) check(line obd.Protocol) error {
	if err := spec.checkTimes(line); err != nil {
		return err
	}
	top := hexID(0xFF)
	switch {
	case line.IsCAN() && line.Is29Bit():
		top = 0x1FFFFFFF
	case line.IsCAN():
		top = 0x7FF
	}
	if spec.Address == 0 || spec.Address > top {
		return fmt.Errorf("address %X does not fit %s", uint32(spec.Address), line)
	}
	if f := &spec.Flow; f.Block < 0 || f.Block > 0xFF || f.Separation > 0xFF || f.Waits < 0 || f.Waits > 10 || f.Longest < 0 {
		return fmt.Errorf("flow: want block and separation up to FF and at most 10 waits")
	}
	if spec.Flow.Longest == 0 {
		spec.Flow.Longest = maxIncoming
	}
	if err := spec.checkPIDs(); err != nil {
		return err
	}
	if len(spec.Freeze) > maxFrames || len(spec.Tests) > maxTestsOfECU || len(spec.O2Tests) > maxTestsOfECU ||
		len(spec.Info.CALIDs) > maxInfoItems || len(spec.Info.CVNs) > maxInfoItems || len(spec.Info.InUse) > 40 {
		return fmt.Errorf("too many freeze frames, tests, calibrations or counters")
	}
	if spec.UDS != nil {
		if !line.IsCAN() {
			return fmt.Errorf("uds: only on CAN")
		}
		if err := spec.UDS.check(); err != nil {
			return err
		}
	}
	return spec.checkCodes()
}

func (spec *ecuSpec) checkTimes(line obd.Protocol) error {
	if spec.Latency == 0 {
		switch {
		case line.IsCAN():
			spec.Latency = canLatency
		case line.IsKLine():
			spec.Latency = kLatency
		default:
			spec.Latency = j1850Latency
		}
	}
	if spec.FrameGap == 0 {
		spec.FrameGap = 500 * time.Microsecond
	}
	for _, d := range []time.Duration{spec.Latency, spec.Spread, spec.FrameGap} {
		if d < 0 || d > maxLatency {
			return fmt.Errorf("latency, spread and frame_gap must be from 0 to %s", maxLatency)
		}
	}
	if p := spec.Pending; p != nil && (p.Count < 0 || p.Count > maxPendings || p.Every < 0 || p.Every > maxLatency) {
		return fmt.Errorf("pending: want at most %d times, every at most %s", maxPendings, maxLatency)
	}
	return nil
}

func (spec *ecuSpec) checkPIDs() error {
	constants := map[byte]bool{}
	for key := range spec.Constants {
		var pid hexID
		if err := pid.UnmarshalText([]byte(key)); err == nil && pid <= 0xFF {
			constants[byte(pid)] = true
		}
	}
	known := func(set *byteSet, what string) error {
		for i, on := range set {
			pid := byte(i)
			if !on || pid%0x20 == 0 || pid == 0x01 || pid == 0x02 || pid == 0x41 || constants[pid] {
				continue
			}
			if _, ok := encode(pid); !ok {
				return fmt.Errorf("%s: PID %02X has neither a formula nor a constant", what, pid)
			}
		}
		return nil
	}
	if err := known(&spec.Current, "current"); err != nil {
		return err
	}
	for i := range spec.Freeze {
		if err := known(&spec.Freeze[i].PIDs, "freeze"); err != nil {
			return err
		}
	}
	if spec.UDS == nil {
		return nil
	}
	for _, c := range spec.UDS.Codes {
		if c.Freeze == nil {
			continue
		}
		if err := known(&c.Freeze.PIDs, "snapshot"); err != nil {
			return err
		}
	}
	return nil
}

func (spec *ecuSpec) checkCodes() error {
	lists := [][]string{spec.Codes.Stored, spec.Codes.Pending, spec.Codes.Permanent}
	for i := range spec.Freeze {
		lists = append(lists, []string{spec.Freeze[i].Code})
	}
	for _, list := range lists {
		if len(list) > maxCodes {
			return fmt.Errorf("more than %d codes", maxCodes)
		}
		for _, code := range list {
			if _, ok := codeBytes(code); !ok {
				return fmt.Errorf("code %q is not a trouble code such as P0301", code)
			}
		}
	}
	if m := spec.Monitors; m != nil {
		for _, name := range slices.Concat(m.Supported, m.Open, m.OpenCycle) {
			if !knownMonitor(name, m.Compression) {
				return fmt.Errorf("monitor %q is not one of this kind of engine", name)
			}
		}
	}
	return nil
}
